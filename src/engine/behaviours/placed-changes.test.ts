import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../test/support/replay.ts';
import type { Placement } from '../model/tier.ts';
import { placedChanges } from './placed-changes.ts';

function policy(namespace: string, name: string, ports?: readonly number[]) {
  const ingress = [ports === undefined ? {} : { ports: ports.map((port) => ({ port })) }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name },
    spec: { podSelector: {}, ingress },
  };
}

const placed = (...policies: readonly ReturnType<typeof policy>[]): Placement => stateOf(policies).placement;
const names = ({ removed, added }: ReturnType<typeof placedChanges>) =>
  [removed, added].map((list) => list.map(({ policy: { ref } }) => ref.name));
const A = policy('x', 'a');
const B = policy('x', 'b', [80]);

describe('placedChanges', () => {
  it('tells policies that come, go, or say something else, and no others', () => {
    const edited = policy('x', 'b', [81]);
    expect(names(placedChanges(placed(A, B), placed(B, A)))).toEqual([[], []]);
    expect(names(placedChanges(placed(A), placed(A, B)))).toEqual([[], ['b']]);
    expect(names(placedChanges(placed(A, B), placed(A)))).toEqual([['b'], []]);
    expect(names(placedChanges(placed(A, B), placed(A, edited)))).toEqual([['b'], ['b']]);
  });

  it('tells policies of one name in two namespaces apart', () => {
    const other = policy('y', 'a');
    expect(names(placedChanges(placed(A), placed(other)))).toEqual([['a'], ['a']]);
  });

  it('compares policies that stand elsewhere in the list, as where ties are sorted by name first', () => {
    const [one, other] = [policy('y', 'a'), policy('x', 'b')];
    const sorted = placed(one, other);
    const turned = { ...sorted, policies: [...sorted.policies].reverse() };
    expect(names(placedChanges(sorted, turned))).toEqual([[], []]);
    expect(names(placedChanges(sorted, { ...turned, policies: turned.policies.slice(1) }))).toEqual([['a'], []]);
  });

  it('takes a policy more of the same name for one that comes', () => {
    const { chain, policies, notEnforced } = placed(A, B);
    const twice = { chain, notEnforced, policies: [...policies, policies[0]!] };
    expect(names(placedChanges(placed(A, B), twice))).toEqual([[], ['a']]);
    expect(names(placedChanges(twice, placed(A, B)))).toEqual([['a'], []]);
  });
});
