// Rows that say only what they say of few peers: of very many subjects that is mostly the same, so that few lines are left
// of them. Knows no policies.

import type { Direction } from '../model/policy.ts';
import { type IdSet, intersect, overlaps } from '../sets/id-set.ts';
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
  const byRow = new Map<Row, PlainRow>();
  const narrow = (row: Row): PlainRow => {
    const { groups, rest } = rowWithin(peers, row);
    const some = groups
      .map((group) => ({ decision: group.decision, peers: intersect(group.peers, peers) }))
      .filter((group) => group.peers.length > 0 && group.decision !== rest)
      .sort((a, b) => a.decision - b.decision);
    const key = `${rest} ${some.map((group) => `${group.decision}:${group.peers.join()}`).join(' ')}`;
    return entry(said, key, () => ({ groups: some, rest }));
  };
  return layers.map(({ family, rows, present }) => {
    // Nobody can meet them here.
    if (!overlaps(present, peers)) return { family, rows: { row: () => ABSENT } };
    const known = new Map<number, PlainRow>();
    const look = (subject: number): PlainRow => {
      const row = rows.partly(subject, direction, peers);
      return entry(byRow, row, () => narrow(row));
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
