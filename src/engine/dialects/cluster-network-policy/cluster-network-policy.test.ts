import { describe, expect, it } from 'vitest';
import {
  clusterNetworkPolicy,
  decodeObject,
  notes,
  policyOf,
  refusals,
  ruleOf,
} from '../../../../test/support/decode-policy.ts';
import { EVERYTHING, NOTHING, type Selector } from '../../model/selector.ts';

type Options = Parameters<typeof clusterNetworkPolicy>[1];

const WEB: Selector = { op: 'and', of: [{ op: 'in', key: 'app', values: ['web'] }] };
const web = { matchLabels: { app: 'web' } };
const bad = { matchExpressions: [{ key: 'a', operator: 'notIn', values: ['x'] }] };
const STANDARD: Options = { channel: 'standard' };
const EXPERIMENTAL: Options = { channel: 'experimental' };

const egress = (rule: Record<string, unknown>, options?: Options) =>
  clusterNetworkPolicy({ egress: [{ action: 'Accept', to: [{ namespaces: {} }], ...rule }] }, options);
const ingress = (rule: Record<string, unknown>, options?: Options) =>
  clusterNetworkPolicy({ ingress: [{ action: 'Accept', from: [{ namespaces: {} }], ...rule }] }, options);
const peersOf = (peer: unknown) => ruleOf(egress({ to: [peer] }), 'egress').peers;
const portOf = (entry: unknown) => ruleOf(ingress({ protocols: [entry] }), 'ingress').ports[0];

describe('place (semantics 2.1)', () => {
  it.each(['Admin', 'Baseline'])('tier %s, ordered by priority', (tier) => {
    const policy = policyOf(clusterNetworkPolicy({ tier, priority: 7 }));
    expect(policy).toMatchObject({ tier, order: 7, ref: { kind: 'ClusterNetworkPolicy', name: 'c' } });
    expect(policy.ref).not.toHaveProperty('namespace');
  });

  it('C1: a direction without rules is not touched', () => {
    const policy = policyOf(clusterNetworkPolicy({ ingress: [] }));
    expect(policy).not.toHaveProperty('ingress');
    expect(policy).not.toHaveProperty('egress');
  });

  it('C1: being a subject isolates nobody', () => {
    expect(policyOf(ingress({})).ingress).toMatchObject({ isolates: false, listed: true });
  });

  it.each(['Accept', 'Deny', 'Pass'])('action %s exists in both tiers', (action) => {
    for (const tier of ['Admin', 'Baseline']) {
      const rules = [{ action, from: [{ namespaces: {} }], name: 'n' }];
      const rule = ruleOf(clusterNetworkPolicy({ tier, ingress: rules }), 'ingress');
      expect(rule).toMatchObject({ action, name: 'n', index: 0, path: ['spec', 'ingress', 0] });
    }
  });
});

describe('subject (semantics 2.2)', () => {
  const subjectOf = (subject: unknown) =>
    policyOf(clusterNetworkPolicy({ subject, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] })).ingress
      ?.subject;

  it('namespaces: all pods in matching ones, the empty selector matches all', () => {
    expect(subjectOf({ namespaces: web })).toEqual({ namespaces: { selector: WEB }, pods: EVERYTHING });
    expect(subjectOf({ namespaces: {} })).toEqual({ namespaces: { selector: EVERYTHING }, pods: EVERYTHING });
  });

  it('pods: without namespaceSelector those of all namespaces', () => {
    expect(subjectOf({ pods: { podSelector: web } })).toEqual({ namespaces: { selector: EVERYTHING }, pods: WEB });
  });

  it.each([[{}], [{ namespaces: null }], [{ namespaces: {}, pods: { podSelector: {} } }]])(
    '%j is refused',
    (subject) => {
      expect(refusals(clusterNetworkPolicy({ subject }))[0]).toMatch(
        /^invalid-subject FieldValue(Invalid|TooMany) spec.subject$/,
      );
    },
  );

  it('pods without podSelector are refused', () => {
    expect(refusals(clusterNetworkPolicy({ subject: { pods: {} } }))).toEqual([
      'missing-field FieldValueRequired spec.subject.pods.podSelector',
    ]);
  });

  it('a selector that nobody can evaluate selects nobody, and is a finding', () => {
    const subject = { namespaces: bad };
    const decoded = clusterNetworkPolicy({ subject, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] });
    expect(policyOf(decoded).ingress?.subject).toEqual({ namespaces: { selector: NOTHING }, pods: NOTHING });
    expect(notes(decoded)).toEqual(['undecidable-subject spec.subject.namespaces.matchExpressions[0].operator']);
  });
});

