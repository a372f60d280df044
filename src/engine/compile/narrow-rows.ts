// Rows that say only what they say of few peers: of very many subjects that is mostly the same, so that few lines are left
// of them. Knows no policies.

import type { Direction } from '../model/policy.ts';
import { type IdSet, idSetTable, intersect, overlaps } from '../sets/id-set.ts';
import { entry } from './entry.ts';
import type { Layer } from './lines.ts';
import { type PlainRow, type Row, rowWithin } from './row.ts';
import { ABSENT, type PartialLayer } from './seen-together.ts';

/**
 * The layers with rows of one direction narrowed to some peers; rows of the other direction are as they were. `isMade`: all
 * rows that are asked for are made already, so that looking one up is nothing to remember; absent: they may not be.
 */
export function narrowRows(
  layers: readonly PartialLayer[],
  direction: Direction,
  peers: IdSet,
  isMade = false,
): Layer[] {
  const said = new Map<string, PlainRow>();
  const byRow = new Map<PlainRow, PlainRow>();
  const sets = idSetTable();
  const numbers = new Map<IdSet, number>();
  const numberOf = (set: IdSet) => entry(numbers, sets.intern(set), () => numbers.size);
  /** What a row says of the peers by itself, or by what it shares with very many others. */
  const sayingOf = (row: Row): PlainRow =>
    row.parts === undefined || overlaps(row.parts.near.domain, peers) ? row : row.parts.far;
  const narrow = (row: PlainRow): PlainRow => {
    const { groups, rest } = rowWithin(peers, row);
    const some = groups
      .map((group) => ({ decision: group.decision, peers: intersect(group.peers, peers) }))
      .filter((group) => group.peers.length > 0 && group.decision !== rest)
      .sort((a, b) => a.decision - b.decision);
    const key = `${rest} ${some.map((group) => `${group.decision}:${numberOf(group.peers)}`).join(' ')}`;
    return entry(said, key, () => ({ groups: some, rest }));
  };
  return layers.map(({ family, rows, present }) => {
    // Nobody can meet them here.
    if (!overlaps(present, peers)) return { family, rows: { row: () => ABSENT } };
    const known = new Map<number, PlainRow>();
    const look = (subject: number): PlainRow => {
      const row = isMade ? rows.row(subject, direction) : rows.partly(subject, direction, peers);
      // Of what rows say by themselves nothing is remembered: very many share what they say else.
      const saying = sayingOf(row);
      return entry(byRow, saying, () => narrow(saying));
    };
    return {
      family,
      rows: {
        row: (subject, asked) =>
          asked !== direction
            ? rows.row(subject, asked)
            : isMade
              ? look(subject)
              : entry(known, subject, () => look(subject)),
      },
    };
  });
}
