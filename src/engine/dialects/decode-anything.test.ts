// Properties of all dialects over JSON of any shape: valid policies with parts replaced, removed, renamed, duplicated.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestObject } from '../../../test/support/manifest-object.ts';
import type { DecodeOptions } from './dialect.ts';
import { DIALECTS, recogniseForeign } from './registry.ts';
import { VALIDATION_CHECKS, type ValidationCheckId } from './validation-checks.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const selector = {
  matchLabels: { app: 'web' },
  matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
};
const both = { namespaceSelector: selector, podSelector: selector };

/** One valid spec for each kind, with every field in it. */
const SPECS: Readonly<Record<string, Json>> = {
  NetworkPolicy: {
    podSelector: selector,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [both, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 'http' }] },
    ],
    egress: [{ to: [both], ports: [{ protocol: 'UDP', port: 80, endPort: 90 }] }],
  },
  ClusterNetworkPolicy: {
    tier: 'Baseline',
    priority: 5,
    subject: { pods: both },
    ingress: [
      { name: 'n', action: 'Pass', from: [{ namespaces: selector }], protocols: [{ destinationNamedPort: 'a' }] },
    ],
    egress: [
      { action: 'Deny', to: [{ networks: ['10.0.0.0/8'] }], protocols: [{ tcp: { destinationPort: { number: 80 } } }] },
      { action: 'Accept', to: [{ nodes: selector }, { domainNames: ['*.example.com'] }] },
    ],
  },
  AdminNetworkPolicy: {
    priority: 5,
    subject: { namespaces: selector },
    ingress: [{ action: 'Pass', from: [{ pods: both }], ports: [{ namedPort: 'a' }] }],
    egress: [{ action: 'Deny', to: [{ networks: ['::/0'] }], ports: [{ portRange: { start: 1, end: 2 } }] }],
  },
  BaselineAdminNetworkPolicy: {
    subject: { namespaces: selector },
    ingress: [{ action: 'Deny', from: [{ pods: both }], ports: [{ portNumber: { port: 80 } }] }],
  },
};

const kinds = DIALECTS.flatMap((dialect) => dialect.kinds.map((kind) => ({ dialect, ...kind })));
const names = ['podSelector', 'port', 'from', '__proto__', 'constructor', 'toString', 'matchLabels', 'x', ''];
const junk = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    null,
    [null],
    {},
    [],
    '',
    0,
    -1,
    80.5,
    2 ** 40,
    'In',
    'TCP',
    '::ffff:10.0.0.0/104',
    '10.1.2.3/8',
  ),
);

type Edit = {
  readonly at: number;
  readonly action: 'replace' | 'remove' | 'rename' | 'wrap';
  readonly name: string;
  readonly value: Json;
};
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(200),
  action: fc.constantFrom('replace' as const, 'remove' as const, 'rename' as const, 'wrap' as const),
  name: fc.constantFrom(...names),
  value: junk,
});

/** Applies the edit at the at-th value, in document order, of the tree. */
function mutate(tree: Json, { at, action, name, value }: Edit): Json {
  let left = at;
  const walk = (node: Json): Json => {
    if (left-- === 0) return action === 'wrap' ? [node] : value;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node).flatMap(([key, child]): [string, Json][] => {
      if (left === 0 && action === 'remove') {
        left--;
        return [];
      }
      const isRenamed = left === 0 && action === 'rename';
      if (isRenamed) left--;
      return [[isRenamed ? name : key, isRenamed ? child : walk(child)]];
    });
    return Object.fromEntries(entries);
  };
  return walk(tree);
}

const options: fc.Arbitrary<DecodeOptions> = fc.record({
  defaultNamespace: fc.constant('default'),
  strictCIDR: fc.constantFrom('reject' as const, 'warn' as const, 'accept' as const),
  channel: fc.constantFrom('standard' as const, 'experimental' as const, 'either' as const),
});

