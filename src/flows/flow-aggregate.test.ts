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
const FLOWS = [...OTHERS.flatMap((end) => [facts(end, POD, 80), facts(POD, end, 443), facts(end, end, 8)]), ...FLOOD];

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

test('parts are the same flows, cut, and the aggregate is empty after the last', () => {
  const taken = filled(FLOWS).take();
  const aggregate = filled(FLOWS);
  const parts = [...aggregate.takeInParts(700)];
  expect(parts.every(({ length }) => length <= 700)).toBe(true);
  expect(parts.flat()).toEqual(taken);
  expect([aggregate.size(), aggregate.take()]).toEqual([0, []]);
});
