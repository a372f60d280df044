// Flows of any kind on the cluster of attributed.ts: with and without names, sense and direction.

import fc from 'fast-check';
import type { FlowEnd, ObservedFlow } from '../../src/engine/model/flow.ts';

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

/** One flow. */
export const flow: fc.Arbitrary<ObservedFlow> = fc
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

/** A log. Some flows come twice, at another place: a log says the same thing again and again. */
export const flows: fc.Arbitrary<ObservedFlow[]> = fc
  .array(flow, { maxLength: 20 })
  .map((drawn) => [
    ...drawn,
    ...drawn.slice(0, 10).map((one): ObservedFlow => ({ ...one, place: { ...one.place, line: one.place.line + 50 } })),
  ]);
