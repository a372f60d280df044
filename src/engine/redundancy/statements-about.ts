// What is said in a group of some peers and some traffic, without looking at all that is said there: thousands of rules speak of
// few sets of peers. Decides nothing.

import { type IdSet, idSetTable, overlaps } from '../sets/id-set.ts';
import type { Statement, SubjectGroup, Voice } from './subject-groups.ts';
import type { TrafficRelations } from './traffic-relations.ts';

/** A statement of a voice, as the splitting of peers wants it. */
export interface Said {
  readonly voice: Voice;
  readonly statement: Statement;
  readonly peers: IdSet;
}

interface Numbered extends Said {
  /** Position among all that is said. */
  readonly position: number;
}

/** By their peers; equal sets are one. */
type ByPeers = ReadonlyMap<IdSet, readonly Numbered[]>;

/** Groups never change. */
const known = new WeakMap<SubjectGroup, ByPeers>();

/** Statements about one of the peers, in written order; `about`: the number of traffic of which they say some; absent: of any. */
export function statementsAbout(
  group: SubjectGroup,
  peers: IdSet,
  about: number | undefined,
  relations: TrafficRelations,
): readonly Said[] {
  const byPeers = known.get(group) ?? sortByPeers(group);
  known.set(group, byPeers);
  const found: Numbered[] = [];
  for (const [set, said] of byPeers) {
    if (!overlaps(set, peers)) continue;
    for (const one of said) {
      if (about === undefined || relations.relation(one.statement.number, about) !== 'apart') found.push(one);
    }
  }
  return found.sort((a, b) => a.position - b.position);
}

function sortByPeers({ voices }: SubjectGroup): ByPeers {
  const byPeers = new Map<IdSet, Numbered[]>();
  const table = idSetTable();
  let position = 0;
  for (const voice of voices) {
    for (const statement of voice.statements) {
      const peers = table.intern(statement.peers);
      const said = { voice, statement, peers, position: position++ };
      const own = byPeers.get(peers);
      if (own === undefined) byPeers.set(peers, [said]);
      else own.push(said);
    }
  }
  return byPeers;
}
