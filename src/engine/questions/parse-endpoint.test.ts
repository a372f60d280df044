import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Selector } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import { NAMED_RANGES } from '../sets/named-ranges.ts';
import { parseEndpoint, printEndpoint } from './parse-endpoint.ts';

const v4 = (first: number, last: number): unknown => ({ v4: [first, last + 1], v6: [] });
const v6 = (first: bigint, last: bigint): unknown => ({ v4: [], v6: [first, last + 1n] });
const is = (key: string, ...values: string[]): Selector => ({ op: 'in', key, values });
const and = (...of: Selector[]): Selector => ({ op: 'and', of });

/** The expression without the text that was typed. */
function meaning(text: string): unknown {
  const { text: _, ...rest } = parseEndpoint(text);
  return rest;
}

function errorOf(text: string): UserError {
  try {
    parseEndpoint(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe('an endpoint', () => {
  it.each<[string, unknown]>([
    ['web', { type: 'workload', name: 'web' }],
    ['shop/web', { type: 'workload', namespace: 'shop', name: 'web' }],
    ['shop/web-7d9.example', { type: 'workload', namespace: 'shop', name: 'web-7d9.example' }],
    ['shop/constructor', { type: 'workload', namespace: 'shop', name: 'constructor' }],
    ['shop/deployment/web', { type: 'workload', namespace: 'shop', kind: 'Deployment', name: 'web' }],
    ['shop/Deployment.apps/web', { type: 'workload', namespace: 'shop', kind: 'Deployment', name: 'web' }],
    ['shop/deploy/web', { type: 'workload', namespace: 'shop', kind: 'Deployment', name: 'web' }],
    ['shop/sts/db', { type: 'workload', namespace: 'shop', kind: 'StatefulSet', name: 'db' }],
    ['shop/ds/agent', { type: 'workload', namespace: 'shop', kind: 'DaemonSet', name: 'agent' }],
    ['shop/rs/web-1', { type: 'workload', namespace: 'shop', kind: 'ReplicaSet', name: 'web-1' }],
    ['shop/rc/old', { type: 'workload', namespace: 'shop', kind: 'ReplicationController', name: 'old' }],
    ['shop/po/debug', { type: 'workload', namespace: 'shop', kind: 'Pod', name: 'debug' }],
    ['shop/job/once', { type: 'workload', namespace: 'shop', kind: 'Job', name: 'once' }],
    ['shop/cj/nightly', { type: 'workload', namespace: 'shop', kind: 'CronJob', name: 'nightly' }],
    ['shop/Rollout/web', { type: 'workload', namespace: 'shop', kind: 'Rollout', name: 'web' }],
    [
      'shop/service.serving.knative.dev/web',
      { type: 'workload', namespace: 'shop', kind: 'service.serving.knative.dev', name: 'web' },
    ],
    ['shop/service/web', { type: 'service', namespace: 'shop', name: 'web' }],
    ['shop/svc/web', { type: 'service', namespace: 'shop', name: 'web' }],
    ['shop/', { type: 'namespace', namespace: 'shop' }],
    ['shop/*', { type: 'namespace', namespace: 'shop' }],
    ['all', { type: 'all' }],
    ['*', { type: 'all' }],
    ['anything', { type: 'anything' }],
    ['cluster', { type: 'cluster' }],
    ['shop/cluster', { type: 'workload', namespace: 'shop', name: 'cluster' }],
    ['node/n1.example', { type: 'node', name: 'n1.example' }],
    ['no/n1', { type: 'node', name: 'n1' }],
    ['node/', { type: 'namespace', namespace: 'node' }],
    ['node/pod/web', { type: 'workload', namespace: 'node', kind: 'Pod', name: 'web' }],
    ['node/app=web', { type: 'pods', namespaces: { name: 'node' }, pods: and(is('app', 'web')) }],
    ['internet', { type: 'addresses', name: 'internet', set: NAMED_RANGES.internet }],
    ['private', { type: 'addresses', name: 'private', set: NAMED_RANGES.private }],
    ['link-local', { type: 'addresses', name: 'link-local', set: NAMED_RANGES['link-local'] }],
    ['metadata', { type: 'addresses', name: 'metadata', set: NAMED_RANGES.metadata }],
    ['10.1.2.3', { type: 'addresses', set: v4(0x0a010203, 0x0a010203) }],
    ['10.0.0.0/8', { type: 'addresses', set: v4(0x0a000000, 0x0affffff) }],
    ['0.0.0.0/0', { type: 'addresses', set: v4(0, 0xffffffff) }],
    ['::1', { type: 'addresses', set: v6(1n, 1n) }],
    ['2001:DB8::1', { type: 'addresses', set: v6((0x20010db8n << 96n) + 1n, (0x20010db8n << 96n) + 1n) }],
    ['[::1]', { type: 'addresses', set: v6(1n, 1n) }],
    ['[10.1.2.3]', { type: 'addresses', set: v4(0x0a010203, 0x0a010203) }],
    ['fd00::/8', { type: 'addresses', set: v6(0xfdn << 120n, (0xfen << 120n) - 1n) }],
    ['::/0', { type: 'addresses', set: v6(0n, (1n << 128n) - 1n) }],
    ['::ffff:10.1.2.3', { type: 'addresses', set: v4(0x0a010203, 0x0a010203) }],
    ['shop/app=web', { type: 'pods', namespaces: { name: 'shop' }, pods: and(is('app', 'web')) }],
    [
      'shop/app=web,tier!=db',
      {
        type: 'pods',
        namespaces: { name: 'shop' },
        pods: and(is('app', 'web'), { op: 'not-in', key: 'tier', values: ['db'] }),
      },
    ],
    [
      'shop/app.kubernetes.io/name=web',
      { type: 'pods', namespaces: { name: 'shop' }, pods: and(is('app.kubernetes.io/name', 'web')) },
    ],
    ['shop/!legacy', { type: 'pods', namespaces: { name: 'shop' }, pods: and({ op: 'not-exists', key: 'legacy' }) }],
    ['shop/{legacy}', { type: 'pods', namespaces: { name: 'shop' }, pods: and({ op: 'exists', key: 'legacy' }) }],
    ['shop/app in (b, a)', { type: 'pods', namespaces: { name: 'shop' }, pods: and(is('app', 'a', 'b')) }],
    [
      '{team=a}/{app=web}',
      { type: 'pods', namespaces: { selector: and(is('team', 'a')) }, pods: and(is('app', 'web')) },
    ],
    ['{team=a}/app=web', { type: 'pods', namespaces: { selector: and(is('team', 'a')) }, pods: and(is('app', 'web')) }],
    ['{}/{app=web}', { type: 'pods', namespaces: { selector: and() }, pods: and(is('app', 'web')) }],
    ['{team=a}/{}', { type: 'pods', namespaces: { selector: and(is('team', 'a')) }, pods: and() }],
    ['{team=a}/', { type: 'pods', namespaces: { selector: and(is('team', 'a')) }, pods: and() }],
    [' shop/web ', { type: 'workload', namespace: 'shop', name: 'web' }],
  ])('%s', (text, expected) => {
    expect(meaning(text)).toEqual(expected);
  });

  it('keeps what was typed', () => {
    expect(parseEndpoint('shop/deploy/web').text).toBe('shop/deploy/web');
  });

  it.each<[string, string, string?]>([
    ['', 'an endpoint is missing'],
    ['/web', 'endpoint "/web": it has no namespace before the slash'],
    ['/', 'endpoint "/": it has no namespace before the slash'],
    ['Shop/web', 'endpoint "Shop/web": "Shop" is no namespace, which must be of lower-case letters'],
    ['shop/Web', 'endpoint "shop/Web": "Web" is no name, which must be of lower-case letters'],
    ['shop/web-*', 'endpoint "shop/web-*": "web-*" is no name', 'several pods are chosen by label'],
    ['shop/deployment/', 'endpoint "shop/deployment/": it has no name after the slash'],
    ['shop/a/b/c', 'endpoint "shop/a/b/c": it has too many slashes'],
    ['shop/node/n1', 'endpoint "shop/node/n1": nodes have no namespace', 'write node/n1'],
    ['shop/9x/web', 'endpoint "shop/9x/web": "9x" is no kind'],
    ['*/app=web', 'endpoint "*/app=web": "*" is no namespace', 'write {}/{LABEL=VALUE}'],
    ['all/', 'endpoint "all/": "all" is no namespace', 'write all for every pod'],
    ['app=web', 'endpoint "app=web": labels need a namespace before them', 'write NAMESPACE/app=web'],
    [
      'app.kubernetes.io/name=web',
      'endpoint "app.kubernetes.io/name=web": "app.kubernetes.io" is no namespace',
      'labels come after a namespace',
    ],
    ['{team=a}', 'endpoint "{team=a}": it has no pod selector', 'write {team=a}/{LABEL=VALUE}'],
    ['{team=a', 'endpoint "{team=a": the brace is not closed'],
    ['{team=a}/{app=web', 'endpoint "{team=a}/{app=web": the brace is not closed'],
    ['{team=a}/web', 'endpoint "{team=a}/web": "web" is no pod selector', 'write {team=a}/{LABEL=VALUE}'],
    ['{team=a}/{app=web}x', 'endpoint "{team=a}/{app=web}x": "x" after the pod selector is not understood'],
    ['shop/app=we b', '"b" in "shop/app=we b" is not understood here'],
    ['shop/app=web,', '"," in "shop/app=web," ends the selector', 'remove the last comma'],
    ['shop/=web', '"=" in "shop/=web" is no label key'],
    ['shop/app in ()', '"()" in "shop/app in ()" has no value'],
    ['shop/app in (a', '"(a" in "shop/app in (a" is not a list of values in parentheses'],
    ['shop/weight>5', '">" in "shop/weight>5" is no operator of pod and namespace selectors'],
    ['shop/app=-web', '"-web" in "shop/app=-web" is no label value: it must be of letters'],
    ['shop/a/b/c=d', '"a/b/c" in "shop/a/b/c=d" is no label key: it must have at most one "/"'],
    [
      '10.0.0.1/8',
      'endpoint "10.0.0.1/8": "10.0.0.1/8" has bits set after its prefix',
      'write 10.0.0.0/8, or 10.0.0.1',
    ],
    [
      '10.0.0.0/33',
      'endpoint "10.0.0.0/33": "10.0.0.0/33" is no CIDR: the prefix length must be a number from 0 to 32',
    ],
    ['10.0.0', 'endpoint "10.0.0": "10.0.0" is no address: not an IPv4 or IPv6 address'],
    ['256.1.1.1', 'endpoint "256.1.1.1": "256.1.1.1" is no address: not an IPv4 or IPv6 address'],
    ['010.0.0.1', 'endpoint "010.0.0.1": "010.0.0.1" has leading zeros', 'write 10.0.0.1'],
    [
      '::ffff:10.0.0.0/104',
      'endpoint "::ffff:10.0.0.0/104": "::ffff:10.0.0.0/104" can be read in two ways',
      'write 10.0.0.0/8',
    ],
    ['1:2:3', 'endpoint "1:2:3": "1:2:3" is no address: not an IPv4 or IPv6 address'],
    ['fe80::1%eth0', 'endpoint "fe80::1%eth0": "fe80::1%eth0" is no address: an IPv6 zone is not allowed'],
    ['[::1', 'endpoint "[::1": "[::1" is no address: not an IPv4 or IPv6 address'],
  ])('%s is refused', (text, message, hint) => {
    const error = errorOf(text);
    expect(error.code).toBe('invalid-endpoint');
    expect(error.message).toContain(message);
    expect(error.hint ?? '').toContain(hint ?? '');
  });

  it('says where in the whole text a selector is wrong', () => {
    const { span } = errorOf('{team=a}/{app==,tier=?}');
    expect(span?.text.slice(span.start, span.end)).toBe('?');
  });

  const name = fc
    .stringMatching(/^[a-z]([-a-z0-9]{0,5}[a-z0-9])?$/)
    .filter((text) => !Object.hasOwn(NAMED_RANGES, text));
  const bare = name.filter((text) => !['all', 'anything', 'cluster'].includes(text));
  const namespace = name.filter((text) => !['all', 'node', 'nodes', 'no'].includes(text));
  const key = fc.oneof(
    name,
    fc.tuple(name, name).map(([prefix, rest]) => `${prefix}.io/${rest}`),
  );
  const requirement = fc.oneof(
    fc.tuple(key, fc.constantFrom('=', '==', '!='), fc.oneof(name, fc.constant(''))).map((parts) => parts.join('')),
    fc
      .tuple(key, fc.constantFrom(' in ', ' notin '), fc.array(name, { minLength: 1, maxLength: 3 }))
      .map(([left, word, values]) => `${left}${word}(${values.join(', ')})`),
    key.map((left) => `!${left}`),
    key,
  );
  const selector = fc.array(requirement, { maxLength: 3 }).map((parts) => `{${parts.join(', ')}}`);
  const v4Text = fc.ipV4().chain((address) => fc.constantFrom(address, `${address}/32`));
  const v6Text = fc.ipV6().filter((text) => !text.includes('.'));
  const endpoint = fc.oneof(
    bare,
    fc.tuple(namespace, name).map((parts) => parts.join('/')),
    fc
      .tuple(namespace, fc.constantFrom('deploy', 'Pod', 'svc', 'Rollout', 'sts', 'jobs'), name)
      .map((parts) => parts.join('/')),
    namespace.map((text) => `${text}/`),
    fc.constantFrom('all', 'anything', 'cluster', 'internet', 'metadata', '10.0.0.0/8', '::/0', 'fd00::/8'),
    name.map((text) => `node/${text}`),
    fc.tuple(fc.oneof(namespace, selector), selector).map((parts) => parts.join('/')),
    v4Text,
    v6Text,
  );

  it('printed and read again means the same', () => {
    fc.assert(
      fc.property(endpoint, (text) => {
        const printed = printEndpoint(parseEndpoint(text));
        expect(meaning(printed)).toEqual(meaning(text));
        expect(printEndpoint(parseEndpoint(printed))).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws anything but a UserError', () => {
    const letters = fc
      .array(fc.constantFrom(...'ab1/.:*{}[]=!,()-> '), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(letters, (text) => {
        try {
          parseEndpoint(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