describe('peers (semantics 2.3)', () => {
  it('namespaces and pods', () => {
    expect(peersOf({ namespaces: web })).toMatchObject([
      { type: 'pods', namespaces: { selector: WEB }, pods: EVERYTHING },
    ]);
    const both = { pods: { namespaceSelector: web, podSelector: {} } };
    expect(peersOf(both)).toMatchObject([{ type: 'pods', namespaces: { selector: WEB }, pods: EVERYTHING }]);
    const pods = { pods: { podSelector: web } };
    expect(peersOf(pods)).toMatchObject([{ type: 'pods', namespaces: { selector: EVERYTHING }, pods: WEB }]);
  });

  it('networks: one peer each, with host bits masked and noted', () => {
    const decoded = egress({ to: [{ networks: ['10.1.0.0/8', '2001:db8::/32'] }] });
    const at = ['spec', 'egress', 0, 'to', 0, 'networks'];
    expect(ruleOf(decoded, 'egress').peers).toMatchObject([
      { type: 'addresses', cidr: '10.1.0.0/8', addresses: { v4: [0x0a000000, 0x0b000000] }, path: [...at, 0] },
      { type: 'addresses', cidr: '2001:db8::/32', addresses: { v4: [] }, path: [...at, 1] },
    ]);
    expect(notes(decoded)).toEqual(['sloppy-cidr spec.egress[0].to[0].networks[0]']);
  });

  it.each(['10.0.0.0/33', '010.0.0.0/8', '::ffff:10.0.0.0/104'])('networks: %s is refused', (cidr) => {
    expect(refusals(egress({ to: [{ networks: [cidr] }] }))).toEqual([
      'invalid-cidr FieldValueInvalid spec.egress[0].to[0].networks[0]',
    ]);
  });

  it('nodes and domain names: in the experimental channel only', () => {
    for (const peer of [{ nodes: web }, { domainNames: ['*.example.com'] }]) {
      const field = Object.keys(peer)[0];
      expect(refusals(egress({ to: [peer] }, STANDARD))).toEqual([
        `unknown-field UnknownField spec.egress[0].to[0].${field}`,
      ]);
      for (const options of [EXPERIMENTAL, undefined]) {
        const decoded = egress({ to: [peer] }, options);
        expect(refusals(decoded)).toEqual([]);
        expect(notes(decoded)).toEqual([`experimental-field spec.egress[0].to[0].${field}`]);
      }
    }
    expect(peersOf({ nodes: web })).toMatchObject([{ type: 'nodes', nodes: WEB }]);
    expect(peersOf({ domainNames: ['*.example.com'] })).toMatchObject([{ type: 'domains', names: ['*.example.com'] }]);
  });

  it.each(['networks', 'nodes', 'domainNames'])('%s are unknown in ingress', (field) => {
    const decoded = ingress({ from: [{ [field]: ['10.0.0.0/8'] }] });
    expect(refusals(decoded)).toEqual([`unknown-field UnknownField spec.ingress[0].from[0].${field}`]);
    expect(decoded.findings[0]?.hint).toContain('can only be pods');
  });

  it.each([['com'], ['-a.com'], ['a..com'], ['*'], ['a b.com']])('domain name %j is refused', (name) => {
    expect(refusals(egress({ to: [{ domainNames: [name] }] }))).toEqual([
      'invalid-domain FieldValueInvalid spec.egress[0].to[0].domainNames[0]',
    ]);
  });

  it('an empty peer and one with two fields are refused', () => {
    expect(refusals(egress({ to: [{}] }))).toEqual(['empty-peer FieldValueInvalid spec.egress[0].to[0]']);
    expect(refusals(egress({ to: [{ namespaces: {}, networks: ['10.0.0.0/8'] }] }))).toEqual([
      'conflicting-peer FieldValueTooMany spec.egress[0].to[0]',
    ]);
  });

  it('the selector level of old versions is unknown, and its loss selects all namespaces', () => {
    for (const field of ['namespaceSelector', 'sameLabels', 'notSameLabels']) {
      const [finding] = ingress({ from: [{ namespaces: { [field]: {} } }] }).findings;
      expect(finding?.cause?.field).toBe(`spec.ingress[0].from[0].namespaces.${field}`);
      expect(finding?.message).toContain('ALL namespaces');
    }
  });
});

