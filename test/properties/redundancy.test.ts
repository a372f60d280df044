// Redundancy against removing each policy and each rule and deciding everything again, with both evaluators: what is found
// changes nothing, alone and all at once, and nothing that changes nothing is missed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyKey } from '../../src/engine/compile/decision.ts';
import { compileReach, type Reach } from '../../src/engine/compile/reach.ts';
import { decisionOn } from '../../src/engine/compile/row.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateDirection } from '../../src/engine/evaluate/evaluate.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import { DIRECTIONS, type Policy, type Rule } from '../../src/engine/model/policy.ts';
import type { Decision } from '../../src/engine/model/verdict.ts';
import { coversEveryPod } from '../../src/engine/redundancy/every-pod.ts';
import { searchRedundancy } from '../../src/engine/redundancy/find-redundancy.ts';
import { isSameVerdict } from '../../src/engine/redundancy/verdicts.ts';
import { everyPort, PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { placementOf, type State } from '../../src/engine/state.ts';
import { endpoints, knobs, placement } from '../support/arbitrary.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { EVERY_POD, everyNamespace, possibleEnd } from '../support/possible-pods.ts';
import { type Manifest, stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

type Policies = readonly Policy[];

type Json = Readonly<Record<string, unknown>>;

/** What the copy of a policy says otherwise. */
const CHANGES: Readonly<Record<string, (spec: Json) => Json>> = {
  nothing: (spec) => spec,
  'every pod': (spec) => ('podSelector' in spec ? { ...spec, podSelector: {} } : spec),
  'every port': (spec) => withRules(spec, (rules) => rules.map(({ ports: _, ...rule }) => rule)),
  'everybody more': (spec) => withRules(spec, (rules) => [...rules, ...('podSelector' in spec ? [{}] : [])]),
  'one rule less': (spec) => withRules(spec, (rules) => rules.slice(1)),
  'rules turned round': (spec) => withRules(spec, (rules) => rules.toReversed()),
};

function withRules(spec: Json, change: (rules: readonly Json[]) => readonly Json[]): Json {
  const changed = DIRECTIONS.flatMap((direction) => {
    const rules = spec[direction];
    const isList = Array.isArray(rules) && rules.every((rule) => typeof rule === 'object' && rule !== null);
    return isList ? [[direction, change(rules)]] : [];
  });
  return { ...spec, ...Object.fromEntries(changed) };
}

/** Clusters in which some policies are there twice, or nearly. */
const crowded = fc
  .tuple(manifests, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...Object.keys(CHANGES))), { maxLength: 3 }))
  .map(([objects, copies]) => {
    const policies = objects.filter(
      ({ kind, spec }) => `${kind}`.endsWith('NetworkPolicy') && typeof spec === 'object',
    );
    if (policies.length === 0) return objects;
    const copied = copies.map(([nth, change], i): Manifest => {
      const policy = policies[nth % policies.length]!;
      const metadata = policy['metadata'] as Json;
      const spec = CHANGES[change]!(policy['spec'] as Json);
      return { ...policy, metadata: { ...metadata, name: `${metadata['name']}-copy-${i}` }, spec };
    });
    return [...objects, ...copied];
  });

function endsOf(state: State): Endpoint[] {
  const world = worldOf(state);
  return [...world.pods, ...world.outside(), ...world.nodes(), ...world.entries()].map(({ endpoint }) => endpoint);
}

function reachOf(state: State, ends: readonly Endpoint[], policies: Policies): Reach {
  return compileReach({ placement: placementOf(policies, state), knobs: state.behaviour.knobs }, ends, PROTOCOLS);
}

