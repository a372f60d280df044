// Splits addresses into classes that no policy can tell apart, by one sweep over the bounds of all blocks.

import { unionAll } from '../sets/interval-set.ts';
import { FAMILIES, type IpSet, isEmpty, ofFamily } from '../sets/ip-set.ts';
import { EMPTY_SET, type NumberedSets, numberedSets } from '../sets/numbered-sets.ts';

/**
 * The classes of `universe`: disjoint, together all of it, each either within or outside of every block. Both families
 * share a class where they lie in the same blocks. Sorted by first address.
 */
export function classifyAddresses(universe: IpSet, blocks: readonly IpSet[]): IpSet[] {
  const sets = numberedSets(blocks.length);
  const v4 = sweep(
    universe.v4,
    blocks.map((block) => block.v4),
    sets,
  );
  const v6 = sweep(
    universe.v6,
    blocks.map((block) => block.v6),
    sets,
  );
  const keys = [...new Set([...v4.keys(), ...v6.keys()])];
  const classes = keys.map((key): IpSet => ({ v4: unionAll(v4.get(key) ?? []), v6: unionAll(v6.get(key) ?? []) }));
  return classes.filter((one) => !isEmpty(one)).sort(compareFirst);
}

function compareFirst(a: IpSet, b: IpSet): number {
  const first = (set: IpSet) => set.v4[0] ?? Number.POSITIVE_INFINITY;
  if (first(a) !== first(b)) return first(a) - first(b);
  const [x, y] = [a.v6[0] ?? 0n, b.v6[0] ?? 0n];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Stretches of the universe by the blocks that hold them (the number of that set). */
function sweep<N extends number | bigint>(
  universe: readonly N[],
  blocks: readonly (readonly N[])[],
  sets: NumberedSets,
): Map<number, N[][]> {
  const events: { readonly at: N; readonly block: number }[] = [];
  blocks.forEach((bounds, block) => {
    for (const at of bounds) events.push({ at, block });
  });
  for (const at of universe) events.push({ at, block: -1 });
  events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  // Not the members but the number of their set is kept: a stretch may lie in as many blocks as there are.
  let inside = EMPTY_SET;
  let isInUniverse = false;
  const result = new Map<number, N[][]>();
  for (let i = 0; i < events.length; ) {
    const start = events[i]!.at;
    for (; i < events.length && events[i]!.at === start; i++) {
      const { block } = events[i]!;
      if (block < 0) isInUniverse = !isInUniverse;
      else inside = sets.toggle(inside, block);
    }
    if (!isInUniverse || i >= events.length) continue;
    const stretch = [start, events[i]!.at];
    const list = result.get(inside);
    if (list === undefined) result.set(inside, [stretch]);
    else list.push(stretch);
  }
  return result;
}

/** The classes of one set of addresses, each family apart: what a question about addresses is answered for. */
export function classifyPerFamily(set: IpSet, blocks: readonly IpSet[]): IpSet[] {
  return FAMILIES.flatMap((family) => {
    const part = ofFamily(set, family);
    return isEmpty(part) ? [] : classifyAddresses(part, blocks);
  });
}

/** For each address the number of its stretch between block bounds: equal numbers, same blocks. A list is sorted once. */
export function atomIndex(blocks: readonly IpSet[]): (address: number | bigint) => number {
  const known = indexes.get(blocks) ?? sortBounds(blocks);
  indexes.set(blocks, known);
  return known;
}

const indexes = new WeakMap<readonly IpSet[], (address: number | bigint) => number>();

function sortBounds(blocks: readonly IpSet[]): (address: number | bigint) => number {
  const v4 = [...new Set(blocks.flatMap((block) => [...block.v4]))].sort((a, b) => a - b);
  const v6 = [...new Set(blocks.flatMap((block) => [...block.v6]))].sort((a, b) => (a < b ? -1 : 1));
  return (address) => (typeof address === 'number' ? position(v4, address) : position(v6, address));
}

function position<N extends number | bigint>(bounds: readonly N[], value: N): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
