// Why: for each kind of pod, family and stretch of ports, what decided on either side, and the nearest rule.

import type { Unit } from '../endpoints/unit.ts';
import { worldOf } from '../endpoints/world.ts';
import { commonFamilies, evaluatePorts, type FlowCase } from '../evaluate/cases.ts';
import { nearPlacement, nearPolicies } from '../evaluate/near-policies.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Policy } from '../model/policy.ts';
import { UserError } from '../model/user-error.ts';
import type { DirectionTrace, FlowTrace, NearMiss, Step } from '../model/verdict.ts';
import { type DescribedRepairs, describeRepairs, goalOf } from '../repair/repair-pair.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { PairExpression, QuestionContext } from './ask.ts';
import { can, destinationText } from './can.ts';
import { commonFields, lacksPolicies } from './describe.ts';
import type { DirectionDocument, Explanation, ExplanationCase, StepDocument } from './documents.ts';
import { type Grade, isItself, isOutside, noPair, total } from './judge.ts';
import { nodePortNotes } from './node-port-notes.ts';
import { resolvePair } from './resolve.ts';
import { readingsOf } from './service-path.ts';
import type { Target } from './target.ts';

/** More pairs than a person reads; above it the question is refused with a hint. */
const MAX_PAIRS = 100;

/**
 * Which changes to look for beside: `open`: those that allow what is not allowed; `close`: those that close what is not
 * denied; absent: none.
 */
export interface ExplainOptions {
  readonly changes?: 'open' | 'close';
}

/** Explains one connection. Throws UserError for unknown names, and for sets of more than {@link MAX_PAIRS} pairs. */
export function explain(
  state: State,
  pair: PairExpression,
  context: QuestionContext,
  options: ExplainOptions = {},
): Explanation {
  return explainWithEdits(state, pair, context, options).document;
}

/** As {@link explain}, with the edits of each of the document's changes for whoever writes them. */
export function explainWithEdits(
  state: State,
  pair: PairExpression,
  context: QuestionContext,
  options: ExplainOptions,
): { readonly document: Explanation; readonly edits: DescribedRepairs['edits'] } {
  const world = worldOf(state);
  const { sources, destinations } = resolvePair(world, pair, context);
  checkPairs({ sources, destinations });
  const cases: ExplanationCase[] = [];
  const grades: Grade[] = [];
  for (const from of sources) {
    for (const to of destinations) {
      if (isOutside(from.unit) && isOutside(to.unit)) continue;
      // Among several pairs a pod and itself say nothing, as in can.
      const isSelf = isItself(world, from.unit, to);
      if (isSelf && sources.length * destinations.length > 1) continue;
      const pairCases = explainPair(state, from.unit, to, isSelf);
      if (pairCases.length === 0) continue;
      grades.push(total(pairCases.map((one) => gradeOf(one.verdict))));
      cases.push(...pairCases);
    }
  }
  const units = [...sources, ...destinations].map(({ unit }) => unit);
  const isHidden = cases.length > 0 && lacksPolicies(units, state);
  const notes = cases.length > 0 ? (isHidden ? [HIDDEN] : []) : [noPair(units)];
  const verdict = isHidden ? 'unknown' : total(grades);
  const repairs = changesOf(state, { pair, sources, destinations, verdict }, context, options);
  const document: Explanation = {
    ...commonFields(state, [
      ...notes,
      ...nodePortNotes(world, destinations, pair.port !== undefined),
      ...repairs.notes,
    ]),
    kind: 'Explanation',
    from: pair.from.text,
    to: destinationText(pair),
    verdict,
    cases,
    changes: repairs.changes,
    ...(repairs.endpoints.length === 0 ? {} : { endpoints: repairs.endpoints }),
  };
  return { document, edits: repairs.edits };
}

const HIDDEN = 'policies that are in force were not read, so that the verdict is unknown whatever the others say';

const NO_CHANGES: DescribedRepairs = { changes: [], edits: [], endpoints: [], notes: [] };

/** The changes that are asked for, where the answer is not what they would bring about already. */
function changesOf(
  state: State,
  asked: {
    readonly pair: PairExpression;
    readonly sources: readonly Target[];
    readonly destinations: readonly Target[];
    readonly verdict: Explanation['verdict'];
  },
  context: QuestionContext,
  { changes }: ExplainOptions,
): DescribedRepairs {
  const { pair, sources, destinations, verdict } = asked;
  const want = changes === 'open' ? 'allowed' : 'denied';
  if (changes === undefined || verdict === want) return NO_CHANGES;
  if (
    lacksPolicies(
      [...sources, ...destinations].map(({ unit }) => unit),
      state,
    )
  )
    return NO_CHANGES;
  const everything = traffic.allTraffic(context.protocols);
  // All ports of all protocols are hardly ever meant, and would be opened in earnest.
  if (want === 'allowed' && destinations.some((one) => traffic.equals(one.asked, everything))) {
    return { ...NO_CHANGES, notes: ['name a port to be shown the smallest change that allows it'] };
  }
  const goal = goalOf(state, sources, destinations, want);
  return describeRepairs(state, goal, context, (_, near) => can(near(), pair, context).verdict === want);
}

