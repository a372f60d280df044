// Pods that could exist, judged by cells, against the literal evaluator on pods drawn from the whole universe of labels.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FamilyDecisions } from '../../src/engine/compile/rectangle.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import type { Namespace } from '../../src/engine/model/cluster.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import type { Labels } from '../../src/engine/model/selector.ts';
import { contains } from '../../src/engine/sets/label-set.ts';
import { everyPort, PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import type { Place } from '../../src/engine/symbolic/pod-cells.ts';
import { type ReachEnd, type SymbolicEnd, symbolicReach } from '../../src/engine/symbolic/symbolic-reach.ts';
import { knobs, placement } from '../support/arbitrary.ts';
import { allNamespaces, manifests } from '../support/arbitrary-manifests.ts';
import { finite } from '../support/finite-selectors.ts';
import { behaviourTowardsPods, EVERY_POD, everyNamespace, possibleEnd } from '../support/possible-pods.ts';
import { stateOf, verdictAt } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

interface Example {
  readonly namespace: Namespace;
  readonly labels: Labels;
}

/** A few of the pods that could exist, by numbers that hold whatever the state. */
const picks = fc.array(fc.tuple(fc.nat(), fc.nat(EVERY_POD.length - 1)), { minLength: 1, maxLength: 6 });

function pick(state: State, numbers: readonly (readonly [number, number])[]): Example[] {
  const namespaces = everyNamespace(state);
  return numbers.map(([n, l]) => ({ namespace: namespaces[n % namespaces.length]!, labels: EVERY_POD[l]! }));
}

/** Where the pods are, and nowhere else: policies of other places must not be missed for want of being asked about. */
function placesOf({ cluster }: State, examples: readonly Example[]): Place[] {
  const homes = new Set(examples.map(({ namespace }) => cluster.namespaces.get(namespace.name) ?? 'new'));
  return [...homes].map((namespace) => ({ namespace }));
}

/** Positions of the cells that hold the pod. */
function cellsOf(state: State, ends: readonly ReachEnd[], { namespace, labels }: Example): number[] {
  return ends.flatMap((end, i) => {
    if (!('podLabels' in end) || !contains(end.podLabels, labels)) return [];
    const isHome = Array.isArray(end.namespace)
      ? !state.cluster.namespaces.has(namespace.name) && contains(end.namespace, namespace.labels)
      : end.namespace === namespace;
    return isHome ? [i] : [];
  });
}

/** Whatever the literal evaluator says otherwise of a pair. */
function differences(state: State, decisions: FamilyDecisions, from: Endpoint, to: Endpoint): unknown[] {
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  const wrong: unknown[] = [];
  for (const family of commonFamilies(from, to)) {
    for (const protocol of PROTOCOLS) {
      const [first, end] = everyPort(protocol) as [number, number];
      const bounds = [first, ...portBounds(state.placement, to, protocol), end - 1];
      for (const port of new Set(bounds.filter((one) => first <= one && one < end))) {
        const { verdict } = evaluateFlow(rules, { from, to }, { family, protocol, port });
        const found = verdictAt(decisions[family]!, protocol, port);
        if (found !== verdict) wrong.push([from.key, to.key, family, protocol, port, verdict, found]);
      }
    }
  }
  return wrong;
}

function check(state: State, from: readonly (Example | Endpoint)[], to: readonly (Example | Endpoint)[]): void {
  const isFixed = (end: Example | Endpoint): end is Endpoint => 'key' in end;
  const side = (ends: readonly (Example | Endpoint)[]): SymbolicEnd =>
    ends.some(isFixed)
      ? { endpoints: ends.filter(isFixed) }
      : {
          places: placesOf(
            state,
            ends.flatMap((end) => (isFixed(end) ? [] : [end])),
          ),
        };
  const question = { context: worldOf(state).context, placement: state.placement, protocols: PROTOCOLS };
  const reach = symbolicReach(question, side(from), side(to));
  if ('undecided' in reach) throw new Error(reach.undecided);
  const wrong: unknown[] = [];
  for (const [i, source] of from.entries()) {
    const sources = isFixed(source) ? [i] : cellsOf(state, reach.from, source);
    expect(sources).toHaveLength(1);
    for (const [j, destination] of to.entries()) {
      const destinations = isFixed(destination) ? [j] : cellsOf(state, reach.to, destination);
      expect(destinations).toHaveLength(1);
      const ends = [source, destination].map((end) =>
        isFixed(end) ? end : possibleEnd(state, end.namespace, end.labels),
      );
      wrong.push(...differences(state, reach.decide(sources[0]!, destinations[0]!), ends[0]!, ends[1]!));
    }
  }
  expect(wrong).toEqual([]);
}

describe('symbolic reach', () => {
  it('says of every pod that could exist what the literal evaluator says, as a source and as a destination', () => {
    fc.assert(
      fc.property(manifests, behaviourTowardsPods, picks, (drawn, chosen, numbers) => {
        const state = stateOf(drawn, chosen);
        const world = worldOf(state);
        const ends = [...world.pods, ...world.outside(), ...world.nodes()].map(({ endpoint }) => endpoint);
        if (ends.length === 0) return;
        check(state, pick(state, numbers), ends);
        check(state, ends, pick(state, numbers));
      }),
      runs(60),
    );
  });

  it('says it of pairs of two pods that could exist', () => {
    fc.assert(
      fc.property(manifests, behaviourTowardsPods, picks, picks, (drawn, chosen, one, other) => {
        const state = stateOf(drawn, chosen);
        check(state, pick(state, one), pick(state, other));
      }),
      runs(60),
    );
  });

  it('holds for tiers and rules that no dialect writes yet', () => {
    fc.assert(
      fc.property(allNamespaces, placement, knobs, picks, picks, (drawn, placed, chosen, one, other) => {
        const plain = stateOf([...drawn]);
        const state = { ...plain, placement: finite(placed), behaviour: { ...plain.behaviour, knobs: chosen } };
        check(state, pick(state, one), pick(state, other));
      }),
      runs(60),
    );
  });
});
