// Soundness: is every need allowed? Each is put to the literal evaluator, on the generated policies together with all others.

import { commonFamilies, evaluatePorts } from '../evaluate/cases.ts';
import { evaluateFlow, type Rules } from '../evaluate/evaluate.ts';
import { type Near, nearPlacement } from '../evaluate/near-policies.ts';
import type { Need } from '../generate/needs.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { isEverything } from '../model/selector.ts';
import type { FlowTrace } from '../model/verdict.ts';
import type { Family } from '../sets/ip-set.ts';
import { type Ends, onOneNode } from './ends.ts';
import type { OtherViews } from './service-views.ts';

/** What became of one need. */
export type Judged =
  | { readonly verdict: 'allowed' }
  /** `unknown`: it depends on what nobody knows. The first flow that is not allowed, and why. */
  | { readonly verdict: 'denied' | 'unknown'; readonly witness: Witness }
  /** Nobody is there to judge: a DNS name, an end without an address family in common. */
  | { readonly verdict: 'unproved'; readonly because: string };

/** One for all that are allowed. */
const ALLOWED: Judged = { verdict: 'allowed' };

/** One flow of a connection, and what becomes of it. */
export interface Witness {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly family: Family;
  readonly port: number;
  readonly trace: FlowTrace;
}

/** What judging needs. */
export interface Court {
  readonly ends: (party: Need['from'], end: 'from' | 'to') => Ends;
  /** The policies of the world, which each end is looked up in. What came nearest is not looked for: no proof rests on it. */
  readonly rules: Rules & { readonly applying: Near };
  /** How calls to Services may be seen besides; absent: as calls to the pods behind them only. */
  readonly otherViews?: OtherViews;
}

/** A connection that can be judged: that of a need, or one that must not be. */
export type Connection = Pick<Need, 'from' | 'to' | 'protocol' | 'ports'>;

/** Judges one need: all pods of both ends, all families that they share, all of its ports, all views of its Services. */
export function judgeNeed(court: Court, need: Connection & Partial<Pick<Need, 'evidence'>>): Judged {
  if (court.ends(need.from, 'from').length === 0 || court.ends(need.to, 'to').length === 0) {
    return { verdict: 'unproved', because: 'one end has no address that is known' };
  }
  let open: Witness | undefined;
  let judged = 0;
  for (const flow of flowsOf(court, need)) {
    judged++;
    const witness = isEverybody(need.from) ? { ...flow, trace: asIfSent(flow.trace) } : flow;
    const { verdict } = witness.trace;
    if (verdict === 'allowed') {
      if (!worksForEveryView(court, need, witness)) open ??= { ...witness, trace: asUnknown(witness.trace) };
      continue;
    }
    if (verdict === 'denied') return { verdict, witness };
    open ??= witness;
  }
  if (judged === 0) return { verdict: 'unproved', because: 'the ends have no address family in common' };
  return open === undefined ? ALLOWED : { verdict: 'unknown', witness: open };
}

/**
 * All pods, or all of some namespaces. A need of theirs is that the other end lets them in: whether each of them calls, and may, is
 * for its own needs to say.
 */
function isEverybody(party: Need['from']): boolean {
  return party.type === 'pods' && isEverything(party.pods);
}

function asIfSent(trace: FlowTrace): FlowTrace {
  const { ingress } = trace;
  const egress = { ...trace.egress, verdict: 'allowed' as const, reasons: [], conditions: [] };
  return { ...trace, verdict: ingress.verdict, reasons: ingress.reasons, conditions: ingress.conditions, egress };
}

/** Reports whether an allowed flow is allowed however the plugin sees the Services that lead there. */
function worksForEveryView(
  { rules: { placement: all, applying, knobs }, otherViews }: Court,
  { evidence, protocol }: Connection & Partial<Pick<Need, 'evidence'>>,
  { from, to, family, port }: Witness,
): boolean {
  if (otherViews === undefined || evidence === undefined) return true;
  return otherViews({ evidence }, from, to, nearPlacement(all, [from, to], applying)).every(
    (placement) => evaluateFlow({ placement, knobs }, { from, to }, { family, protocol, port }).verdict === 'allowed',
  );
}

function asUnknown(trace: FlowTrace): FlowTrace {
  return { ...trace, verdict: 'unknown', reasons: ['service-view'] };
}

/** A flow of a connection that is not surely denied; undefined: every one is. */
export function findOpen(court: Court, connection: Connection): Witness | undefined {
  let unknown: Witness | undefined;
  for (const witness of flowsOf(court, connection)) {
    if (witness.trace.verdict === 'denied') continue;
    if (witness.trace.verdict === 'allowed') return witness;
    unknown ??= witness;
  }
  return unknown;
}

/** Every flow that policies could tell apart, with its trace. */
function* flowsOf({ ends, rules }: Court, { from, to, protocol, ports }: Connection): Generator<Witness> {
  const [first, last] = ports;
  for (const source of ends(from, 'from')) {
    for (const destination of ends(to, 'to')) {
      const pair = onOneNode(source, destination);
      for (const family of commonFamilies(pair.from, pair.to)) {
        for (const one of evaluatePorts(rules, pair, family, protocol, { first, last })) {
          yield { ...pair, family, port: one.first, trace: one.trace };
        }
      }
    }
  }
}