/** Whether each side says the same of each pair that has an address of a family in common; `seen`: as far as decisions show. */
function isSame(before: Reach, after: Reach, seen: (decision: Decision) => Decision = (one) => one): boolean {
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
            isSameVerdict(
              seen(was!.table.get(decisionOn(was!.row, peer))),
              seen(is!.table.get(decisionOn(is!.row, peer))),
              true,
            ),
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

/** The pod as it would be if it were there: with an address and ports of its own. */
/** The verdicts, whatever leaves some of them open. */
function withoutReasons({ unknown, ...rest }: Decision): Decision {
  return { ...rest, unknown: unknown.map((part) => ({ ...part, reason: 'pod-labels' })) };
}

function realEnd(end: Endpoint): Endpoint {
  const { v4, v6 } = end.addresses;
  const addresses = {
    v4: v4.length === 0 ? [] : [v4[0]! + 9, v4[0]! + 10],
    v6: v6.length === 0 ? [] : [v6[0]! + 9n, v6[0]! + 10n],
  };
  const port = (name: string, number: number) => ({ name, protocol: 'TCP', number, from: 'container' }) as const;
  return { ...end, addresses, ports: [port('web', 80), port('dns', 79)] };
}

function onlyAccepts(policies: Policies): boolean {
  return policies.every((policy) =>
    DIRECTIONS.every((direction) => policy[direction]?.rules.every(({ action }) => action === 'Accept') ?? true),
  );
}

describe('redundancy', () => {
  it('is what removing one policy after the other and deciding everything again finds', () => {
    let count = 0;
    let proved = 0;
    fc.assert(
      fc.property(crowded, behaviour, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const ends = endsOf(state);
        const { policies } = state;
        const placed = state.placement;
        const search = searchRedundancy({ placement: placed, knobs: chosen.knobs, endpoints: ends });
        const before = reachOf(state, ends, policies);
        const wrong: unknown[] = [];
        for (const { policy } of placed.policies) {
          const others = policies.filter((one) => policyKey(one) !== policyKey(policy));
          const changes = !isSame(before, reachOf(state, ends, others));
          const said = search.matters(policy);
          if (!said) count++;
          if (!said && literalChange(state, ends, others) !== undefined) wrong.push(['literal', policyKey(policy)]);
          const isOpen = chosen.knobs.exceptions === 'unknown' && !changes;
          if (said !== changes && !isOpen) wrong.push([policyKey(policy), { said, changes }]);
        }
        const found = search.policies();
        const gone = new Set(found.policies.map((one) => policyKey(one.policy)));
        const kept = policies.filter((policy) => !gone.has(policyKey(policy)));
        expect(isSame(before, reachOf(state, ends, kept)), 'all at once').toBe(true);
        for (const one of found.policies) {
          const { policy } = one;
          const { coveredBy } = search.proofOf(one);
          if (coveredBy.some((other) => gone.has(policyKey(other))))
            wrong.push(['covered by one that goes', policyKey(policy)]);
        }
        // Where policies only add up, those that cover one need no others for it.
        if (onlyAccepts(policies)) {
          for (const redundant of found.policies) {
            const { policy } = redundant;
            const { coveredBy } = search.proofOf(redundant);
            const keys = new Set([policy, ...coveredBy].map(policyKey));
            const [both, without] = [policies.filter((one) => keys.has(policyKey(one))), coveredBy.map(policyKey)];
            const alone = policies.filter((one) => without.includes(policyKey(one)));
            if (coveredBy.length > 0) proved++;
            if (!isSame(reachOf(state, ends, both), reachOf(state, ends, alone)))
              wrong.push(['no proof', policyKey(policy)]);
          }
        }
        expect(wrong).toEqual([]);
      }),
      runs(150),
    );
    expect(count).toBeGreaterThan(10);
    expect(proved).toBeGreaterThan(0);
  });

  it('is found in chains of every kind, with conditions, ties and places to pass to', () => {
    fc.assert(
      fc.property(placement, endpoints, knobs, (drawn, ends, chosen) => {
        const search = searchRedundancy({ placement: drawn, knobs: chosen, endpoints: ends });
        const compiled = (placed: typeof drawn) => compileReach({ placement: placed, knobs: chosen }, ends, PROTOCOLS);
        const before = compiled(drawn);
        const without = (gone: ReadonlySet<Policy>) => ({
          ...drawn,
          policies: drawn.policies.filter(({ policy }) => !gone.has(policy)),
        });
        const said = drawn.policies.map(({ policy }) => [policyKey(policy), search.matters(policy)]);
        const expected = drawn.policies.map(({ policy }) => [
          policyKey(policy),
          !isSame(before, compiled(without(new Set([policy])))),
        ]);
        expect(said).toEqual(expected);
        const gone = new Set(search.policies().policies.map(({ policy }) => policy));
        expect(isSame(before, compiled(without(gone)))).toBe(true);
      }),
      runs(400),
    );
  });

  it('for every pod that could exist holds for all of a universe of labels', () => {
    let count = 0;
    fc.assert(
      fc.property(crowded, behaviour, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const { knobs } = chosen;
        const ends = endsOf(state);
        const search = searchRedundancy({ placement: state.placement, knobs, endpoints: ends });
        const { policies } = search.policies();
        const gone = new Set(policies.map(({ policy }) => policy));
        const covers = coversEveryPod({
          placement: state.placement,
          namesArePerPod: knobs.ingressNamedPorts === 'perPod',
        });
        const namespaces = everyNamespace(state).filter(({ declared }) => declared);
        const possible = namespaces.flatMap((one) =>
          EVERY_POD.map((labels) => realEnd(possibleEnd(state, one, labels))),
        );
        for (const one of policies) {
          const { policy } = one;
          const kept = state.placement.policies.filter(
            (placed) => placed.policy === policy || !gone.has(placed.policy),
          );
          const others = kept.map((placed) => placed.policy).filter((other) => other !== policy);
          if (!covers(one, others, () => false)) continue;
          count++;
          const all = [...ends, ...possible];
          const placement = { ...state.placement, policies: kept };
          const every = searchRedundancy({ placement, knobs, endpoints: all });
          if (!every.matters(policy)) continue;
          // Of a pod that policies select only perhaps, another doubt may then be the first that is named.
          const [before, after] = [kept, kept.filter((placed) => placed.policy !== policy)].map((left) =>
            compileReach({ placement: { ...placement, policies: left }, knobs }, all, PROTOCOLS),
          );
          expect([policyKey(policy), isSame(before!, after!, withoutReasons)]).toEqual([policyKey(policy), true]);
        }
      }),
      runs(120),
    );
    expect(count).toBeGreaterThan(3);
  });

  it('of rules is what removing one rule after the other finds', () => {
    fc.assert(
      fc.property(crowded, behaviour, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const ends = endsOf(state);
        const { policies } = state;
        const placed = state.placement;
        const search = searchRedundancy({ placement: placed, knobs: chosen.knobs, endpoints: ends });
        const isListed = (policy: Policy, rule: Rule) => {
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
        const rules = search.rules(isListed).map(({ policy, rule }) => ({ policy, rule: rule! }));
        const left = withoutRules(kept, rules);
        expect(isSame(before, reachOf(state, ends, left)), 'all at once').toBe(true);
        expect(literalChange(state, ends, left)).toBe(undefined);
        // Greedy: of those that stay none can go beside them, where rules only accept.
        if (chosen.knobs.exceptions === 'unknown') return;
        if (!onlyAccepts(policies)) return;
        for (const policy of left) {
          for (const direction of DIRECTIONS) {
            for (const rule of policy[direction]?.listed === true ? policy[direction].rules : []) {
              const one = { policy, rule };
              // Rules that the plugin reads away are none.
              const read = placed.policies.find((one) => policyKey(one.policy) === policyKey(policy));
              if (
                !DIRECTIONS.some((side) => read?.policy[side]?.rules.some(({ path }) => `${path}` === `${rule.path}`))
              )
                continue;
              const less = reachOf(state, ends, withoutRules(left, [one]));
              expect([policyKey(policy), rule.path, isSame(before, less)]).toEqual([
                policyKey(policy),
                rule.path,
                false,
              ]);
            }
          }
        }
      }),
      runs(100),
    );
  });
});
