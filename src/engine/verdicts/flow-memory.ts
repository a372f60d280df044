// Verdicts on flows that were judged before: a table in which each flow has one place, and the later one takes it over. A
// place holds the whole flow beside its verdict, so that no flow ever gets the verdict of another.

import type { VerdictCode } from './verdict-codes.ts';

/** Remembers verdicts. A flow is two numbers of 21 bits for its ends, and one of 20 bits for all else. */
export interface FlowMemory {
  /** The code of a flow; -1: it is not known. */
  find(from: number, to: number, kind: number): VerdictCode | -1;
  /** Looks where {@link FlowMemory.find} will look, so that it is at hand; the value means nothing. */
  touch(from: number, to: number, kind: number): number;
  put(from: number, to: number, kind: number, code: VerdictCode): void;
}

/** Ends have numbers below this one. */
const MOST_ENDS = (1 << 21) - 1;

/** Places at first, and at most: 512 kB, 8 MB. More would not stay at hand. */
const FEWEST = 1 << 16;
const MOST = 1 << 20;
/** The bits of a place's second number that belong to the flow; the two above are the code. */
const FLOW_BITS = 0x3fffffff;

/** A memory of nothing. It grows while flows drive each other out of it. Of more `ends` than fit a place it remembers nothing. */
export function flowMemory(ends: number): FlowMemory {
  if (ends >= MOST_ENDS) return { find: () => -1, touch: () => 0, put: () => undefined };
  let places = FEWEST;
  let table = new Int32Array(2 * places).fill(-1);
  let driven = 0;

  const placeOf = (first: number, second: number): number => {
    const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    return (Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8) & (places - 1);
  };
  const grow = (): void => {
    const old = table;
    places *= 2;
    driven = 0;
    table = new Int32Array(2 * places).fill(-1);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === -1) continue;
      const place = 2 * placeOf(old[at]!, old[at + 1]! & FLOW_BITS);
      table[place] = old[at]!;
      table[place + 1] = old[at + 1]!;
    }
  };

  return {
    touch: (from, to, kind) => table[2 * placeOf(from | (kind << 21), to | ((kind >>> 11) << 21))]!,
    find(from, to, kind) {
      const first = from | (kind << 21);
      const second = to | ((kind >>> 11) << 21);
      const place = 2 * placeOf(first, second);
      const known = table[place + 1]!;
      return table[place] === first && (known & FLOW_BITS) === second ? known >>> 30 : -1;
    },
    put(from, to, kind, code) {
      const first = from | (kind << 21);
      const second = to | ((kind >>> 11) << 21);
      const place = 2 * placeOf(first, second);
      if (table[place] !== -1 && ++driven > places / 2 && places < MOST) grow();
      const free = 2 * placeOf(first, second);
      table[free] = first;
      table[free + 1] = second | (code << 30);
    },
  };
}