describe('protocols (semantics 2.4)', () => {
  it('missing: everything, other protocols included', () => {
    expect(ruleOf(ingress({}), 'ingress').ports).toBe('any');
  });

  it.each(['tcp', 'udp', 'sctp'])('%s: number and range', (transport) => {
    const protocol = transport.toUpperCase();
    const number = { [transport]: { destinationPort: { number: 80 } } };
    expect(portOf(number)).toMatchObject({ type: 'range', protocol, first: 80, last: 80 });
    const range = { [transport]: { destinationPort: { range: { start: 80, end: 90 } } } };
    expect(portOf(range)).toMatchObject({ type: 'range', protocol, first: 80, last: 90 });
  });

  it('a named port matches any protocol', () => {
    const path = ['spec', 'ingress', 0, 'protocols', 0];
    expect(portOf({ destinationNamedPort: 'http' })).toEqual({ type: 'named', protocol: 'any', name: 'http', path });
  });

  it.each(['', 'sixteen-letters-'])('port name %j is accepted, and matches nothing', (name) => {
    const decoded = ingress({ protocols: [{ destinationNamedPort: name }] });
    expect(refusals(decoded)).toEqual([]);
    expect(notes(decoded)).toEqual(['invalid-port-name spec.ingress[0].protocols[0].destinationNamedPort']);
  });

  it.each([[{}], [{ destinationPort: null }]])('tcp: %j is refused, with the way to say every port', (tcp) => {
    const decoded = ingress({ protocols: [{ tcp }] });
    expect(refusals(decoded)).toEqual(['missing-field FieldValueInvalid spec.ingress[0].protocols[0].tcp']);
    expect(decoded.findings[0]?.hint).toContain('{start: 1, end: 65535}');
  });

  it.each([
    [80, 80],
    [90, 80],
  ])('range %d-%d is refused: its start must be below its end', (start, end) => {
    const at = 'spec.ingress[0].protocols[0].udp.destinationPort.range';
    expect(refusals(ingress({ protocols: [{ udp: { destinationPort: { range: { start, end } } } }] }))).toEqual([
      `invalid-port-range FieldValueInvalid ${at}`,
    ]);
  });

  it('networks with a named port: refused by the experimental CRD, accepted by the standard one', () => {
    const rule = { to: [{ networks: ['10.0.0.0/8'] }], protocols: [{ destinationNamedPort: 'http' }] };
    expect(refusals(egress(rule, EXPERIMENTAL))).toEqual(['named-port-without-pods FieldValueInvalid spec.egress[0]']);
    for (const options of [STANDARD, undefined]) {
      expect(refusals(egress(rule, options))).toEqual([]);
      expect(notes(egress(rule, options))).toEqual(['named-port-without-pods spec.egress[0]']);
    }
  });

  it('nodes with a named port are refused by both channels', () => {
    const rule = { to: [{ nodes: {} }], protocols: [{ destinationNamedPort: 'http' }] };
    expect(refusals(egress(rule))).toEqual(['named-port-without-pods FieldValueInvalid spec.egress[0]']);
  });
});

