// Verdicts on flows by the million, for whoever has a stream of them: ends are resolved to numbers once, flows are columns of
// numbers, and one flow can be asked why. The library's entrance; the work is done in the modules beside.

import { worldOf } from '../endpoints/world.ts';
import { lacksPolicies } from '../questions/describe.ts';
import { PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { type EndNumbers, endNumbers } from './end-numbers.ts';
import type { FlowBatch } from './flow-batch.ts';
import { type JudgeInput, judgeFlows } from './judge-flows.ts';
import { type NumberedEnds, numberEnds } from './numbered-ends.ts';
import { type WhyFlow, whyFlow } from './why-flow.ts';

/** Protocols by the number that stands for them in a {@link FlowBatch}. */
export const FLOW_PROTOCOLS: readonly Protocol[] = PROTOCOLS;

/** What a number stands for. */
export type NumberedEnd =
  /** One pod; `workload` is the key of what owns it. Of a template that has no pods yet, one that it would make. */
  | { readonly type: 'pod'; readonly namespace: string; readonly name: string; readonly workload: string }
  /** Pods of a workload that no policy can tell apart, as one; `key` as in documents. */
  | { readonly type: 'pods'; readonly workload: string; readonly key: string }
  | { readonly type: 'node'; readonly name: string }
  /** Addresses outside that no policy can tell apart; `key` as in documents. */
  | { readonly type: 'addresses'; readonly key: string };

/** Verdicts on flows between the ends of one state. */
export interface FlowVerdicts {
  /** Ends have the numbers 0 to count - 1. Equal input has equal numbers. */
  readonly count: number;
  /** From names and addresses to numbers. */
  readonly numbers: EndNumbers;
  /** What a number stands for; undefined for one that no end has. */
  end(number: number): NumberedEnd | undefined;
  /**
   * Judges flows: element i of the result is the position in `VERDICTS` of the verdict on flow i. `into` is filled instead of
   * a new array where it is given; it may be longer than the batch.
   *
   * `unknown`, beside what evaluators leave open: an end is -1; policies in force about an end were not read; the ends share
   * no address of that family; the protocol is no number of `FLOW_PROTOCOLS`; the port is 0 of a protocol with ports.
   *
   * A flow from a pod to itself is allowed, as the plugin has it; between two ends outside nothing is ever denied. A flow is
   * judged as it arrives, whatever Service it went through.
   *
   * Throws `UserError` (`usage`) for columns of different lengths, an `into` that is shorter, a number that no end has, and a
   * family that is neither 4 nor 6; what then stands in `into` means nothing.
   */
  judge(flows: FlowBatch, into?: Uint8Array): Uint8Array;
  /** Judges one flow, and says what led to the verdict. Throws as {@link FlowVerdicts.judge}. */
  readonly why: WhyFlow;
}

const known = new WeakMap<State, FlowVerdicts>();

/**
 * Prepares verdicts under a state; the same state has the same ones. Policies are compiled when the first flow is judged, and
 * what they say of a pod is worked out when a flow first names it. Flows that were judged take up to 8 MB. Never throws.
 */
export function flowVerdicts(state: State): FlowVerdicts {
  const verdicts = known.get(state) ?? prepare(state);
  known.set(state, verdicts);
  return verdicts;
}

function prepare(state: State): FlowVerdicts {
  const world = worldOf(state);
  const ends = numberEnds(world);
  const { placement, behaviour } = state;
  const isHidden = (unit: number) => lacksPolicies([ends.units[unit]!], state);
  const input: JudgeInput = { placement, knobs: behaviour.knobs, ends, isHidden };
  return {
    count: ends.count,
    numbers: endNumbers(world, ends),
    end: (number) => describeEnd(ends, number),
    judge: judgeFlows(input),
    why: whyFlow(input),
  };
}

function describeEnd(ends: NumberedEnds, number: number): NumberedEnd | undefined {
  const pod = ends.podOf(number);
  if (pod !== undefined) return { type: 'pod', namespace: pod.namespace, name: pod.name, workload: pod.workload };
  const unit = ends.units[ends.unitOf[number] ?? -1];
  switch (unit?.type) {
    case 'workload':
      return { type: 'pods', workload: unit.workload.key, key: unit.endpoint.key };
    case 'node':
      return { type: 'node', name: unit.node.name };
    case 'addresses':
      return { type: 'addresses', key: unit.endpoint.key };
    default:
      return undefined;
  }
}
