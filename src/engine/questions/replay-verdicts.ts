// The verdict of policies on the pairs of observed connections: literally, one flow at a time, or compiled where there are
// many. Both must agree.

import { worldOf } from '../endpoints/world.ts';
import { evaluateFlow } from '../evaluate/evaluate.ts';
import { nearPlacement } from '../evaluate/near-policies.ts';
import type { Decision, FlowTrace, Verdict } from '../model/verdict.ts';
import type { Family } from '../sets/ip-set.ts';
import { contains, type Protocol } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { ReplayPair } from './replay-pairs.ts';
import { compilePaths, readingsOf } from './service-path.ts';

/** A pair and what is asked about it. */
export interface AskedPair {
  readonly pair: ReplayPair;
  readonly family: Family;
  readonly protocol: Protocol;
}

/** What policies make of a pair. */
export interface PairVerdict {
  readonly verdict: Verdict;
  /** Why it is unknown; empty otherwise. */
  readonly reasons: readonly string[];
}

/** Above this many looks at policies, pairs are judged by the compiled evaluator. */
const MOST_LITERAL = 200_000;

/** Judges pairs, in their order, by whichever evaluator is quicker. */
export function judgePairs(state: State, asked: readonly AskedPair[]): PairVerdict[] {
  const looks = asked.length * state.placement.policies.length;
  return looks > MOST_LITERAL ? judgeCompiled(state, asked) : asked.map((one) => judgeLiterally(state, one));
}

/** Judges one pair literally. */
export function judgeLiterally(state: State, asked: AskedPair): PairVerdict {
  const traces = tracesOf(state, asked);
  const verdicts = new Set(traces.map(({ verdict }) => verdict));
  if (verdicts.size > 1) return { verdict: 'unknown', reasons: [readings(state, asked).reason] };
  return { verdict: traces[0]!.verdict, reasons: [...new Set(traces.flatMap(({ reasons }) => reasons))].sort() };
}

/** The trace of one pair, under the first reading of the way that it takes. */
export function traceOf(state: State, asked: AskedPair): FlowTrace {
  return tracesOf(state, asked)[0]!;
}

function tracesOf(state: State, asked: AskedPair): FlowTrace[] {
  const { pair, family, protocol } = asked;
  const { knobs } = state.behaviour;
  const from = pair.from.endpoint;
  const to = pair.to.endpoint;
  // Whichever node it is, it is the pod's own.
  const own = 'its own node';
  const ends = pair.ownNode
    ? { from: { ...from, nodeName: own, ownNode: 'local-node' as const }, to: { ...to, nodeName: own } }
    : { from, to };
  const flow = { family, protocol, port: pair.port };
  return readings(state, asked).placements.map((placement) => evaluateFlow({ placement, knobs }, ends, flow));
}

function readings({ placement: all, behaviour }: State, { pair }: AskedPair): ReturnType<typeof readingsOf> {
  const { from, to, path } = pair;
  const placement = nearPlacement(all, [from.endpoint, to.endpoint]);
  return readingsOf({ placement, behaviour }, from, { unit: to, ...(path === undefined ? {} : { path }) });
}

/** Judges pairs with all policies compiled for their ends; what comes from a pod's own node is judged literally. */
export function judgeCompiled(state: State, asked: readonly AskedPair[]): PairVerdict[] {
  const ids = new Map<string, number>();
  const units = [];
  for (const { pair } of asked) {
    for (const unit of pair.ownNode ? [] : [pair.from, pair.to]) {
      if (ids.has(unit.endpoint.key)) continue;
      ids.set(unit.endpoint.key, units.length);
      units.push(unit);
    }
  }
  const protocols = [...new Set(asked.map(({ protocol }) => protocol))].sort();
  const reach = units.length === 0 ? undefined : compilePaths(worldOf(state), units, protocols);
  return asked.map((one) => {
    const { pair, family, protocol } = one;
    if (pair.ownNode) return judgeLiterally(state, one);
    const [from, to] = [ids.get(pair.from.endpoint.key)!, ids.get(pair.to.endpoint.key)!];
    const decision = reach!.decide(from, to, pair.path)[family];
    return decision === undefined ? judgeLiterally(state, one) : verdictAt(decision, protocol, pair.port);
  });
}

function verdictAt(decision: Decision, protocol: Protocol, port: number): PairVerdict {
  if (contains(decision.allowed, protocol, port)) return { verdict: 'allowed', reasons: [] };
  const open = decision.unknown.filter((part) => contains(part.traffic, protocol, port));
  if (open.length > 0) return { verdict: 'unknown', reasons: [...new Set(open.map(({ reason }) => reason))].sort() };
  const isConditional = decision.conditional.some((part) => contains(part.traffic, protocol, port));
  return { verdict: isConditional ? 'conditional' : 'denied', reasons: [] };
}
