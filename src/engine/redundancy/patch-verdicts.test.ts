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
  /** Whether nothing holds on conditions, and nothing is open but pods that could be meant. */
  readonly isPlain: boolean;
  /** Whether all policies of a tier leave the same protocols open, as most plugins place them. */
  readonly isAlike: boolean;
}

/** Mostly about everybody, without what leaves things open in most drawn groups where that is asked, and with a path for each rule. */
function shaped({ policies, chain, ...rest }: Placement, { isDense, isPlain, isAlike }: Shape): Placement {
  const everybody = { namespaces: { selector: EVERYTHING }, pods: EVERYTHING };
  const part = (own: PolicyDirection, direction: string, nth: number): PolicyDirection => ({
    ...own,
    // Who may be selected is in doubt only where not everybody is.
    ...(isDense && (isPlain || nth % 3 > 0) ? { subject: everybody } : {}),
    rules: own.rules.map(({ subject, peers, conditions, ...rule }) => ({
      ...rule,
      // What a domain means is never known.
      peers:
        isDense && isPlain && typeof peers !== 'string' && peers.some(({ type }) => type === 'domains') ? 'any' : peers,
      ...(isDense || subject === undefined ? {} : { subject }),
      conditions: isPlain || conditions.length === 0 ? [] : [{ http: { method: ['GET', 'PUT'][nth % 2]! } }],
      path: ['spec', direction, rule.index],
    })),
  });
  const plain = policies.map(({ policy, ...placed }, nth): PlacedPolicy => {
    const parts = DIRECTIONS.flatMap((direction) => {
      const own = policy[direction];
      return own === undefined ? [] : [[direction, part(own, direction, nth)] as const];
    });
    const coversOtherProtocols = isAlike ? placed.tier !== 1 : placed.coversOtherProtocols;
    return { ...placed, coversOtherProtocols, policy: { ...policy, ...Object.fromEntries(parts) } };
  });
  const tiers = chain.tiers.map((tier) => (isDense && isPlain ? { ...tier, unisolated: 'next' as const } : tier));
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
    isPlain: fc.boolean(),
    isAlike: mostly,
    gone: fc.array(fc.nat(20), { maxLength: 3 }),
  })
  .map(({ placement: placed, isDense, isPlain, isAlike, endpoints: ends, ...rest }) => {
    const universe = allTraffic(PROTOCOLS);
    const relations = trafficRelations();
    const input = {
      placement: shaped(placed, { isDense, isPlain, isAlike }),
      endpoints: isPlain ? known(ends) : ends,
      universe,
      ...rest,
    };
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

/** What makes a group more than plain; each kind has to be drawn. */
function kindsOf({ placement: { chain } }: JudgeContext, { voices, across }: SubjectGroup): string[] {
  const kinds = ['doubt', 'perhaps selected', 'conditions', 'selected elsewhere', 'ties'] as const;
  const has: Record<(typeof kinds)[number], boolean> = {
    doubt: voices.some(({ statements }) => statements.some(({ reason }) => reason !== undefined)),
    'perhaps selected': voices.some(({ selection }) => selection.reason !== undefined),
    conditions: voices.some(({ statements }) => statements.some(({ conditions }) => conditions.length > 0)),
    'selected elsewhere': across.length > 0,
    ties: voices.some(
      ({ tier, selection }, i) =>
        chain.tiers[tier]!.combine === 'first-match' &&
        voices[i + 1]?.tier === tier &&
        voices[i + 1]!.selection.placed.order === selection.placed.order,
    ),
  };
  const found = kinds.filter((kind) => has[kind]);
  return found.length === 0 ? ['plain'] : found;
}

/** Counts by kind. */
function counter() {
  const counts: Record<string, number> = {
    plain: 0,
    doubt: 0,
    'perhaps selected': 0,
    conditions: 0,
    'selected elsewhere': 0,
    ties: 0,
  };
  return {
    counts,
    count(kinds: readonly string[]) {
      for (const kind of kinds) counts[kind]!++;
    },
    least: () => Math.min(...Object.values(counts)),
  };
}

describe('patches', () => {
  it('change where folds do', () => {
    const [changed, same] = [counter(), counter()];
    fc.assert(
      fc.property(drawn, ({ context, groups, rules, gone: chosen }) => {
        const gone = goneOf(rules, chosen);
        for (const group of groups) {
          const kinds = kindsOf(context, group);
          for (const { peers, about } of questionsOf(context, group)) {
            const judge = judgePatches(context, group, peers, about);
            for (const item of rules) {
              const found = judge?.differs(gone, item);
              if (found === undefined) continue;
              (found ? changed : same).count(kinds);
              expect(found).toBe(differsByFolds(context, group, gone, item, peers, about));
            }
          }
        }
      }),
      runs(500),
    );
    // Draws differ widely: a tenth of the fewest that were seen.
    expect(changed.least()).toBeGreaterThan(5);
    expect(same.least()).toBeGreaterThan(60);
    expect(Math.min(changed.counts['doubt']!, same.counts['doubt']!)).toBeGreaterThan(200);
  });

  it('need whom folds need, one candidate at a time', () => {
    const several = counter();
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
            if (found.length > 1) several.count(kindsOf(context, group));
          }
        }
      }),
      runs(500),
    );
    expect(several.counts['doubt']).toBeGreaterThan(20);
    expect(several.counts['conditions']! + several.counts['ties']!).toBeGreaterThan(8);
  });
});
