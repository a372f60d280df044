// Where one side of a connection changes between two compilations of the same endpoints. Knows no policies.

import type { Direction } from '../model/policy.ts';
import { EMPTY, everyId, type IdSet, intersect, unionAll } from '../sets/id-set.ts';
import { type DecisionId, decisionKey } from './decision.ts';
import type { Reach } from './reach.ts';
import { allGroups, type PeerGroup, type Row, rowWithin } from './row.ts';

/** The endpoints to which the subject's side says something else, in any family that the subject has. */
export function changedPeers(before: Reach, after: Reach, subject: number, direction: Direction): IdSet {
  const everybody = everyId(before.endpoints.length);
  const changed: IdSet[] = [EMPTY];
  for (const family of before.endpoints[subject]!.families) {
    const rowIn = (reach: Reach): Row => reach.rows.get(family)!.row(subject, direction);
    const [was, is] = [rowIn(before), rowIn(after)];
    if (was === is) continue;
    const domain = differIn(was, is) ?? everybody;
    const groupsOf = (row: Row): readonly PeerGroup[] => allGroups(rowWithin(domain, row), domain);
    const others = groupsOf(is);
    for (const one of groupsOf(was)) {
      for (const other of others) {
        if (!saysTheSame(before, one.decision, after, other.decision)) {
          changed.push(intersect(one.peers, other.peers));
        }
      }
    }
  }
  return unionAll(changed);
}

/** Where rows share what they say of large sets, the peers of which they can say something else; undefined: of all. */
function differIn(was: Row, is: Row): IdSet | undefined {
  const [one, other] = [was, is].map(({ parts }) => parts);
  if ((one?.far ?? was) !== (other?.far ?? is)) return undefined;
  return unionAll([one?.near.domain ?? EMPTY, other?.near.domain ?? EMPTY]);
}

/** Reports whether decisions of two compilations say the same; policies that they name count by name. */
export function saysTheSame(before: Reach, was: DecisionId, after: Reach, is: DecisionId): boolean {
  if (was === is && before.table === after.table) return true;
  return decisionKey(before.table.get(was)) === decisionKey(after.table.get(is));
}
