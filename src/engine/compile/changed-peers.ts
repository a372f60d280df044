// Where one side of a connection changes between two compilations of the same endpoints. Knows no policies.

import type { Direction } from '../model/policy.ts';
import { EMPTY, everyId, type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import { type DecisionId, decisionKey } from './decision.ts';
import type { Reach } from './reach.ts';
import type { PeerGroup, Row } from './rows.ts';

/** The endpoints to which the subject's side says something else, in any family that the subject has. */
export function changedPeers(before: Reach, after: Reach, subject: number, direction: Direction): IdSet {
  const everybody = everyId(before.endpoints.length);
  const changed: IdSet[] = [EMPTY];
  for (const family of before.endpoints[subject]!.families) {
    const [was, is] = [before, after].map((reach) => reach.rows.get(family)!.row(subject, direction));
    if (was === is) continue;
    const [parts, others] = [partsOf(was!, everybody), partsOf(is!, everybody)];
    for (const one of parts) {
      for (const other of others) {
        if (!saysTheSame(before, one.decision, after, other.decision)) {
          changed.push(intersect(one.peers, other.peers));
        }
      }
    }
  }
  return unionAll(changed);
}

/** Reports whether decisions of two compilations say the same; policies that they name count by name. */
export function saysTheSame(before: Reach, was: DecisionId, after: Reach, is: DecisionId): boolean {
  if (was === is && before.table === after.table) return true;
  return decisionKey(before.table.get(was)) === decisionKey(after.table.get(is));
}

/** The groups of a row with the rest as one of them. */
function partsOf({ groups, rest }: Row, everybody: IdSet): PeerGroup[] {
  const listed = unionAll(groups.map(({ peers }) => peers));
  return [...groups, { peers: subtract(everybody, listed), decision: rest }];
}
