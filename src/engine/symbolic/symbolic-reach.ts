// What may be sent between two ends of which each is one endpoint or any pod that could exist: cells, and a decision for
// every pair of them. The compiled evaluator decides; nothing of what policies mean is said again here.

import { compileReach } from '../compile/reach.ts';
import type { FamilyDecisions, Rectangle } from '../compile/rectangle.ts';
import { indexSelectors } from '../compile/selector-index.ts';
import type { EndpointContext } from '../endpoints/pod-endpoints.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Direction, Subject } from '../model/policy.ts';
import { selects, selectsPartly } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import { labelQuestions, type Roles } from './label-questions.ts';
import { CELL_LIMIT, type Place, type PodCell, podCells, type Undecided } from './pod-cells.ts';

/** Endpoints, or every pod that could exist in one of the places. */
export type SymbolicEnd = { readonly endpoints: readonly Endpoint[] } | { readonly places: readonly Place[] };

/** One endpoint, or one cell of pods that could exist; both have an `endpoint` to evaluate. */
export type ReachEnd = { readonly endpoint: Endpoint } | PodCell;

/** The answer for all pairs of cells. Positions are those of `from` and `to`. */
export interface SymbolicReach {
  readonly from: readonly ReachEnd[];
  readonly to: readonly ReachEnd[];
  decide(from: number, to: number): FamilyDecisions;
  /** Disjoint; pairs in none of them are denied, and pairs of two ranges of addresses are left out. */
  rectangles(): Rectangle[];
}

/** What the ends are in, and what the question is about. */
export interface SymbolicQuestion {
  readonly context: EndpointContext;
  readonly placement: Placement;
  readonly protocols: readonly Protocol[];
  /** Most cells of each end; absent: {@link CELL_LIMIT}. */
  readonly limit?: number;
}

/**
 * Decides every pair. Only what policies ask in this constellation splits a cell: the subjects that an end may be, and
 * the peers of policies that may select the other end.
 */
export function symbolicReach(
  question: SymbolicQuestion,
  from: SymbolicEnd,
  to: SymbolicEnd,
): SymbolicReach | Undecided {
  const sources = endsOf(question, from, to, 'egress');
  const destinations = endsOf(question, to, from, 'ingress');
  if ('undecided' in sources) return sources;
  if ('undecided' in destinations) return destinations;
  const ends = [...sources.ends, ...destinations.ends].map(({ endpoint }) => endpoint);
  const shift = sources.ends.length;
  const rules = { placement: question.placement, knobs: question.context.behaviour.knobs };
  const reach = compileReach(rules, ends, question.protocols);
  const ids = { from: sources.ends.map((_, i) => i), to: destinations.ends.map((_, i) => shift + i) };
  return {
    from: sources.ends,
    to: destinations.ends,
    decide: (source, destination) => reach.decide(source, shift + destination),
    rectangles: () =>
      reach
        .rectangles(ids.from, ids.to)
        .map((one) => ({ ...one, destinations: one.destinations.map((id) => id - shift) })),
  };
}

/** The cells of an end that is a subject in one direction, and a peer in the policies of the other end. */
function endsOf(
  { context, placement, limit = CELL_LIMIT }: SymbolicQuestion,
  end: SymbolicEnd,
  other: SymbolicEnd,
  direction: Direction,
): { readonly ends: readonly ReachEnd[] } | Undecided {
  if ('endpoints' in end) return { ends: end.endpoints.map((endpoint) => ({ endpoint })) };
  const opposite = direction === 'egress' ? 'ingress' : 'egress';
  const roles: Roles = { subject: [direction], peer: [opposite], selectsOther: mayBeSubject(context, other) };
  const questions = labelQuestions(placement, roles);
  const ends: PodCell[] = [];
  for (const place of end.places) {
    const own = podCells(context, place, questions, limit - ends.length);
    if ('undecided' in own) return own;
    ends.push(...own.cells);
  }
  return { ends };
}

/** Whether pods of a subject may be the other end. More may be said than are, never fewer. */
export function mayBeSubject({ cluster }: EndpointContext, other: SymbolicEnd): Roles['selectsOther'] {
  if ('endpoints' in other) {
    const index = indexSelectors(other.endpoints);
    return (subject: Subject) => {
      const { yes, maybe } = index.pods(subject.namespaces, subject.pods, true);
      return yes.length > 0 || maybe.size > 0;
    };
  }
  return ({ namespaces: scope }) =>
    other.places.some(({ namespace }) => {
      if (namespace === 'new') return !('name' in scope && cluster.namespaces.has(scope.name));
      if ('name' in scope) return scope.name === namespace.name;
      if (namespace.declared) return selects(scope.selector, namespace.labels);
      return selectsPartly(scope.selector, namespace.labels, (key) => !Object.hasOwn(namespace.labels, key)) !== 'no';
    });
}
