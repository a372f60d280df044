// The proof of a plan: what the cluster would be with its policies, and whether that is what was needed. Nothing here decides
// what is written.

import { dialectOf } from '../dialects/registry.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import { nearPolicies } from '../evaluate/near-policies.ts';
import { isOurs } from '../generate/foreign-policies.ts';
import { findSurprises, type Surprise } from '../generate/futures.ts';
import type { Need } from '../generate/needs.ts';
import type { Plan, PlannedPolicy, Unwritten } from '../generate/plan.ts';
import { connectionsOf, type Forbidden } from '../generate/statements.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import { type State, withPolicies } from '../state.ts';
import { endsOf } from './ends.ts';
import { serviceViews } from './service-views.ts';
import { type Court, findOpen, type Judged, judgeNeed, type Witness } from './soundness.ts';
import { proveSteps, type StepsProof } from './steps.ts';
import { type Closed, proveTightness, type TightnessProof } from './tightness.ts';
import { findMiswording } from './wording.ts';

/** What became of a need, and why it is in no rule where that is so. */
export interface ProvedNeed {
  readonly need: Need;
  readonly judged: Judged;
  /** The reasons of both ends; empty: every end that gets a policy has a rule for it. */
  readonly unwritten: readonly Unwritten[];
}

/** A plan, proved or refuted. */
export interface Proof {
  /** The state with the policies of the plan instead of those of earlier runs for the same namespaces. */
  readonly after: State;
  /** In the order of the plan's needs; those that concern nobody who gets a policy are left out. */
  readonly needs: readonly ProvedNeed[];
  readonly tightness: TightnessProof;
  readonly steps: StepsProof;
  readonly surprises: readonly Surprise[];
  /** Policies of earlier runs for the same namespaces that the plan has no more: the proof takes them for gone. */
  readonly obsolete: readonly Policy[];
  /** Policies that do not say what they were made from, with the direction. Anything here is a defect of the generator. */
  readonly misworded: readonly { readonly policy: PlannedPolicy; readonly direction: Direction }[];
  /** Needs that are allowed and that the policies as they are now deny, with who does; empty: none. */
  readonly opened: readonly ProvedNeed[];
  /** Bans of which some flow is not surely denied, in their order. Empty: all hold. */
  readonly broken: readonly BrokenBan[];
}

/** A connection that must not be and that policies let through, or may. */
export interface BrokenBan {
  readonly ban: Forbidden;
  readonly witness: Witness;
}

/** Proves a plan against the state that it was made from, and that what is banned is denied. */
export function provePlan(state: State, plan: Plan, bans: readonly Forbidden[] = []): Proof {
  const homes = new Set(plan.workloads.map(({ workload }) => workload.namespace));
  // Earlier runs for other namespaces stay in force.
  const kept = state.policies.filter(
    ({ object, ref }) => !isOurs(object.value) || ref.namespace === undefined || !homes.has(ref.namespace),
  );
  const made = plan.policies.map((policy) => decoded(policy, state));
  const after = withPolicies(state, [...kept, ...made]);
  const world = worldOf(after);
  const court = courtOf(world);
  const isPlanned = plannedKeys(plan);
  const concerned = plan.needs.filter(({ from, to }) =>
    [from, to].some((party) => party.type === 'workload' && isPlanned.has(party.key)),
  );
  const reasons = new Map<Need, Unwritten[]>();
  for (const one of plan.unwritten) {
    const list = reasons.get(one.need);
    if (list === undefined) reasons.set(one.need, [one]);
    else list.push(one);
  }
  const needs = concerned.map(
    (need): ProvedNeed => ({ need, judged: judgeNeed(court, need), unwritten: reasons.get(need) ?? [] }),
  );
  const allowed = needs.filter(({ judged }) => judged.verdict === 'allowed').map(({ need }) => need);
  return {
    after,
    needs,
    tightness: proveTightness(world, concerned, closedBy(plan, isPlanned), court),
    steps: proveSteps(plan.policies, allowed, court),
    surprises: findSurprises(
      state.cluster,
      [...plan.identities.values()].filter(({ workload }) => isPlanned.has(workload)),
    ),
    obsolete: obsoleteOf(state.policies, kept, plan),
    misworded: plan.policies.flatMap((policy, id) =>
      findMiswording(policy, made[id]!).map((direction) => ({ policy, direction })),
    ),
    opened: openedBy(state, needs),
    broken: bans.flatMap((ban): BrokenBan[] => {
      const witness = firstOf(connectionsOf(ban), (connection) => findOpen(court, connection));
      return witness === undefined ? [] : [{ ban, witness }];
    }),
  };
}

/** What is needed only because somebody says so on purpose (`--allow`) surprises nobody. */
function openedBy(state: State, needs: readonly ProvedNeed[]): readonly ProvedNeed[] {
  if (state.policies.length === 0) return [];
  const court = courtOf(worldOf(state));
  return needs.flatMap((one): readonly ProvedNeed[] => {
    const { need, judged } = one;
    if (judged.verdict !== 'allowed' || need.evidence.some(({ kind }) => kind === 'stated')) return [];
    const before = judgeNeed(court, need);
    return before.verdict === 'denied' ? [{ ...one, judged: before }] : [];
  });
}

/** Applying the plan replaces what has its names; the rest of an earlier run has to be deleted. */
function obsoleteOf(all: readonly Policy[], kept: readonly Policy[], { policies }: Plan): readonly Policy[] {
  const key = ({ namespace, name }: Policy['ref']) => `${namespace}/${name}`;
  const names = new Set(policies.map(({ ref }) => key(ref)));
  const stays = new Set(kept);
  return all
    .filter((policy) => !stays.has(policy) && !names.has(key(policy.ref)))
    .sort((a, b) => (key(a.ref) < key(b.ref) ? -1 : 1));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What needs are judged by in a world. */
export function courtOf(world: World): Court {
  const { placement, behaviour } = world.state;
  const { knobs } = behaviour;
  const views = knobs.serviceView === 'postDNAT' ? {} : { otherViews: serviceViews(world.state) };
  return {
    ends: endsOf(world),
    rules: { placement, knobs, applying: nearPolicies(placement), explains: false },
    ...views,
  };
}

function closedBy({ policies }: Plan, isPlanned: ReadonlySet<string>): Closed {
  const denies = policies.filter(({ purpose }) => purpose === 'default-deny');
  return { isPlanned: (key) => isPlanned.has(key), namespaces: denies.map(({ ref }) => ref.namespace) };
}

function plannedKeys({ workloads }: Plan): ReadonlySet<string> {
  return new Set(workloads.filter(({ status }) => status === 'planned').map(({ workload }) => workload.key));
}

/** Reads a policy of ours as if somebody had written it. What the API server would refuse is a defect of the generator. */
function decoded(planned: PlannedPolicy, { behaviour, defaultNamespace }: State): Policy {
  const { value, ref } = planned;
  const object: ManifestObject = { value, locate: () => ({ path: '' }) };
  const { strictCIDR } = behaviour.knobs;
  const { policy, findings } = dialectOf('networking.k8s.io/v1', 'NetworkPolicy')!.decode(object, {
    defaultNamespace,
    strictCIDR,
    channel: 'either',
  });
  const refused = findings.find(({ rejectedByApi }) => rejectedByApi);
  if (policy === undefined || refused !== undefined) {
    throw new Error(`the API server would refuse ${ref.namespace}/${ref.name}: ${refused?.message ?? 'no policy'}`);
  }
  return policy;
}
