import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { adminPolicy, deployment, namespace, pod, policy, scenario } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { DIRECTIONS } from '../model/policy.ts';
import { nearPlacement, nearPolicies } from './near-policies.ts';
import { appliedPolicies } from './tiers.ts';

const { state: STATE } = scenario([
  ...['a', 'b', 'c'].flatMap((name) => [
    namespace(name),
    pod(`${name}/pod`),
    policy(`${name}/first`, '{podSelector: {}}'),
    policy(`${name}/second`, '{podSelector: {}}'),
    policy(`${name}/other`, '{podSelector: {matchLabels: {app: other}}}'),
  ]),
  adminPolicy('AdminNetworkPolicy', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]'),
]);
const END = (name: string) => worldOf(STATE).pods.find(({ endpoint }) => endpoint.pod?.namespace === name)!.endpoint;
const OUTSIDE = worldOf(STATE).outside()[0]!.endpoint;

const names = (from: typeof OUTSIDE, to: typeof OUTSIDE, { placement } = STATE): string[] =>
  nearPlacement(placement, [from, to])
    .policies.map(({ policy: { ref } }) => `${ref.namespace ?? ''}/${ref.name}`)
    .sort();

describe('the policies that have a say', () => {
  it('are those that select an end, of its namespace or of the whole cluster', () => {
    expect(names(END('a'), END('b'))).toEqual(['/default', 'a/first', 'a/second', 'b/first', 'b/second']);
  });

  it('are those of one namespace where the other end is no pod', () => {
    expect(names(OUTSIDE, END('c'))).toEqual(['/default', 'c/first', 'c/second']);
  });

  it.each([[STATE.placement.policies], [STATE.placement.policies.toReversed()]])(
    'stay in the order of the placement, that of the whole cluster among them',
    (policies) => {
      const places = nearPolicies({ policies })(END('b'))('ingress').map(({ placed }) => policies.indexOf(placed));
      expect(places).toHaveLength(3);
      const narrowed = nearPlacement({ ...STATE.placement, policies }, [END('b'), END('a')]).policies;
      expect(narrowed).toEqual(policies.filter((placed) => narrowed.includes(placed)));
      expect(narrowed).toHaveLength(5);
      expect(places).toEqual(places.toSorted((x, y) => x - y));
    },
  );

  it('are those that select an end perhaps, too', () => {
    const { state } = scenario([
      namespace('shop'),
      deployment('shop/web', 'app=web'),
      policy('shop/one-release', '{podSelector: {matchLabels: {pod-template-hash: 5c9f}}}'),
      policy('shop/other', '{podSelector: {matchLabels: {app: web, release: two}}}'),
    ]);
    const { endpoint } = worldOf(state).pods[0]!;
    expect(names(endpoint, endpoint, state)).toEqual(['shop/one-release']);
  });

  it('are found among very many of one namespace', () => {
    const many = Array.from({ length: 40 }, (_, nth) =>
      policy(`shop/p${nth}`, `{podSelector: {matchLabels: {pod: ${nth % 4 === 0 ? 'a' : `other-${nth}`}}}}`),
    );
    const { state } = scenario([namespace('shop'), pod('shop/a'), ...many]);
    const { endpoint } = worldOf(state).pods[0]!;
    const { policies } = state.placement;
    const all = appliedPolicies(policies, { direction: 'ingress', subject: endpoint });
    expect(all).toHaveLength(10);
    expect(nearPolicies({ policies })(endpoint)('ingress')).toEqual(all);
  });

  it('are all that apply, whatever their subjects are in the two directions', () => {
    fc.assert(
      fc.property(placement, endpoints, ({ policies }, ends) => {
        for (const drawn of ends) {
          const subject = { ...drawn, key: 'end', name: 'end' };
          for (const direction of DIRECTIONS) {
            const all = appliedPolicies(policies, { direction, subject });
            const own = subject.pod === undefined ? [] : all;
            expect(nearPolicies({ policies })(subject)(direction)).toEqual(own);
          }
        }
      }),
      runs(300),
    );
  });
});