describe('bounds of the CRD (semantics 2.5)', () => {
  const rule = { action: 'Deny', from: [{ namespaces: {} }] };
  const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const network = (i: number) => `10.${i}.0.0/16`;

  it.each([
    ['tier admin', { tier: 'admin' }, 'invalid-tier FieldValueNotSupported spec.tier'],
    ['tier null', { tier: null }, 'missing-field FieldValueRequired spec.tier'],
    ['priority -1', { priority: -1 }, 'invalid-priority FieldValueInvalid spec.priority'],
    ['priority 1001', { priority: 1001 }, 'invalid-priority FieldValueInvalid spec.priority'],
    ['priority 1.5', { priority: 1.5 }, 'wrong-type FieldValueTypeInvalid spec.priority'],
    ['priority "5"', { priority: '5' }, 'wrong-type FieldValueTypeInvalid spec.priority'],
    ['26 rules', { ingress: many(26, () => rule) }, 'too-many-items FieldValueTooMany spec.ingress'],
    ['a null rule', { ingress: [null] }, 'wrong-type FieldValueTypeInvalid spec.ingress[0]'],
    [
      'action Allow',
      { ingress: [{ ...rule, action: 'Allow' }] },
      'invalid-action FieldValueNotSupported spec.ingress[0].action',
    ],
    [
      'no action',
      { ingress: [{ from: [{ namespaces: {} }] }] },
      'missing-field FieldValueRequired spec.ingress[0].action',
    ],
    ['no from', { ingress: [{ action: 'Deny' }] }, 'missing-field FieldValueRequired spec.ingress[0].from'],
    ['from []', { ingress: [{ ...rule, from: [] }] }, 'empty-list FieldValueInvalid spec.ingress[0].from'],
    [
      '26 peers',
      { ingress: [{ ...rule, from: many(26, () => ({ namespaces: {} })) }] },
      'too-many-items FieldValueTooMany spec.ingress[0].from',
    ],
    [
      'protocols []',
      { ingress: [{ ...rule, protocols: [] }] },
      'empty-list FieldValueInvalid spec.ingress[0].protocols',
    ],
    [
      'a long rule name',
      { ingress: [{ ...rule, name: 'x'.repeat(101) }] },
      'too-long FieldValueTooLong spec.ingress[0].name',
    ],
    [
      'port 0',
      { ingress: [{ ...rule, protocols: [{ tcp: { destinationPort: { number: 0 } } }] }] },
      'invalid-port FieldValueInvalid spec.ingress[0].protocols[0].tcp.destinationPort.number',
    ],
    [
      'networks []',
      { egress: [{ action: 'Deny', to: [{ networks: [] }] }] },
      'empty-list FieldValueInvalid spec.egress[0].to[0].networks',
    ],
    [
      '26 networks',
      { egress: [{ action: 'Deny', to: [{ networks: many(26, network) }] }] },
      'too-many-items FieldValueTooMany spec.egress[0].to[0].networks',
    ],
    [
      'a network twice',
      { egress: [{ action: 'Deny', to: [{ networks: ['::/0', '::/0'] }] }] },
      'duplicate-item FieldValueDuplicate spec.egress[0].to[0].networks[1]',
    ],
  ])('%s is refused', (_, spec, refusal) => expect(refusals(clusterNetworkPolicy(spec))).toEqual([refusal]));

  it('the bounds themselves are accepted', () => {
    const name = '\u{1F512}'.repeat(100);
    const spec = {
      priority: 0,
      ingress: many(25, () => ({ ...rule, name, from: many(25, () => ({ namespaces: {} })) })),
      egress: [{ action: 'Deny', to: [{ networks: many(25, network) }] }],
    };
    expect(refusals(clusterNetworkPolicy(spec))).toEqual([]);
    expect(refusals(clusterNetworkPolicy({ priority: 1000 }))).toEqual([]);
  });

  it('a missing spec or subject is refused', () => {
    const { apiVersion, kind } = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy' };
    expect(refusals(decodeObject({ apiVersion, kind, metadata: { name: 'c' }, spec: null }))).toEqual([
      'missing-field FieldValueRequired spec',
    ]);
    expect(refusals(clusterNetworkPolicy({ subject: undefined }))).toEqual([
      'missing-field FieldValueRequired spec.subject',
    ]);
  });

  it('nulls are removed before it is stored; a null label therefore selects more than it says', () => {
    const subject = { namespaces: { matchLabels: { a: null } } };
    const decoded = clusterNetworkPolicy({ subject, ingress: null });
    expect(decoded.stored).toEqual({ tier: 'Admin', priority: 10, subject: { namespaces: { matchLabels: {} } } });
    expect(notes(decoded)).toEqual(['null-label spec.subject.namespaces.matchLabels.a']);
  });
});

describe('fail closed (semantics 2.6)', () => {
  it.each(['Deny', 'Pass'])('%s with a selector that nobody can evaluate denies everything', (action) => {
    const decoded = egress({
      action,
      to: [{ namespaces: {} }, { namespaces: bad }],
      protocols: [{ destinationNamedPort: 'http' }],
    });
    expect(ruleOf(decoded, 'egress')).toMatchObject({
      action: 'Deny',
      peers: 'any',
      ports: 'any',
      closed: expect.stringContaining('notIn'),
    });
    expect(notes(decoded)).toEqual(['not-understood spec.egress[0].to[1].namespaces.matchExpressions[0].operator']);
  });

  it('Accept with such a selector matches nothing', () => {
    const rule = ruleOf(egress({ to: [{ namespaces: {} }, { pods: { podSelector: bad } }] }), 'egress');
    expect(rule).toMatchObject({ action: 'Accept', peers: 'none', closed: expect.stringContaining('matches nothing') });
  });

  it.each([
    [{ key: 'a', operator: 'In' }],
    [{ key: 'a', operator: 'Exists', values: ['x'] }],
    [{ key: '-a', operator: 'Exists' }],
    [{ key: 'a', operator: 'In', values: ['-x'] }],
  ])('selector expression %j is accepted and not understood', (expression) => {
    const decoded = egress({ to: [{ nodes: { matchExpressions: [expression] } }] });
    expect(refusals(decoded)).toEqual([]);
    expect(ruleOf(decoded, 'egress').peers).toBe('none');
  });

  it('domain names are defined for accepting rules only: Deny and Pass deny everything', () => {
    for (const action of ['Deny', 'Pass']) {
      const decoded = egress({ action, to: [{ domainNames: ['example.com'] }] });
      expect(ruleOf(decoded, 'egress')).toMatchObject({ action: 'Deny', peers: 'any', ports: 'any' });
      expect(notes(decoded)).toContain('not-understood spec.egress[0].to[0].domainNames');
    }
    expect(ruleOf(egress({ to: [{ domainNames: ['example.com'] }] }), 'egress')).not.toHaveProperty('closed');
  });
});
