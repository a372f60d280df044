// One step of a search: edits that belong together, and what they are in a person's words.

import type { Edit } from '../model/edit.ts';

/** How much is written: an item of a rule, a rule, a policy. */
export type MoveSize = 0 | 1 | 2;

/** A step. An edit that only makes a policy grow which the draft adds anyway costs nothing. */
export interface Move {
  readonly edits: readonly Edit[];
  readonly size: MoveSize;
  /** Whether it isolates pods that nothing isolated: all their other connections may close. */
  readonly isolates: boolean;
  /** Whether it opens something for every pod of a namespace, also those that are not there yet. */
  readonly isForAll: boolean;
  /** Whether it puts something where nothing was, which must show in what decides: else it is for nothing. */
  readonly adds: boolean;
  /** Pairs beside the goal that it changes, where the move itself has counted them; absent: they are to be estimated. */
  readonly lost?: number;
  /** As a command: `add a peer to shop/db-from-api`. */
  readonly title: string;
}

/** A move of these edits; undefined where one of them could not be written. */
export function move(
  title: string,
  size: MoveSize,
  edits: readonly (Edit | undefined)[],
  kind: Partial<Pick<Move, 'isolates' | 'adds' | 'isForAll' | 'lost'>> = {},
): Move | undefined {
  if (edits.length === 0 || !edits.every((edit) => edit !== undefined)) return undefined;
  return { title, size, edits, isolates: false, adds: false, isForAll: false, ...kind };
}

/** Moves without those that could not be written. */
export function present(moves: readonly (Move | undefined)[]): readonly Move[] {
  return moves.filter((one) => one !== undefined);
}