const anyObject = fc
  .record({
    kind: fc.constantFrom(...kinds),
    edits: fc.array(edit, { maxLength: 3 }),
    junk: fc.option(junk, { freq: 10 }),
  })
  .map(({ kind, edits, junk: replaced }) => {
    const { apiVersion, kind: name, dialect } = kind;
    const metadata = { name: 'default', labels: { a: 'b' } };
    const whole: Json = { apiVersion, kind: name, metadata, spec: SPECS[name]! };
    const value = edits.reduce(mutate, replaced ?? whole);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { dialect, value: isObject ? value : { apiVersion, kind: name, metadata, spec: value } };
  });

describe('decoding anything', () => {
  it.each(kinds.map(({ kind }) => kind))('the %s that is mutated below is valid itself', (kind) => {
    const { dialect, apiVersion } = kinds.find((one) => one.kind === kind)!;
    const value = { apiVersion, kind, metadata: { name: 'default' }, spec: SPECS[kind] };
    const decoded = dialect.decode(manifestObject(value), {
      defaultNamespace: 'x',
      strictCIDR: 'reject',
      channel: 'either',
    });
    expect(decoded.findings.filter(({ rejectedByApi }) => rejectedByApi)).toEqual([]);
  });

  it('never throws; either there is a policy with what is stored, or a refusal with its cause', () => {
    fc.assert(
      fc.property(anyObject, options, ({ dialect, value }, settings) => {
        const { policy, stored, findings } = dialect.decode(manifestObject(value), settings);
        const refused = findings.filter(({ rejectedByApi }) => rejectedByApi);
        expect(policy === undefined).toBe(refused.length > 0);
        expect(stored === undefined).toBe(policy === undefined);
        for (const { check, rejectedByApi, severity, cause, message } of findings) {
          const { rejects } = VALIDATION_CHECKS[check as ValidationCheckId];
          if (rejects !== 'sometimes') expect(`${check} ${rejectedByApi}`).toBe(`${check} ${rejects === 'always'}`);
          expect(cause !== undefined).toBe(rejectedByApi);
          if (rejectedByApi) expect(['high', 'critical']).toContain(severity);
          expect(message.replaceAll(/"(\\.|[^"\\])*"/g, '')).not.toMatch(/undefined|\[object|NaN/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('what is stored is accepted again and stored the same', () => {
    fc.assert(
      fc.property(anyObject, options, ({ dialect, value }, settings) => {
        const first = dialect.decode(manifestObject(value), settings);
        if (first.stored === undefined) return;
        const again = dialect.decode(manifestObject({ ...value, spec: first.stored }), settings);
        expect(again.stored).toEqual(first.stored);
        expect(again.policy?.ingress).toEqual(first.policy?.ingress);
        expect(again.policy?.egress).toEqual(first.policy?.egress);
      }),
      { numRuns: 2000 },
    );
  });

  it('either refuses exactly what both channels refuse', () => {
    fc.assert(
      fc.property(anyObject, options, ({ dialect, value }, settings) => {
        const accepts = (channel: DecodeOptions['channel']) =>
          dialect.decode(manifestObject(value), { ...settings, channel }).policy !== undefined;
        expect(accepts('either')).toBe(accepts('standard') || accepts('experimental'));
      }),
      { numRuns: 1000 },
    );
  });

  it('no rule with closed opens anything', () => {
    fc.assert(
      fc.property(anyObject, options, ({ dialect, value }, settings) => {
        const { policy } = dialect.decode(manifestObject(value), settings);
        for (const rule of [...(policy?.ingress?.rules ?? []), ...(policy?.egress?.rules ?? [])]) {
          if (rule.closed !== undefined)
            expect(rule.action === 'Accept' ? rule.peers : rule.action).toMatch(/none|Deny/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('recognising foreign kinds takes any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (apiVersion, kind) => {
        expect(recogniseForeign(apiVersion, kind)?.hint).not.toBe('');
      }),
    );
  });

  it('large lists and many unknown fields take no quadratic time and no stack', () => {
    const { dialect } = kinds[0]!;
    const rules = Array.from({ length: 50_000 }, () => ({ ports: [{ port: 80 }] }));
    const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`x${i}`, i]));
    const value = { metadata: { name: 'p' }, spec: { ingress: rules, ...unknown } };
    const settings = { defaultNamespace: 'x', strictCIDR: 'reject', channel: 'either' } as const;
    expect(dialect.decode(manifestObject(value), settings).findings).toHaveLength(20_000);
  });
});
