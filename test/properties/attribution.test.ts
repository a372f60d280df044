// What always holds for attribution, on flows of any kind: every record is counted once, order does not matter, and no rule
// would name a pod's address or a port that only clients have.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeFlows } from '../../src/engine/attribution/attribute-flows.ts';
import type { FlowEnd, ObservedFlow } from '../../src/engine/model/flow.ts';
import { STATE } from '../support/attributed.ts';
import { runs } from '../support/runs.ts';

const ADDRESSES = [
  '10.0.0.10',
  '10.0.0.11',
  '10.0.1.12',
  '10.0.0.200',
  '10.96.0.20',
  '10.96.0.22',
  '10.96.0.40',
  '10.96.0.50',
  '10.96.0.1',
  '192.168.0.1',
  '192.168.0.2',
  '198.51.100.7',
  '2001:db8::1',
  '224.0.0.251',
  '255.255.255.255',
  'nonsense',
];
const NAMES = ['web-6bfb7f754-sp5fz', 'cart-5d9c8b7f66-bcdfg', 'high', 'nobody', 'web-bcdfg'];

const end: fc.Arbitrary<FlowEnd> = fc.record(
  {
    address: fc.constantFrom(...ADDRESSES),
    namespace: fc.constantFrom('shop', 'elsewhere'),
    pod: fc.constantFrom(...NAMES),
    workload: fc.record({
      kind: fc.constantFrom('Deployment', 'ReplicaSet', 'Job'),
      name: fc.constantFrom('web', 'cart', 'nobody'),
    }),
    labels: fc.constantFrom({}, { app: 'web' }, { app: 'cart' }, { app: 'other' }),
    entity: fc.constantFrom('node' as const, 'outside' as const, 'other' as const),
    service: fc.constantFrom({ namespace: 'shop', name: 'web' }, { namespace: 'shop', name: 'nobody' }),
    names: fc.constant(['api.example.com']),
  },
  { requiredKeys: [] },
);

const plainEnd: fc.Arbitrary<FlowEnd> = fc.record({ address: fc.constantFrom(...ADDRESSES) });
const port = fc.constantFrom(0, 53, 80, 443, 1168, 7070, 8080, 30_080, 40_404, 50_051, 60_000);

const flow: fc.Arbitrary<ObservedFlow> = fc
  .record(
    {
      source: fc.oneof(end, plainEnd),
      destination: fc.oneof(end, plainEnd),
      family: fc.constant('IPv4' as const),
      protocol: fc.constantFrom('TCP' as const, 'UDP' as const, 'ICMP' as const),
      port,
      sourcePort: port,
      opened: fc.constantFrom('known' as const, 'unknown' as const),
      verdict: fc.constantFrom(
        { kind: 'allowed' as const },
        { kind: 'unknown' as const },
        { kind: 'denied' as const, by: 'policy' as const, reason: 'POLICY_DENIED' },
        { kind: 'denied' as const, by: 'other' as const },
      ),
      seenAt: fc.constantFrom('egress' as const, 'ingress' as const),
      count: fc.integer({ min: 1, max: 5 }),
      first: fc.integer({ min: 0, max: 10 }),
      place: fc.record({ file: fc.constantFrom('a', 'b'), line: fc.integer({ min: 1, max: 50 }) }),
    },
    { requiredKeys: ['source', 'destination', 'family', 'protocol', 'opened', 'verdict', 'count', 'place'] },
  )
  .map((made) => (made.first === undefined ? made : { ...made, last: made.first + made.count }));

/** Some come twice, at another place: a log says the same thing again and again. */
const flows = fc
  .array(flow, { maxLength: 20 })
  .map((drawn) => [
    ...drawn,
    ...drawn.slice(0, 10).map((one): ObservedFlow => ({ ...one, place: { ...one.place, line: one.place.line + 50 } })),
  ]);

describe('attribution', () => {
  it('counts every record in exactly one place', () => {
    fc.assert(
      fc.property(flows, (drawn) => {
        const { records, evidence, denied, unattributed, leftAside } = attributeFlows(STATE, drawn);
        expect(records.total).toBe(drawn.reduce((sum, { count }) => sum + count, 0));
        expect(records.evidence + records.denied + records.unattributed + records.leftAside).toBe(records.total);
        const sum = (list: readonly { readonly seen?: { readonly count: number } }[]) =>
          list.reduce((total, { seen }) => total + (seen?.count ?? 0), 0);
        expect(sum(unattributed)).toBe(records.unattributed);
        expect(sum(leftAside)).toBe(records.leftAside);
        const places = drawn.map(({ place }) => `${place.file}:${String(place.line).padStart(3, '0')}`).sort();
        const named = [...evidence, ...denied, ...unattributed, ...leftAside].map(({ seen }) => seen!.place);
        const first = named.map(({ file, line }) => `${file}:${String(line).padStart(3, '0')}`).sort()[0];
        // The first record of all is the first of whatever it belongs to.
        if (records.total > 0 && records.denied === sum(denied)) expect(first).toBe(places[0]);
        // Every Service of the cluster leads to one port of one workload.
        expect(sum(evidence)).toBe(records.evidence);
        expect(sum(denied)).toBeLessThanOrEqual(records.denied);
      }),
      runs(300),
    );
  });

  it('does not depend on the order of the records', () => {
    const shuffled = flows.chain((drawn) =>
      fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })),
    );
    fc.assert(
      fc.property(shuffled, ([drawn, again]) => {
        expect(JSON.stringify(attributeFlows(STATE, again))).toBe(JSON.stringify(attributeFlows(STATE, drawn)));
      }),
      runs(300),
    );
  });

  it("never makes a party of a pod's or a Service's address, and no IPv6 address a range", () => {
    fc.assert(
      fc.property(flows, (drawn) => {
        for (const { from, to } of attributeFlows(STATE, drawn).evidence) {
          for (const party of [from, to]) {
            if (party.type !== 'addresses') continue;
            for (const cidr of party.cidrs) {
              expect(cidr).not.toMatch(/^10\.(0|96)\./);
              expect(cidr).toMatch(cidr.includes(':') ? /\/128$/ : /\/32$/);
            }
          }
        }
      }),
      runs(300),
    );
  });

  it('makes no rule of a port that clients are given, unless somebody says that it is served', () => {
    const unsure = flows.map((drawn) => drawn.map((one): ObservedFlow => ({ ...one, opened: 'unknown' })));
    fc.assert(
      fc.property(unsure, (drawn) => {
        for (const { ports, to } of attributeFlows(STATE, drawn).evidence) {
          if (ports[0] < 32_768) continue;
          expect(to).toEqual({ type: 'workload', key: 'shop/Deployment.apps/high' });
          expect(ports[0]).toBe(50_051);
        }
      }),
      runs(300),
    );
  });
});
