// Redundancy against removing each policy and each rule and deciding everything again, with both evaluators: what is found
// changes nothing, alone and all at once, and nothing that changes nothing is missed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyKey } from '../../src/engine/compile/decision.ts';
import { compileReach, type Reach } from '../../src/engine/compile/reach.ts';
import { decisionOn } from '../../src/engine/compile/rows.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateDirection } from '../../src/engine/evaluate/evaluate.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import { DIRECTIONS, type Policy, type Rule } from '../../src/engine/model/policy.ts';
import { searchRedundancy } from '../../src/engine/redundancy/find-redundancy.ts';
import { isSameVerdict } from '../../src/engine/redundancy/verdicts.ts';
import { everyPort, PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { placementOf, type State } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

type Policies = readonly Policy[];

function endsOf(state: State): Endpoint[] {
  const world = worldOf(state);
  return [...world.pods, ...world.outside(), ...world.nodes(), ...world.entries()].map(({ endpoint }) => endpoint);
}

function reachOf(state: State, ends: readonly Endpoint[], policies: Policies): Reach {
  return compileReach({ placement: placementOf(policies, state), knobs: state.behaviour.knobs }, ends, PROTOCOLS);
}

/** Whether each side says the same of each pair that has an address of a family in common. */
function isSame(before: Reach, after: Reach): boolean {
  const ends = before.endpoints;
  return ends.every((subject, id) =>
    subject.families.every((family) =>
      DIRECTIONS.every((direction) => {
        const [was, is] = [before, after].map((one) => ({
          row: one.rows.get(family)!.row(id, direction),
          table: one.table,
        }));
        return ends.every(
          ({ families }, peer) =>
            !families.includes(family) ||
            isSameVerdict(was!.table.get(decisionOn(was!.row, peer)), is!.table.get(decisionOn(is!.row, peer)), true),
        );
      }),
    ),
  );
}

/** The first flow of which the literal evaluator says something else with other policies. */
function literalChange(state: State, ends: readonly Endpoint[], policies: Policies): string | undefined {
  const { knobs } = state.behaviour;
  const before = { placement: state.placement, knobs, explains: false };
  const after = { placement: placementOf(policies, state), knobs, explains: false };
  for (const subject of ends) {
    if (subject.pod === undefined) continue;
    for (const peer of ends) {
      for (const direction of DIRECTIONS) {
        const pair = direction === 'egress' ? { from: subject, to: peer } : { from: peer, to: subject };
        for (const family of subject.families.filter((one) => peer.families.includes(one))) {
          for (const protocol of PROTOCOLS) {
            const [first, end] = everyPort(protocol) as [number, number];
            const bounds = [first, ...portBounds(state.placement, pair.to, protocol)];
            for (const port of new Set(bounds.filter((one) => first <= one && one < end))) {
              const flow = { family, protocol, port };
              const [was, is] = [before, after].map((rules) => evaluateDirection(rules, direction, pair, flow));
              if (was!.verdict !== is!.verdict) {
                return `${direction} ${pair.from.key} -> ${pair.to.key} ${family} ${protocol} ${port}: ${was!.verdict}, ${is!.verdict}`;
              }
            }
          }
        }
      }
    }
  }
  return undefined;
}

function withoutRules(policies: Policies, gone: readonly { readonly policy: Policy; readonly rule: Rule }[]): Policies {
  const isGone = (policy: Policy, rule: Rule) =>
    gone.some((one) => policyKey(one.policy) === policyKey(policy) && `${one.rule.path}` === `${rule.path}`);
  return policies.map((policy) => {
    const parts = DIRECTIONS.flatMap((direction) => {
      const part = policy[direction];
      if (part === undefined) return [];
      return [[direction, { ...part, rules: part.rules.filter((rule) => !isGone(policy, rule)) }] as const];
    });
    return { ...policy, ...Object.fromEntries(parts) };
  });
}

describe('redundancy', () => {
  it('is what removing one policy after the other and deciding everything again finds', () => {
    let redundant = 0;
    fc.assert(
      fc.property(manifests, behaviour, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const ends = endsOf(state);
        const { placement, policies } = state;
        const search = searchRedundancy({ placement, knobs: chosen.knobs, endpoints: ends });
        const before = reachOf(state, ends, policies);
        const wrong: unknown[] = [];
        for (const { policy } of placement.policies) {
          const others = policies.filter((one) => policyKey(one) !== policyKey(policy));
          const changes = !isSame(before, reachOf(state, ends, others));
          const said = search.matters(policy);
          if (!said) redundant++;
          if (!said && literalChange(state, ends, others) !== undefined) wrong.push(['literal', policyKey(policy)]);
          const isOpen = chosen.knobs.exceptions === 'unknown' && !changes;
          if (said !== changes && !isOpen) wrong.push([policyKey(policy), { said, changes }]);
        }
        const found = search.policies();
        const gone = new Set(found.policies.map((one) => policyKey(one.policy)));
        const kept = policies.filter((policy) => !gone.has(policyKey(policy)));
        expect(isSame(before, reachOf(state, ends, kept)), 'all at once').toBe(true);
        for (const { coveredBy, policy } of found.policies) {
          if (coveredBy.some((one) => gone.has(policyKey(one)))) wrong.push(['covered by one that goes', policyKey(policy)]);
        }
        expect(wrong).toEqual([]);
      }),
      runs(150),
    );
    expect(redundant).toBeGreaterThan(10);
  });

  it('of rules is what removing one rule after the other finds', () => {
    fc.assert(
      fc.property(manifests, behaviour, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const ends = endsOf(state);
        const { placement, policies } = state;
        const search = searchRedundancy({ placement, knobs: chosen.knobs, endpoints: ends });
        const isListed = ({ policy, rule }: { readonly policy: Policy; readonly rule: Rule }) => {
          const written = policies.find((one) => policyKey(one) === policyKey(policy))!;
          return DIRECTIONS.some(
            (direction) =>
              written[direction]?.listed === true &&
              written[direction].rules.some(({ path }) => `${path}` === `${rule.path}`),
          );
        };
        const { policies: found } = search.policies();
        const gone = new Set(found.map(({ policy }) => policyKey(policy)));
        const kept = policies.filter((policy) => !gone.has(policyKey(policy)));
        const before = reachOf(state, ends, policies);
        const rules = search.rules().map(({ policy, rule }) => ({ policy, rule: rule! }));
        const left = withoutRules(kept, rules.filter(isListed));
        expect(isSame(before, reachOf(state, ends, left)), 'all at once').toBe(true);
        expect(literalChange(state, ends, left)).toBe(undefined);
        // Greedy: of those that stay none can go beside them, where rules only accept.
        if (chosen.knobs.exceptions === 'unknown') return;
        const isPlain = policies.every((policy) =>
          DIRECTIONS.every((direction) => policy[direction]?.rules.every(({ action }) => action === 'Accept') ?? true),
        );
        if (!isPlain) return;
        for (const policy of left) {
          for (const direction of DIRECTIONS) {
            for (const rule of policy[direction]?.listed === true ? policy[direction].rules : []) {
              const one = { policy, rule };
              if (!placement.policies.some((placed) => policyKey(placed.policy) === policyKey(policy))) continue;
              const less = reachOf(state, ends, withoutRules(left, [one]));
              expect([policyKey(policy), rule.path, isSame(before, less)]).toEqual([policyKey(policy), rule.path, false]);
            }
          }
        }
      }),
      runs(100),
    );
  });
});
