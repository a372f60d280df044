// What is decided of a patch, in words: properties only see where it changes.

import { describe, expect, it } from 'vitest';
import { placedPolicy, podEnd, rule, tier } from '../../../test/support/model.ts';
import { behaviourOf } from '../behaviours/behaviour-of.ts';
import type { Chain, PlacedPolicy, Tier } from '../model/tier.ts';
import { everyId } from '../sets/id-set.ts';
import { allTraffic, NO_TRAFFIC } from '../sets/traffic-set.ts';
import { type Item, nothingGone } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { decide, tiersOf } from './patch-walk.ts';
import { patchesOf } from './patches.ts';
import { groupSubjects } from './subject-groups.ts';
import { trafficRelations } from './traffic-relations.ts';

interface Settings {
  readonly gone?: readonly Item[];
  readonly tail?: Chain['tail'];
}

/** The one decision about everything that reaches a pod under policies of one tier, and who decides it. */
function judged(how: Tier, policies: readonly PlacedPolicy[], { gone = [], tail = 'deny' }: Settings = {}) {
  const universe = allTraffic(['TCP']);
  const relations = trafficRelations();
  const endpoints = [podEnd('a'), podEnd('b')];
  const placement = { chain: { tiers: [how], tail }, policies, notEnforced: [] };
  const { knobs } = behaviourOf('default', []);
  const [group] = groupSubjects({ placement, knobs, endpoints, universe }, relations);
  const nothing = relations.intern(NO_TRAFFIC);
  const context: JudgeContext = { placement, universe, size: 2, relations, nothing, spoken: new Map() };
  const patches = patchesOf(context, group!).over(everyId(2), relations.intern(universe));
  const all = nothingGone();
  for (const item of gone) all.add(item);
  const by: number[] = [];
  const verdicts = new Set(patches.map((patch) => decide(tiersOf(context, group!), patch, all, by)));
  expect(verdicts.size).toBe(1);
  return { verdict: [...verdicts][0]!, by: [...new Set(by)].sort() };
}

function decided(...asked: Parameters<typeof judged>): string {
  return judged(...asked).verdict;
}

const [ACCEPT, DENY] = [rule('Accept'), rule('Deny')];
const [GET, PUT] = ['GET', 'PUT'].map((method) => rule('Accept', { conditions: [{ http: { method } }] }));

describe('policies of equal order', () => {
  const how = tier('first-match');

  it('contradict each other by what each says first', () => {
    expect(decided(how, [placedPolicy('a', [ACCEPT]), placedPolicy('b', [DENY])])).toBe('equal-priority');
    expect(decided(how, [placedPolicy('a', [ACCEPT]), placedPolicy('b', [ACCEPT, DENY])])).toBe('Accept');
    expect(decided(how, [placedPolicy('a', [DENY]), placedPolicy('b', [ACCEPT, DENY])])).toBe('equal-priority');
  });

  it('do not where one of them is gone, nor where a name or an order decides', () => {
    const both = [placedPolicy('a', [ACCEPT]), placedPolicy('b', [DENY])];
    expect(decided(how, both, { gone: [{ policy: 0 }] })).toBe('Deny');
    expect(decided({ ...how, ties: 'by-name' }, both)).toBe('Accept');
    expect(decided(how, [both[0]!, placedPolicy('b', [DENY], { order: 1 })])).toBe('Accept');
  });
});

describe('conditions', () => {
  const text = (...methods: readonly string[]) => methods.map((method) => `{"http":{"method":"${method}"}}`).join();

  it.each(['union', 'first-match'] as const)(
    'are those of all that count, in a tier that combines as %s',
    (combine) => {
      const both = [placedPolicy('a', [PUT!]), placedPolicy('b', [GET!, GET!], { order: 1 })];
      expect(decided(tier(combine), both)).toBe(text('GET', 'PUT'));
      expect(decided(tier(combine), both, { gone: [{ policy: 1 }] })).toBe(text('PUT'));
      // Where what is stronger holds on a condition, what is weaker counts where that fails.
      const denies = placedPolicy('0', [{ ...GET!, action: 'Deny' }]);
      const accepts = placedPolicy('a', [PUT!], { order: 1 });
      expect(decided(tier(combine), [denies, accepts], { tail: 'allow' })).toBe(text('GET', 'PUT'));
      expect(decided(tier(combine), [...both, placedPolicy('c', [ACCEPT], { order: 2 })])).toBe('Accept');
    },
  );

  it('are those of all who decide, of whom each is named', () => {
    const policies = ['a', 'b', 'c'].map((name) => placedPolicy(name, [name === 'b' ? PUT! : GET!]));
    expect(judged(tier('union'), policies)).toEqual({ verdict: text('GET', 'PUT'), by: [0, 1, 2] });
  });

  it('are also those that count behind a doubt which changes nothing', () => {
    const perhaps = { ...DENY, perhaps: 'pod-labels' as const };
    const policy = placedPolicy('a', [GET!, perhaps, PUT!, DENY]);
    expect(decided(tier('first-match'), [policy])).toBe(text('GET', 'PUT'));
  });
});
