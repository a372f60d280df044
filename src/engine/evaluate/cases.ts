// Which flows of a pair to judge: one representative of every stretch of ports on which no policy can tell flows apart.

import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS } from '../model/policy.ts';
import type { Placement } from '../model/tier.ts';
import type { Flow, FlowTrace } from '../model/verdict.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import {
  everyPort,
  NO_TRAFFIC,
  PROTOCOLS,
  type Protocol,
  type TrafficSet,
  traffic,
  union,
} from '../sets/traffic-set.ts';
import { evaluateDirection, evaluateFlow, type Pair, type Rules } from './evaluate.ts';

/** Flows that all have the same trace: ports `first` to `last`, both included. */
export interface FlowCase {
  readonly first: number;
  readonly last: number;
  readonly trace: FlowTrace;
}

/** The families in which both ends can talk; empty: they share none, and no connection exists. */
export function commonFamilies(from: Endpoint, to: Endpoint): readonly Family[] {
  return FAMILIES.filter((family) => from.families.includes(family) && to.families.includes(family));
}

/**
 * Judges all ports of a protocol in one family: stretches in ascending order, neighbours with the same steps merged.
 * `within` (inclusive) narrows the ports.
 */
export function evaluatePorts(
  rules: Rules,
  pair: Pair,
  family: Family,
  protocol: Protocol,
  within?: { readonly first: number; readonly last: number },
): FlowCase[] {
  const universe = everyPort(protocol);
  const first = Math.max(within?.first ?? universe[0]!, universe[0]!);
  const last = Math.min(within?.last ?? universe[1]! - 1, universe[1]! - 1);
  if (first > last) return [];
  const starts = first === last ? [first] : startsOf(rules, pair, protocol, [first, last]);
  const cases: FlowCase[] = [];
  for (const [i, start] of starts.entries()) {
    const trace = evaluateFlow(rules, pair, { family, protocol, port: start });
    const end = (starts[i + 1] ?? last + 1) - 1;
    const before = cases.at(-1);
    if (before !== undefined && sameTrace(before.trace, trace)) cases[cases.length - 1] = { ...before, last: end };
    else cases.push({ first: start, last: end, trace });
  }
  return cases;
}

/** With more stretches than these, judging each by itself costs more than compiling the rules of both ends. */
const MOST_STRETCHES = 64;

/**
 * What is allowed of what is asked about, all else being denied. Undefined where something is neither, and where there are
 * too many stretches of ports to look at each. Steps are left out, and so is what the source says of what the destination
 * denies.
 */
export function plainlyAllowed(rules: Rules, pair: Pair, family: Family, asked: TrafficSet): TrafficSet | undefined {
  let allowed: TrafficSet = NO_TRAFFIC;
  let left = MOST_STRETCHES;
  for (const protocol of PROTOCOLS) {
    const bounds = asked[protocol] ?? [];
    for (let i = 0; i < bounds.length; i += 2) {
      const [first, last] = [bounds[i]!, bounds[i + 1]! - 1];
      const starts = first === last ? [first] : startsOf(rules, pair, protocol, [first, last]);
      left -= starts.length;
      if (left < 0) return undefined;
      for (let nth = 0; nth < starts.length; nth++) {
        const port = starts[nth]!;
        const isAllowed = allows(rules, pair, { family, protocol, port });
        if (isAllowed === undefined) return undefined;
        if (isAllowed) allowed = union(allowed, traffic(protocol, port, (starts[nth + 1] ?? last + 1) - 1));
      }
    }
  }
  return allowed;
}

/** Undefined where that is neither sure nor without conditions. */
function allows(rules: Rules, pair: Pair, flow: Flow): boolean | undefined {
  const ingress = evaluateDirection(rules, 'ingress', pair, flow, false).verdict;
  if (ingress === 'denied') return false;
  const egress = evaluateDirection(rules, 'egress', pair, flow, false).verdict;
  if (egress === 'denied') return false;
  return ingress === 'allowed' && egress === 'allowed' ? true : undefined;
}

/** The first ports of the stretches between two ports, both included, in ascending order. */
function startsOf(rules: Rules, pair: Pair, protocol: Protocol, [first, last]: readonly [number, number]): number[] {
  const { placement, applying } = rules;
  const near = [pair.from, pair.to].flatMap((end) => DIRECTIONS.flatMap((way) => applying?.(end)(way) ?? []));
  const policies = applying === undefined ? placement.policies : near.map(({ placed }) => placed);
  const inside = portBounds({ policies }, pair.to, protocol).filter((start) => first <= start && start <= last);
  return [...new Set([first, ...inside])].sort((a, b) => a - b);
}

/** The first ports of all stretches: where some rule's range or a port that a name resolves to begins or has ended. */
export function portBounds(
  placement: Pick<Placement, 'policies'>,
  destination: Endpoint,
  protocol: Protocol,
): number[] {
  const bounds = new Set<number>();
  for (const { policy } of placement.policies) {
    for (const direction of DIRECTIONS) {
      for (const rule of policy[direction]?.rules ?? []) {
        if (typeof rule.ports === 'string') continue;
        for (const port of rule.ports) {
          if (port.protocol !== 'any' && port.protocol !== protocol) continue;
          if (port.type === 'range') bounds.add(port.first).add(port.last + 1);
        }
      }
    }
  }
  if (destination.ports !== 'unknown') {
    for (const port of destination.ports) if (port.protocol === protocol) bounds.add(port.number).add(port.number + 1);
  }
  return [...bounds];
}

function sameTrace(a: FlowTrace, b: FlowTrace): boolean {
  return traceKey(a) === traceKey(b);
}

/** Equal for traces that a person would not tell apart. */
function traceKey(trace: FlowTrace): string {
  const side = (one: FlowTrace['egress']) => [
    one.verdict,
    one.reasons,
    one.conditions,
    one.steps.map((step) => [step.action, step.policy?.ref, step.rule?.path, step.because]),
    one.nearest === undefined ? null : [one.nearest.policy.ref, one.nearest.rule.path, one.nearest.path],
  ];
  return JSON.stringify([trace.verdict, side(trace.egress), side(trace.ingress)]);
}
