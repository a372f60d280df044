// What an aggregate hands over: every flow once, in the order of its key, whatever the order and the size of the parts.

import { expect, test } from 'vitest';
import type { FlowEnd } from '../engine/model/flow.ts';
import { createAggregate } from './flow-aggregate.ts';
import { type FlowFacts, flowKey } from './flow-key.ts';

const POD: FlowEnd = { address: '10.0.0.1', namespace: 'shop', pod: 'web-1' };
const OTHERS: readonly FlowEnd[] = [
  {},
  { entity: 'outside' },
  { address: '10.0.0.10', namespace: 'shop', pod: 'web-1' },
  { address: '10.0.0.1', entity: 'outside' },
  { address: '10.0.0.100', entity: 'outside', names: ['a.example'] },
  { address: '::1' },
  { namespace: 'shop', pod: 'web-1' },
];

function facts(source: FlowEnd, destination: FlowEnd, port: number): FlowFacts {
  return {
    source,
    destination,
    family: 'IPv4',
    protocol: 'TCP',
    port,
    opened: 'known',
    verdict: { kind: 'allowed' },
  };
}

/** Clients outside, more than there are objects kept for. */
const FLOOD = Array.from({ length: 9000 }, (_, index): FlowFacts => {
  const client: FlowEnd = { address: `11.${index % 5}.${index >> 8}.${index & 255}`, entity: 'outside' };
  return index % 2 === 0 ? facts(client, POD, 80) : facts(POD, client, 443);
});
/** Ports that are absent, the type 0 of ICMP, and such as sort otherwise as numbers than as texts. */
const PORTS = [undefined, 0, 8, 80, 443, 8080, 65535].flatMap((port) =>
  [undefined, 8, 80, 50_000].flatMap((sourcePort) =>
    (['TCP', 'UDP'] as const).map((protocol): FlowFacts => {
      const { port: _, ...rest } = facts(POD, POD, 1);
      const opened = sourcePort === undefined ? 'known' : 'unknown';
      const ports = { ...(port === undefined ? {} : { port }), ...(sourcePort === undefined ? {} : { sourcePort }) };
      return { ...rest, protocol, opened, ...ports };
    }),
  ),
);
const FLOWS = [
  ...PORTS,
  ...OTHERS.flatMap((end) => [facts(end, POD, 80), facts(POD, end, 443), facts(end, end, 8)]),
  ...FLOOD,
];

function filled(flows: readonly FlowFacts[]): ReturnType<typeof createAggregate> {
  const aggregate = createAggregate();
  for (const flow of flows) aggregate.count(aggregate.of(flow), 1, 5, 'a.jsonl', 1);
  return aggregate;
}

test('flows are handed over in the order of their keys, in any order given', () => {
  const taken = filled(FLOWS).take();
  expect(taken.map(flowKey)).toEqual(FLOWS.map(flowKey).sort());
  expect(filled([...FLOWS].reverse()).take()).toEqual(taken);
  expect(taken).toContainEqual({
    ...facts({ entity: 'outside' }, POD, 80),
    count: 1,
    first: 5,
    last: 5,
    place: { file: 'a.jsonl', line: 1 },
  });
});

test('every flow says what its records said, those without times too', () => {
  const aggregate = createAggregate();
  for (const flow of [...PORTS, ...PORTS]) aggregate.count(aggregate.of(flow), 2, Number.NaN, 'a.jsonl', 7);
  const expected = PORTS.map((flow) => ({ ...flow, count: 4, place: { file: 'a.jsonl', line: 7 } }));
  const taken = aggregate.take();
  expect(taken).toHaveLength(expected.length);
  expect(taken).toEqual(expect.arrayContaining(expected));
});

test('parts are the same flows, cut, and the aggregate is empty after the last', () => {
  const taken = filled(FLOWS).take();
  const aggregate = filled(FLOWS);
  const parts = [...aggregate.takeInParts(700)];
  expect(parts.every(({ length }) => length <= 700)).toBe(true);
  expect(parts.flat()).toEqual(taken);
  expect([aggregate.size(), aggregate.take()]).toEqual([0, []]);
});
