// Endpoints that others can join: look-ups over the first ones stay as they are, those over the ones that joined stand
// beside them, and an answer is all of them. Numbers are never used twice, so that what was worked out for one is not taken
// for another.

import type { Endpoint } from '../model/endpoint.ts';
import { EMPTY, everyId, type IdSet, setOfBounds, unionAll } from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';
import { entry } from './entry.ts';
import { certain, type MatchSet } from './match-set.ts';
import { hasNames, matchRules, type RuleMatcher } from './rule-matches.ts';
import { indexSelectors, type SelectorIndex } from './selector-index.ts';

/** Endpoints with room for more, and what policies name among them. */
export interface GrowingEnds {
  /** As many as there is room for; where nobody has joined yet stands {@link NOBODY}. Grows in place. */
  readonly endpoints: readonly Endpoint[];
  readonly selectors: SelectorIndex;
  readonly matcherOf: (family: Family) => RuleMatcher;
  /** How many can still join. */
  room(): number;
  /** Joins endpoints; their numbers, in order, are the members. Throws a RangeError where there is no room. */
  join(joining: readonly Endpoint[]): Joined;
}

/** Endpoints that have joined together. */
export interface Joined {
  readonly members: IdSet;
  /** Looks up these alone, by their numbers. */
  readonly selectors: SelectorIndex;
}

/** Stands where no endpoint is: it has no family, so that no connection begins or ends there. */
export const NOBODY: Endpoint = {
  key: '',
  name: '',
  type: 'pod',
  addresses: { v4: [], v6: [] },
  addressReason: 'pod-address',
  families: [],
  ports: [],
  matchesBlocks: 'no',
};

/** The endpoints, with room for so many more. */
export function growingEnds(
  first: readonly Endpoint[],
  room: number,
  universe: TrafficSet,
  selectors: SelectorIndex = indexSelectors(first),
): GrowingEnds {
  const size = first.length;
  const endpoints = [...first, ...Array.from({ length: room }, () => NOBODY)];
  const everybody = certain(everyId(endpoints.length));
  const firstMatchers = matchRules(first, selectors, universe);
  const batches: Batch[] = [];
  let joined = 0;

  const withLater = (set: MatchSet, find: (batch: Batch) => MatchSet): MatchSet =>
    batches.reduce((sum, batch) => followedBy(sum, moved(find(batch), batch.start)), set);
  const batchOf = (end: number): Batch => batches.findLast(({ start }) => start <= end)!;

  return {
    endpoints,
    selectors: {
      pods: (...asked) => withLater(selectors.pods(...asked), (batch) => batch.selectors.pods(...asked)),
      subjects: (...asked) => withLater(selectors.subjects(...asked), (batch) => batch.selectors.subjects(...asked)),
    },
    matcherOf(family) {
      const matcher = firstMatchers(family);
      return {
        peers(peers, policy) {
          // Whoever joins is one of everybody, before and after.
          if (peers === 'any') return everybody;
          return withLater(matcher.peers(peers, policy), (batch) => batch.matcherOf(family).peers(peers, policy));
        },
        portsOn(ports, end) {
          if (end < size) return matcher.portsOn(ports, end);
          const batch = batchOf(end);
          return batch.matcherOf(family).portsOn(ports, end - batch.start);
        },
        namesAt(end) {
          if (end < size) return matcher.namesAt(end);
          const batch = batchOf(end);
          return batch.start + batch.matcherOf(family).namesAt(end - batch.start);
        },
        portGroups(ports) {
          const groups = matcher.portGroups(ports);
          if (!hasNames(ports)) return groups;
          const more = batches.flatMap((batch) =>
            batch
              .matcherOf(family)
              .portGroups(ports)
              .map((group) =>
                group.destinations === undefined
                  ? group
                  : { ...group, destinations: movedSet(group.destinations, batch.start) },
              ),
          );
          return [...groups, ...more];
        },
      };
    },
    room: () => room - joined,
    join(joining) {
      if (joining.length > room - joined) throw new RangeError('no room for so many endpoints');
      const start = size + joined;
      joining.forEach((one, index) => {
        endpoints[start + index] = one;
      });
      joined += joining.length;
      const batch = makeBatch(start, joining, universe);
      addBatch(batches, batch, universe);
      const own = batch.selectors;
      return {
        members: joining.length === 0 ? EMPTY : setOfBounds([start, start + joining.length]),
        selectors: {
          pods: (...asked) => moved(own.pods(...asked), start),
          subjects: (...asked) => moved(own.subjects(...asked), start),
        },
      };
    },
  };
}

/** Endpoints that joined one after the other, and look-ups over them alone. */
interface Batch {
  readonly start: number;
  readonly endpoints: readonly Endpoint[];
  readonly selectors: SelectorIndex;
  readonly matcherOf: (family: Family) => RuleMatcher;
}

function makeBatch(start: number, endpoints: readonly Endpoint[], universe: TrafficSet): Batch {
  const selectors = indexSelectors(endpoints);
  const matcherOf = matchRules(endpoints, selectors, universe);
  const matchers = new Map<Family, RuleMatcher>();
  return { start, endpoints, selectors, matcherOf: (family) => entry(matchers, family, () => matcherOf(family)) };
}

/** Batches get shorter from first to last, so that there are few of them and each endpoint is in few that are made. */
function addBatch(batches: Batch[], batch: Batch, universe: TrafficSet): void {
  if (batch.endpoints.length === 0) return;
  let last = batch;
  for (let before = batches.at(-1); before !== undefined; before = batches.at(-1)) {
    if (before.endpoints.length > 2 * last.endpoints.length) break;
    batches.pop();
    last = makeBatch(before.start, [...before.endpoints, ...last.endpoints], universe);
  }
  batches.push(last);
}

/** The same members, so many numbers further on. */
function movedSet(set: IdSet, by: number): IdSet {
  return setOfBounds(set.map((bound) => bound + by));
}

function moved({ yes, maybe }: MatchSet, by: number): MatchSet {
  const open = new Map([...maybe].map(([reason, set]) => [reason, movedSet(set, by)]));
  return { yes: movedSet(yes, by), maybe: open };
}

/** Both sets, which have no member in common. */
function followedBy(a: MatchSet, b: MatchSet): MatchSet {
  const yes = unionAll([a.yes, b.yes]);
  if (b.maybe.size === 0) return { yes, maybe: a.maybe };
  const maybe = new Map(a.maybe);
  for (const [reason, set] of b.maybe) maybe.set(reason, unionAll([maybe.get(reason) ?? EMPTY, set]));
  return { yes, maybe };
}
