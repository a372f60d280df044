// Endpoints that others can join: look-ups over the first ones stay as they are, those over the joined ones stand beside
// them, and an answer is both. Numbers are never used twice, so that what was worked out for one is not taken for another.

import type { Endpoint } from '../model/endpoint.ts';
import { EMPTY, everyId, type IdSet, setOfBounds, unionAll } from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';
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
  const joined: Endpoint[] = [];
  let later: { readonly selectors: SelectorIndex; readonly matcherOf: (family: Family) => RuleMatcher } | undefined;

  /** Look-ups over all that have joined; made anew when others do. */
  function laterOnes(): NonNullable<typeof later> {
    if (later === undefined) {
      const own = indexSelectors(joined);
      const matcherOf = matchRules([...joined], own, universe);
      const matchers = new Map<Family, RuleMatcher>();
      later = {
        selectors: own,
        matcherOf: (family) => {
          const matcher = matchers.get(family) ?? matcherOf(family);
          matchers.set(family, matcher);
          return matcher;
        },
      };
    }
    return later;
  }

  const withLater = (set: MatchSet, find: (others: NonNullable<typeof later>) => MatchSet): MatchSet =>
    joined.length === 0 ? set : followedBy(set, moved(find(laterOnes()), size));

  return {
    endpoints,
    selectors: {
      pods: (...asked) => withLater(selectors.pods(...asked), (others) => others.selectors.pods(...asked)),
      subjects: (...asked) => withLater(selectors.subjects(...asked), (others) => others.selectors.subjects(...asked)),
    },
    matcherOf(family) {
      const matcher = firstMatchers(family);
      const others = () => laterOnes().matcherOf(family);
      return {
        peers(peers, policy) {
          // Whoever joins is one of everybody, before and after.
          if (peers === 'any') return everybody;
          return withLater(matcher.peers(peers, policy), () => others().peers(peers, policy));
        },
        portsOn: (ports, end) => (end < size ? matcher.portsOn(ports, end) : others().portsOn(ports, end - size)),
        namesAt: (end) => (end < size ? matcher.namesAt(end) : size + others().namesAt(end - size)),
        portGroups(ports) {
          const groups = matcher.portGroups(ports);
          if (joined.length === 0 || !hasNames(ports)) return groups;
          const more = others()
            .portGroups(ports)
            .map((group) =>
              group.destinations === undefined ? group : { ...group, destinations: movedSet(group.destinations, size) },
            );
          return [...groups, ...more];
        },
      };
    },
    room: () => room - joined.length,
    join(joining) {
      if (joining.length > room - joined.length) throw new RangeError('no room for so many endpoints');
      const start = size + joined.length;
      joining.forEach((one, index) => {
        endpoints[start + index] = one;
      });
      joined.push(...joining);
      if (joining.length > 0) later = undefined;
      const own = indexSelectors(joining);
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
