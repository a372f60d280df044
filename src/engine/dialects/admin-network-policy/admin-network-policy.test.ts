import { describe, expect, it } from 'vitest';
import {
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
  decodeObject,
  notes,
  policyOf,
  refusals,
  ruleOf,
} from '../../../../test/support/decode-policy.ts';

type Options = Parameters<typeof adminNetworkPolicy>[1];

const STANDARD: Options = { channel: 'standard' };
const EXPERIMENTAL: Options = { channel: 'experimental' };
const from = [{ namespaces: {} }];
const ingress = (rule: Record<string, unknown>, options?: Options) =>
  adminNetworkPolicy({ ingress: [{ action: 'Allow', from, ...rule }] }, options);
const egress = (rule: Record<string, unknown>, options?: Options) =>
  adminNetworkPolicy({ egress: [{ action: 'Allow', to: [{ networks: ['10.0.0.0/8'] }], ...rule }] }, options);
const portOf = (entry: unknown) => ruleOf(ingress({ ports: [entry] }), 'ingress').ports[0];

describe('place and actions (semantics 2.1, 2.5)', () => {
  it('AdminNetworkPolicy: tier Admin by priority, Allow is Accept', () => {
    const decoded = adminNetworkPolicy({ priority: 3, ingress: [{ action: 'Allow', from }] });
    expect(policyOf(decoded)).toMatchObject({
      tier: 'Admin',
      order: 3,
      ref: { kind: 'AdminNetworkPolicy', name: 'a' },
    });
    expect(ruleOf(decoded, 'ingress')).toMatchObject({ action: 'Accept', ports: 'any' });
  });

  it('BaselineAdminNetworkPolicy: tier Baseline, order 0, no priority', () => {
    expect(policyOf(baselineAdminNetworkPolicy({}))).toMatchObject({ tier: 'Baseline', order: 0 });
    expect(refusals(baselineAdminNetworkPolicy({ priority: 1 }))).toEqual(['unknown-field UnknownField spec.priority']);
  });

  it.each(['Allow', 'Deny', 'Pass', 'Accept'])('action %s', (action) => {
    const rules = { ingress: [{ action, from }] };
    expect(refusals(adminNetworkPolicy(rules)).length).toBe(action === 'Accept' ? 1 : 0);
    expect(refusals(baselineAdminNetworkPolicy(rules)).length).toBe(action === 'Accept' || action === 'Pass' ? 1 : 0);
  });

  it('BaselineAdminNetworkPolicy is called default', () => {
    const object = {
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      kind: 'BaselineAdminNetworkPolicy',
      metadata: { name: 'other' },
      spec: { subject: { namespaces: {} } },
    };
    const decoded = decodeObject(object);
    expect(refusals(decoded)).toEqual(['invalid-name FieldValueInvalid ']);
    expect(decoded.findings[0]?.source.path).toBe('metadata.name');
  });
});

describe('subjects and peers (semantics 2.2, 2.3)', () => {
  it('pods need both selectors', () => {
    const pods = { podSelector: {} };
    expect(refusals(adminNetworkPolicy({ subject: { pods } }))).toEqual([
      'missing-field FieldValueRequired spec.subject.pods.namespaceSelector',
    ]);
    expect(refusals(ingress({ from: [{ pods }] }))).toEqual([
      'missing-field FieldValueRequired spec.ingress[0].from[0].pods.namespaceSelector',
    ]);
  });

  it('up to 100 rules and peers', () => {
    const rules = Array.from({ length: 101 }, () => ({ action: 'Deny', from }));
    expect(refusals(adminNetworkPolicy({ ingress: rules.slice(1) }))).toEqual([]);
    expect(refusals(adminNetworkPolicy({ ingress: rules }))).toEqual(['too-many-items FieldValueTooMany spec.ingress']);
  });

  it('domain names: AdminNetworkPolicy of the experimental channel only', () => {
    const rules = { egress: [{ action: 'Allow', to: [{ domainNames: ['example.com'] }] }] };
    const unknown = ['unknown-field UnknownField spec.egress[0].to[0].domainNames'];
    expect(refusals(adminNetworkPolicy(rules, EXPERIMENTAL))).toEqual([]);
    expect(refusals(adminNetworkPolicy(rules, STANDARD))).toEqual(unknown);
    expect(refusals(baselineAdminNetworkPolicy(rules, EXPERIMENTAL))).toEqual(unknown);
  });
});

