// Unions of boxes in fewer boxes: two that together are a box become one, again and again. Always the first two of the list,
// so that the result depends on the list alone. Must not know what the boxes are of.

import { boxIndex } from './box-index.ts';
import { boxKey, join, type LabelBox } from './label-box.ts';

/** A box that was given, or several that became one. */
export interface JoinedBox {
  readonly box: LabelBox;
  /** Positions of the boxes in the list that was given, in the order in which they were joined; never empty. */
  readonly of: readonly number[];
}

/** Lists so short are gone through pair by pair. */
const SHORT = 6;

/**
 * The list without two boxes that would be one: what was joined stands behind the others. Equal boxes are one. Time grows with
 * the boxes where each has few that hold it or that it holds.
 */
export function joinBoxes(list: readonly LabelBox[]): readonly JoinedBox[] {
  return list.length > SHORT ? joinMany(list) : joinFew(list.map((box, i) => ({ box, of: [i] })));
}

function joinFew(given: readonly JoinedBox[]): readonly JoinedBox[] {
  let list = given;
  for (let i = 0; i < list.length; i++) {
    for (let j = i + 1; j < list.length; j++) {
      const [a, b] = [list[i]!, list[j]!];
      const box = join(a.box, b.box);
      if (box === undefined) continue;
      list = [...list.filter((_, k) => k !== i && k !== j), { box, of: [...a.of, ...b.of] }];
      i = -1;
      break;
    }
  }
  return list;
}

function joinMany(given: readonly LabelBox[]): readonly JoinedBox[] {
  const index = boxIndex();
  const parts: (number | readonly [number, number])[] = [];
  const pairs = pairQueue();
  const siblings = new Map<string, Siblings>();
  const offer = (position: number) => {
    const other = index.firstAround(position);
    if (other !== undefined) pairs.push([other, position]);
  };
  const offerFirst = (own: Siblings) => {
    const pair = firstTwo(own, index.isThere);
    own.isOffered = pair !== undefined;
    if (pair !== undefined) pairs.push([...pair, own]);
  };
  const add = (box: LabelBox, part: number | readonly [number, number]) => {
    parts.push(part);
    const position = index.add(box);
    offer(position);
    for (const test of box) {
      const key = `${test.key}\n${boxKey(box.filter((one) => one !== test))}`;
      const own = entry(siblings, key);
      own.positions.push(position);
      if (!own.isOffered) offerFirst(own);
    }
  };
  given.forEach(add);
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [i, j, own] = pair;
    if (index.isThere(i) && index.isThere(j)) {
      index.remove(i);
      index.remove(j);
      add(join(index.boxes[i]!, index.boxes[j]!)!, [i, j]);
    } else if (own === undefined && index.isThere(j)) offer(j);
    if (own !== undefined) offerFirst(own);
  }
  return index.boxes.flatMap((box, position) =>
    index.isThere(position) ? [{ box, of: partsOf(parts, position) }] : [],
  );
}

/** Boxes that ask the same but of one label, about which each asks something: any two of them are one box. */
interface Siblings {
  /** Ascending; those in front of `head` are gone. */
  readonly positions: number[];
  head: number;
  /** Whether their first two stand in the queue. */
  isOffered: boolean;
}

function entry(siblings: Map<string, Siblings>, key: string): Siblings {
  let own = siblings.get(key);
  if (own === undefined) {
    own = { positions: [], head: 0, isOffered: false };
    siblings.set(key, own);
  }
  return own;
}

/** The first two that are there. */
function firstTwo(own: Siblings, isThere: (position: number) => boolean): readonly [number, number] | undefined {
  const { positions } = own;
  while (own.head < positions.length && !isThere(positions[own.head]!)) own.head++;
  for (let at = own.head + 1; at < positions.length; at++) {
    if (!isThere(positions[at]!)) continue;
    // What is gone between them is not gone through again.
    positions[at - 1] = positions[own.head]!;
    own.head = at - 1;
    return [positions[at - 1]!, positions[at]!];
  }
  return undefined;
}

/** What was given and stands in a box by now; a long chain of joins is no deep recursion. */
function partsOf(parts: readonly (number | readonly [number, number])[], position: number): number[] {
  const found: number[] = [];
  const open = [position];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const part = parts[at]!;
    if (typeof part === 'number') found.push(part);
    else open.push(part[1], part[0]);
  }
  return found;
}

/** Two positions, with the siblings that they are the first two of; absent: one holds the other. */
type Pair = readonly [number, number, Siblings?];

interface PairQueue {
  push(pair: Pair): void;
  /** The pair with the lowest first number, of several that with the lowest second; undefined: none is left. */
  pop(): Pair | undefined;
}

/** A binary heap. */
function pairQueue(): PairQueue {
  const heap: Pair[] = [];
  const isBefore = (a: Pair, b: Pair) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
  return {
    push(pair) {
      let at = heap.push(pair) - 1;
      for (let up = (at - 1) >> 1; at > 0 && isBefore(pair, heap[up]!); up = (at - 1) >> 1) {
        heap[at] = heap[up]!;
        at = up;
      }
      heap[at] = pair;
    },
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (heap.length === 0 || last === undefined) return top;
      let at = 0;
      for (let down = 1; down < heap.length; down = 2 * at + 1) {
        if (down + 1 < heap.length && isBefore(heap[down + 1]!, heap[down]!)) down++;
        if (!isBefore(heap[down]!, last)) break;
        heap[at] = heap[down]!;
        at = down;
      }
      heap[at] = last;
      return top;
    },
  };
}
