// What flows of one cause have in common: subjects and peers that lack the same traffic, so that one edit may serve all.

import type { Unit } from '../endpoints/unit.ts';
import type { Direction } from '../model/policy.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type Cause, peerOf, subjectOf } from './cause.ts';
import type { UnmetFlow } from './unmet.ts';

/** Every subject lacks the traffic with every peer, or has it and must not. Neither list is empty. */
export interface Need {
  readonly direction: Direction;
  readonly subjects: readonly Unit[];
  readonly peers: readonly Unit[];
  readonly traffic: traffic.TrafficSet;
  readonly flows: readonly UnmetFlow[];
}

/**
 * The needs that the first flow belongs to, from the most pairs to that pair alone: all subjects that lack the same of the
 * same peers, all such peers of the first subject, the first pair.
 */
export function needsOf(cause: Cause, flows: readonly UnmetFlow[]): readonly Need[] {
  const [first] = flows;
  if (first === undefined) return [];
  const table = lackedBySubject(cause, flows);
  const own = table.get(subjectOf(cause, first).endpoint.key)!;
  const alone = own.peers.get(peerOf(cause, first).endpoint.key)!;
  const key = traffic.trafficKey(alone.traffic);
  const like = (row: Row): Pair[] => [...row.peers.values()].filter((pair) => traffic.trafficKey(pair.traffic) === key);
  const peers = like(own);
  const names = namesOf(peers);
  const rows = [...table.values()].filter((row) => namesOf(like(row)) === names);
  const all = [
    rows.map((row) => ({ row, pairs: like(row) })),
    [{ row: own, pairs: peers }],
    [{ row: own, pairs: [alone] }],
  ];
  const needs = all.map(
    (parts): Need => ({
      direction: cause.direction,
      subjects: parts.map(({ row }) => row.subject),
      peers: parts[0]!.pairs.map(({ peer }) => peer),
      traffic: alone.traffic,
      flows: parts.flatMap(({ pairs }) => pairs.flatMap((pair) => pair.flows)),
    }),
  );
  return needs.filter((need, i) => i === 0 || need.flows.length < needs[i - 1]!.flows.length);
}

interface Pair {
  readonly peer: Unit;
  readonly traffic: traffic.TrafficSet;
  readonly flows: readonly UnmetFlow[];
}

interface Row {
  readonly subject: Unit;
  readonly peers: ReadonlyMap<string, Pair>;
}

function lackedBySubject(cause: Cause, flows: readonly UnmetFlow[]): ReadonlyMap<string, Row> {
  const table = new Map<string, { readonly subject: Unit; readonly peers: Map<string, Pair> }>();
  for (const flow of flows) {
    const [subject, peer] = [subjectOf(cause, flow), peerOf(cause, flow)];
    const row = table.get(subject.endpoint.key) ?? { subject, peers: new Map<string, Pair>() };
    table.set(subject.endpoint.key, row);
    const known = row.peers.get(peer.endpoint.key);
    const own = traffic.traffic(flow.protocol, flow.first, flow.last);
    row.peers.set(peer.endpoint.key, {
      peer,
      traffic: known === undefined ? own : traffic.union(known.traffic, own),
      flows: [...(known?.flows ?? []), flow],
    });
  }
  return table;
}

function namesOf(pairs: readonly Pair[]): string {
  return pairs
    .map(({ peer }) => peer.endpoint.key)
    .sort()
    .join(' ');
}
