// May it? One verdict over all pairs that the expressions name, and the pairs that differ.

import { worldOf } from '../endpoints/world.ts';
import type { Decision } from '../model/verdict.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { PairExpression, QuestionContext } from './ask.ts';
import { commonFields, describeDecisions, describePorts, describeUnit, lacksPolicies } from './describe.ts';
import type { Answer, ConnectionDocument, EndpointDocument } from './documents.ts';
import { isItself, type Judgement, judge, noPair, verdictOf } from './judge.ts';
import { nodePortNotes } from './node-port-notes.ts';
import { unknownNotes } from './notes.ts';
import { resolvePair } from './resolve.ts';

/**
 * Answers whether the source may reach the destination. With a port: allowed means all of it for all pairs, denied none
 * for any, else partly. Without: the ports that every pair may use; allowed if that is everything. Throws UserError for
 * names that do not exist.
 */
export function can(state: State, pair: PairExpression, context: QuestionContext): Answer {
  const world = worldOf(state);
  const { sources, destinations } = resolvePair(world, pair, context);
  const common = { question: 'can' as const, from: pair.from.text, to: destinationText(pair) };
  if (sources.length === 1 && destinations.length === 1 && isItself(world, sources[0]!.unit, destinations[0]!)) {
    return {
      ...commonFields(state, []),
      kind: 'Answer',
      ...common,
      verdict: 'allowed',
      ports: describePorts(destinations[0]!.asked, traffic.allTraffic(context.protocols)),
      endpoints: [describeUnit(sources[0]!.unit, 0, state)],
      exceptions: [],
      reason: 'a pod to itself: no policy can block it',
    };
  }
  const judgement = judge(world, sources, destinations, context);
  const isHidden = judgement.pairs > 0 && lacksPolicies(judgement.units, state);
  const verdict = isHidden ? 'unknown' : verdictOf(judgement);
  const universe = traffic.allTraffic(context.protocols);
  const everywhere = judgement.denied.length > 0 ? traffic.NO_TRAFFIC : commonPorts(judgement);
  const { endpoints, exceptions } = describeExceptions(state, judgement, verdict, universe);
  const open = judgement.open.flatMap(({ decisions }) => Object.values(decisions) as Decision[]);
  return {
    ...commonFields(state, [...unknownNotes(open), ...nodePortNotes(world, destinations, pair.port !== undefined)]),
    kind: 'Answer',
    ...common,
    verdict,
    ports: describePorts(everywhere, universe),
    endpoints,
    exceptions,
    ...(isHidden ? { reason: 'incomplete-input' } : reasonOf(verdict, judgement)),
  };
}

/** The destination as a person wrote it, port included. */
export function destinationText(pair: PairExpression): string {
  return pair.port === undefined ? pair.to.text : `${pair.to.text}:${pair.port.text}`;
}

/** Why the verdict is unknown, or denied where no pair exists; no field otherwise. */
export function reasonOf(verdict: Answer['verdict'], judgement: Judgement): { reason?: string } {
  const open = judgement.open.flatMap(({ decisions }) => Object.values(decisions) as Decision[]);
  const reasons = [...new Set(open.flatMap((one) => one.unknown.map((part) => part.reason)))];
  if (verdict === 'unknown') return { reason: reasons.join(', ') };
  if (verdict === 'denied' && judgement.pairs === 0) return { reason: noPair(judgement.units) };
  return {};
}

/** Traffic that every pair may use in every family that it has. */
function commonPorts(judgement: Judgement): traffic.TrafficSet {
  let result: traffic.TrafficSet | undefined;
  for (const { decisions } of judgement.open) {
    for (const decision of Object.values(decisions) as Decision[]) {
      result = result === undefined ? decision.allowed : traffic.intersect(result, decision.allowed);
    }
  }
  return result ?? traffic.NO_TRAFFIC;
}

/** The pairs that make the answer less than plain: for "partly" and "unknown" all that is open and all that is denied. */
function describeExceptions(
  state: State,
  judgement: Judgement,
  verdict: Answer['verdict'],
  universe: traffic.TrafficSet,
): { endpoints: EndpointDocument[]; exceptions: ConnectionDocument[] } {
  const exceptions: ConnectionDocument[] = [];
  if (verdict === 'partly' || verdict === 'unknown') {
    for (const { from, to, decisions } of judgement.open) {
      exceptions.push(...describeDecisions(decisions, { from: [...from], to: [...to] }, universe));
    }
    for (const { from, to } of judgement.denied) exceptions.push({ from: [...from], to: [...to] });
  }
  const endpoints = judgement.units.map((unit, id) => describeUnit(unit, id, state));
  return { endpoints, exceptions };
}
