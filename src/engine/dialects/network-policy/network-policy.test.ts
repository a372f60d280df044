import { describe, expect, it } from 'vitest';
import {
  decodeObject,
  networkPolicy,
  notes,
  policyOf,
  refusals,
  ruleOf,
} from '../../../../test/support/decode-policy.ts';
import { EVERYTHING, type Selector } from '../../model/selector.ts';
import { interval } from '../../sets/interval-set.ts';

const WEB: Selector = { op: 'and', of: [{ op: 'in', key: 'app', values: ['web'] }] };
const web = { matchLabels: { app: 'web' } };

const ingressRule = (rule: unknown) => ruleOf(networkPolicy({ ingress: [rule] }), 'ingress');
const peerOf = (peer: unknown) => ingressRule({ from: [peer] }).peers[0];
const portOf = (port: unknown) => ingressRule({ ports: [port] }).ports[0];

describe('missing and empty (semantics 1.2)', () => {
  it('namespace: missing is the default one, empty too', () => {
    const namespaceOf = (metadata: unknown) =>
      policyOf(decodeObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata })).ref.namespace;
    expect(namespaceOf({ name: 'p' })).toBe('default');
    expect(namespaceOf({ name: 'p', namespace: '' })).toBe('default');
    expect(namespaceOf({ name: 'p', namespace: 'shop' })).toBe('shop');
  });

  it('spec: missing denies all ingress of every pod of the namespace', () => {
    for (const spec of [undefined, null, {}]) {
      const policy = policyOf(networkPolicy(spec));
      const subject = { namespaces: { name: 'shop' }, pods: EVERYTHING };
      expect(policy.ingress).toEqual({ subject, isolates: true, rules: [], listed: true });
      expect(policy.egress).toBeUndefined();
    }
  });

  it.each([[undefined], [null], [{}], [{ matchLabels: {} }], [{ matchExpressions: null }]])(
    'podSelector: %j is every pod of the namespace',
    (podSelector) => {
      const { subject } = policyOf(networkPolicy({ podSelector })).ingress!;
      expect(subject).toEqual({ namespaces: { name: 'shop' }, pods: EVERYTHING });
    },
  );

  it('podSelector: labels choose pods', () => {
    expect(policyOf(networkPolicy({ podSelector: web })).ingress?.subject.pods).toEqual(WEB);
  });

  it.each([[undefined], [null], [[]]])('ingress and egress: %j has no rules and isolates', (list) => {
    const policy = policyOf(networkPolicy({ policyTypes: ['Ingress', 'Egress'], ingress: list, egress: list }));
    expect(policy.ingress).toMatchObject({ isolates: true, rules: [] });
    expect(policy.egress).toMatchObject({ isolates: true, rules: [] });
  });

  it.each([[{}], [null], [{ from: null, ports: null }], [{ from: [], ports: [] }]])(
    'rule %j matches every peer and every port',
    (rule) => {
      const expected = { action: 'Accept', peers: 'any', ports: 'any', conditions: [], index: 0 };
      expect(ingressRule(rule)).toEqual({ ...expected, path: ['spec', 'ingress', 0] });
    },
  );

  it('rules of egress have their peers in "to"', () => {
    const rule = ruleOf(networkPolicy({ egress: [{ to: [{ podSelector: web }] }] }), 'egress');
    const path = ['spec', 'egress', 0, 'to', 0];
    expect(rule.peers).toEqual([{ type: 'pods', namespaces: { name: 'shop' }, pods: WEB, path }]);
  });

  it.each([[{}], [null], [{ protocol: null, port: null }]])('port entry %j is every TCP port', (port) => {
    const path = ['spec', 'ingress', 0, 'ports', 0];
    expect(portOf(port)).toEqual({ type: 'all', protocol: 'TCP', path });
  });

  it('ports: protocol alone, number, range and name', () => {
    expect(portOf({ protocol: 'UDP' })).toMatchObject({ type: 'all', protocol: 'UDP' });
    expect(portOf({ port: 80 })).toMatchObject({ type: 'range', protocol: 'TCP', first: 80, last: 80 });
    expect(portOf({ port: 80, endPort: 90 })).toMatchObject({ type: 'range', first: 80, last: 90 });
    expect(portOf({ protocol: 'SCTP', port: 'http' })).toMatchObject({ type: 'named', protocol: 'SCTP', name: 'http' });
  });
});

