// Endpoints that join one after the other, against one look-up over all of them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { DIRECTIONS, seesHostNetwork } from '../model/policy.ts';
import { contains } from '../sets/id-set.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import { allTraffic, isEmpty, PROTOCOLS, trafficKey } from '../sets/traffic-set.ts';
import { growingEnds } from './growing-ends.ts';
import type { MatchSet } from './match-set.ts';
import { openReasons } from './open-reasons.ts';
import { matchRules, type RuleMatcher } from './rule-matches.ts';
import { indexSelectors } from './selector-index.ts';

const UNIVERSE = allTraffic(PROTOCOLS);

function answerFor({ yes, maybe }: MatchSet, id: number): string {
  const open = openReasons(maybe).flatMap(([reason, set]) => (contains(set, id) ? [reason] : []));
  return contains(yes, id) ? 'yes' : open.join();
}

/** What the groups open at an endpoint. */
function openedAt(groups: ReturnType<RuleMatcher['portGroups']>, id: number): string[] {
  return groups.flatMap(({ sure, perhaps, destinations }) => {
    if (destinations !== undefined && !contains(destinations, id)) return [];
    return isEmpty(sure) && isEmpty(perhaps) ? [] : [`${trafficKey(sure)}|${trafficKey(perhaps)}`];
  });
}

describe('growingEnds', () => {
  it('answers as one look-up over all would', () => {
    fc.assert(
      fc.property(placement, endpoints, fc.array(endpoints, { maxLength: 4 }), ({ policies }, first, batches) => {
        const all = [first, ...batches].flat();
        const ends = growingEnds(first, all.length - first.length, UNIVERSE);
        for (const batch of batches) ends.join(batch);
        expect([ends.endpoints, ends.room()]).toEqual([all, 0]);
        const selectors = indexSelectors(all);
        const whole = matchRules(all, selectors, UNIVERSE);
        const rules = policies.flatMap(({ policy }) =>
          DIRECTIONS.flatMap((direction) => (policy[direction]?.rules ?? []).map((rule) => ({ policy, rule }))),
        );
        for (const family of FAMILIES) {
          const [one, other] = [ends.matcherOf(family), whole(family)];
          for (const id of all.keys()) {
            for (const { policy, rule } of rules) {
              expect(answerFor(one.peers(rule.peers, policy), id)).toBe(answerFor(other.peers(rule.peers, policy), id));
              expect(one.portsOn(rule.ports, id)).toEqual(other.portsOn(rule.ports, id));
              expect(openedAt(one.portGroups(rule.ports), id)).toEqual(openedAt(other.portGroups(rule.ports), id));
            }
            // Equal numbers have equal names; the other way round it need not be.
            for (const peer of all.keys()) {
              if (one.namesAt(id) === one.namesAt(peer)) expect(other.namesAt(id)).toBe(other.namesAt(peer));
            }
          }
        }
        for (const { policy } of policies) {
          for (const direction of DIRECTIONS) {
            const subject = policy[direction]?.subject;
            if (subject === undefined) continue;
            const asked = [subject.namespaces, subject.pods, seesHostNetwork(policy)] as const;
            const [own, expected] = [ends.selectors, selectors].map((index) =>
              [...all.keys()].map((id) => answerFor(index.subjects(...asked), id)),
            );
            expect(own).toEqual(expected);
          }
        }
      }),
      runs(300),
    );
  });
});
