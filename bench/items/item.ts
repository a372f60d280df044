// What an item of the benchmark is: sizes, a run, a reference, and a check of the answer. One file a theme beside this one.

/** One item of the benchmark. */
export interface Item {
  readonly id: string;
  readonly title: string;
  /** The reference that every time is divided by. */
  readonly reference: string;
  /** Three sizes, a factor of four apart; the target is given for the last (P1: for the first). */
  readonly sizes: readonly ItemSize[];
  /** The first is where every pair is counted one by one, in a full run too. */
  readonly smokeSizes: readonly ItemSize[];
  /** Growth from one smoke size to the next, fourfold, that only a change of complexity class exceeds. */
  readonly margin: number;
}

/** One size of an item. */
export interface ItemSize {
  /** As the table prints it. */
  readonly text: string;
  /** What grows fourfold from one size to the next. */
  readonly amount: number;
  /** As the results keep it. */
  readonly size: unknown;
  prepare(folder: string): Prepared | Promise<Prepared>;
}

/** One item at one size, ready to run. */
export interface Prepared {
  /** One run; milliseconds. */
  run(): number | Promise<number>;
  /** The reference once; milliseconds. */
  reference(): number | Promise<number>;
  /** Resident memory in MiB, after `run`. */
  memory(): number;
  /** What a run of so many milliseconds is in the item's own terms; absent: the time says it all. */
  speed?(milliseconds: number): string;
  /** Resident memory in MiB before the first run, where inputs are held in this process; absent: they are not. */
  readonly inputs?: number;
  /** How many things a run handles, where the target is a rate; absent: it is not. */
  readonly handled?: number;
  /** Differences between the answer of the last run and the naive one; empty: none. `isSmallest`: every pair may be counted. */
  check(isSmallest: boolean): string[];
}