describe('peers (semantics 1.5, 1.6)', () => {
  it("podSelector only: pods of the policy's own namespace", () => {
    expect(peerOf({ podSelector: web })).toMatchObject({ type: 'pods', namespaces: { name: 'shop' }, pods: WEB });
    expect(peerOf({ podSelector: {} })).toMatchObject({ namespaces: { name: 'shop' }, pods: EVERYTHING });
    const nullBeside = { podSelector: {}, namespaceSelector: null };
    expect(peerOf(nullBeside)).toMatchObject({ namespaces: { name: 'shop' } });
  });

  it('namespaceSelector only: every pod of matching namespaces', () => {
    expect(peerOf({ namespaceSelector: web })).toMatchObject({ namespaces: { selector: WEB }, pods: EVERYTHING });
    expect(peerOf({ namespaceSelector: {} })).toMatchObject({ namespaces: { selector: EVERYTHING }, pods: EVERYTHING });
  });

  it('both in one item: AND; in two items: OR', () => {
    const both = { namespaceSelector: {}, podSelector: web };
    expect(peerOf(both)).toMatchObject({ namespaces: { selector: EVERYTHING }, pods: WEB });
    expect(ingressRule({ from: [{ namespaceSelector: {} }, { podSelector: web }] }).peers).toHaveLength(2);
  });

  it('ipBlock: cidr without its exceptions, the texts as written', () => {
    const block = { cidr: '10.0.0.0/30', except: ['10.0.0.1/32', '10.0.0.2/32'] };
    expect(peerOf({ ipBlock: block })).toEqual({
      type: 'addresses',
      addresses: { v4: [...interval(0x0a000000, 0x0a000001), ...interval(0x0a000003, 0x0a000004)], v6: [] },
      ...block,
      path: ['spec', 'ingress', 0, 'from', 0],
    });
  });

  it('ipBlock: one family only', () => {
    const all = interval(0, 2 ** 32);
    expect(peerOf({ ipBlock: { cidr: '0.0.0.0/0' } })).toMatchObject({ addresses: { v4: all, v6: [] }, except: [] });
  });
});

describe('policyTypes (semantics 1.3)', () => {
  const rule = {};
  it.each([
    [undefined, undefined, ['Ingress']],
    [[], undefined, ['Ingress']],
    [undefined, [], ['Ingress']],
    [undefined, [rule], ['Ingress', 'Egress']],
    [[], [rule], ['Ingress', 'Egress']],
    [['Ingress'], [rule], ['Ingress']],
    [['Egress'], undefined, ['Egress']],
    [['Ingress', 'Ingress'], undefined, ['Ingress', 'Ingress']],
  ])('policyTypes %j with egress %j are stored as %j', (policyTypes, egress, stored) => {
    const decoded = networkPolicy({ policyTypes, egress });
    expect(decoded.stored).toMatchObject({ podSelector: {}, policyTypes: stored });
    expect(policyOf(decoded).ingress?.isolates ?? false).toBe(stored.includes('Ingress'));
    expect(policyOf(decoded).egress?.isolates ?? false).toBe(stored.includes('Egress'));
  });

  it('rules of a direction that is not listed neither isolate nor count as listed', () => {
    const policy = policyOf(networkPolicy({ policyTypes: ['Egress'], ingress: [rule] }));
    expect(policy.ingress).toMatchObject({ isolates: false, listed: false, rules: [{ peers: 'any' }] });
    expect(policy.egress).toMatchObject({ isolates: true, listed: true, rules: [] });
  });

  it('a direction that is not listed and has no rules is absent', () => {
    expect(policyOf(networkPolicy({ policyTypes: ['Egress'], ingress: [] }))).not.toHaveProperty('ingress');
  });
});

describe('the whole policy', () => {
  it('stands in its own tier and has no order', () => {
    expect(policyOf(networkPolicy({}))).toMatchObject({
      ref: { dialect: 'network-policy', kind: 'NetworkPolicy', namespace: 'shop', name: 'p' },
      apiVersion: 'networking.k8s.io/v1',
      tier: 'NetworkPolicy',
      order: 0,
    });
  });

  it('is stored with protocols filled in and without what is empty', () => {
    const decoded = networkPolicy({ ingress: [{ from: [], ports: [{ port: 80 }, null] }], egress: [] });
    expect(decoded.stored).toEqual({
      podSelector: {},
      ingress: [{ ports: [{ protocol: 'TCP', port: 80 }, { protocol: 'TCP' }] }],
      policyTypes: ['Ingress'],
    });
  });

  it('keeps an object with the status that servers 1.24 to 1.27 wrote, and says so', () => {
    const object = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p' }, status: {} };
    const decoded = decodeObject(object);
    expect(refusals(decoded)).toEqual([]);
    expect(notes(decoded)).toEqual(['removed-field status']);
  });

  it('a refused object has findings and nothing else', () => {
    const decoded = networkPolicy({ ingress: [{ ports: [{ port: 0 }] }, { from: [{}] }] });
    expect(Object.keys(decoded)).toEqual(['findings']);
    expect(decoded.findings.map(({ policy, source }) => [policy?.name, source.path])).toEqual([
      ['p', 'spec.ingress[0].ports[0].port'],
      ['p', 'spec.ingress[1].from[0]'],
    ]);
  });
});
