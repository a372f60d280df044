// Judges many pairs at once against what is asked: counts of allowed, denied and unknown pairs, and the pairs themselves.

import type { FamilyDecisions } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { commonFamilies, plainlyAllowed } from '../evaluate/cases.ts';
import { nearPolicies } from '../evaluate/near-policies.ts';
import type { Decision } from '../model/verdict.ts';
import { BitSet } from '../sets/bit-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { QuestionContext } from './ask.ts';
import { type AskedPairs, findDenied, type Positions } from './denied-pairs.ts';
import { isDenied, restrict } from './describe.ts';
import { compilePaths, type ServicePath } from './service-path.ts';
import type { Target } from './target.ts';

/** Pairs that meet the same decision on what is asked at their destination. */
export interface JudgedPairs {
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Cut to what is asked. */
  readonly decisions: FamilyDecisions;
  readonly asked: traffic.TrafficSet;
}

/** All pairs of sources and destinations, each exactly once. */
export interface Judgement {
  readonly units: readonly Unit[];
  /** Pairs of which something is allowed, unknown or conditional. */
  readonly open: readonly JudgedPairs[];
  /** Pairs of which everything asked is denied, as rectangles. */
  readonly denied: readonly { readonly from: readonly number[]; readonly to: readonly number[] }[];
  readonly pairs: number;
}

/** Judges every source against every destination. Two ends outside of the cluster are no pair, nor two of different families. */
export function judge(
  world: World,
  sources: readonly Target[],
  destinations: readonly Target[],
  context: QuestionContext,
): Judgement {
  const [from, to] = [sources[0], destinations[0]];
  const isOne = sources.length === 1 && destinations.length === 1;
  return (isOne ? judgePair(world, from!, to!) : undefined) ?? judgeAll(world, sources, destinations, context);
}

/**
 * {@link judge} for one pair that is plainly allowed or denied: to compile policies for it would be most of the work.
 * Undefined: it is not plain, no pair at all, or on a way through a Service.
 */
export function judgePair(
  world: World,
  { unit: from }: Target,
  { unit: to, asked, path }: Target,
): Judgement | undefined {
  if (path !== undefined || (isOutside(from) && isOutside(to))) return undefined;
  const pair = { from: from.endpoint, to: to.endpoint };
  const families = commonFamilies(pair.from, pair.to);
  if (families.length === 0) return undefined;
  const { state, index } = world;
  const placement = index?.placementFor([pair.from, pair.to]) ?? state.placement;
  const rules = { placement, knobs: state.behaviour.knobs, applying: nearPolicies(placement) };
  const decisions: Partial<Record<Family, Decision>> = {};
  let isOpen = false;
  for (const family of families) {
    const allowed = plainlyAllowed(rules, pair, family, asked);
    if (allowed === undefined) return undefined;
    decisions[family] = { allowed, unknown: [], conditional: [] };
    isOpen ||= !traffic.isEmpty(allowed);
  }
  // Positions of units: one that is both ends stands for two replicas.
  const isSame = pair.from.key === pair.to.key;
  const ends = { from: [0], to: [isSame ? 0 : 1] };
  return {
    units: isSame ? [from] : [from, to],
    open: isOpen ? [{ ...ends, decisions, asked }] : [],
    denied: isOpen ? [] : [ends],
    pairs: 1,
  };
}

/** {@link judge} by compiling the policies of the ends. */
export function judgeAll(
  world: World,
  sources: readonly Target[],
  destinations: readonly Target[],
  context: QuestionContext,
): Judgement {
  const units: Unit[] = [];
  const position = new Map<string, number>();
  const place = ({ unit }: Target): number => {
    const known = position.get(unit.endpoint.key);
    if (known !== undefined) return known;
    position.set(unit.endpoint.key, units.length);
    return units.push(unit) - 1;
  };
  const from = sources.map(place);
  const to = destinations.map(place);
  const protocols = traffic.PROTOCOLS.filter(
    (protocol) =>
      context.protocols.includes(protocol) || destinations.some(({ asked }) => asked[protocol] !== undefined),
  );
  const reach = compilePaths(world, units, protocols);
  const paths = new Map(destinations.flatMap(({ path }, i) => (path === undefined ? [] : [[to[i]!, path] as const])));
  // In a set of pairs a pod and itself say nothing: no policy could block that.
  const selves = from.length * to.length === 1 ? NO_SELVES : findSelves(world, units, from, to, paths);
  const open: JudgedPairs[] = [];
  const denied: Positions[] = [];
  const byAsked = new Map<string, { ids: number[]; asked: traffic.TrafficSet }>();
  destinations.forEach(({ asked }, index) => {
    const key = traffic.trafficKey(asked);
    const group = byAsked.get(key);
    if (group === undefined) byAsked.set(key, { ids: [to[index]!], asked });
    else group.ids.push(to[index]!);
  });
  const pairing = pairUp(units, from, selves);
  let pairs = 0;
  for (const { ids, asked } of byAsked.values()) {
    const held: Positions[] = [];
    for (const { sources: s, destinations: d, decisions } of reach.rectangles(from, ids, paths)) {
      const cut = cutTo(decisions, asked);
      if (Object.values(cut).every((decision) => isDenied(decision))) continue;
      for (const part of apart(s, d, selves)) {
        open.push({ ...part, decisions: cut, asked });
        held.push(part);
      }
    }
    const rest = findDenied({ size: units.length, to: ids, ...pairing }, held);
    denied.push(...rest.denied);
    pairs += rest.pairs;
  }
  return { units, open, denied, pairs };
}

