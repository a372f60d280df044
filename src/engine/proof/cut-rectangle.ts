// A rectangle of a map, cut where the needs of addresses may say something else: stretches of sources of one kind, and blocks of
// destinations of one kind. Pairs that a need names by themselves are found beside. Knows no traffic but what needs name.

import { entry } from '../compile/entry.ts';
import { appendMember } from '../sets/id-set.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';
import type { Justified } from './justified-traffic.ts';

/** Destinations of one kind. Never empty. */
export interface Block {
  readonly members: readonly number[];
  /** Where each stands among the destinations, ascending. */
  readonly places: readonly number[];
  /** Whether the proof is about them. */
  readonly isOurs: boolean;
}

/** A pair that a need names. */
export interface NamedPair {
  /** Where the source stands. */
  readonly place: number;
  /** What the needs of this pair alone are. */
  readonly exact: TrafficSet;
}

/** A rectangle in pieces. */
export interface CutRectangle {
  readonly from: readonly number[];
  /** The sources as runs. */
  readonly runs: readonly number[];
  /** Where stretches of sources of one kind begin, ascending from 0. Empty for no sources. */
  readonly starts: readonly number[];
  /** Sources that the proof is about. */
  readonly ours: number;
  /** In order of their first members. */
  readonly blocks: readonly Block[];
  /** The named pairs of a destination, in order of sources. Mostly empty. */
  readonly namedAt: (destination: number) => readonly NamedPair[];
}

const NONE: readonly NamedPair[] = [];

/** Cuts a rectangle of these sources and destinations. Empty lists give no pieces. */
export function cutRectangle(
  from: readonly number[],
  to: readonly number[],
  isOurs: readonly boolean[],
  { sourceClass, destinationClass, exactTo }: Justified,
): CutRectangle {
  const kindOf = (id: number) => sourceClass[id]! * 2 + Number(isOurs[id]);
  const starts: number[] = [];
  const runs: number[] = [];
  let ours = 0;
  for (let place = 0; place < from.length; place++) {
    const id = from[place]!;
    if (isOurs[id]) ours++;
    appendMember(runs, id);
    if (place === 0 || kindOf(id) !== kindOf(from[place - 1]!)) starts.push(place);
  }
  let places: ReadonlyMap<number, number> | undefined;
  const known = new Map<number, readonly NamedPair[]>();
  const namedAt = (destination: number): readonly NamedPair[] => {
    const exact = exactTo(destination);
    if (exact === undefined) return NONE;
    places ??= new Map(from.map((id, place) => [id, place]));
    const found = known.get(destination) ?? pairsAt(from, places, exact);
    known.set(destination, found);
    return found;
  };
  return { from, runs, starts, ours, blocks: blocksOf(to, destinationClass, isOurs), namedAt };
}

function blocksOf(ids: readonly number[], classOf: readonly number[], isOurs: readonly boolean[]): readonly Block[] {
  const blocks = new Map<number, { members: number[]; places: number[]; isOurs: boolean }>();
  for (let place = 0; place < ids.length; place++) {
    const id = ids[place]!;
    const own = isOurs[id]!;
    const block = entry(blocks, classOf[id]! * 2 + Number(own), () => ({ members: [], places: [], isOurs: own }));
    block.members.push(id);
    block.places.push(place);
  }
  return [...blocks.values()];
}

/** Whichever are fewer are gone through: whoever everybody calls is in very many rectangles. */
function pairsAt(
  from: readonly number[],
  places: ReadonlyMap<number, number>,
  exact: ReadonlyMap<number, TrafficSet>,
): readonly NamedPair[] {
  const pairs: NamedPair[] = [];
  for (const id of exact.size <= from.length ? exact.keys() : from) {
    const [place, own] = [places.get(id), exact.get(id)];
    if (place !== undefined && own !== undefined) pairs.push({ place, exact: own });
  }
  return pairs.length < 2 ? pairs : pairs.sort((a, b) => a.place - b.place);
}
