// What policies would let these workloads live and nothing else? Evidence in; policies, their proof and what is not known out.

import type { Unattributed } from '../attribution/attribution.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import { arrivesAt, narrowed } from '../evidence/ports-question.ts';
import type { Part } from '../generate/categories.ts';
import { needsOf } from '../generate/needs.ts';
import { planPolicies } from '../generate/plan.ts';
import { connectionsOf, type Forbidden, forbidden, statedEvidence, withoutForbidden } from '../generate/statements.ts';
import type { AddressBudget } from '../generate/widen-addresses.ts';
import { type Confidence, type Evidence, type EvidenceFound, type OpenQuestion, partyKey } from '../model/evidence.ts';
import { workloadName } from '../model/party-names.ts';
import { findNoEnforcement } from '../platforms/index.ts';
import { findContradicted } from '../proof/contradicted-rules.ts';
import { provePlan } from '../proof/prove.ts';
import { findRemarks, type Observation } from '../proof/readiness.ts';
import { unsureQuestions } from '../proof/unsure-questions.ts';
import { type IpSet, NO_ADDRESSES, unionAll } from '../sets/ip-set.ts';
import { NAMED_RANGES } from '../sets/named-ranges.ts';
import type { State } from '../state.ts';
import type { PairExpression, QuestionContext } from './ask.ts';
import { describeGenerated } from './describe-generated.ts';
import type { GeneratedPolicies } from './generated-document.ts';
import { parsePair } from './parse-pair.ts';

/** What to generate from, and what. */
export interface GenerateRequest {
  /** Of all sources; order does not matter. */
  readonly found: EvidenceFound;
  /** What flow logs say of themselves; absent: none were read. */
  readonly observation?: Observation;
  /** Records of flow logs that could not be attributed. Absent: none. */
  readonly unattributed?: readonly Unattributed[];
  /** Facts of the platform, one line each, for people. */
  readonly platform: readonly string[];
  /** Namespaces that get policies, sorted. */
  readonly namespaces: readonly string[];
  readonly parts: ReadonlySet<Part>;
  readonly allow: readonly PairExpression[];
  readonly forbid: readonly PairExpression[];
  /** Evidence that is less sure becomes a question. */
  readonly confidence: Confidence;
  readonly budget: AddressBudget;
}

/** Generates and proves; `after` is the state with the policies. Throws UserError for names in `allow`, `forbid` and `namespaces` that do not exist. */
export function generatePolicies(
  state: State,
  request: GenerateRequest,
  context: QuestionContext,
): { readonly document: GeneratedPolicies; readonly after: State } {
  const world = worldOf(state);
  const stated = statedEvidence(world, request.allow, context);
  const bans: readonly Forbidden[] = forbidden(world, request.forbid, context);
  const all: readonly Evidence[] = [...request.found.evidence, ...stated];
  const { kept, dropped } = withoutForbidden(world, all, bans);
  const plan = planPolicies(state, needsOf(kept), {
    namespaces: request.namespaces,
    parts: request.parts,
    confidence: request.confidence,
    budget: request.budget,
    never: closedRanges(state),
  });
  const proof = provePlan(state, plan, bans);
  for (const { policy, direction } of proof.misworded) {
    throw new Error(`${policy.ref.namespace}/${policy.ref.name} does not say what it was made from (${direction})`);
  }
  // The surest come first: somebody wrote a rule, and nothing of it would be left.
  const contradicted = findContradicted(state, proof.after).filter(({ connection }) => {
    if (bans.length === 0) return true;
    const named = statedEvidence(world, [parsePair([connection])], context);
    return withoutForbidden(world, named, bans).dropped.length === 0;
  });
  const found = request.found.questions
    .filter((question) => !isSettled(question, world, stated, bans))
    .flatMap((question) => narrowed(question, (at) => !isNamed(question, at, stated, bans)) ?? []);
  const questions = [
    ...contradicted.map(({ question }) => question),
    ...found,
    ...unsureQuestions(proof.needs, state.cluster),
    ...plan.questions,
  ];
  const remarks = findRemarks(plan, proof, {
    gaps: state.gaps,
    questions,
    observation: request.observation,
    mostBlocks: request.budget.blocks,
    bans,
    services: state.cluster.services,
    notEnforced: findNoEnforcement(state)?.because,
  });
  const { platform, unattributed = [] } = request;
  const generated = { plan, proof, remarks, questions, dropped, platform, unattributed };
  return { document: describeGenerated(state, generated, request), after: proof.after };
}

/** Reports whether the engineer allows or forbids what a question is about. */
function isSettled(
  { connection, workload, callOn }: OpenQuestion,
  world: World,
  stated: readonly Evidence[],
  bans: readonly Forbidden[],
): boolean {
  if (callOn !== undefined && workload !== undefined) {
    const isCaller = ({ from, ports }: Evidence) =>
      from.type === 'workload' && from.key === workload && ports[0] <= callOn && callOn <= ports[1];
    return stated.some(isCaller);
  }
  if (connection === undefined) return false;
  const { from, to, protocol, ports } = connection;
  const asked: Evidence = { ...connection, kind: 'stated', confidence: 'certain', says: '' };
  if (withoutForbidden(world, [asked], bans).dropped.length > 0) return true;
  return stated.some(
    (one) =>
      partyKey(one.from) === partyKey(from) &&
      partyKey(one.to) === partyKey(to) &&
      one.protocol === protocol &&
      one.ports[0] <= ports[0] &&
      ports[1] <= one.ports[1],
  );
}

/** Reports whether the engineer allows somebody a port, or forbids it to whom the question is about. */
function isNamed(
  { client }: OpenQuestion,
  at: NonNullable<OpenQuestion['arrivals']>[number],
  stated: readonly Evidence[],
  bans: readonly Forbidden[],
): boolean {
  const banned = bans
    .flatMap(connectionsOf)
    .filter(({ from }) => from.type === 'workload' && workloadName(from.key) === client);
  return [...stated, ...banned].some((connection) => arrivesAt(connection, at));
}

/** What no widened block may reach: the cloud's metadata, and the cluster's own ranges as far as they are shown. */
function closedRanges({ plan }: State): IpSet {
  const { assumed, pods, services, nodes } = plan;
  return unionAll([
    NAMED_RANGES.metadata,
    assumed.includes('podCIDRs') ? NO_ADDRESSES : pods,
    assumed.includes('nodeCIDRs') ? NO_ADDRESSES : nodes,
    services,
  ]);
}
