// A cluster that is kept compiled while its objects change: batches of events lead to the next one, with all connections
// that are gained, lost or changed. Exact whatever the events; quick for those that are frequent. Keeps no clock.

import { placePolicies } from '../behaviours/place.ts';
import { placedChanges } from '../behaviours/placed-changes.ts';
import type { PolicyChange, Reach } from '../compile/reach.ts';
import type { ReachChange } from '../compile/reach-changes.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import { type Growth, grown, growthOf, isConcerned, isEndConcerned } from '../endpoints/growth.ts';
import { findRelevance, type Relevance } from '../endpoints/relevance.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { AddressPlan, Service } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { decisionsKey, isNothing } from '../questions/compare-maps.ts';
import { type IdSet, idSet, membersOf, unionAll as unionAllIds } from '../sets/id-set.ts';
import { FAMILIES, type IpSet, isSubset, NO_ADDRESSES, equals as sameAddresses, unionAll } from '../sets/ip-set.ts';
import { loadState, placementOf, type State } from '../state.ts';
import { type KnownPlan, planAfter, planOf } from './address-counts.ts';
import { type ClusterParts, changeParts, type PartsChange, type ReadOptions, readParts } from './cluster-parts.ts';
import { compileForm, type FormOptions, type LiveForm, type NextForm, nextForm } from './live-form.ts';
import { OUTSIDE } from './live-units.ts';
import { lastOfEach, type ObjectEvent } from './object-events.ts';

/** Settings of a live cluster. */
export interface LiveOptions extends ReadOptions, FormOptions {}

/** A cluster at one point. Immutable: asking "what if" is applying events and keeping this one. */
export interface LiveCluster {
  /** Answers for all pairs of units, by number; numbers of units that are not there stand for nobody. */
  readonly reach: Reach;
  /**
   * Pods that no policy can tell apart, or addresses outside that no policy can; undefined: nobody has this number. Units may
   * be finer than those of a map: what a policy told apart stays apart when the policy is gone.
   */
  unit(number: number): Unit | undefined;
  /** The state of the same objects, to ask anything; read when it is first asked for. */
  state(): State;
  /** Applies a batch as one step. Throws UserError for an event whose object has no name. */
  apply(events: readonly ObjectEvent[]): LiveStep;
}

/** One step from a cluster to the next. */
export interface LiveStep {
  readonly live: LiveCluster;
  /**
   * All pairs of places that meet another verdict, each once. A place is a unit before, after, or both: see `at`. Families in
   * which nothing is open are left out; to and from a unit that is not there nothing is.
   */
  readonly changes: readonly ReachChange[];
  /** All places at which somebody is, before or after. */
  places(): IdSet;
  /** Who is at a place, before and after; absent: nobody. A workload whose pods got other labels keeps its place. */
  at(place: number): { readonly before?: Unit; readonly after?: Unit };
  /** Pods that came, went, or are of another unit now: they have the connections of that unit's place. */
  readonly pods: readonly MovedPod[];
  /** Whether so much changed that all was compiled anew; the answer is the same. */
  readonly compiledAnew: boolean;
}

/** A pod and its places; absent: it is not there. */
export interface MovedPod {
  readonly namespace: string;
  readonly name: string;
  readonly before?: number;
  readonly after?: number;
}

/** What leads from one step to the next. */
interface Version {
  readonly form: LiveForm;
  readonly known: KnownPlan;
  /** All policies as they are placed; absent where each is placed by itself, whatever the others are. */
  readonly placement?: Placement;
}

/** Reads and compiles a whole cluster. */
export function liveCluster(objects: readonly ManifestObject[], options: LiveOptions): LiveCluster {
  const { behaviour } = options;
  const parts = readParts(objects, options);
  const placer = policyPlacer(options);
  const placement = placer.whole(parts);
  const policies = placement?.policies ?? placer.each(policiesOf(parts));
  const known = planOf(parts, behaviour);
  const relevance = findRelevance(placementLike(policies), servicesOf(parts, parts.byName.keys()));
  const source = { parts, plan: known.plan, behaviour, relevance, named: namedWithin(relevance, known.plan) };
  const form = compileForm(source, policies, options);
  return liveAt({ form, known, ...(placement === undefined ? {} : { placement }) }, placer, options);
}