/**
 * Which sources make a pair with a destination: not two ends outside of the cluster, not ends without an address family in
 * common (nothing that a policy says could connect them), and not a pod and itself.
 */
function pairUp(
  units: readonly Unit[],
  from: readonly number[],
  selves: Selves,
): Pick<AskedPairs, 'classOf' | 'sourcesOf'> {
  const plain = (id: number) => `${isOutside(units[id]!)} ${units[id]!.endpoint.families.join(',')}`;
  const byClass = new Map<string, BitSet>();
  const matching = (id: number): BitSet => {
    const known = byClass.get(plain(id));
    if (known !== undefined) return known;
    const isPair = (source: number) =>
      !(isOutside(units[id]!) && isOutside(units[source]!)) &&
      commonFamilies(units[source]!.endpoint, units[id]!.endpoint).length > 0;
    const found = BitSet.from(units.length, from.filter(isPair));
    byClass.set(plain(id), found);
    return found;
  };
  return {
    classOf: (id) => `${plain(id)} ${selves.get(id)?.join(',') ?? ''}`,
    sourcesOf: (id) => {
      const own = selves.get(id);
      return own === undefined ? matching(id) : matching(id).clone().andNotWith(BitSet.from(units.length, own));
    },
  };
}

function pathTo(paths: ReadonlyMap<number, ServicePath>, id: number): { path?: ServicePath } {
  const path = paths.get(id);
  return path === undefined ? {} : { path };
}

/** For each destination that is a pod alone the sources that are the same pod, by whatever address it is asked. */
type Selves = ReadonlyMap<number, readonly number[]>;

const NO_SELVES: Selves = new Map();

function findSelves(
  world: World,
  units: readonly Unit[],
  from: readonly number[],
  to: readonly number[],
  paths: ReadonlyMap<number, ServicePath>,
): Selves {
  const byWorkload = new Map<string, number[]>();
  for (const id of from) {
    const unit = units[id]!;
    if (unit.type !== 'workload') continue;
    byWorkload.set(unit.workload.key, [...(byWorkload.get(unit.workload.key) ?? []), id]);
  }
  const selves = new Map<number, readonly number[]>();
  for (const id of to) {
    const unit = units[id]!;
    const target = { unit, ...pathTo(paths, id) };
    const sources = unit.type === 'workload' ? (byWorkload.get(unit.workload.key) ?? []) : [];
    const same = sources.filter((source) => isItself(world, units[source]!, target));
    if (same.length > 0) selves.set(id, same);
  }
  return selves;
}

/** The pairs of a rectangle without those of a pod and itself. */
function apart(
  from: readonly number[],
  to: readonly number[],
  selves: Selves,
): { readonly from: readonly number[]; readonly to: readonly number[] }[] {
  const own = to.filter((id) => selves.get(id)?.some((source) => from.includes(source)));
  if (own.length === 0) return [{ from, to }];
  const parts = [
    { from, to: to.filter((id) => !own.includes(id)) },
    ...own.map((id) => ({ from: from.filter((source) => !selves.get(id)!.includes(source)), to: [id] })),
  ];
  return parts.filter((part) => part.from.length > 0 && part.to.length > 0);
}

/** Reports whether both ends are one pod that reaches itself directly, which no policy can block (semantics 1.8 T3). */
export function isItself({ state }: World, from: Unit, { unit: to, path }: Omit<Target, 'asked'>): boolean {
  return (
    path === undefined &&
    from.type === 'workload' &&
    from.workload.kind === 'Pod' &&
    to.type === 'workload' &&
    from.workload.key === to.workload.key &&
    state.behaviour.knobs.selfTraffic === 'allow'
  );
}

/** Why ends make no pair at all, for a person. */
export function noPair(ends: readonly Unit[]): string {
  return ends.every(isOutside) ? 'both ends are outside of the cluster' : 'no address family in common';
}

/** Reports whether the unit is no end that policies of this cluster speak for. */
export function isOutside({ endpoint }: Unit): boolean {
  return endpoint.type === 'addresses' || endpoint.type === 'entry';
}

/** The decisions cut to what is asked. */
export function cutTo(decisions: FamilyDecisions, asked: traffic.TrafficSet): FamilyDecisions {
  const kept = FAMILIES.flatMap((family) =>
    decisions[family] === undefined ? [] : [[family, restrict(decisions[family], asked)] as const],
  );
  return Object.fromEntries(kept);
}

/** What can be said of one decision: everything asked is allowed, nothing, some of it, or it depends. */
export type Grade = 'allowed' | 'denied' | 'partly' | 'unknown';

/** Grades the decisions of a pair in all families against what is asked. A condition counts as not allowed for sure. */
export function grade(decisions: FamilyDecisions, asked: traffic.TrafficSet): Grade {
  const grades = Object.values(decisions).map((decision: Decision): Grade => {
    if (decision.unknown.length > 0) return 'unknown';
    if (traffic.isSubset(asked, decision.allowed)) return 'allowed';
    return isDenied(decision) ? 'denied' : 'partly';
  });
  return total(grades);
}

/** One grade for many: equal ones stay, unknown wins, anything mixed is partly. Nothing at all is denied. */
export function total(grades: readonly Grade[]): Grade {
  if (grades.includes('unknown')) return 'unknown';
  const distinct = new Set(grades);
  if (distinct.size > 1) return 'partly';
  return [...distinct][0] ?? 'denied';
}

/** One verdict for all pairs that were judged. */
export function verdictOf({ open, denied }: Judgement): Grade {
  const grades = open.map(({ decisions, asked }) => grade(decisions, asked));
  return total(denied.length > 0 ? [...grades, 'denied'] : grades);
}
