// Numbers from a seed, the same on every machine: no test here may depend on chance that cannot be repeated.

/** A source of drawn values. Every call moves it on. */
export interface Random {
  /** True in this share of the draws. */
  chance(share: number): boolean;
  /** A whole number from 0, below the bound. */
  below(bound: number): number;
  /** A whole number, both ends included. */
  between(first: number, last: number): number;
  /** One of them; the list must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** Up to so many of them, each at most once, in drawn order. */
  some<T>(list: readonly T[], most: number): T[];
}

/** Starts at a seed: mulberry32, 32 bits of state. */
export function randomFrom(seed: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) + 0x6d2b79f5) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    chance: (share) => next() < share,
    below,
    between: (first, last) => first + below(last - first + 1),
    pick: (list) => list[below(list.length)]!,
    some(list, most) {
      const left = [...list];
      const taken: typeof left = [];
      while (taken.length < most && left.length > 0) taken.push(...left.splice(below(left.length), 1));
      return taken;
    },
  };
}
