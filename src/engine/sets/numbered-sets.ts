// Numbers sets of small positions so that equal sets, and only those, have equal numbers, while they change by one member
// at a time: binary trees whose equal halves are one. Without policy vocabulary.

/** Sets of positions below a size. */
export interface NumberedSets {
  /** The set with the position added if it was missing, and without it if it was there. */
  toggle(set: number, position: number): number;
}

/** The number of the set without members. */
export const EMPTY_SET = 0;

/** More nodes than any input of this machine's memory can make; two such numbers fit in one exact number. */
const MOST_NODES = 2 ** 26;

/** Sets of `0 <= position < size`. A toggle costs the logarithm of the size. */
export function numberedSets(size: number): NumberedSets {
  let levels = 0;
  while (2 ** levels < size) levels++;
  // Node 0 is empty at every level, node 1 a position that is there. Others have two halves, not both empty; since a node
  // other than 0 stands on one level only, its halves alone identify it.
  const left: number[] = [0, 0];
  const right: number[] = [0, 0];
  const known = new Map<number, number>();

  function node(low: number, high: number): number {
    if (low === EMPTY_SET && high === EMPTY_SET) return EMPTY_SET;
    const key = low * MOST_NODES + high;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (left.length >= MOST_NODES) throw new RangeError('too many different sets');
    left.push(low);
    known.set(key, left.length - 1);
    return right.push(high) - 1;
  }

  function toggleIn(set: number, position: number, level: number): number {
    if (level === 0) return set === EMPTY_SET ? 1 : EMPTY_SET;
    const isHigh = (position >>> (level - 1)) % 2 === 1;
    const [low, high] = [left[set]!, right[set]!];
    return isHigh ? node(low, toggleIn(high, position, level - 1)) : node(toggleIn(low, position, level - 1), high);
  }

  return { toggle: (set, position) => toggleIn(set, position, levels) };
}
