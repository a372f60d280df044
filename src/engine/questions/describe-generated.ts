// From a plan and its proof to the document of `generate`.

import type { Unattributed } from '../attribution/attribution.ts';
import { entry } from '../compile/entry.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { PlannedRules } from '../generate/demands.ts';
import { closingPolicies, foreignPolicies, isOurs } from '../generate/foreign-policies.ts';
import { CONFIDENCES, type Need } from '../generate/needs.ts';
import type { Plan, PlannedPolicy, PlannedWorkload } from '../generate/plan.ts';
import type { Forbidden } from '../generate/statements.ts';
import type { Confidence, Evidence, OpenQuestion, Party } from '../model/evidence.ts';
import { partyName, workloadNames } from '../model/party-names.ts';
import type { Policy, PolicyRef } from '../model/policy.ts';
import { printSelector } from '../model/selector.ts';
import type { Proof, ProvedNeed } from '../proof/prove.ts';
import type { Remark } from '../proof/remark.ts';
import type { Unjustified } from '../proof/tightness.ts';
import { whyNot } from '../proof/why-not.ts';
import { allTraffic, PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { commonFields, describePorts, policyName } from './describe.ts';
import type {
  EvidenceDocument,
  GeneratedPolicies,
  GeneratedPolicy,
  GeneratedRule,
  GeneratedWorkload,
  NeedDocument,
  PartyDocument,
  UnjustifiedDocument,
} from './generated-document.ts';
import { describeUnattributed } from './replay-parts.ts';

/** What tightness is asked about. */
const EVERY_PORT = allTraffic(PORT_PROTOCOLS);

/** What there is to describe. */
export interface Generated {
  readonly plan: Plan;
  readonly proof: Proof;
  readonly remarks: readonly Remark[];
  readonly questions: readonly OpenQuestion[];
  readonly dropped: readonly { readonly evidence: Evidence; readonly ban: Forbidden }[];
  readonly platform: readonly string[];
  readonly unattributed: readonly Unattributed[];
}

/** Describes; `confidence` is what was asked for. */
export function describeGenerated(
  state: State,
  { plan, proof, remarks, questions, dropped, platform, unattributed }: Generated,
  { confidence }: { readonly confidence: Confidence },
): GeneratedPolicies {
  const ids = new Map(proof.needs.map(({ need }, id) => [need, id]));
  const idsOf = (needs: readonly Need[]): number[] => needs.flatMap((need) => ids.get(need) ?? []);
  const asked = proof.needs.filter(({ need }) => isSureEnough(need, confidence));
  const failed = asked.filter(({ judged }) => judged.verdict === 'denied' || judged.verdict === 'unknown');
  const { tightness, steps } = proof;
  const sound = failed.length === 0;
  const safeOrder = steps.unsafe.length === 0;
  const foreign = foreignPolicies(state);
  const namespaces = [...new Set(plan.workloads.map(({ workload }) => workload.namespace))];
  const lookUp = { policies: plannedByName(plan), sharersOf: sharersIn(plan) };
  return {
    ...commonFields(state, []),
    kind: 'GeneratedPolicies',
    namespaces,
    closed: namespaces
      .map((namespace) => ({ namespace, policies: closingPolicies(foreign, namespace) }))
      .filter(({ policies }) => policies.length > 0),
    platform: [...platform],
    unattributed: unattributed.map(describeUnattributed),
    workloads: plan.workloads.map((planned) => describeWorkload(planned, idsOf)),
    needs: proof.needs.map((proved, id) => describeNeed(proved, id)),
    policies: plan.policies.map((policy) => describePolicy(policy, idsOf)),
    questions: questions.map(({ about, workload, says, hint, source }) => ({
      about,
      ...(workload === undefined ? {} : { workload }),
      says,
      hint,
      ...(source === undefined ? {} : { source }),
    })),
    proof: {
      sound,
      needs: asked.length,
      allowed: asked.filter(({ judged }) => judged.verdict === 'allowed').length,
      tight: tightness.unjustified.length === 0,
      connections: tightness.allowed,
      unjustified: tightness.unjustified.map((one) => describeUnjustified(one, lookUp)),
      unjustifiedPairs: tightness.unjustifiedPairs,
      undecided: tightness.undecided.map(({ reason, pairs, example }) => ({
        reason,
        pairs,
        example: `${example.from.endpoint.name} -> ${example.to.endpoint.name}`,
      })),
      safeOrder,
      steps: steps.steps,
      unsafeSteps: steps.unsafe.map(({ step, policy, need }) => ({
        step,
        policy: policy.ref,
        need: ids.get(need) ?? -1,
      })),
      surprises: proof.surprises.map(({ workload, when, what }) => ({ workload, when, what })),
    },
    obsolete: proof.obsolete.map(({ ref }): PolicyRef => ref),
    ready: sound && safeOrder && remarks.every(({ level }) => level !== 'blocks'),
    readiness: remarks.map(({ level, about, workload, says, hint }) => ({
      level,
      about,
      ...(workload === undefined ? {} : { workload }),
      says,
      hint,
    })),
    forbidden: dropped.map(({ evidence, ban }) => ({
      ban: ban.text,
      from: partyName(evidence.from),
      to: partyName(evidence.to),
      says: evidence.says,
    })),
  };
}

/** Reports whether a need is at least as sure as was asked for. */
function isSureEnough({ confidence }: Need, asked: Confidence): boolean {
  return CONFIDENCES.indexOf(confidence) <= CONFIDENCES.indexOf(asked);
}

function describeWorkload(
  { workload, identity, status, ingress, egress }: PlannedWorkload,
  idsOf: (needs: readonly Need[]) => number[],
): GeneratedWorkload {
  const { key, namespace, kind, name, replicas } = workload;
  return {
    key,
    namespace,
    kind,
    name,
    ...(replicas === undefined ? {} : { pods: replicas }),
    status,
    ...(identity?.selector === undefined ? {} : { selector: printSelector(identity.selector) }),
    alsoSelects: [...(identity?.alsoSelects ?? [])],
    ingress: idsOf(ingress),
    egress: idsOf(egress),
  };
}

function describeNeed({ need, judged, unwritten }: ProvedNeed, id: number): NeedDocument {
  const { from, to, protocol, ports, confidence, evidence } = need;
  const reason = whyNot(judged);
  return {
    id,
    from: describeParty(from),
    to: describeParty(to),
    protocol,
    ports,
    confidence,
    evidence: evidence.map(describeEvidence),
    verdict: judged.verdict,
    ...(reason === undefined ? {} : { reason }),
    unwritten: unwritten.map(({ direction, because, hint }) => ({ direction, why: because, hint })),
  };
}

function describeParty(party: Party): PartyDocument {
  return {
    type: party.type,
    name: partyName(party),
    ...(party.type === 'workload' ? { key: party.key } : {}),
    ...(party.type === 'addresses' ? { cidrs: [...party.cidrs] } : {}),
  };
}

function describeEvidence({ kind, confidence, says, brief, source, via, seen }: Evidence): EvidenceDocument {
  const time = (moment: number | undefined, key: 'first' | 'last') =>
    moment === undefined ? {} : { [key]: new Date(moment).toISOString() };
  return {
    kind,
    confidence,
    says,
    ...(brief === undefined ? {} : { brief }),
    ...(source === undefined ? {} : { source }),
    ...(via === undefined ? {} : { via }),
    ...(seen === undefined
      ? {}
      : { seen: { count: seen.count, ...time(seen.first, 'first'), ...time(seen.last, 'last'), place: seen.place } }),
  };
}

function describePolicy(policy: PlannedPolicy, idsOf: (needs: readonly Need[]) => number[]): GeneratedPolicy {
  const { ref, purpose, workload, ingress, egress, value } = policy;
  const rules = (planned: PlannedRules): GeneratedRule[] =>
    planned.rules.map(({ needs, widened }) => ({
      needs: idsOf(needs),
      ...(widened === undefined
        ? {}
        : { widened: { blocks: widened.blocks, exact: widened.exact, factor: widened.factor } }),
    }));
  return {
    policy: ref,
    purpose,
    ...(workload === undefined ? {} : { workload }),
    ingress: rules(ingress),
    egress: rules(egress),
    smallest: ingress.smallest && egress.smallest,
    manifest: value,
  };
}

/** What is looked up for each connection that nothing needs. */
interface LookUp {
  readonly policies: ReadonlyMap<string, PlannedPolicy>;
  readonly sharersOf: (key: string) => Iterable<string>;
}

function plannedByName({ policies }: Plan): LookUp['policies'] {
  return new Map(policies.map((policy) => [`${policy.ref.namespace}/${policy.ref.name}`, policy]));
}

function describeUnjustified(
  { from, to, family, traffic, policies }: Unjustified,
  lookUp: LookUp,
): UnjustifiedDocument {
  return {
    from: from.map(({ endpoint }) => endpoint.name),
    to: to.map(({ endpoint }) => endpoint.name),
    family,
    ports: describePorts(traffic, EVERY_PORT),
    policies: policies.map(({ ref }): PolicyRef => ref),
    reason: whyAllowed(policies, [...from, ...to], lookUp),
  };
}

/** Finds the workload and those that share a selector with it, in any order; empty where its selector is its own. */
function sharersIn({ workloads }: Plan): LookUp['sharersOf'] {
  // Workloads without labels of their own say the same of each other.
  const groups = new Map<string, readonly string[]>();
  for (const { identity } of workloads) {
    if (identity === undefined || identity.alsoSelects.length === 0) continue;
    const members = [...identity.alsoSelects, identity.workload].sort();
    groups.set(members.join('\n'), members);
  }
  const sharers = new Map<string, Set<string>>();
  for (const members of groups.values()) {
    for (const key of members) {
      const known = entry(sharers, key, () => new Set<string>());
      for (const one of members) known.add(one);
    }
  }
  return (key) => sharers.get(key) ?? [];
}

/** Policies in one sentence; `policies` has all. */
const MOST_NAMED = 3;

/** Whose doing it is: of a policy that was there before, of a selector that means several workloads, of a wider block. */
function whyAllowed(
  policies: readonly Policy[],
  ends: readonly Unit[],
  { policies: planned, sharersOf }: LookUp,
): string {
  const foreign = policies.filter(({ object }) => !isOurs(object.value));
  if (foreign.length > 0) {
    const names = foreign.slice(0, MOST_NAMED).map(policyName).join(', ');
    const more = foreign.length - MOST_NAMED;
    return `allowed by ${names}${more > 0 ? ` and ${more} more` : ''}, which ${foreign.length === 1 ? 'is' : 'are'} not generated`;
  }
  const own = policies.flatMap((policy) => planned.get(policyName(policy)) ?? []);
  const rules = own.flatMap(({ ingress, egress }) => [...ingress.rules, ...egress.rules]);
  if (rules.some(({ widened }) => widened !== undefined)) return 'blocks were widened within the budget';
  const shared = new Set<string>();
  for (const unit of ends)
    if (unit.type === 'workload') for (const key of sharersOf(unit.workload.key)) shared.add(key);
  if (shared.size > 0) return `no label tells ${workloadNames(shared).join(', ')} apart`;
  if (rules.some(({ needs }) => needs.some(({ from, to }) => from.type === 'outside' || to.type === 'outside'))) {
    return 'a rule for everybody outside holds addresses of pods, since nobody knows which they are (--assume podCIDRs=CIDR)';
  }
  return policies.length === 0 ? 'no policy isolates its ends' : 'a rule says more than its needs';
}
