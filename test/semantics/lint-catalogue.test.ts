// Mistakes that the API server refuses, as a catalogue of lint rules lists them: each is found where it stands, says what is
// wrong, and is mended where only one thing can have been meant.

import { describe, expect, it } from 'vitest';
import { problemsOf } from '../support/lint.ts';
import { proveFix } from '../support/prove-fix.ts';

const withSpec = (spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ${spec}}
---`;
const withPeer = (peer: string) => withSpec(`ingress: [{from: [${peer}], ports: [{port: 8080}]}]`);
const withBlock = (block: string) => withPeer(`{ipBlock: ${block}}`);
const withPort = (port: string) => withSpec(`ingress: [{ports: [${port}]}]`);

/** Check, place and what the message says of the only finding. */
function only(text: string, strict = false): string[] {
  return problemsOf(text, undefined, { assume: strict ? ['strictCIDR=reject'] : [] })
    .filter(({ check }) => check !== 'whole-internet' && check !== 'private-range')
    .map(({ check, source, rejectedByApi }) => `${check} ${source.path}${rejectedByApi ? '' : ' accepted'}`);
}

describe('what the API server refuses', () => {
  it.each([
    [
      '10: an ipBlock with a selector',
      withPeer('{ipBlock: {cidr: 203.0.113.0/24}, podSelector: {}}'),
      'conflicting-peer spec.ingress[0].from[0]',
    ],
    ['11: an empty peer', withPeer('{}'), 'empty-peer spec.ingress[0].from[0]'],
    ['12: no address block', withBlock('{cidr: 203.0.113.0}'), 'invalid-cidr spec.ingress[0].from[0].ipBlock.cidr'],
    ['12: leading zeros', withBlock('{cidr: 203.000.113.0/24}'), 'sloppy-cidr spec.ingress[0].from[0].ipBlock.cidr'],
    [
      '12: an IPv4 block written as IPv6',
      withBlock('{cidr: "::ffff:203.0.113.0/120"}'),
      'sloppy-cidr spec.ingress[0].from[0].ipBlock.cidr',
    ],
    ['13: host bits', withBlock('{cidr: 203.0.113.111/24}'), 'sloppy-cidr spec.ingress[0].from[0].ipBlock.cidr'],
    [
      '15: an exception outside',
      withBlock('{cidr: 203.0.113.0/24, except: [198.51.100.0/25]}'),
      'except-outside-cidr spec.ingress[0].from[0].ipBlock.except[0]',
    ],
    [
      '15: an exception of everything',
      withBlock('{cidr: 203.0.113.0/24, except: [203.0.113.0/24]}'),
      'except-outside-cidr spec.ingress[0].from[0].ipBlock.except[0]',
    ],
    [
      '15: an exception of the other family',
      withBlock('{cidr: 203.0.113.0/24, except: ["2001:db8::/64"]}'),
      'except-outside-cidr spec.ingress[0].from[0].ipBlock.except[0]',
    ],
    ['16: a port out of range', withPort('{port: 65536}'), 'invalid-port spec.ingress[0].ports[0].port'],
    [
      '16: endPort below port',
      withPort('{port: 90, endPort: 80}'),
      'invalid-end-port spec.ingress[0].ports[0].endPort',
    ],
    ['16: endPort without port', withPort('{endPort: 80}'), 'invalid-end-port spec.ingress[0].ports[0].endPort'],
    [
      '16: endPort with a name',
      withPort('{port: http, endPort: 80}'),
      'invalid-end-port spec.ingress[0].ports[0].endPort',
    ],
    ['17: a number in quotes', withPort('{port: "80"}'), 'invalid-port-name spec.ingress[0].ports[0].port'],
    ['19: ICMP', withPort('{protocol: ICMP}'), 'invalid-protocol spec.ingress[0].ports[0].protocol'],
    ['19: small letters', withPort('{protocol: tcp, port: 80}'), 'invalid-protocol spec.ingress[0].ports[0].protocol'],
    [
      '23: podselector',
      withPeer('{podselector: {matchLabels: {app: x}}}'),
      'unknown-field spec.ingress[0].from[0].podselector',
    ],
    ['23: ipblock', withPeer('{ipblock: {cidr: 203.0.113.0/24}}'), 'unknown-field spec.ingress[0].from[0].ipblock'],
    [
      '41: In without values',
      withPeer('{podSelector: {matchExpressions: [{key: app, operator: In}]}}'),
      'invalid-selector spec.ingress[0].from[0].podSelector.matchExpressions[0].values',
    ],
    [
      '41: Exists with values',
      withPeer('{podSelector: {matchExpressions: [{key: app, operator: Exists, values: [x]}]}}'),
      'invalid-selector spec.ingress[0].from[0].podSelector.matchExpressions[0].values',
    ],
  ])('%s', (_, text, expected) => {
    expect(only(text, true)).toEqual([expected]);
  });

  it.each([
    [
      '23: extensions/v1beta1',
      withSpec('ingress: []').replace('networking.k8s.io/v1', 'extensions/v1beta1'),
      'not-understood kind accepted',
    ],
    [
      '23: a kind that does not exist',
      withSpec('ingress: []').replace('NetworkPolicy', 'Networkpolicy'),
      'not-understood kind accepted',
    ],
    ['21: a policy defined twice', withSpec('ingress: []') + withSpec('egress: []'), 'duplicate-object  accepted'],
  ])('%s', (_, text, expected) => {
    expect(only(text)).toEqual([expected]);
  });

  it('17: says that a quoted number is the name of a port', () => {
    expect(problemsOf(withPort('{port: "80"}'), 'invalid-port-name')).toMatchObject([
      {
        message: '"80" in quotes is the name of a port, not its number, and no container port can have that name',
        hint: 'write it without quotes: 80',
      },
    ]);
  });
});

describe('fixes of what the API server refuses', () => {
  it.each([
    ['invalid-port-name', withPort('{port: "80"}'), true],
    ['invalid-port-name', withPort('{port: 8080-8090}'), false],
    ['invalid-protocol', withPort('{protocol: tcp, port: 80}'), true],
    ['invalid-policy-type', withSpec('ingress: []').replace('[Ingress]', '[ingress]'), true],
    ['unknown-field', withPeer('{podselector: {matchLabels: {app: x}}}'), true],
    ['unknown-field', withPeer('{podSelectr: {matchLabels: {app: x}}}'), false],
    ['unknown-field', withPort('{number: 80}'), false],
    ['wrong-type', withSpec('ingress: {ports: [{port: 80}]}'), true],
    ['wrong-type', withSpec('ingress: []').replace('[Ingress]', 'Ingress'), true],
    ['wrong-type', withPort('{port: 80, endPort: "90"}'), true],
    ['conflicting-peer', withPeer('{ipBlock: {cidr: 203.0.113.0/28}, podSelector: {}}'), false],
    ['not-understood', withSpec('ingress: []').replace('networking.k8s.io/v1', 'extensions/v1beta1'), true],
    ['not-understood', withSpec('ingress: []').replace('NetworkPolicy', 'Networkpolicy'), true],
  ])('%s %#', (check, text, safe) => {
    const [finding] = problemsOf(text, check);
    expect(finding!.fix).toMatchObject({ safe, announced: 'changes' });
    proveFix(text, finding!);
  });

  it.each([
    ['203.0.113.111/24', true, 'write 203.0.113.0/24', 'write 203.0.113.111/32'],
    ['203.000.113.0/24', true, 'write 203.0.113.0/24', undefined],
    ['2001:db8:0:7::25/64', false, 'write 2001:db8:0:7::/64', 'write 2001:db8:0:7::25/128'],
  ])('%s', (cidr, safe, title, host) => {
    for (const assume of [['strictCIDR=reject'], ['strictCIDR=warn']]) {
      const text = withBlock(`{cidr: "${cidr}"}`);
      const [finding] = problemsOf(text, 'sloppy-cidr', { assume });
      const announced = finding!.rejectedByApi ? 'changes' : 'same';
      expect(finding!.fix).toMatchObject({ title, safe, announced });
      expect(finding!.alternatives?.map((one) => one.title)).toEqual(host === undefined ? undefined : [host]);
      proveFix(text, finding!, undefined, { assume });
      if (host !== undefined) proveFix(text, finding!, host, { assume });
    }
  });

  it.each([
    ['duplicate-item', 'egress: [{action: Deny, to: [{networks: [203.0.113.0/24, 203.0.113.0/24]}]}]'],
    ['invalid-action', 'ingress: [{action: deny, from: [{namespaces: {matchLabels: {a: b}}}]}]'],
    ['invalid-cidr', 'egress: [{action: Deny, to: [{networks: [203.000.113.0/24]}]}]'],
  ])('%s of a ClusterNetworkPolicy', (check, rules) => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec: {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {a: b}}}, ${rules}}`;
    const [finding] = problemsOf(text, check);
    expect(finding!.fix).toMatchObject({ safe: true });
    proveFix(text, finding!);
  });

  it.each([
    ['cluster-scoped-namespace', 'namespace: shop, name: all', ''],
    ['removed-field', 'name: all', 'status: {}'],
  ])('%s', (check, metadata, more) => {
    const cluster = check === 'cluster-scoped-namespace';
    const text = cluster
      ? `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {${metadata}}
spec: {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {a: b}}}}`
      : `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {${metadata}}
spec: {podSelector: {}, policyTypes: [Ingress]}
${more}`;
    const [finding] = problemsOf(text, check);
    expect(finding!.fix).toMatchObject({ safe: true, announced: 'same' });
    proveFix(text, finding!);
  });
});
