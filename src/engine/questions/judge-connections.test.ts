// Connections judged a part at a time come out as they do together, and so does what they use of rules.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flows } from '../../../test/support/arbitrary-flows.ts';
import { STATE } from '../../../test/support/attributed.ts';
import { observed } from '../../../test/support/observed.ts';
import { runs } from '../../../test/support/runs.ts';
import { policy, scenario } from '../../../test/support/scenario.ts';
import { gatherFlows } from '../attribution/attribute-flows.ts';
import { worldOf } from '../endpoints/world.ts';
import type { ObservedFlow } from '../model/flow.ts';
import { withPolicies } from '../state.ts';
import { askingPairs, judgeConnections } from './judge-connections.ts';
import { unusedRules } from './unused-rules.ts';

const { policies } = scenario([
  policy(
    'shop/web',
    '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}, {ipBlock: {cidr: 203.0.113.0/24}}]}, {ports: [{port: http}]}]}',
  ),
  policy(
    'shop/cart',
    '{podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: 50051}, {port: 7070}]}, {to: [{namespaceSelector: {}}]}]}',
  ),
]).state;

function judged(seen: readonly ObservedFlow[], part?: number): unknown {
  const state = withPolicies(STATE, policies);
  const rules = unusedRules(worldOf(state));
  const { connections } = gatherFlows(state, seen);
  const judging = { before: [], pairsOf: askingPairs(state).pairsOf, rules, ...(part === undefined ? {} : { part }) };
  const outcomes = Object.entries(judgeConnections(state, connections, judging)).map(([outcome, list]) => [
    outcome,
    list.map(({ connection: { from, to, port, protocol }, ...one }) => ({ ...one, from, to, port, protocol })),
  ]);
  return [outcomes, rules.found()];
}

test('the size of parts changes nothing', () => {
  fc.assert(
    fc.property(flows, fc.integer({ min: 1, max: 3 }), (seen, part) => {
      expect(judged(seen, part)).toEqual(judged(seen));
    }),
    runs(60),
  );
});

test('connections of several parts are all counted for a rule', () => {
  const clients = [1, 2, 3, 4, 5].map((last) => observed(`198.51.100.${last} -> shop/web-6bfb7f754-sp5fz:8080`));
  const calls = [observed('shop/web-6bfb7f754-sp5fz -> shop/cart-6bfb7f754-7zlgh:7070')];
  const [, rules] = judged([...clients, ...calls], 2) as [unknown, readonly { readonly used: number }[]];
  expect(rules.map(({ used }) => used)).toEqual([1, 1, 5]);
  expect(judged([...clients, ...calls], 2)).toEqual(judged([...clients, ...calls]));
});
