// What the engine concludes about a pair of endpoints, and why.

import type { Family } from '../sets/ip-set.ts';
import type { Protocol, TrafficSet } from '../sets/traffic-set.ts';
import type { UnknownReason } from './endpoint.ts';
import type { Action, Condition, Direction, Policy } from './policy.ts';
import type { Path } from './source.ts';

/** The verdict on one flow. `conditional` is allowed where its conditions hold. */
export type Verdict = 'allowed' | 'denied' | 'unknown' | 'conditional';

/** Traffic whose verdict depends on something that static input does not tell. */
export interface UnknownPart {
  readonly traffic: TrafficSet;
  readonly reason: UnknownReason;
  /** The policies whose rules could or could not match; empty where the reason is not a rule. */
  readonly policies: readonly Policy[];
}

/** Traffic that is allowed if all conditions of one of the alternatives hold, and denied otherwise. */
export interface ConditionalPart {
  readonly traffic: TrafficSet;
  readonly conditions: readonly Condition[];
}

/** The verdict on all traffic of a pair in one family. The parts are disjoint; what is in none of them is denied. */
export interface Decision {
  readonly allowed: TrafficSet;
  readonly unknown: readonly UnknownPart[];
  readonly conditional: readonly ConditionalPart[];
}

/** One flow: a point of a pair's traffic. */
export interface Flow {
  readonly family: Family;
  readonly protocol: Protocol;
  readonly port: number;
}

/** One step of a trace, in order of evaluation: a rule that matched, the end of a tier, an exemption. */
export interface Step {
  /** Name of the tier; absent for exemptions and the tail. */
  readonly tier?: string;
  readonly policy?: Policy;
  readonly rule?: { readonly index: number; readonly name?: string; readonly path: Path };
  /** What the step did: a rule's action, the implicit deny of isolation, a default. */
  readonly action: Action | 'Isolated' | 'Default' | 'Exempt';
  /** True where the step applies only perhaps, for `reason`. */
  readonly perhaps?: UnknownReason;
  /** The sentence of the specification that decides, quoted or paraphrased in one line. */
  readonly because: string;
}

/** A rule that did not match, and the first part of it that failed. */
export interface NearMiss {
  readonly policy: Policy;
  readonly rule: { readonly index: number; readonly name?: string; readonly path: Path };
  /** Path of the peer or port entry that came closest, else of the rule. */
  readonly path: Path;
  /** E.g. `peer app=api, but shop/web has app=web`; `port 5432/TCP, but 80/TCP was asked`. */
  readonly why: string;
  /** Fewer failed parts first, then fewer failed requirements. */
  readonly distance: number;
}

/** The literal evaluator's answer for one flow and one direction. */
export interface DirectionTrace {
  readonly direction: Direction;
  readonly verdict: Verdict;
  readonly reasons: readonly UnknownReason[];
  readonly conditions: readonly Condition[];
  /** Policies that isolate the subject in this direction. */
  readonly isolatedBy: readonly Policy[];
  readonly steps: readonly Step[];
  readonly nearest?: NearMiss;
}

/** The literal evaluator's answer for one flow. */
export interface FlowTrace {
  readonly flow: Flow;
  readonly verdict: Verdict;
  readonly reasons: readonly UnknownReason[];
  readonly conditions: readonly Condition[];
  readonly egress: DirectionTrace;
  readonly ingress: DirectionTrace;
}
