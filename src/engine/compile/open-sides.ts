// Who is open to few peers, looked up from the peers: what isolates a namespace is told to those alone who could reach it.
// Made once, when somebody asks, and carried from one exchange to the next. Knows rows, not policies.

import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import {
  count,
  EMPTY,
  type IdSet,
  idSet,
  idSetTable,
  intersect,
  membersOf,
  overlaps,
  unionAll,
} from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import { DENIED } from './decision.ts';
import { entry } from './entry.ts';
import { partsOf, type Row } from './row.ts';
import type { RowSource } from './rows.ts';

type Rows = ReadonlyMap<Family, RowSource>;

/** The sides of one form, and of the forms that come of it. */
export interface OpenSides {
  /**
   * Those of the subjects among which are all whose own side does not surely deny everything to each of the peers, in some
   * family; all of them where peers are all over the cluster, or subjects so few that a look at each is less.
   */
  find(direction: Direction, subjects: IdSet, peers: IdSet): IdSet;
  /** After an exchange, which leaves those `present`; `changed` are all whose side may be another. */
  next(rows: Rows, present: IdSet, changed: Readonly<Record<Direction, IdSet>>): OpenSides;
}

/** How sides are looked up; what is found holds all who are open, whatever the sizes. */
export interface SideSizes {
  /** Numbers of neighbours, which are mostly of one namespace, that are looked up together. */
  readonly block: number;
  /** Sets of more blocks are looked at one by one, and there are few of them. */
  readonly mostBlocks: number;
  /** Peers of more blocks are everywhere. */
  readonly mostAsked: number;
  /** What part of all may have changed before a form is looked through anew. */
  readonly mostChanged: number;
}

/** For clusters: namespaces have tens of pods, and events are about one of them. */
export const SIDE_SIZES: SideSizes = { block: 64, mostBlocks: 16, mostAsked: 256, mostChanged: 1 / 8 };

/** Sides that are open to peers of a set. */
interface Opening {
  readonly peers: IdSet;
  readonly subjects: IdSet;
}

interface SideIndex {
  /** Those that are open to peers that no set of theirs names. */
  readonly open: IdSet;
  readonly wide: readonly Opening[];
  readonly byBlock: ReadonlyMap<number, readonly Opening[]>;
}

/** A form that was looked through, or will be. */
interface Base {
  readonly index: (direction: Direction) => SideIndex;
}

interface Step {
  base?: Base;
  /** Since the base, or since the step before while there is none. */
  changed: Readonly<Record<Direction, IdSet>>;
  before?: Step;
}

/** Those of the first form. */
export function openSidesOf(
  endpoints: readonly Endpoint[],
  first: Rows,
  everybody: IdSet,
  sizes: SideSizes,
): OpenSides {
  const baseOf = (rows: Rows, present: IdSet): Base => {
    const made: Partial<Record<Direction, SideIndex>> = {};
    return {
      index: (direction) => {
        made[direction] ??= indexSides({ endpoints, rows, present, sizes }, direction);
        return made[direction];
      },
    };
  };

  /** Finds the form that was looked through; where much has changed since, that is this one from now on. */
  function settle(step: Step, rows: Rows, present: IdSet): Base {
    if (step.base !== undefined) return step.base;
    const changed: Record<Direction, IdSet[]> = { ingress: [], egress: [] };
    let at: Step = step;
    for (;;) {
      changed.ingress.push(at.changed.ingress);
      changed.egress.push(at.changed.egress);
      if (at.base !== undefined || at.before === undefined) break;
      at = at.before;
    }
    const all = { ingress: unionAll(changed.ingress), egress: unionAll(changed.egress) };
    const isFar = count(all.ingress) + count(all.egress) > count(present) * sizes.mostChanged;
    step.changed = isFar ? NOTHING : all;
    step.base = isFar || at.base === undefined ? baseOf(rows, present) : at.base;
    delete step.before;
    return step.base;
  }

  const at = (step: Step, rows: Rows, present: IdSet): OpenSides => ({
    find(direction, subjects, peers) {
      const blocks = blocksOf(peers, sizes.block, sizes.mostAsked);
      if (blocks === undefined) return subjects;
      const { open, wide, byBlock } = settle(step, rows, present).index(direction);
      if (wide.length > count(subjects)) return subjects;
      const found = [open, step.changed[direction]];
      const near = new Set(blocks.flatMap((block) => byBlock.get(block) ?? []));
      for (const opening of [...wide, ...near]) {
        if (overlaps(opening.peers, peers)) found.push(opening.subjects);
      }
      return intersect(subjects, unionAll(found));
    },
    next: (others, left, changed) => at({ changed, before: step }, others, left),
  });
  return at({ base: baseOf(first, everybody), changed: NOTHING }, first, everybody);
}

const NOTHING: Step['changed'] = { ingress: EMPTY, egress: EMPTY };

function indexSides(
  {
    endpoints,
    rows,
    present,
    sizes,
  }: {
    readonly endpoints: readonly Endpoint[];
    readonly rows: Rows;
    readonly present: IdSet;
    readonly sizes: SideSizes;
  },
  direction: Direction,
): SideIndex {
  const byRow = new Map<Row, number[]>();
  for (const id of membersOf(present)) {
    let latest: Row | undefined;
    for (const family of endpoints[id]!.families) {
      const row = rows.get(family)!.row(id, direction);
      // Mostly all families have the same row.
      if (row !== latest) entry(byRow, row, () => []).push(id);
      latest = row;
    }
  }
  const open: IdSet[] = [];
  const sets = idSetTable();
  const bySet = new Map<IdSet, IdSet[]>();
  const add = (peers: IdSet, subjects: IdSet): void => {
    const set = sets.intern(peers);
    entry(bySet, set, () => []).push(subjects);
  };
  for (const [row, ids] of byRow) {
    const subjects = idSet(ids);
    if (row.rest !== DENIED) {
      open.push(subjects);
      continue;
    }
    for (const { groups } of partsOf(row)) {
      for (const { decision, peers } of groups) if (decision !== DENIED) add(peers, subjects);
    }
    const near = row.parts?.near;
    if (near !== undefined && near.rest !== DENIED) add(near.domain, subjects);
  }
  const wide: Opening[] = [];
  const byBlock = new Map<number, Opening[]>();
  for (const [peers, lists] of bySet) {
    const opening: Opening = { peers, subjects: unionAll(lists) };
    const blocks = blocksOf(opening.peers, sizes.block, sizes.mostBlocks);
    if (blocks === undefined) wide.push(opening);
    else for (const block of blocks) entry(byBlock, block, () => []).push(opening);
  }
  return { open: unionAll(open), wide, byBlock };
}

/** The blocks that hold a member; undefined: more than so many. */
function blocksOf(set: IdSet, block: number, most: number): number[] | undefined {
  const blocks: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    const last = Math.floor((set[i + 1]! - 1) / block);
    for (let at = Math.floor(set[i]! / block); at <= last; at++) {
      if (blocks.at(-1) === at) continue;
      if (blocks.length === most) return undefined;
      blocks.push(at);
    }
  }
  return blocks;
}
