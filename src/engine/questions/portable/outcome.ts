// What becomes of some traffic under one plugin, and how a decision falls apart into such parts.

import type { UnknownReason } from '../../model/endpoint.ts';
import type { Condition } from '../../model/policy.ts';
import type { Decision, Verdict } from '../../model/verdict.ts';
import * as traffic from '../../sets/traffic-set.ts';

/** One verdict, with the reason where it is unknown and the conditions where it is conditional. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly reason?: UnknownReason;
  readonly conditions: readonly Condition[];
}

const ALLOWED: Outcome = { verdict: 'allowed', conditions: [] };
const DENIED: Outcome = { verdict: 'denied', conditions: [] };

/** A part of some traffic and what becomes of it. */
export interface Part {
  readonly traffic: traffic.TrafficSet;
  readonly outcome: Outcome;
}

/** The traffic in parts of different outcomes, disjoint and not empty. No decision: all of it is denied. */
export function partsOf(decision: Decision | undefined, set: traffic.TrafficSet): Part[] {
  const parts: Part[] = [];
  let rest = set;
  const take = (part: traffic.TrafficSet, outcome: Outcome): void => {
    const taken = traffic.intersect(rest, part);
    if (traffic.isEmpty(taken)) return;
    rest = traffic.subtract(rest, taken);
    // Unknown parts of several policies may have one reason.
    const same = parts.findIndex((part) => outcomeKey(part.outcome) === outcomeKey(outcome));
    if (same < 0) parts.push({ traffic: taken, outcome });
    else parts[same] = { traffic: traffic.union(parts[same]!.traffic, taken), outcome };
  };
  if (decision !== undefined) {
    take(decision.allowed, ALLOWED);
    for (const { traffic: part, reason } of decision.unknown)
      take(part, { verdict: 'unknown', reason, conditions: [] });
    for (const { traffic: part, conditions } of decision.conditional) {
      take(part, { verdict: 'conditional', conditions });
    }
  }
  take(rest, DENIED);
  return parts;
}

/** A text equal for outcomes that read the same, reasons included. */
export function outcomeKey(outcome: Outcome): string {
  return `${verdictKey(outcome)} ${outcome.reason ?? ''}`;
}

/** A text equal for outcomes that a person would not call different: why something is unknown is no difference. */
export function verdictKey({ verdict, conditions }: Outcome): string {
  return conditions.length === 0 ? verdict : `${verdict} ${JSON.stringify(conditions)}`;
}
