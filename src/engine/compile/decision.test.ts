import { expect, it } from 'vitest';
import { networkPolicy, policyOf } from '../../../test/support/decode-policy.ts';
import type { Decision } from '../model/verdict.ts';
import { traffic } from '../sets/traffic-set.ts';
import { decisionTable } from './decision.ts';

it('combines two sides the same whichever was met first', () => {
  const policy = policyOf(networkPolicy({ podSelector: {} }));
  const named = (name: string) => ({ ...policy, ref: { ...policy.ref, name } });
  const side = (name: string): Decision => ({
    allowed: traffic('TCP', 80),
    unknown: [{ traffic: traffic('TCP', 443), reason: 'pod-address', policies: [named(name)] }],
    conditional: [],
  });
  const combined = (...names: readonly [string, string]): Decision => {
    const table = decisionTable();
    const [a, b] = [table.intern(side(names[0])), table.intern(side(names[1]))];
    expect(table.and(b, a)).toBe(table.and(a, b));
    return table.get(table.and(a, b));
  };
  expect(combined('a', 'b')).toEqual(combined('b', 'a'));
});
