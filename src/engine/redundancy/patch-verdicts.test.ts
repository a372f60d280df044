// Patches against folds: what changes without a policy or a rule, and who is needed besides, one candidate at a time.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, knobs, placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { inOrder } from '../compile/selections.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type PolicyDirection } from '../model/policy.ts';
import { EVERYTHING } from '../model/selector.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { everyId, unionAll } from '../sets/id-set.ts';
import { allTraffic, NO_TRAFFIC, PROTOCOLS } from '../sets/traffic-set.ts';
import { type Gone, type Item, nothingGone } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { judgePatches } from './patch-verdicts.ts';
import { differsByFolds } from './refold.ts';
import { groupSubjects, type SubjectGroup } from './subject-groups.ts';
import { trafficRelations } from './traffic-relations.ts';

interface Shape {
  /** Whether policies are about everybody and nobody can only perhaps be meant. */
  readonly isDense: boolean;
  /** Whether all policies of a tier leave the same protocols open, as most plugins place them. */
  readonly isAlike: boolean;
}

/** Without what leaves things open in most drawn groups, mostly about everybody, and with a path for each rule. */
function plainly({ policies, chain, ...rest }: Placement, { isDense, isAlike }: Shape): Placement {
  const everybody = { namespaces: { selector: EVERYTHING }, pods: EVERYTHING };
  const part = (own: PolicyDirection, direction: string): PolicyDirection => ({
    ...own,
    ...(isDense ? { subject: everybody } : {}),
    rules: own.rules.map(({ subject, peers, ...rule }) => ({
      ...rule,
      // What a domain means is never known.
      peers: isDense && typeof peers !== 'string' && peers.some(({ type }) => type === 'domains') ? 'any' : peers,
      ...(isDense || subject === undefined ? {} : { subject }),
      conditions: [],
      path: ['spec', direction, rule.index],
    })),
  });
  const plain = policies.map(({ policy, ...placed }): PlacedPolicy => {
    const parts = DIRECTIONS.flatMap((direction) => {
      const own = policy[direction];
      return own === undefined ? [] : [[direction, part(own, direction)] as const];
    });
    const coversOtherProtocols = isAlike ? placed.tier !== 1 : placed.coversOtherProtocols;
    return { ...placed, coversOtherProtocols, policy: { ...policy, ...Object.fromEntries(parts) } };
  });
  const tiers = chain.tiers.map((tier) => (isDense ? { ...tier, unisolated: 'next' as const } : tier));
  return { ...rest, chain: { ...chain, tiers }, policies: plain };
}

function known(ends: readonly Endpoint[]): Endpoint[] {
  return ends.map(({ node, ...end }) => ({
    ...end,
    ...(node === undefined ? {} : { node: { ...node, certain: true } }),
    ...(end.pod === undefined ? {} : { pod: { ...end.pod, namespaceDeclared: true, openLabels: [] } }),
    ports: end.ports === 'unknown' ? [] : end.ports,
    matchesBlocks: end.matchesBlocks === 'maybe' ? 'no' : end.matchesBlocks,
  }));
}

const mostly = fc.constantFrom(true, true, true, false);

const drawn = fc
  .record({
    placement,
    endpoints,
    knobs,
    isDense: mostly,
    isAlike: mostly,
    gone: fc.array(fc.nat(20), { maxLength: 3 }),
  })
  .map(({ placement: placed, isDense, isAlike, endpoints: ends, ...rest }) => {
    const universe = allTraffic(PROTOCOLS);
    const relations = trafficRelations();
    const input = { placement: plainly(placed, { isDense, isAlike }), endpoints: known(ends), universe, ...rest };
    const context: JudgeContext = {
      placement: input.placement,
      universe,
      size: ends.length,
      relations,
      nothing: relations.intern(NO_TRAFFIC),
      spoken: new Map(),
    };
    return { context, groups: groupSubjects(input, relations), rules: itemsOf(input.placement), gone: rest.gone };
  });

/** Every policy and every rule. */
function itemsOf(placed: Placement): Item[] {
  return inOrder(placed).flatMap(({ policy }, position) => [
    { policy: position },
    ...DIRECTIONS.flatMap((direction) =>
      (policy[direction]?.rules ?? []).map(({ path }) => ({ policy: position, path })),
    ),
  ]);
}

function goneOf(items: readonly Item[], chosen: readonly number[]): Gone {
  const gone = nothingGone();
  for (const nth of chosen) if (items.length > 0) gone.add(items[nth % items.length]!);
  return gone;
}

/** What can be asked of a group: some peers, and the traffic of one or two statements. */
function questionsOf({ relations, size }: JudgeContext, { voices }: SubjectGroup) {
  const said = voices.flatMap(({ statements }) => statements);
  return said.map((one, i) => {
    const other = said[(i + 1) % said.length]!;
    return {
      peers: i % 3 === 0 ? everyId(size) : unionAll([one.peers, other.peers]),
      about: i % 2 === 0 ? one.number : relations.union(one.number, other.number),
    };
  });
}

describe('patches', () => {
  it('change where folds do', () => {
    const seen = { changed: 0, same: 0 };
    fc.assert(
      fc.property(drawn, ({ context, groups, rules, gone: chosen }) => {
        const gone = goneOf(rules, chosen);
        for (const group of groups) {
          for (const { peers, about } of questionsOf(context, group)) {
            const judge = judgePatches(context, group, peers, about);
            for (const item of rules) {
              const found = judge?.differs(gone, item);
              if (found === undefined) continue;
              seen[found ? 'changed' : 'same']++;
              expect(found).toBe(differsByFolds(context, group, gone, item, peers, about));
            }
          }
        }
      }),
      runs(500),
    );
    expect(Math.min(seen.changed, seen.same)).toBeGreaterThan(200);
  });

  it('need whom folds need, one candidate at a time', () => {
    let count = 0;
    fc.assert(
      fc.property(drawn, ({ context, groups, rules, gone: chosen }) => {
        const gone = goneOf(rules, chosen);
        for (const group of groups) {
          const all = [...new Set(group.voices.map(({ policy }) => policy))].reverse();
          // Others than those that are asked for stay.
          const policies = chosen.length === 1 ? all.filter((policy) => policy !== chosen[0]) : all;
          for (const { peers, about } of questionsOf(context, group)) {
            const found = judgePatches(context, group, peers, about)?.needed(gone, policies);
            if (found === undefined) continue;
            const less = gone.over();
            const expected = policies.filter((policy) => {
              if (differsByFolds(context, group, less, { policy }, peers, about)) return true;
              less.add({ policy });
              return false;
            });
            expect(found).toEqual(expected);
            if (found.length > 1) count++;
          }
        }
      }),
      runs(500),
    );
    expect(count).toBeGreaterThan(20);
  });
});
