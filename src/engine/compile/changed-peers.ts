// Where one side of a connection changes between two compilations of the same endpoints. Knows no policies.

import type { Direction } from '../model/policy.ts';
import { EMPTY, everyId, type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import { type DecisionTable, decisionKey } from './decision.ts';
import type { Reach } from './reach.ts';
import type { PeerGroup, Row } from './rows.ts';

/** The endpoints to which the subject's side says something else, in any family that the subject has. */
export function changedPeers(before: Reach, after: Reach, subject: number, direction: Direction): IdSet {
  const everybody = everyId(before.endpoints.length);
  const changed: IdSet[] = [EMPTY];
  for (const family of before.endpoints[subject]!.families) {
    const was = groupsOf(before.rows.get(family)!.row(subject, direction), before.table, everybody);
    const is = groupsOf(after.rows.get(family)!.row(subject, direction), after.table, everybody);
    for (const one of was) {
      for (const other of is) if (one.key !== other.key) changed.push(intersect(one.peers, other.peers));
    }
  }
  return unionAll(changed);
}

/** The groups of a row with the rest as one of them, and their decisions as texts. */
function groupsOf(row: Row, table: DecisionTable, everybody: IdSet): { readonly peers: IdSet; readonly key: string }[] {
  const rest: PeerGroup = {
    peers: subtract(everybody, unionAll(row.groups.map(({ peers }) => peers))),
    decision: row.rest,
  };
  return [...row.groups, rest].map(({ peers, decision }) => ({ peers, key: decisionKey(table.get(decision)) }));
}
