// Decisions of all layers at once, interned, so that the pairs of many lines combine in one step.

import { DENIED, type DecisionId, type DecisionTable } from './decision.ts';
import { entry } from './entry.ts';

/** Equal pairings of one table are the same object. */
export interface Pairing {
  /** By layer; undefined where a subject has no address of its family. */
  readonly decisions: readonly (DecisionId | undefined)[];
  /** Whether something is not surely denied. */
  readonly isOpen: boolean;
  /** Position in the table. */
  readonly number: number;
}

/** Gives equal pairings one identity. */
export interface PairingTable {
  intern(decisions: Pairing['decisions']): Pairing;
  /** What both sides allow, layer by layer. */
  and(a: Pairing, b: Pairing): Pairing;
}

/** A table without pairings. */
export function pairingTable(table: DecisionTable): PairingTable {
  const known = new Map<string, Pairing>();
  const combined: Map<number, Pairing>[] = [];
  const intern = (decisions: Pairing['decisions']): Pairing =>
    entry(known, decisions.join(), () => {
      const isOpen = decisions.some((decision) => decision !== undefined && decision !== DENIED);
      combined.push(new Map());
      return { decisions, isOpen, number: combined.length - 1 };
    });
  return {
    intern,
    and(a, b) {
      const row = combined[a.number]!;
      const known = row.get(b.number);
      if (known !== undefined) return known;
      const both = intern(
        a.decisions.map((one, i) => {
          const other = b.decisions[i];
          return one === undefined || other === undefined ? undefined : table.and(one, other);
        }),
      );
      row.set(b.number, both);
      return both;
    },
  };
}
