// The compiled evaluator: all pairs of many endpoints at once, as disjoint rectangles. Must agree with evaluate/.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Direction, seesHostNetwork } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { EMPTY, everyId, type IdSet, idSet, membersOf, subtract, unionAll } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import { allTraffic, type Protocol } from '../sets/traffic-set.ts';
import { type ChangingSelections, changingSelections } from './changing-selections.ts';
import { type DecisionId, type DecisionTable, decisionTable } from './decision.ts';
import { entry } from './entry.ts';
import { growingEnds } from './growing-ends.ts';
import type { Layer } from './lines.ts';
import { possible } from './match-set.ts';
import { type OpenRests, type OpenRestsOf, openRestsOf } from './open-rests.ts';
import { type OpenSides, openSidesOf, SIDE_SIZES, type SideSizes } from './open-sides.ts';
import { policiesAbout } from './policies-about.ts';
import { type PolicySet, policySet } from './policy-set.ts';
import { type FamilyDecisions, familyDecisions, type Rectangle } from './rectangle.ts';
import { findRectangles } from './rectangles.ts';
import { decisionOn } from './row.ts';
import { PART_SIZES, type PartSizes } from './row-maker.ts';
import { type PartialRows, rowsUnder } from './rows.ts';
import { matchRules } from './rule-matches.ts';
import { indexSelectors, type SelectorIndex } from './selector-index.ts';

/** Answers for all pairs of the endpoints. */
export interface Reach {
  /** By number. Where others can join, there are also those that are not yet, or no longer, there: see `present`. */
  readonly endpoints: readonly Endpoint[];
  /** The numbers of the endpoints that are there; mostly all. */
  readonly present: IdSet;
  /** What one side says, by family, with decisions of the table. */
  readonly rows: ReadonlyMap<Family, PartialRows>;
  readonly table: DecisionTable;
  /** The decision for one pair; no field at all where the ends share no family. */
  decide(source: number, destination: number): FamilyDecisions;
  /**
   * Disjoint rectangles that hold every pair of a source and a destination whose decision is not "all denied". Pairs of
   * an endpoint with itself count as two replicas. Pairs of two address ranges or entries are left out: nobody asks.
   */
  rectangles(sources?: readonly number[], destinations?: readonly number[]): Rectangle[];
  /**
   * The same with some policies and endpoints exchanged. This one stays as it is; both share what is worked out, and keep
   * it, also for policies and endpoints that are gone: after very many exchanges it is time to compile anew. `ends`
   * absent: the same endpoints. Throws a RangeError where there is no room for those that come, and a TypeError for one
   * that speaks with the address of a node ({@link Endpoint.ownNode}): it may matter to everybody.
   */
  exchange(change: PolicyChange, ends?: EndChange): Exchanged;
  /** How many endpoints can still come. */
  room(): number;
  /** The endpoints that may be open to whom none of their rules names. */
  openRests(): OpenRests;
  /** Those of the subjects among which are all that may be open to one of the peers: see {@link OpenSides.find}. */
  openTo(direction: Direction, subjects: IdSet, peers: IdSet): IdSet;
}

/** Policies that go and policies that come. `removed` are objects of the placement, or of an earlier change. */
export interface PolicyChange {
  readonly removed: readonly PlacedPolicy[];
  readonly added: readonly PlacedPolicy[];
}

/** Endpoints that go, by number, and endpoints that come. */
export interface EndChange {
  readonly removed: readonly number[];
  /** `instead`: the number of one that goes, of which this one takes the place, as when pods get other labels. */
  readonly added: readonly { readonly endpoint: Endpoint; readonly instead?: number }[];
}

/** What an exchange leads to. */
export interface Exchanged {
  readonly reach: Reach;
  /** The endpoints of before whose own side may say something else to others of before; all others say the same. */
  readonly affected: Readonly<Record<Direction, IdSet>>;
  /** The numbers of endpoints that came, in the order of the change. */
  readonly added: readonly number[];
  /** The endpoints of which some policy names one that came or went; others say of these what they say of the rest. */
  readonly naming: Readonly<Record<Direction, IdSet>>;
}

/** What {@link compileReach} can be told beside what it compiles. */
export interface CompileOptions {
  /** The index of the endpoints, where the caller has one already. */
  readonly selectors?: SelectorIndex;
  /** For how many more endpoints there is to be room; absent: none. */
  readonly room?: number;
  /** What is large; answers do not depend on it, but which of the possible rectangles are found does. */
  readonly sizes?: PartSizes;
  /** How {@link Reach.openTo} looks up; no other answer depends on it. */
  readonly sideSizes?: SideSizes;
}

