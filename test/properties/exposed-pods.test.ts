// The pieces of which exposure is made, against the literal evaluator on every pod of a small universe of labels.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import type { Namespace } from '../../src/engine/model/cluster.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import { DIRECTIONS } from '../../src/engine/model/policy.ts';
import type { Labels } from '../../src/engine/model/selector.ts';
import type { Verdict } from '../../src/engine/model/verdict.ts';
import { contains as hasId } from '../../src/engine/sets/id-set.ts';
import { contains } from '../../src/engine/sets/label-box.ts';
import { everyPort, PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { exposedPods } from '../../src/engine/symbolic/exposed-pods.ts';
import { holdsPod } from '../../src/engine/symbolic/pod-space.ts';
import { makeSides } from '../../src/engine/symbolic/side.ts';
import { knobs, placement } from '../support/arbitrary.ts';
import { allNamespaces, manifests } from '../support/arbitrary-manifests.ts';
import { behaviourTowardsPods, EVERY_POD, everyNamespace, possibleEnd } from '../support/possible-pods.ts';
import { stateOf, verdictAt } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const ORDER: readonly Verdict[] = ['denied', 'conditional', 'unknown', 'allowed'];
const best = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.reduce((a, b) => (ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b), 'denied');

const least = (a: Verdict, b: Verdict): Verdict => (ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b);

/** What differs between the entries that hold a pod and the literal evaluator. */
function check(
  state: State,
  ends: readonly Endpoint[],
  examples: readonly (readonly [Namespace, Labels])[],
  fewPairs?: number,
): unknown[] {
  const wrong: unknown[] = [];
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  const { context } = worldOf(state);
  for (const side of makeSides(context, state.placement, ends, PROTOCOLS)) {
    for (const direction of DIRECTIONS) {
      const ids = ends.map((_, end) => end);
      const exposed = exposedPods(side, direction, ids, fewPairs);
      const entries = ends.map((_, end) => exposed.entriesOf(end));
      const limited = new Set(exposed.limited.map(({ name }) => name));
      const unlabelled = new Set(exposed.unlabelled.map(({ name }) => name));
      const openings = exposed.openings();
      for (const [end, own] of ends.entries()) {
        if (!own.families.includes(side.family)) continue;
        for (const [namespace, labels] of examples) {
          const home = unlabelled.has(namespace.name)
            ? 'unlabelled'
            : limited.has(namespace.name)
              ? 'limited'
              : 'unlimited';
          const let_ = openings
            .filter((one) => one.namespace === namespace.name && hasId(one.ends, end) && contains(one.labels, labels))
            .map(({ decision }) => side.table.get(decision));
          const held = entries[end]!.filter(
            ({ box, homes }) =>
              (homes === 'all' || homes === home || (homes === 'any' && home !== 'unlabelled')) &&
              holdsPod(side.pods.get(box), namespace.labels, labels),
          ).map(({ decision, homes }) => ({
            decision: side.table.get(decision),
            isLimited: homes !== 'all' && home !== 'unlimited',
          }));
          const other = possibleEnd(state, namespace, labels);
          const pair = direction === 'ingress' ? { from: other, to: own } : { from: own, to: other };
          for (const protocol of PROTOCOLS) {
            const [first, end] = everyPort(protocol) as [number, number];
            const bounds = [first, ...portBounds(state.placement, pair.to, protocol), end - 1];
            for (const port of new Set(bounds.filter((one) => first <= one && one < end))) {
              const { verdict } = evaluateFlow(rules, pair, { family: side.family, protocol, port });
              const most = best(let_.map((one) => verdictAt(one, protocol, port)));
              const found = best(
                held.map(({ decision, isLimited }) => {
                  const verdict = verdictAt(decision, protocol, port);
                  return isLimited ? least(verdict, most) : verdict;
                }),
              );
              if (found !== verdict)
                wrong.push([direction, own.key, other.key, side.family, protocol, port, verdict, found]);
            }
          }
        }
      }
    }
  }
  return wrong;
}

const picks = fc.array(fc.tuple(fc.nat(), fc.nat(EVERY_POD.length - 1)), { minLength: 1, maxLength: 8 });

describe('exposed pods', () => {
  it('manifests', () => {
    fc.assert(
      fc.property(manifests, behaviourTowardsPods, picks, (drawn, chosen, numbers) => {
        const state = stateOf(drawn, chosen);
        const namespaces = everyNamespace(state);
        const ends = worldOf(state).pods.map(({ endpoint }) => endpoint);
        const examples = numbers.map(([n, l]) => [namespaces[n % namespaces.length]!, EVERY_POD[l]!] as const);
        expect(check(state, ends, examples)).toEqual([]);
        expect(check(state, ends, examples, 0)).toEqual([]);
      }),
      runs(100),
    );
  });
  it('model', () => {
    fc.assert(
      fc.property(allNamespaces, placement, knobs, picks, picks, (drawn, placed, chosen, some, numbers) => {
        const plain = stateOf([...drawn]);
        const state = { ...plain, placement: finite(placed), behaviour: { ...plain.behaviour, knobs: chosen } };
        const namespaces = everyNamespace(state);
        const example = ([n, l]: readonly [number, number]) =>
          [namespaces[n % namespaces.length]!, EVERY_POD[l]!] as const;
        const ends = some
          .map(example)
          .map(([namespace, labels], i) => ({ ...possibleEnd(state, namespace, labels), key: `e${i}` }));
        expect(check(state, ends, numbers.map(example))).toEqual([]);
        expect(check(state, ends, numbers.map(example), 0)).toEqual([]);
      }),
      runs(100),
    );
  });
});

/** The same with `in` for what looks into values, which no cell can be made of. */
function finite<T>(value: T): T {
  if (Array.isArray(value)) return value.map(finite) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, one]) => [key, finite(one)] as const);
  const same = Object.fromEntries(fields);
  return (typeof same['text'] === 'string' ? { op: 'in', key: same['key'], values: [same['text']] } : same) as T;
}
