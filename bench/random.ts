// Random numbers from a seed, so that every run measures the same inputs. Not for anything but benchmarks.

/** A stream of draws. Equal seeds give equal streams on every machine. */
export interface Random {
  /** A fraction, 0 included and 1 not. */
  fraction(): number;
  /** An integer from `first` to `last`, both included. */
  integer(first: number, last: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** A positive number whose logarithm is normal: half of all draws lie below `median`. */
  skewed(median: number, spread: number): number;
}

/** Starts a stream (splitmix32: add a constant, mix the bits). */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const fraction = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    integer: (first, last) => first + Math.floor(fraction() * (last - first + 1)),
    chance: (probability) => fraction() < probability,
    pick: (list) => list[Math.floor(fraction() * list.length)]!,
    // Box and Muller: a normal number from two even ones.
    skewed: (median, spread) =>
      median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction())),
  };
}