describe('ports (semantics 2.4)', () => {
  it('number and range; the protocol is TCP where it is missing', () => {
    expect(portOf({ portNumber: { port: 80 } })).toMatchObject({ type: 'range', protocol: 'TCP', first: 80, last: 80 });
    const range = { portRange: { protocol: 'UDP', start: 80, end: 90 } };
    expect(portOf(range)).toMatchObject({ type: 'range', protocol: 'UDP', first: 80, last: 90 });
    expect(ingress({ ports: [{ portRange: { start: 1, end: 2, protocol: null } }] }).stored).toMatchObject({
      ingress: [{ ports: [{ portRange: { start: 1, end: 2, protocol: 'TCP' } }] }],
    });
  });

  it('a range that ends before it starts matches nothing, and is a finding', () => {
    const decoded = ingress({ ports: [{ portRange: { start: 90, end: 80 } }] });
    expect(ruleOf(decoded, 'ingress').ports).toMatchObject([{ first: 90, last: 80 }]);
    expect(notes(decoded)).toEqual(['invalid-port-range spec.ingress[0].ports[0].portRange']);
  });

  it('a range of one port is legal here', () => {
    expect(notes(ingress({ ports: [{ portRange: { start: 80, end: 80 } }] }))).toEqual([]);
  });

  it.each(['tcp', 'ICMP', ''])('protocol %j is accepted by the CRD and closes the rule', (protocol) => {
    const ports = [{ portNumber: { port: 1 } }, { portNumber: { protocol, port: 80 } }];
    const decoded = ingress({ ports });
    expect(refusals(decoded)).toEqual([]);
    expect(notes(decoded)).toEqual(['not-understood spec.ingress[0].ports[1].portNumber.protocol']);
    expect(ruleOf(decoded, 'ingress')).toMatchObject({ action: 'Accept', peers: 'none' });
    expect(ruleOf(ingress({ action: 'Pass', ports }), 'ingress')).toMatchObject({
      action: 'Deny',
      peers: 'any',
      ports: 'any',
    });
  });

  it('a named port matches any protocol, and exists in the experimental channel only', () => {
    const ports = [{ namedPort: 'http' }];
    expect(refusals(ingress({ ports }, STANDARD))).toEqual([
      'unknown-field UnknownField spec.ingress[0].ports[0].namedPort',
    ]);
    const decoded = ingress({ ports });
    expect(ruleOf(decoded, 'ingress').ports).toMatchObject([{ type: 'named', protocol: 'any', name: 'http' }]);
    expect(notes(decoded)).toEqual(['experimental-field spec.ingress[0].ports[0].namedPort']);
  });

  it('networks with a named port are refused by both channels, for different reasons', () => {
    const ports = [{ namedPort: 'http' }];
    expect(refusals(egress({ ports }, STANDARD))).toEqual([
      'unknown-field UnknownField spec.egress[0].ports[0].namedPort',
    ]);
    const refused = ['named-port-without-pods FieldValueInvalid spec.egress[0]'];
    expect(refusals(egress({ ports }, EXPERIMENTAL))).toEqual(refused);
    expect(refusals(egress({ ports }))).toEqual(refused);
  });

  it('exactly one of number, range and name; port and range need their numbers', () => {
    expect(refusals(ingress({ ports: [{}] }))).toEqual(['missing-field FieldValueInvalid spec.ingress[0].ports[0]']);
    expect(refusals(ingress({ ports: [{ portNumber: {} }] }))).toEqual([
      'missing-field FieldValueRequired spec.ingress[0].ports[0].portNumber.port',
    ]);
    expect(refusals(ingress({ ports: [{ portNumber: { port: 80 }, portRange: { start: 1, end: 2 } }] }))).toEqual([
      'several-fields FieldValueTooMany spec.ingress[0].ports[0]',
    ]);
  });

  it('fields of v1alpha2 are unknown, with the consequence', () => {
    const { findings } = ingress({ protocols: [{ tcp: {} }] });
    expect(findings[0]?.message).toContain('would match every port and protocol');
    expect(findings[0]?.hint).toContain('v1alpha1 writes "ports"');
  });
});
