// What flows of one cause have in common: subjects and peers that lack the same traffic, so that one edit may serve all.

import type { Unit } from '../endpoints/unit.ts';
import type { Direction } from '../model/policy.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type Cause, peerOf, subjectOf } from './cause.ts';
import type { UnmetFlow } from './unmet.ts';

/** Subjects lack some or all of the traffic with peers, or have it and must not. Neither list is empty. */
export interface Need {
  readonly direction: Direction;
  readonly subjects: readonly Unit[];
  readonly peers: readonly Unit[];
  readonly traffic: traffic.TrafficSet;
  readonly flows: readonly UnmetFlow[];
}

/**
 * The needs that the first flow belongs to, from the most pairs to that pair alone: all pairs with whatever any of them
 * lacks, all subjects that lack the same of the same peers, all peers of the first subject, those of them that lack the same
 * of it, the first pair.
 */
export function needsOf(cause: Cause, flows: readonly UnmetFlow[]): readonly Need[] {
  const [first] = flows;
  if (first === undefined) return [];
  const table = lackedBySubject(cause, flows);
  const own = table.get(subjectOf(cause, first).endpoint.key)!;
  const alone = own.peers.get(peerOf(cause, first).endpoint.key)!;
  const key = traffic.trafficKey(alone.traffic);
  const all = (row: Row): readonly Pair[] => [...row.peers.values()];
  const like = (row: Row): readonly Pair[] => all(row).filter((pair) => traffic.trafficKey(pair.traffic) === key);
  const peers = like(own);
  const names = namesOf(peers);
  const rows = [...table.values()];
  const needs = [
    rows.map((row) => ({ row, pairs: all(row) })),
    rows.filter((row) => namesOf(like(row)) === names).map((row) => ({ row, pairs: like(row) })),
    [{ row: own, pairs: all(own) }],
    [{ row: own, pairs: peers }],
    [{ row: own, pairs: [alone] }],
  ].map((parts) => needOf(cause, parts));
  return [...new Map(needs.map((need) => [needKey(need), need])).values()];
}

function needOf({ direction }: Cause, parts: readonly { readonly row: Row; readonly pairs: readonly Pair[] }[]): Need {
  const pairs = parts.flatMap((part) => part.pairs);
  return {
    direction,
    subjects: parts.map(({ row }) => row.subject),
    peers: [...new Map(pairs.map(({ peer }) => [peer.endpoint.key, peer])).values()],
    traffic: pairs.reduce((sum, pair) => traffic.union(sum, pair.traffic), traffic.NO_TRAFFIC),
    flows: pairs.flatMap((pair) => pair.flows),
  };
}

function needKey({ subjects, peers, traffic: set }: Need): string {
  const keys = (units: readonly Unit[]) => units.map(({ endpoint }) => endpoint.key);
  return JSON.stringify([keys(subjects), keys(peers), traffic.trafficKey(set)]);
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