/** Compiles policies for a list of endpoints. */
export function compileReach(
  rules: { readonly placement: Placement; readonly knobs: Knobs },
  first: readonly Endpoint[],
  protocols: readonly Protocol[],
  {
    selectors: known = indexSelectors(first),
    room = 0,
    sizes: partSizes = PART_SIZES,
    sideSizes = SIDE_SIZES,
  }: CompileOptions = {},
): Reach {
  const universe = allTraffic(protocols);
  const table = decisionTable();
  // Whoever comes may have another family than all that are there.
  const families = FAMILIES.filter((family) => room > 0 || first.some((one) => one.families.includes(family)));
  const ends = room > 0 ? growingEnds(first, room, universe, known) : undefined;
  const { endpoints, selectors, matcherOf } = ends ?? {
    endpoints: first,
    selectors: known,
    matcherOf: matchRules(first, known, universe),
  };
  const { chain } = rules.placement;
  const rowInput = { chain, knobs: rules.knobs, endpoints, universe, table, matcherOf, partSizes };
  const rowsOf = rowsUnder(rowInput, families);
  const about = policiesAbout();
  // Policies of any form of this one that are not sorted by whom they are about.
  const unread: PlacedPolicy[] = ends === undefined ? [] : [...rules.placement.policies];

  /** Subjects of policies, surely or perhaps. */
  function subjectsOf(policies: readonly PlacedPolicy[]): Record<Direction, IdSet> {
    const of = (direction: Direction): IdSet =>
      unionAll(
        policies.flatMap(({ policy }) => {
          const subject = policy[direction]?.subject;
          if (subject === undefined) return [];
          return [possible(selectors.subjects(subject.namespaces, subject.pods, seesHostNetwork(policy)))];
        }),
      );
    return { ingress: of('ingress'), egress: of('egress') };
  }

  function reachUnder(
    selected: ChangingSelections,
    present: IdSet,
    policies: PolicySet,
    openUnder: (rows: Reach['rows']) => { readonly rests: OpenRestsOf; readonly sides: OpenSides },
  ): Reach {
    const rows = rowsOf(selected.selections);
    const { rests, sides } = openUnder(rows);
    const layers: readonly Layer[] = families.map((family) => ({ family, rows: rows.get(family)! }));
    const decisionOf = (family: Family, source: number, destination: number): DecisionId => {
      const own = rows.get(family)!;
      const egress = decisionOn(own.row(source, 'egress'), destination);
      return table.and(egress, decisionOn(own.row(destination, 'ingress'), source));
    };
    return {
      endpoints,
      present,
      rows,
      table,
      decide(source, destination) {
        const shared = families.filter((family) => shares(endpoints, family, source, destination));
        return Object.fromEntries(shared.map((family) => [family, table.get(decisionOf(family, source, destination))]));
      },
      rectangles(from, to) {
        const sources = from === undefined ? present : idSet(from);
        const destinations = to === undefined ? present : idSet(to);
        const found = findRectangles({ endpoints, layers, table, sources, destinations });
        // Many rectangles share a side.
        const known = new Map<IdSet, readonly number[]>();
        const members = (set: IdSet) => entry(known, set, () => membersOf(set));
        return found.map(({ sources: s, destinations: d, decisions }) => ({
          sources: members(s),
          destinations: members(d),
          decisions: familyDecisions(table, layers, decisions),
        }));
      },
      exchange(change, moving = NO_ENDS) {
        const next = policies.with(change);
        if (ends !== undefined) for (const placed of change.added) unread.push(placed);
        const then = (
          selections: ChangingSelections,
          left: IdSet,
          changed: Exchanged['affected'],
          naming: Exchanged['naming'] = NO_SUBJECTS,
        ): Reach =>
          reachUnder(selections, left, next, (others) => ({
            rests: rests.next(others, changed),
            // Of whom policies name one that comes, the sides are others.
            sides: sides.next(others, left, {
              ingress: unionAll([changed.ingress, naming.ingress]),
              egress: unionAll([changed.egress, naming.egress]),
            }),
          }));
        if (moving.added.length === 0 && moving.removed.length === 0) {
          const { selections, affected } = selected.exchange(change);
          return { reach: then(selections, present, affected), affected, added: [], naming: NO_SUBJECTS };
        }
        const coming = moving.added.map(({ endpoint }) => endpoint);
        if (coming.some(({ ownNode }) => ownNode !== undefined)) throw new TypeError('the endpoint may be a node');
        if (ends === undefined) throw new RangeError('no room for endpoints that come');
        about.add(unread.splice(0));
        const were = policies.all();
        const [are, isNew] = [next.all(), new Set(change.added)];
        const { peers: leaving } = about.find(moving.removed.map((id) => endpoints[id]!));
        const { members, selectors: own } = ends.join(coming);
        // Policies that name one of those that come say something of whomever they select: they select anew. Others that
        // apply to one are only told so.
        const isKept = (placed: PlacedPolicy) => are.has(placed) && !isNew.has(placed);
        const { peers, subjects } = about.find(coming);
        const again = [...peers].filter(isKept);
        const { affected } = selected.exchange(change);
        const { selections } = selected.exchange({
          removed: [...change.removed, ...again],
          added: [...change.added, ...again],
          joining: {
            selectors: own,
            policies: [...subjects].filter((placed) => isKept(placed) && !peers.has(placed)),
          },
        });
        const concerned = [...[...leaving].filter((one) => were.has(one)), ...[...peers].filter((one) => are.has(one))];
        // Whoever is on the node of one that went said something of it, whatever the policies.
        const naming = moving.removed.some((id) => endpoints[id]!.ownNode !== undefined)
          ? { ingress: present, egress: present }
          : subjectsOf([...new Set(concerned)]);
        const changed = {
          ingress: unionAll([affected.ingress, members]),
          egress: unionAll([affected.egress, members]),
        };
        const left = unionAll([subtract(present, idSet(moving.removed)), members]);
        return { reach: then(selections, left, changed, naming), affected, added: membersOf(members), naming };
      },
      openRests: () => rests.get(),
      openTo: (direction, subjects, peers) => sides.find(direction, subjects, peers),
      room: () => ends?.room() ?? 0,
    };
  }
  return reachUnder(
    changingSelections(rules.placement, selectors),
    everyId(first.length),
    policySet(rules.placement.policies),
    (rows) => ({
      rests: openRestsOf(endpoints, rows, everyId(first.length)),
      sides: openSidesOf(endpoints, rows, everyId(first.length), sideSizes),
    }),
  );
}

const NO_ENDS: EndChange = { removed: [], added: [] };
const NO_SUBJECTS: Exchanged['naming'] = { ingress: EMPTY, egress: EMPTY };

function shares(endpoints: readonly Endpoint[], family: Family, source: number, destination: number): boolean {
  return endpoints[source]!.families.includes(family) && endpoints[destination]!.families.includes(family);
}
