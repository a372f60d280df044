// What a map allows beside the needs. Of a rectangle, pairs of which the needs of addresses say the same are worked out
// together; only pairs that a need names are looked at one by one. Knows no policies.

import { possibleTraffic } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Decision } from '../model/verdict.ts';
import type { UnitRectangle } from '../questions/map.ts';
import { appendMember } from '../sets/id-set.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import { isEmpty, NO_TRAFFIC, type TrafficSet } from '../sets/traffic-set.ts';
import type { TrafficTable } from '../sets/traffic-table.ts';
import { type Block, type CutRectangle, cutRectangle, type NamedPair } from './cut-rectangle.ts';
import { type Excess, excessGatherer, type Part } from './excess.ts';
import type { Justified } from './justified-traffic.ts';

/** Pairs of which nobody knows whether something that nothing needs is allowed, for one reason; once per family. */
export interface OpenPairs {
  readonly pairs: number;
  /** The first that is met, source by source. */
  readonly example: { readonly from: number; readonly to: number; readonly traffic: TrafficSet };
}

/** What there is beside. Pairs count once per family. */
export interface AllowedBeside {
  /** Pairs that are allowed something, needed or not. */
  readonly allowed: number;
  /** Pairs of {@link excess}. */
  readonly pairs: number;
  /** In the order in which destinations and then traffic are met, source by source. */
  readonly excess: readonly Excess[];
  readonly undecided: ReadonlyMap<UnknownReason, OpenPairs>;
}

/** By position in the units. */
export interface Sides {
  /** Pairs of which neither end is ours are left out. */
  readonly isOurs: readonly boolean[];
  /** Sources that are left out whoever the destination is. */
  readonly isNoSource: readonly boolean[];
}

/** Compares rectangles, which hold no pair twice, with the needs. */
export function allowedBeside(
  rectangles: readonly UnitRectangle[],
  { isOurs, isNoSource }: Sides,
  justified: Justified,
  table: TrafficTable,
): AllowedBeside {
  const excess = excessGatherer();
  const undecided = new Map<UnknownReason, OpenPairs>();
  let allowed = 0;
  for (const { from, to, decisions } of rectangles) {
    const sources = from.some((id) => isNoSource[id]) ? from.filter((id) => !isNoSource[id]) : from;
    const cut = cutRectangle(sources, to, isOurs, justified);
    for (const family of FAMILIES) {
      const decision = decisions[family];
      if (decision === undefined) continue;
      const partsOf = (traffic: TrafficSet): PartsOf => {
        const whole = table.unique(traffic);
        return (block, named) =>
          partsAt(cut, isOurs, block, named, (source, exact) => {
            const needed = justified.byAddresses(source, block.members[0]!, family);
            return table.subtract(whole, exact === undefined ? needed : table.union(exact, needed));
          });
      };
      addUndecided(undecided, decision, cut, partsOf);
      const open = possibleTraffic({ ...decision, unknown: [] });
      if (isEmpty(open)) continue;
      const beside = partsOf(open);
      for (const block of cut.blocks) {
        allowed += block.members.length * (block.isOurs ? sources.length : cut.ours);
        eachDestination(cut, block, beside, (destination, place, parts) => {
          excess.add(destination, place, family, parts);
        });
      }
      excess.endRectangle();
    }
  }
  return { allowed, ...excess.all(), undecided };
}

/** The sources of what is left of some traffic at destinations of a block with these named pairs. */
type PartsOf = (block: Block, named: readonly NamedPair[]) => readonly Part[];

/** What is left for a source; `exact`: of what its own needs of the pair are, absent: it has none. */
type LeftFor = (source: number, exact?: TrafficSet) => TrafficSet;

/** Destinations that no need names are worked out together. */
function eachDestination(
  cut: CutRectangle,
  block: Block,
  partsOf: PartsOf,
  see: (destination: number, place: number, parts: readonly Part[]) => void,
): void {
  let common: readonly Part[] | undefined;
  for (let i = 0; i < block.members.length; i++) {
    const destination = block.members[i]!;
    const named = cut.namedAt(destination);
    if (named.length === 0) common ??= partsOf(block, named);
    see(destination, block.places[i]!, named.length === 0 ? common! : partsOf(block, named));
  }
}

/** Parts in order of their first sources. */
function partsAt(
  { from, runs, starts }: CutRectangle,
  isOurs: readonly boolean[],
  block: Block,
  named: readonly NamedPair[],
  leftFor: LeftFor,
): readonly Part[] {
  const parts = new Map<TrafficSet, { traffic: TrafficSet; first: number; runs: number[]; count: number }>();
  const add = (traffic: TrafficSet, place: number) => {
    const part = entry(parts, traffic, () => ({ traffic, first: place, runs: [], count: 0 }));
    part.count++;
    appendMember(part.runs, from[place]!);
  };
  let next = 0;
  for (let i = 0; i < starts.length; i++) {
    const [start, end] = [starts[i]!, starts[i + 1] ?? from.length];
    if (!block.isOurs && !isOurs[from[start]!]) continue;
    const traffic = leftFor(from[start]!);
    // Whoever needs more is left less.
    if (traffic === NO_TRAFFIC) continue;
    if (named.length === 0 && end - start === from.length) return [{ traffic, first: 0, runs, count: from.length }];
    while (next < named.length && named[next]!.place < start) next++;
    for (let place = start; place < end; place++) {
      if (named[next]?.place !== place) add(traffic, place);
      else {
        const left = leftFor(from[place]!, named[next++]!.exact);
        if (left !== NO_TRAFFIC) add(left, place);
      }
    }
  }
  return [...parts.values()];
}

/** A reason that is new gets as its example the first pair of the rectangle, source by source. */
function addUndecided(
  undecided: Map<UnknownReason, OpenPairs>,
  { unknown }: Decision,
  cut: CutRectangle,
  partsOf: (traffic: TrafficSet) => PartsOf,
): void {
  /** By reason that is new the places of its example. */
  const fresh = new Map<UnknownReason, readonly [number, number]>();
  for (const { reason, traffic } of unknown) {
    const known = undecided.get(reason);
    const isFresh = known === undefined || fresh.has(reason);
    let pairs = 0;
    let example = known?.example;
    for (const block of cut.blocks) {
      eachDestination(cut, block, partsOf(traffic), (to, place, parts) => {
        const [first] = parts;
        if (first === undefined) return;
        for (const { count } of parts) pairs += count;
        const places = [first.first, place] as const;
        if (!isFresh || !isBefore(places, fresh.get(reason))) return;
        fresh.set(reason, places);
        example = { from: cut.from[first.first]!, to, traffic: first.traffic };
      });
    }
    if (example !== undefined) undecided.set(reason, { pairs: (known?.pairs ?? 0) + pairs, example });
  }
}

function isBefore(a: readonly [number, number], b: readonly [number, number] | undefined): boolean {
  return b === undefined || a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