function liveAt(version: Version, placer: PolicyPlacer, options: LiveOptions): LiveCluster {
  const { form } = version;
  let state: State | undefined;
  return {
    reach: form.reach,
    unit: (number) => form.units[number],
    state() {
      const objects = [...form.source.parts.byName.values()].flatMap((part) => [...part.objects.values()].flat());
      state ??= loadState({ objects, behaviour: options.behaviour, defaultNamespace: options.defaultNamespace });
      return state;
    },
    apply: (events) => apply(version, events, placer, options),
  };
}

function apply(before: Version, events: readonly ObjectEvent[], placer: PolicyPlacer, options: LiveOptions): LiveStep {
  const { source } = before.form;
  const change = changeParts(source.parts, lastOfEach(events, options), options);
  const known = planAfter(before.known, source.parts, change.parts, change.touched, options.behaviour);
  const { policies, placement } = placer.change(before.placement, change);
  const more = findRelevance(placementLike(policies.added), servicesOf(change.parts, change.touched));
  const growth = growthOf(source.relevance, more);
  // What is newly told apart is cut first, without any change: so that both sides of the step have the same places.
  const allBefore = () => before.placement?.policies ?? placer.each(policiesOf(source.parts));
  const cut =
    growth === undefined
      ? before.form
      : recut(before.form, grown(source.relevance, more, growth), growth, allBefore, options);
  const { relevance } = cut.source;
  const allAfter = () => placement?.policies ?? placer.each(policiesOf(change.parts));
  const named = namedAfter(cut, known.plan, policies, allAfter);
  const names = new Set(change.touched);
  if (known.plan !== source.plan) for (const name of change.parts.byName.keys()) names.add(name);
  if (known.plan !== source.plan || named !== source.named) names.add(OUTSIDE);
  const next = nextForm(
    cut,
    {
      source: { ...source, parts: change.parts, plan: known.plan, relevance, named },
      names,
      policies,
      allPolicies: allAfter,
    },
    options,
  );
  const version: Version = { form: next.form, known, ...(placement === undefined ? {} : { placement }) };
  const moved = movedPods(cut, next, names);
  return {
    live: liveAt(version, placer, options),
    ...placesOf(cut, next),
    pods: moved,
    compiledAnew: next.compiledAnew,
  };
}

/** The same form with units that are told apart by more. */
function recut(
  form: LiveForm,
  relevance: Relevance,
  growth: Growth,
  allPolicies: () => readonly PlacedPolicy[],
  options: LiveOptions,
): LiveForm {
  const { source } = form;
  const names = [...source.parts.byName]
    .filter(
      ([name, { pods }]) =>
        pods.some((pod) => isConcerned(pod, growth)) ||
        (form.numbers.get(name) ?? []).some((number) => isEndConcerned(form.reach.endpoints[number]!, growth)),
    )
    .map(([name]) => name);
  if (growth.blocks.length > 0) names.push(OUTSIDE);
  const policies = { removed: [], added: [] };
  return nextForm(form, { source: { ...source, relevance }, names, policies, allPolicies }, options).form;
}

