import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../../test/support/lint.ts';
import { validateDocument } from '../../../../test/support/schemas.ts';
import { behaviourOf, comparedBehaviours } from '../../behaviours/index.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import type { MapFilter } from '../ask.ts';
import { parseEndpoint } from '../parse-endpoint.ts';
import { parsePort } from '../parse-ports.ts';
import type { PortableMap } from '../portable-document.ts';
import { mapPortable } from './map-portable.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** The default behaviour under another name, with some knobs set. */
const like = (name: string, ...assume: readonly string[]): Behaviour => ({ ...behaviourOf('default', assume), name });

const pod = (name: string, address: string, more = '') =>
  `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: ${name}, labels: {app: ${name}}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: ${name}, uid: u, controller: true}]}, spec: {containers: [{name: c, image: i}]${more}}, status: {phase: Running, podIPs: [${address}]}}`;
const A = pod('a', '{ip: 10.0.0.1}');
const B = pod('b', '{ip: 10.0.0.2}');
const C = pod('c', '{ip: 10.0.0.3}');

const policy = (spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: x, name: p}\nspec:\n  podSelector: {matchLabels: {app: b}}\n${spec}`;

function answer(
  texts: readonly string[],
  behaviours: readonly Behaviour[],
  filter: Partial<MapFilter> = { from: [parseEndpoint('x/a')], to: [parseEndpoint('x/b')] },
): PortableMap {
  const state = stateOf(texts.join('\n---\n'));
  const context = { defaultNamespace: 'default', protocols: PROTOCOLS };
  const document = mapPortable(state, behaviours, { protocols: PROTOCOLS, ...filter }, context);
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document;
}

/** Each difference in a line: ends, family, ports, and of every group who, what and why. */
function lines({ differences, endpoints }: PortableMap): string[] {
  const names = new Map(endpoints.map(({ id, key }) => [id, key.replace('x/StatefulSet.apps/', '')]));
  const list = (ids: readonly number[]) => ids.map((id) => names.get(id)).join('+');
  return differences.map(({ from, to, family, ports, groups }) => {
    const said = groups.map(({ cnis, verdict, reason, because }) => {
      const causes = because?.map(({ knobs, rules }) => {
        const places = rules.map(({ direction, rule }) => `${direction}[${rule?.index ?? ''}]`);
        return [knobs.map(({ knob }) => knob).join(' & '), ...places].join(' ');
      });
      return `${verdict}${reason === undefined ? '' : ` ${reason}`} ${cnis}${causes === undefined ? '' : ` (${causes.join(' | ')})`}`;
    });
    const where = `${list(from)}>${list(to)}${family === undefined ? '' : ` ${family}`}`;
    return `${where} ${JSON.stringify(ports).replaceAll('"', '')}: ${said.join(', ')}`;
  });
}

const BLOCK = policy('  ingress:\n    - from:\n        - ipBlock: {cidr: 10.0.0.0/8}\n      ports: [{port: 80}]');

describe('a cause that is the only candidate', () => {
  it('is tried like any other: where it turns nothing alone, what does is said', () => {
    // Two rules open the port, one by name and one by range: only whoever knows neither does not know.
    const both = policy(
      '  policyTypes: [Ingress]\n  ingress:\n    - ports: [{port: web}]\n    - ports: [{port: 8000, endPort: 9000}]',
    );
    const named = B.replace('{name: c, image: i}', '{name: c, image: i, ports: [{name: web, containerPort: 8080}]}');
    const other = like('two', 'namedPorts=unknown', 'endPort=unknown');
    const document = answer([A, named, both], [like('one'), other]);
    expect(lines(document).filter((line) => line.includes('[8080,8080]'))).toEqual([
      'a>b {TCP:[[8080,8080]]}: allowed one, unknown named-ports two (namedPorts & endPort ingress[0])',
    ]);
  });
});

describe('mapPortable', () => {
  it('says who allows, who denies, which knob makes it and at which rule', () => {
    const document = answer([A, B, BLOCK], [like('one'), like('two', 'ipBlockMatchesPods=false'), like('three')]);
    expect(lines(document)).toEqual([
      'a>b {TCP:[[80,80]]}: allowed one,three, denied two (ipBlockMatchesPods ingress[0])',
    ]);
    expect(document.alike).toEqual([['one', 'three'], ['two']]);
    expect([document.cni, document.cnis]).toEqual(['one,two,three', ['one', 'two', 'three']]);
    const [cause] = document.differences[0]!.groups[1]!.because!;
    expect(cause!.knobs).toEqual([
      { knob: 'ipBlockMatchesPods', value: 'false', instead: 'true', says: 'ipBlock does not match pods' },
    ]);
    // Two texts of one line and one separator each, then the policy, whose rule is in its seventh line.
    expect(cause!.rules[0]).toMatchObject({ policy: { name: 'p' }, source: { line: 11, path: 'spec.ingress[0]' } });
    expect(cause!.rules[0]!.source).not.toHaveProperty('end');
  });

  it('says that nothing differs, and of what nothing touches nothing', () => {
    const document = answer([A, B, policy('  ingress: []')], [like('one'), like('two', 'ipBlockMatchesPods=false')]);
    expect(document).toMatchObject({ differences: [], endpoints: [], alike: [['one', 'two']] });
  });

  it('splits the ports of a pair by their causes: one knob, either of two, or both together', () => {
    const rules = [
      '    - from: [{podSelector: {matchLabels: {app: a}}}]\n      ports: [{port: 80, endPort: 82}]',
      '    - from: [{ipBlock: {cidr: 10.0.0.0/8}}]\n      ports: [{port: 82}, {port: 90, endPort: 91}]',
    ];
    const other = like('two', 'ipBlockMatchesPods=false', 'endPort=portOnly');
    expect(lines(answer([A, B, policy(`  ingress:\n${rules.join('\n')}`)], [like('one'), other]))).toEqual([
      // 80 stays. 81 is open by the range only, 90 by the block only, 91 by both, 82 by either of the two.
      'a>b {TCP:[[81,81]]}: allowed one, denied two (endPort ingress[0])',
      'a>b {TCP:[[82,82]]}: allowed one, denied two (ipBlockMatchesPods & endPort ingress[0] ingress[1])',
      'a>b {TCP:[[90,90]]}: allowed one, denied two (ipBlockMatchesPods ingress[1])',
      'a>b {TCP:[[91,91]]}: allowed one, denied two (ipBlockMatchesPods ingress[1] | endPort ingress[1])',
    ]);
  });

  it('compares with what most come to, and with what is known rather than with what is not', () => {
    const closed = ['two', 'three'].map((name) => like(name, 'ipBlockMatchesPods=false'));
    const open = ['four', 'five', 'six'].map((name) => like(name, 'ipBlockMatchesPods=unknown'));
    expect(lines(answer([A, B, BLOCK], [like('one'), ...closed]))).toEqual([
      'a>b {TCP:[[80,80]]}: denied two,three, allowed one (ipBlockMatchesPods ingress[0])',
    ]);
    expect(lines(answer([A, B, BLOCK], [...open, like('one'), ...closed]))).toEqual([
      'a>b {TCP:[[80,80]]}: denied two,three, unknown ip-block four,five,six (ipBlockMatchesPods ingress[0]), allowed one (ipBlockMatchesPods ingress[0])',
    ]);
  });

  it('compares with what the input leaves open, if most do', () => {
    const block = BLOCK.replace('10.0.0.0/8', '10.0.0.0/25');
    const unnamed = A.replace(/, status: .*/, '}');
    const two = like('two', 'ipBlockMatchesPods=false');
    expect(lines(answer([unnamed, B, block], [like('one'), like('three'), two]))).toEqual([
      'a>b {TCP:[[80,80]]}: unknown pod-address one,three, denied two (ipBlockMatchesPods ingress[0])',
    ]);
  });

  it('names no rule where a whole protocol is open', () => {
    expect(lines(answer([A, B, BLOCK], [like('one'), like('two', 'sctp=unknown')]))).toEqual([
      'a>b {SCTP:[[1,65535]]}: denied one, unknown sctp two (sctp)',
    ]);
  });

  it('names the policy that isolates where no rule makes the difference', () => {
    const host = pod('a', '{ip: 192.0.2.1}', ', hostNetwork: true');
    const own = policy('  policyTypes: [Egress]').replace('app: b', 'app: a');
    const document = answer([host, B, own], [like('one'), like('two', 'hostNetwork=asPod')]);
    expect(lines(document)).toEqual(['a>b all: allowed one, denied two (hostNetwork egress[])']);
  });

  it('tells families apart where only one differs', () => {
    const dual = [pod('a', '{ip: 10.0.0.1}, {ip: "fd00::1"}'), pod('b', '{ip: 10.0.0.2}, {ip: "fd00::2"}')];
    const two = like('two', 'ipBlockMatchesPods=false');
    const difference = 'allowed one, denied two (ipBlockMatchesPods ingress[0])';
    expect(lines(answer([...dual, BLOCK], [like('one'), two]))).toEqual([`a>b IPv4 {TCP:[[80,80]]}: ${difference}`]);
    const both = BLOCK.replace('/8}', '/8}\n        - ipBlock: {cidr: "fd00::/8"}');
    expect(lines(answer([...dual, both], [like('one'), two]))).toEqual([`a>b {TCP:[[80,80]]}: ${difference}`]);
    expect(lines(answer([A, dual[1]!, BLOCK], [like('one'), two]))).toEqual([`a>b {TCP:[[80,80]]}: ${difference}`]);
  });

  it('says of APIs which kind is not enforced', () => {
    const admin =
      '{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: d}, spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}';
    const [difference] = answer([A, B, admin], [like('one'), like('two', 'apis=network-policy')]).differences;
    expect(difference!.groups[1]!.because![0]!.knobs).toEqual([
      expect.objectContaining({ knob: 'apis', says: 'AdminNetworkPolicy is not enforced' }),
    ]);
    const kinds = { ...like('two'), kindsNotEnforced: ['AdminNetworkPolicy'] };
    const same = answer([A, B, admin], [kinds, like('one'), like('three')]).differences;
    expect(same[0]!.groups[1]).toMatchObject({
      cnis: ['two'],
      verdict: 'allowed',
      because: [{ knobs: [{ knob: 'apis', says: 'AdminNetworkPolicy is not enforced' }] }],
    });
    expect(answer([A, B, BLOCK], [kinds, like('one')]).differences).toEqual([]);
  });

  it('narrows as map does, and follows Services', () => {
    const two = like('two', 'ipBlockMatchesPods=false');
    const open = policy('  ingress: [{}]').replace('app: b', 'app: c').replace('name: p', 'name: c');
    const all = [A, B, C, BLOCK, open];
    expect(lines(answer(all, [like('one'), two], { namespaces: ['y'] }))).toEqual([]);
    expect(lines(answer(all, [like('one'), two], { focus: [parseEndpoint('x/c')] }))).toEqual([
      'c>b {TCP:[[80,80]]}: allowed one, denied two (ipBlockMatchesPods ingress[0])',
    ]);
    expect(lines(answer(all, [like('one'), two], { port: parsePort('81') }))).toEqual([]);
    const service =
      '{apiVersion: v1, kind: Service, metadata: {namespace: x, name: s}, spec: {clusterIP: 172.16.0.1, selector: {app: b}, ports: [{port: 8, targetPort: 80}]}}';
    const filter = { from: [parseEndpoint('x/a')], to: [parseEndpoint('x/svc/s')] };
    expect(lines(answer([...all, service], [like('one'), two], filter))).toEqual([
      'a>b {TCP:[[80,80]]}: allowed one, denied two (ipBlockMatchesPods ingress[0])',
    ]);
    const out = policy('  policyTypes: [Egress]\n  egress: [{ports: [{port: 80}]}]').replace('app: b', 'app: a');
    const before = like('two', 'serviceView=preDNAT');
    expect(lines(answer([A, B, service, out], [like('one'), before], filter))).toEqual([
      'a>b {TCP:[[80,80]]}: allowed one, unknown service-view two (serviceView egress[0])',
    ]);
    expect(lines(answer([A, B, service, out], [like('one'), before]))).toEqual([]);
  });

  it('gives the same bytes for any order of the input', () => {
    const texts = [A, B, C, BLOCK, policy('  ingress: [{}]').replace('app: b', 'app: c').replace('name: p', 'name: c')];
    const one = answer(texts, comparedBehaviours(), {});
    const other = answer([...texts].reverse(), comparedBehaviours(), {});
    const withoutLines = (document: PortableMap) => JSON.stringify(document).replace(/"(line|end|column)":\d+/g, '');
    expect(withoutLines(one)).toBe(withoutLines(other));
    expect(lines(one).length).toBeGreaterThan(0);
  });
});