/** Throws UserError `usage` where there are more pairs than {@link MAX_PAIRS}. */
export function checkPairs({
  sources,
  destinations,
}: {
  readonly sources: readonly Target[];
  readonly destinations: readonly Target[];
}): void {
  const pairs = sources.length * destinations.length;
  if (pairs <= MAX_PAIRS) return;
  const hint = 'name one source and one destination, or ask can or map about sets';
  throw new UserError('usage', `${pairs} pairs are too many to explain`, { hint });
}

function gradeOf(verdict: string): Grade {
  return verdict === 'allowed' || verdict === 'denied' || verdict === 'unknown' ? verdict : 'partly';
}

function explainPair(state: State, from: Unit, to: Target, same: boolean): ExplanationCase[] {
  const { behaviour } = state;
  const { knobs } = behaviour;
  const pair = { from: from.endpoint, to: to.unit.endpoint, same };
  const { placements, reason } =
    to.path === undefined
      ? { placements: [state.placement], reason: 'service-view' as const }
      : readingsOf({ placement: nearPlacement(state.placement, [pair.from, pair.to]), behaviour }, from, to);
  // What selects an end is looked up, and known from question to question, where policies are those of the state.
  const lookUp = to.path === undefined ? { applying: nearPolicies(state.placement) } : {};
  const cases: ExplanationCase[] = [];
  for (const family of commonFamilies(pair.from, pair.to)) {
    for (const protocol of traffic.PROTOCOLS) {
      const bounds = to.asked[protocol] ?? [];
      for (let i = 0; i < bounds.length; i += 2) {
        const within = { first: bounds[i]!, last: bounds[i + 1]! - 1 };
        const readings = placements.map((reading) =>
          evaluatePorts({ placement: reading, knobs, ...lookUp }, pair, family, protocol, within),
        );
        for (const { first, last, trace } of agreeing(readings, reason)) {
          cases.push(describeCase(from, to.unit, [first, last], trace));
        }
      }
    }
  }
  return mergePorts(cases);
}

/** The traces of the first reading; unknown for the reason where another comes to another verdict. */
function agreeing(readings: readonly (readonly FlowCase[])[], reason: UnknownReason): readonly FlowCase[] {
  const [plain, ...others] = readings as [readonly FlowCase[], ...(readonly FlowCase[])[]];
  if (others.length === 0) return plain;
  const starts = [...new Set(readings.flat().map(({ first }) => first))].sort((a, b) => a - b);
  return starts.map((first, i) => {
    const at = (cases: readonly FlowCase[]) => cases.findLast((one) => one.first <= first)!.trace;
    const last = (starts[i + 1] ?? plain.at(-1)!.last + 1) - 1;
    const trace = at(plain);
    if (others.every((cases) => at(cases).verdict === trace.verdict)) return { first, last, trace };
    return { first, last, trace: { ...trace, verdict: 'unknown', reasons: [reason], conditions: [] } };
  });
}

/** Cases of one protocol that a person would not tell apart become one with several ranges. */
function mergePorts(cases: ExplanationCase[]): ExplanationCase[] {
  if (cases.length < 2) return cases;
  const merged = new Map<string, ExplanationCase>();
  for (const one of cases) {
    const { ports, ...rest } = one;
    const key = JSON.stringify(rest);
    const before = merged.get(key);
    merged.set(key, before === undefined ? one : { ...before, ports: [...before.ports, ...ports] });
  }
  return [...merged.values()];
}

function describeCase(from: Unit, to: Unit, ports: [number, number], trace: FlowTrace): ExplanationCase {
  return {
    family: trace.flow.family,
    protocol: trace.flow.protocol,
    ports: [ports],
    fromPod: from.endpoint.key,
    toPod: to.endpoint.key,
    verdict: trace.verdict,
    ...(trace.reasons.length === 0 ? {} : { reason: trace.reasons.join(', ') }),
    egress: describeDirection(trace.egress),
    ingress: describeDirection(trace.ingress),
  };
}

/** What one side decided, as documents have it. */
export function describeDirection(trace: DirectionTrace): DirectionDocument {
  return {
    verdict: trace.verdict,
    ...(trace.reasons.length === 0 ? {} : { reason: trace.reasons.join(', ') }),
    isolatedBy: trace.isolatedBy.map((policy) => ({ ...policy.ref, source: policy.object.locate([]) })),
    steps: trace.steps.map(describeStep),
    ...(trace.nearest === undefined ? {} : { nearest: describeNearest(trace.nearest) }),
  };
}

function describeStep({ tier, policy, rule, action, perhaps, because }: Step): StepDocument {
  return {
    ...(tier === undefined ? {} : { tier }),
    ...(policy === undefined ? {} : { policy: policy.ref }),
    ...(rule === undefined
      ? {}
      : { rule: { index: rule.index, ...(rule.name === undefined ? {} : { name: rule.name }) } }),
    action,
    ...(perhaps === undefined ? {} : { perhaps }),
    because,
    ...(policy === undefined || rule === undefined ? {} : { source: placeOf(policy, rule.path) }),
  };
}

function describeNearest({ policy, rule, path, why }: NearMiss): NonNullable<DirectionDocument['nearest']> {
  return { policy: policy.ref, rule: rule.index, source: placeOf(policy, path), why };
}

function placeOf(policy: Policy, path: NearMiss['path']): NonNullable<StepDocument['source']> {
  return policy.object.locate(path);
}