/** Who is where, and what changes; decisions that read the same are no change. */
function placesOf(before: LiveForm, next: NextForm): Pick<LiveStep, 'changes' | 'at' | 'places'> {
  const numberAt = new Map<number, number>();
  next.form.units.forEach((unit, number) => {
    if (unit !== undefined && next.placeOf(number) !== number) numberAt.set(next.placeOf(number), number);
  });
  const unitAfter = (place: number): Unit | undefined => {
    const unit = next.form.units[numberAt.get(place) ?? place];
    return unit !== undefined && next.placeOf(numberAt.get(place) ?? place) === place ? unit : undefined;
  };
  return {
    changes: next
      .changes()
      .map((one) => ({ ...one, before: openIn(one.before), after: openIn(one.after) }))
      .filter((one) => decisionsKey(one.before) !== decisionsKey(one.after)),
    places: () =>
      unionAllIds([
        before.reach.present,
        idSet(membersOf(next.form.reach.present).map((number) => next.placeOf(number))),
      ]),
    at(place) {
      const [was, is] = [before.units[place], unitAfter(place)];
      return { ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
    },
  };
}

function openIn(decisions: FamilyDecisions): FamilyDecisions {
  return Object.fromEntries(
    FAMILIES.flatMap((family) => {
      const decision = decisions[family];
      return decision === undefined || isNothing({ [family]: decision }) ? [] : [[family, decision]];
    }),
  );
}

function movedPods(before: LiveForm, next: NextForm, namespaces: Iterable<string>): MovedPod[] {
  const moved: MovedPod[] = [];
  for (const namespace of namespaces) {
    const were = placesOfPods(before, namespace, (number) => number);
    const are = placesOfPods(next.form, namespace, next.placeOf);
    for (const name of [...new Set([...were.keys(), ...are.keys()])].sort()) {
      const [was, is] = [were.get(name), are.get(name)];
      if (was === is) continue;
      moved.push({
        namespace,
        name,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      });
    }
  }
  return moved;
}

/** Real pods of a namespace by name. */
function placesOfPods(form: LiveForm, namespace: string, placeOf: (number: number) => number): Map<string, number> {
  const places = new Map<string, number>();
  for (const number of form.numbers.get(namespace) ?? []) {
    const unit = form.units[number]!;
    if (unit.type !== 'workload') continue;
    for (const { name, real } of unit.pods) if (real) places.set(name, placeOf(number));
  }
  return places;
}

function policiesOf({ byName }: ClusterParts): readonly Policy[] {
  return [...byName.values()].flatMap(({ policies }) => [...policies.values()]);
}

function servicesOf({ byName }: ClusterParts, names: Iterable<string>): readonly Service[] {
  return [...names].flatMap((name) => byName.get(name)?.services ?? []);
}

function placementLike(policies: readonly PlacedPolicy[]): Placement {
  return { chain: { tiers: [], tail: 'allow' }, policies, notEnforced: [] };
}

/** Where the pods' range is only assumed, blocks within it may be outside. */
function namedWithin({ blocks }: Relevance, plan: AddressPlan): IpSet {
  return plan.assumed.includes('podCIDRs')
    ? unionAll(blocks.filter((block) => isSubset(block, plan.pods)))
    : NO_ADDRESSES;
}

function namedAfter(
  { source }: LiveForm,
  plan: AddressPlan,
  { removed, added }: PolicyChange,
  all: () => readonly PlacedPolicy[],
): IpSet {
  const within = (policies: readonly PlacedPolicy[]) => namedWithin(findRelevance(placementLike(policies), []), plan);
  const isLess = within(removed).v4.length + within(removed).v6.length > 0;
  const named = isLess || plan !== source.plan ? within(all()) : unionAll([source.named, within(added)]);
  return sameAddresses(named, source.named) ? source.named : named;
}

/** Places policies as they come. */
interface PolicyPlacer {
  /** All policies of a snapshot, where one can change how another is read; undefined: each is placed by itself. */
  whole(parts: ClusterParts): Placement | undefined;
  /** Policies that are each placed by themselves; the same policy always leads to the same object. */
  each(policies: readonly Policy[]): readonly PlacedPolicy[];
  change(before: Placement | undefined, change: PartsChange): { policies: PolicyChange; placement?: Placement };
}

function policyPlacer({ behaviour }: LiveOptions): PolicyPlacer {
  const isWhole = looksAtAll(behaviour.knobs);
  const known = new WeakMap<Policy, readonly PlacedPolicy[]>();
  const placer: PolicyPlacer = {
    whole({ byName }) {
      if (!isWhole) return undefined;
      const parts = [...byName.values()];
      const pods = parts.flatMap((part) => [...part.pods]);
      return placementOf(
        parts.flatMap(({ policies }) => [...policies.values()]),
        { cluster: { pods }, behaviour },
      );
    },
    each: (policies) =>
      policies.flatMap((policy) => {
        const placed = known.get(policy) ?? placePolicies([policy], behaviour).policies;
        known.set(policy, placed);
        return placed;
      }),
    change(before, { parts, removed, added }) {
      const after = before === undefined ? undefined : placer.whole(parts);
      if (before === undefined || after === undefined) {
        return { policies: { removed: placer.each(removed), added: placer.each(added) } };
      }
      const policies = placedChanges(before, after);
      const gone = new Set(policies.removed);
      // Those that say the same stay the objects that they were.
      const kept = before.policies.filter((placed) => !gone.has(placed));
      return { policies, placement: { ...after, policies: [...kept, ...policies.added] } };
    },
  };
  return placer;
}

/** Whether what a plugin makes of a policy depends on other policies, or on pods. */
function looksAtAll({ ingressNamedPorts, egressNamedPorts, exceptions, tiePriority }: Knobs): boolean {
  return (
    ingressNamedPorts === 'perPolicy' ||
    egressNamedPorts === 'clusterWide' ||
    exceptions === 'unknown' ||
    tiePriority === 'byBareName'
  );
}
