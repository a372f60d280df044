// Boxes by position, found by what holds them or what they hold, without looking at all of them: each stands in lists by
// what it asks of labels. Must not know what the boxes are of.

import { isSubset, type LabelBox, type LabelTest } from './label-box.ts';

/** Boxes that can be taken out again. */
export interface BoxIndex {
  readonly boxes: readonly LabelBox[];
  /** Puts a box in, at the next position. */
  add(box: LabelBox): number;
  remove(position: number): void;
  isThere(position: number): boolean;
  /** Positions of boxes that hold the box, in any order; its own is among them. */
  holders(box: LabelBox): Iterable<number>;
  /** The first box before the position that holds it or that it holds. Undefined: there is none. */
  firstAround(position: number): number | undefined;
}

/** Positions in ascending order; those in front of `head` are gone. */
interface Positions {
  readonly list: number[];
  head: number;
}

/** Of a label that may be absent, or anything but some values, no value says where to look. */
const isOpen = ({ is }: LabelTest): boolean => is.absent || is.except;

/** An index without boxes. */
export function boxIndex(): BoxIndex {
  const boxes: LabelBox[] = [];
  const gone: boolean[] = [];
  const everything: Positions = { list: [], head: 0 };
  /** By one of their tests, which is enough to be found by those they hold. */
  const asking = new Map<string, number[]>();
  /** By each of their tests, to be found by those that hold them. */
  const asked = new Map<string, Positions>();

  const keysOf = (test: LabelTest): readonly string[] =>
    isOpen(test) ? [test.key] : test.is.values.map((value) => `${test.key} ${value}`);
  const isHeld = (inner: number, outer: number): boolean => isSubset(boxes[inner]!, boxes[outer]!);

  /** The first that is there and fits, of those before the position. */
  function first(positions: Positions | undefined, before: number, fits: (position: number) => boolean) {
    if (positions === undefined) return undefined;
    const { list } = positions;
    while (positions.head < list.length && gone[list[positions.head]!]) positions.head++;
    for (let at = positions.head; at < list.length && list[at]! < before; at++) {
      if (!gone[list[at]!] && fits(list[at]!)) return list[at]!;
    }
    return undefined;
  }

  /** Where boxes stand that a box of this test may hold: those that ask of the label; none: nobody does. */
  function heldBy(test: LabelTest): readonly Positions[] {
    const keys = isOpen(test) ? [`any ${test.key}`] : test.is.values.map((value) => `${test.key} ${value}`);
    return keys.flatMap((key) => asked.get(key) ?? []);
  }

  function* holders(box: LabelBox): Generator<number> {
    yield* holdersAt('', box);
    for (const test of box) {
      yield* holdersAt(test.key, box);
      if (!isOpen(test)) yield* holdersAt(`${test.key} ${test.is.values[0]!}`, box);
    }
  }

  function* holdersAt(key: string, box: LabelBox): Generator<number> {
    for (const position of asking.get(key) ?? []) {
      if (!gone[position] && isSubset(box, boxes[position]!)) yield position;
    }
  }

  return {
    boxes,
    add(box) {
      const position = boxes.push(box) - 1;
      everything.list.push(position);
      // The test that fewest others are found by.
      let fewest: readonly string[] = [''];
      let cost = Number.POSITIVE_INFINITY;
      for (const test of box) {
        const keys = keysOf(test);
        const most = Math.max(...keys.map((key) => asking.get(key)?.length ?? 0));
        if (most < cost) [fewest, cost] = [keys, most];
      }
      for (const key of fewest) {
        const list = asking.get(key);
        if (list === undefined) asking.set(key, [position]);
        else list.push(position);
      }
      for (const test of box) {
        pushTo(asked, `any ${test.key}`, position);
        if (!isOpen(test)) pushTo(asked, `${test.key} ${test.is.values[0]!}`, position);
      }
      return position;
    },
    remove(position) {
      gone[position] = true;
    },
    isThere: (position) => position < boxes.length && gone[position] !== true,
    holders,
    firstAround(position) {
      const box = boxes[position]!;
      let best = position;
      const consider = (found: number | undefined) => {
        if (found !== undefined && found < best) best = found;
      };
      for (const holder of holders(box)) consider(holder);
      let held: readonly Positions[] = [everything];
      let cost = everything.list.length;
      for (const test of box) {
        const lists = heldBy(test);
        const all = lists.reduce((sum, { list, head }) => sum + list.length - head, 0);
        if (all < cost) [held, cost] = [lists, all];
      }
      for (const positions of held) consider(first(positions, best, (other) => isHeld(other, position)));
      return best === position ? undefined : best;
    },
  };
}

function pushTo(map: Map<string, Positions>, key: string, position: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, { list: [position], head: 0 });
  else known.list.push(position);
}
