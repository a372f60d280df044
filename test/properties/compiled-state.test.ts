// What is remembered of states changes no answer: questions about states that were asked before are answered as if nobody had
// asked anything.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAlike } from '../../src/engine/endpoints/cut-alike.ts';
import { mergeRelevance } from '../../src/engine/endpoints/relevance.ts';
import { isSameEndpoint } from '../../src/engine/endpoints/same-endpoint.ts';
import { makeWorld, worldOf } from '../../src/engine/endpoints/world.ts';
import { diff, mapConnectivity, type State } from '../../src/engine/index.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { withPolicies } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { clusterManifests } from '../support/arbitrary-manifests.ts';
import { policies } from '../support/arbitrary-policy-manifests.ts';
import { type Manifest, podManifest, stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

/** Versions of one cluster: some objects are only in some of them, and policies are others in each. */
const versions: fc.Arbitrary<readonly (readonly Manifest[])[]> = fc
  .record({
    cluster: clusterManifests,
    each: fc.array(policies, { minLength: 3, maxLength: 3 }),
    objects: fc.infiniteStream(fc.nat(19)),
    kept: fc.infiniteStream(fc.boolean()),
  })
  .map(({ cluster, each, objects, kept }) => {
    const [object, policy] = [objects[Symbol.iterator](), kept[Symbol.iterator]()];
    let last: readonly Manifest[] = [];
    return each.map((own) => {
      const names = new Set(own.map(nameOf));
      last = [...last.filter((one) => !names.has(nameOf(one)) && policy.next().value === true), ...own];
      return [...cluster.filter(() => object.next().value !== 0), ...last];
    });
  });

function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${(metadata as Manifest).namespace} ${(metadata as Manifest).name}`;
}

/** Pods of one workload that only {@link ASKS} tells apart. */
const SPECIAL: readonly Manifest[] = ['a', 'b'].map((value) =>
  podManifest({
    namespace: 'x',
    name: `special-${value}`,
    labels: { special: value },
    addresses: ['10.9.9.9'],
    ports: [],
    owner: 'special',
  }),
);
const ASKS: Manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'x', name: 'special' },
  spec: { podSelector: { matchLabels: { special: 'a' } } },
};

const place = fc.nat(2);
/** Questions about two of the versions, or about one. */
const questions = fc.array(fc.tuple(place, place, fc.boolean()), { minLength: 2, maxLength: 8 });

describe('a state that was asked before', () => {
  it('is compared and mapped as if it were new, whatever was asked, and of a state that is made from it', () => {
    fc.assert(
      fc.property(versions, behaviour, questions, (lists, chosen, asked) => {
        const fresh = (index: number): State => stateOf(lists[index]!, chosen);
        const known = [0, 1, 2].map(fresh);
        const map = (state: State) => mapConnectivity(state, { protocols: PORT_PROTOCOLS }, CONTEXT);
        for (const [one, other, isMap] of asked) {
          const [a, b] = [known[one]!, known[other]!];
          // What if it had the policies of the other one? Nobody asks twice.
          const tried = withPolicies(a, b.policies);
          if (isMap) {
            expect(map(a)).toEqual(map(fresh(one)));
            expect(map(tried)).toEqual(map(withPolicies(fresh(one), b.policies)));
          } else {
            expect(diff(a, b, CONTEXT)).toEqual(diff(fresh(one), fresh(other), CONTEXT));
            expect(diff(a, tried, CONTEXT)).toEqual(
              diff(fresh(one), withPolicies(fresh(one), fresh(other).policies), CONTEXT),
            );
          }
        }
      }),
      runs(60),
    );
  });

  it('is cut for another one into the units that both would have from the beginning', () => {
    let further = 0;
    fc.assert(
      fc.property(versions, behaviour, fc.nat(2), (lists, chosen, count) => {
        // Few policies tell few pods apart.
        const isPolicy = ({ kind }: Manifest) => String(kind).endsWith('NetworkPolicy');
        const own = lists[0]!.filter(isPolicy).slice(0, count);
        const before = stateOf([...SPECIAL, ...lists[0]!.filter((one) => !isPolicy(one)), ...own], chosen);
        const after = stateOf([...SPECIAL, ...lists[1]!, ASKS], chosen);
        const relevance = mergeRelevance(worldOf(before).context.relevance, worldOf(after).context.relevance);
        const cut = cutAlike(before, after);
        for (const world of [cut.before, cut.after]) {
          const whole = makeWorld(world.state, relevance);
          expect(world.pods).toEqual(whole.pods);
          expect(world.outside()).toEqual(whole.outside());
          if (world.pods.length > worldOf(world.state).pods.length) further++;
          for (const [index, { endpoint }] of world.pods.entries()) {
            expect(isSameEndpoint(endpoint, whole.pods[index]!.endpoint)).toBe(true);
          }
        }
      }),
      runs(60),
    );
    expect(further).toBeGreaterThan(0);
  });
});
