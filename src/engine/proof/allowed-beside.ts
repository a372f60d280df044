// What a map allows beside the needs. Of a rectangle, pairs of which the needs of addresses say the same are worked out
// together; only pairs that a need names are looked at one by one. Knows no policies.

import { possibleTraffic } from '../compile/decision.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Decision } from '../model/verdict.ts';
import type { UnitRectangle } from '../questions/map.ts';
import { appendMember } from '../sets/id-set.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import { NO_TRAFFIC, type TrafficSet } from '../sets/traffic-set.ts';
import type { TrafficTable } from '../sets/traffic-table.ts';
import { type Excess, excessGatherer, type Part } from './excess.ts';
import type { Justified } from './justified-traffic.ts';
import { type Block, type Blocks, cutRectangle } from './rectangle-blocks.ts';

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
    const blocks = cutRectangle(sources, to, isOurs, justified);
    for (const family of FAMILIES) {
      const decision = decisions[family];
      if (decision === undefined) continue;
      const beside = (traffic: TrafficSet): Rest => {
        const whole = table.unique(traffic);
        return {
          ofBlocks: (a, b) => table.subtract(whole, justified.byAddresses(a.members[0]!, b.members[0]!, family)),
          ofPair: (a, b, exact) =>
            table.subtract(whole, table.union(exact, justified.byAddresses(a.members[0]!, b.members[0]!, family))),
        };
      };
      addUndecided(undecided, decision, blocks, beside);
      const open = possibleTraffic({ ...decision, unknown: [] });
      const rest = beside(open);
      if (table.unique(open) === NO_TRAFFIC) continue;
      for (const block of blocks.destinations) {
        allowed += block.members.length * sum(besides(blocks, block), ({ members }) => members.length);
        const common = partsAt(blocks, block, rest, []);
        block.members.forEach((destination, i) => {
          const named = blocks.namedAt(destination);
          const parts = named.length === 0 ? common : partsAt(blocks, block, rest, named);
          excess.add(destination, block.places[i]!, family, parts);
        });
      }
      excess.endRectangle();
    }
  }
  return { allowed, ...excess.all(), undecided };
}

/** What is left of some traffic between two blocks, and for a pair with needs of its own. */
interface Rest {
  readonly ofBlocks: (sources: Block, destinations: Block) => TrafficSet;
  readonly ofPair: (sources: Block, destinations: Block, exact: TrafficSet) => TrafficSet;
}

type Named = ReturnType<Blocks['namedAt']>;

/** The blocks of sources that count for a block of destinations. */
function besides({ sources }: Blocks, { isOurs }: Block): readonly Block[] {
  return isOurs ? sources : sources.filter((block) => block.isOurs);
}

/** The sources of what is left at a destination with these named pairs, in order of the first source of each part. */
function partsAt(blocks: Blocks, destinations: Block, rest: Rest, named: Named): readonly Part[] {
  return besides(blocks, destinations)
    .flatMap((block): Part[] => {
      const traffic = rest.ofBlocks(block, destinations);
      // Whoever needs more is left less.
      if (traffic === NO_TRAFFIC) return [];
      const own = named.filter((pair) => pair.block === block);
      if (own.length === 0)
        return [{ traffic, first: block.places[0]!, runs: block.runs, count: block.members.length }];
      return partsWithout(
        block,
        traffic,
        own.map(({ place, exact }) => ({ place, traffic: rest.ofPair(block, destinations, exact) })),
      );
    })
    .sort((a, b) => a.first - b.first);
}

/** A block in which some sources, in order, are left something of their own, or nothing. */
function partsWithout(
  { members, places }: Block,
  traffic: TrafficSet,
  own: readonly { readonly place: number; readonly traffic: TrafficSet }[],
): Part[] {
  const parts: Part[] = [];
  const runs: number[] = [];
  let [first, count, next] = [-1, 0, 0];
  members.forEach((id, i) => {
    const place = places[i]!;
    if (own[next]?.place === place) {
      const left = own[next++]!.traffic;
      if (left !== NO_TRAFFIC) parts.push({ traffic: left, first: place, runs: [id, id + 1], count: 1 });
      return;
    }
    if (count++ === 0) first = place;
    appendMember(runs, id);
  });
  return count === 0 ? parts : [...parts, { traffic, first, runs, count }];
}

/** A reason that is new gets as its example the first pair of the rectangle, source by source. */
function addUndecided(
  undecided: Map<UnknownReason, OpenPairs>,
  { unknown }: Decision,
  blocks: Blocks,
  beside: (traffic: TrafficSet) => Rest,
): void {
  const fresh = new Map<UnknownReason, { readonly first: readonly [number, number] }>();
  for (const { reason, traffic } of unknown) {
    const rest = beside(traffic);
    const pairs = sum(blocks.destinations, (block) => countOpen(blocks, block, rest));
    if (pairs === 0) continue;
    const known = undecided.get(reason);
    const isFresh = known === undefined || fresh.has(reason);
    const found = isFresh ? firstOpen(blocks, rest) : undefined;
    const before = fresh.get(reason)?.first;
    if (found !== undefined && (before === undefined || isBefore(found.places, before))) {
      fresh.set(reason, { first: found.places });
      undecided.set(reason, { pairs: (known?.pairs ?? 0) + pairs, example: found.example });
    } else undecided.set(reason, { ...known!, pairs: known!.pairs + pairs });
  }
}

function countOpen(blocks: Blocks, destinations: Block, rest: Rest): number {
  const open = besides(blocks, destinations).filter((block) => rest.ofBlocks(block, destinations) !== NO_TRAFFIC);
  if (open.length === 0) return 0;
  const isClosed = ({ block, exact }: Named[number]) =>
    open.includes(block) && rest.ofPair(block, destinations, exact) === NO_TRAFFIC;
  const closed = sum(destinations.members, (id) => blocks.namedAt(id).filter(isClosed).length);
  return destinations.members.length * sum(open, ({ members }) => members.length) - closed;
}

interface FirstOpen {
  readonly places: readonly [number, number];
  readonly example: OpenPairs['example'];
}

function firstOpen(blocks: Blocks, rest: Rest): FirstOpen | undefined {
  let best: FirstOpen | undefined;
  for (const destinations of blocks.destinations) {
    destinations.members.forEach((to, i) => {
      const [part] = partsAt(blocks, destinations, rest, blocks.namedAt(to));
      if (part === undefined) return;
      const places = [part.first, destinations.places[i]!] as const;
      if (best === undefined || isBefore(places, best.places)) {
        best = { places, example: { from: sourceAt(blocks, part.first), to, traffic: part.traffic } };
      }
    });
  }
  return best;
}

function sourceAt({ sources }: Blocks, place: number): number {
  for (const { places, members } of sources) {
    const at = places.indexOf(place);
    if (at >= 0) return members[at]!;
  }
  throw new Error('a source that is in no block');
}

function isBefore(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
