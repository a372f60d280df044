// What is said in a group of some peers and some traffic, without looking at all that is said there: thousands of rules speak of
// few sets of peers. Decides nothing.

import { entry } from '../compile/entry.ts';
import { type IdSet, idSetTable, overlaps } from '../sets/id-set.ts';
import type { Statement, SubjectGroup, Voice } from './subject-groups.ts';
import type { TrafficRelations } from './traffic-relations.ts';

/** A statement of a voice, as the splitting of peers wants it. */
export interface Said {
  readonly voice: Voice;
  readonly statement: Statement;
  readonly peers: IdSet;
}

/** With its place. */
export interface Numbered extends Said {
  /** Position among all that is said. */
  readonly position: number;
}

/** What is said in a group by its peers and by the number of its traffic, each in written order; equal sets of peers are one. */
export type ByPeers = ReadonlyMap<IdSet, ReadonlyMap<number, readonly Numbered[]>>;

/** Groups never change. */
const known = new WeakMap<SubjectGroup, ByPeers>();

/** Statements about one of the peers, in written order; `about`: the number of traffic of which they say some; absent: of any. */
export function statementsAbout(
  group: SubjectGroup,
  peers: IdSet,
  about: number | undefined,
  relations: TrafficRelations,
): readonly Said[] {
  const found: Numbered[] = [];
  for (const said of listsAbout(group, peers, about, relations)) for (const one of said) found.push(one);
  return found.sort((a, b) => a.position - b.position);
}

/** The same in no order, by equal peers and equal traffic. */
export function* listsAbout(
  group: SubjectGroup,
  peers: IdSet,
  about: number | undefined,
  relations: TrafficRelations,
): Generator<readonly Numbered[]> {
  for (const [set, byTraffic] of sortedByPeers(group)) {
    if (!overlaps(set, peers)) continue;
    for (const [number, said] of byTraffic) {
      if (about === undefined || relations.relation(number, about) !== 'apart') yield said;
    }
  }
}

/** All that is said in the group. */
export function sortedByPeers(group: SubjectGroup): ByPeers {
  const byPeers = known.get(group) ?? sortByPeers(group);
  known.set(group, byPeers);
  return byPeers;
}

function sortByPeers({ voices }: SubjectGroup): ByPeers {
  const byPeers = new Map<IdSet, Map<number, Numbered[]>>();
  const table = idSetTable();
  let position = 0;
  for (const voice of voices) {
    for (const statement of voice.statements) {
      const peers = table.intern(statement.peers);
      const byTraffic = entry(byPeers, peers, () => new Map<number, Numbered[]>());
      entry(byTraffic, statement.number, () => []).push({ voice, statement, peers, position: position++ });
    }
  }
  return byPeers;
}
