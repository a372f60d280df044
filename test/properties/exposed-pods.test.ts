// Whom ends are open to, for tiers, rules and ends that no dialect or snapshot makes yet: entries and openings against the
// literal evaluator on drawn pods. The whole document on whole clusters is exposure.test.ts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import type { Namespace } from '../../src/engine/model/cluster.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import { DIRECTIONS } from '../../src/engine/model/policy.ts';
import type { Labels } from '../../src/engine/model/selector.ts';
import type { Decision, Verdict } from '../../src/engine/model/verdict.ts';
import { contains as holdsId } from '../../src/engine/sets/id-set.ts';
import { contains } from '../../src/engine/sets/label-box.ts';
import { everyPort, PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { type ExposedPods, exposedPods } from '../../src/engine/symbolic/exposed-pods.ts';
import { holdsPod } from '../../src/engine/symbolic/pod-space.ts';
import { makeSides, type Side } from '../../src/engine/symbolic/side.ts';
import { knobs, placement } from '../support/arbitrary.ts';
import { allNamespaces } from '../support/arbitrary-manifests.ts';
import { finite } from '../support/finite-selectors.ts';
import { EVERY_POD, everyNamespace, possibleEnd } from '../support/possible-pods.ts';
import { stateOf, verdictAt } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const ORDER: readonly Verdict[] = ['denied', 'conditional', 'unknown', 'allowed'];
const best = (all: readonly Verdict[]) => ORDER[Math.max(0, ...all.map((one) => ORDER.indexOf(one)))]!;
// Both sides of a connection: nobody knows whether conditions of the one help where the other may deny.
const BOTH: readonly Verdict[] = ['denied', 'unknown', 'conditional', 'allowed'];
const least = (a: Verdict, b: Verdict) => BOTH[Math.min(BOTH.indexOf(a), BOTH.indexOf(b))]!;

interface Example {
  readonly namespace: Namespace;
  readonly labels: Labels;
}

/** What an entry says of a pod; with `bounds` only as far as one of these says it too. */
interface Saying {
  readonly decision: Decision;
  readonly bounds?: readonly Decision[];
}

type Said = (end: number, pod: Example) => Saying[];

function saidBy(side: Side, exposed: ExposedPods, ids: readonly number[]): Said {
  const entries = ids.map((id) => exposed.entriesOf(id));
  const openings = exposed.openings();
  const isIn = (list: readonly Namespace[], { name }: Namespace) => list.some((one) => one.name === name);
  return (end, { namespace, labels }) => {
    const isUnlabelled = isIn(exposed.unlabelled, namespace);
    const isLimited = isIn(exposed.limited, namespace);
    const home = isUnlabelled ? 'unlabelled' : isLimited ? 'limited' : 'unlimited';
    const open = openings.filter(
      (one) => one.namespace === namespace.name && holdsId(one.ends, end) && contains(one.labels, labels),
    );
    return entries[end]!.filter(({ box, homes }) => {
      const speaks = homes === 'all' || homes === home || (homes === 'any' && home !== 'unlabelled');
      return speaks && holdsPod(side.pods.get(box), namespace.labels, labels);
    }).map(({ decision, homes }) => ({
      decision: side.table.get(decision),
      ...(homes === 'all' || home === 'unlimited' ? {} : { bounds: open.map((one) => side.table.get(one.decision)) }),
    }));
  };
}

/** What differs between the entries that hold a pod and the literal evaluator. */
function differences(state: State, ends: readonly Endpoint[], pods: readonly Example[], fewPairs?: number): unknown[] {
  const wrong: unknown[] = [];
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  const ids = ends.map((_, id) => id);
  const sides = makeSides(worldOf(state).context, state.placement, ends, PROTOCOLS);
  for (const direction of DIRECTIONS) {
    // All sides at once: they share what is the same in all families, and nothing else.
    const exposed = exposedPods(sides, direction, ids, fewPairs);
    for (const [i, side] of sides.entries()) {
      const said = saidBy(side, exposed[i]!, ids);
      for (const [id, own] of ends.entries()) {
        for (const pod of pods) {
          const other = possibleEnd(state, pod.namespace, pod.labels);
          const pair = direction === 'ingress' ? { from: other, to: own } : { from: own, to: other };
          const entries = said(id, pod);
          for (const protocol of PROTOCOLS) {
            const [first, end] = everyPort(protocol) as [number, number];
            const bounds = [first, ...portBounds(state.placement, pair.to, protocol), end - 1];
            for (const port of new Set(bounds.filter((one) => first <= one && one < end))) {
              const at = (decision: Decision) => verdictAt(decision, protocol, port);
              const found = best(
                entries.map(({ decision, bounds }) =>
                  bounds === undefined ? at(decision) : least(at(decision), best(bounds.map(at))),
                ),
              );
              const { verdict } = evaluateFlow(rules, pair, { family: side.family, protocol, port });
              if (found !== verdict) wrong.push([direction, own.key, other.key, protocol, port, verdict, found]);
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
  it.each([
    ['entries that say all themselves', undefined],
    ['openings of limited namespaces', 0],
  ])('agree with the literal evaluator for any tiers: %s', (_, fewPairs) => {
    fc.assert(
      fc.property(allNamespaces, placement, knobs, picks, picks, (drawn, placed, chosen, some, numbers) => {
        const plain = stateOf([...drawn]);
        const state = { ...plain, placement: finite(placed), behaviour: { ...plain.behaviour, knobs: chosen } };
        const namespaces = everyNamespace(state);
        const example = ([n, l]: readonly [number, number]): Example => ({
          namespace: namespaces[n % namespaces.length]!,
          labels: EVERY_POD[l]!,
        });
        const ends = some.map(example).map(({ namespace, labels }, id) => {
          return { ...possibleEnd(state, namespace, labels), key: `e${id}`, name: `e${id}` };
        });
        expect(differences(state, ends, numbers.map(example), fewPairs)).toEqual([]);
      }),
      runs(40),
    );
  });
});
