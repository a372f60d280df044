// A rectangle of a map cut into blocks: sources of one kind by destinations of one kind, between which the needs of addresses
// say the same, and the few pairs that a need names one by one. Knows no traffic but what needs name.

import { entry } from '../compile/entry.ts';
import { appendMember } from '../sets/id-set.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';
import type { Justified } from './justified-traffic.ts';

/** Ends of one kind. Never empty. */
export interface Block {
  readonly members: readonly number[];
  /** Where each stands among the ends of its side, ascending; more than members may be there. */
  readonly places: readonly number[];
  /** The members as runs. */
  readonly runs: readonly number[];
  /** Whether the proof is about them. */
  readonly isOurs: boolean;
}

/** A pair that a need names. */
export interface NamedPair {
  /** Where the source stands, and in which block. */
  readonly place: number;
  readonly block: Block;
  /** What the needs of this pair alone are. */
  readonly exact: TrafficSet;
}

/** A rectangle in blocks. */
export interface Blocks {
  readonly sources: readonly Block[];
  readonly destinations: readonly Block[];
  /** The named pairs of a destination, in order of sources. */
  readonly namedAt: (destination: number) => readonly NamedPair[];
}

/** Cuts; blocks are in order of their first member. */
export function cutRectangle(
  from: readonly number[],
  to: readonly number[],
  isOurs: readonly boolean[],
  { sourceClass, destinationClass, exactTo }: Justified,
): Blocks {
  const sources = blocksOf(from, sourceClass, isOurs);
  let places: Map<number, Omit<NamedPair, 'exact'>> | undefined;
  const known = new Map<number, readonly NamedPair[]>();
  const namedAt = (destination: number): readonly NamedPair[] => {
    const exact = exactTo(destination);
    if (exact === undefined) return [];
    let found = known.get(destination);
    if (found === undefined) {
      places ??= placesOf(sources);
      found = pairsAt(from, places, exact);
      known.set(destination, found);
    }
    return found;
  };
  return { sources, destinations: blocksOf(to, destinationClass, isOurs), namedAt };
}

function blocksOf(ids: readonly number[], classOf: readonly number[], isOurs: readonly boolean[]): Block[] {
  const kindOf = (id: number) => classOf[id]! * 2 + Number(isOurs[id]);
  const [first] = ids;
  if (first === undefined) return [];
  const only = kindOf(first);
  // Mostly all are of one kind.
  if (ids.every((id) => kindOf(id) === only)) {
    return [{ members: ids, places: countingTo(ids.length), runs: runsOf(ids), isOurs: isOurs[first]! }];
  }
  const blocks = new Map<number, { readonly members: number[]; readonly places: number[] }>();
  for (const [place, id] of ids.entries()) {
    const { members, places } = entry(blocks, kindOf(id), () => ({ members: [], places: [] }));
    members.push(id);
    places.push(place);
  }
  return [...blocks.values()].map((block) => ({
    ...block,
    runs: runsOf(block.members),
    isOurs: isOurs[block.members[0]!]!,
  }));
}

function runsOf(ids: readonly number[]): number[] {
  const runs: number[] = [];
  for (const id of ids) appendMember(runs, id);
  return runs;
}

/** 0, 1, 2, and so on, at least so many. */
function countingTo(length: number): readonly number[] {
  while (COUNTING.length < length) COUNTING.push(COUNTING.length);
  return COUNTING;
}

const COUNTING: number[] = [];

function placesOf(sources: readonly Block[]): Map<number, Omit<NamedPair, 'exact'>> {
  const places = new Map<number, Omit<NamedPair, 'exact'>>();
  for (const block of sources) {
    for (const [i, id] of block.members.entries()) places.set(id, { place: block.places[i]!, block });
  }
  return places;
}

/** Whichever are fewer are gone through: whoever everybody calls is in very many rectangles. */
function pairsAt(
  from: readonly number[],
  places: ReadonlyMap<number, Omit<NamedPair, 'exact'>>,
  exact: ReadonlyMap<number, TrafficSet>,
): readonly NamedPair[] {
  const sources = exact.size <= from.length ? [...exact.keys()] : from;
  return sources
    .flatMap((id): NamedPair[] => {
      const [place, own] = [places.get(id), exact.get(id)];
      return place === undefined || own === undefined ? [] : [{ ...place, exact: own }];
    })
    .sort((a, b) => a.place - b.place);
}
