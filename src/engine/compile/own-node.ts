// "Traffic to and from the node where a pod runs is always allowed": what that makes of rows (knobs localNodeIngress and
// localNodeEgress). Knows endpoints and decisions, not policies.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import type { Decision } from '../model/verdict.ts';
import { EMPTY, type IdSet, idSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { DecisionTable } from './decision.ts';
import { entry } from './entry.ts';
import { mergeGroups, type PeerGroup, type PlainRow } from './row.ts';

/** Who speaks with the address of a subject's own node, as far as is known. */
export interface OwnNode {
  /** Equal for subjects that run on the same node; empty where it does not matter. */
  keyOf(subject: number): string;
  /** Every peer of which the exemption may say something; empty where the knob denies it. */
  concerned(subject: number, direction: Direction): IdSet;
  /** The row with the exemption. */
  exempt(subject: number, direction: Direction, row: PlainRow): PlainRow;
}

interface Speakers {
  /** On the subject's node. */
  readonly surely: IdSet;
  /** On nodes of which it is not known whether they are the subject's. */
  readonly perhaps: ReadonlyMap<UnknownReason, IdSet>;
  readonly all: IdSet;
}

/** Prepares the exemption for a list of endpoints. */
export function ownNode(
  endpoints: readonly Endpoint[],
  knobs: Knobs,
  universe: traffic.TrafficSet,
  table: DecisionTable,
): OwnNode {
  const speakers = endpoints.flatMap((peer, id) =>
    peer.ownNode === undefined ? [] : [{ id, nodeName: peer.nodeName, reason: peer.ownNode }],
  );
  const everything = table.intern({ allowed: universe, unknown: [], conditional: [] });
  const known = new Map<string | undefined, Speakers>();
  const isExempt = (direction: Direction): boolean => {
    const knob = direction === 'ingress' ? knobs.localNodeIngress : knobs.localNodeEgress;
    return knob === 'allow' && speakers.length > 0;
  };
  const speakersAt = (subject: number): Speakers => {
    const own = endpoints[subject]!.nodeName;
    return entry(known, own, () => {
      const surely = idSet(speakers.flatMap(({ id, nodeName }) => (own !== undefined && own === nodeName ? [id] : [])));
      const perhaps = new Map<UnknownReason, number[]>();
      for (const { id, nodeName, reason } of speakers) {
        if (own === undefined || nodeName === undefined) entry(perhaps, reason, () => []).push(id);
      }
      const sets = new Map([...perhaps].map(([reason, ids]) => [reason, idSet(ids)]));
      return { surely, perhaps: sets, all: unionAll([surely, ...sets.values()]) };
    });
  };
  return {
    keyOf: (subject) => (speakers.length === 0 ? '' : JSON.stringify(endpoints[subject]!.nodeName ?? 0)),
    concerned: (subject, direction) => (isExempt(direction) ? speakersAt(subject).all : EMPTY),
    exempt(subject, direction, row) {
      if (!isExempt(direction)) return row;
      const { surely, perhaps, all } = speakersAt(subject);
      const groups: PeerGroup[] = [{ peers: surely, decision: everything }];
      for (const group of row.groups) groups.push({ ...group, peers: subtract(group.peers, all) });
      for (const [reason, set] of perhaps) {
        let left = set;
        for (const { peers, decision } of row.groups) {
          const loose = table.intern(loosen(table.get(decision), universe, reason));
          groups.push({ peers: intersect(left, peers), decision: loose });
          left = subtract(left, peers);
        }
        groups.push({ peers: left, decision: table.intern(loosen(table.get(row.rest), universe, reason)) });
      }
      return mergeGroups(groups, row.rest);
    },
  };
}

/** What the rules do not surely allow becomes unknown. */
function loosen({ allowed }: Decision, universe: traffic.TrafficSet, reason: UnknownReason): Decision {
  const rest = traffic.subtract(universe, allowed);
  const unknown = traffic.isEmpty(rest) ? [] : [{ traffic: rest, reason, policies: [] }];
  return { allowed, unknown, conditional: [] };
}
