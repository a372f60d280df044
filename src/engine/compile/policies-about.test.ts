// Policies found by an endpoint, against asking every rule of every policy for it: never too few.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, seesHostNetwork } from '../model/policy.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { allTraffic, isEmpty, PROTOCOLS } from '../sets/traffic-set.ts';
import { possible } from './match-set.ts';
import { policiesAbout } from './policies-about.ts';
import { hasNames, matchRules } from './rule-matches.ts';
import { indexSelectors } from './selector-index.ts';

/** Whether a rule says something of the endpoint that it does not say of everybody, and whether the policy applies to it. */
function askedOneByOne(endpoint: Endpoint, { policy }: PlacedPolicy): { names: boolean; applies: boolean } {
  const ends = [endpoint];
  const selectors = indexSelectors(ends);
  const matcherOf = matchRules(ends, selectors, allTraffic(PROTOCOLS));
  let [names, applies] = [false, false];
  for (const direction of DIRECTIONS) {
    const part = policy[direction];
    if (part === undefined) continue;
    const { namespaces, pods } = part.subject;
    applies ||= possible(selectors.subjects(namespaces, pods, seesHostNetwork(policy))).length > 0;
    for (const family of endpoint.families) {
      const matcher = matcherOf(family);
      for (const { peers, ports } of part.rules) {
        if (peers !== 'any') names ||= possible(matcher.peers(peers, policy)).length > 0;
        else if (direction === 'egress' && hasNames(ports)) {
          names ||= matcher.portGroups(ports).some(({ sure, perhaps }) => !isEmpty(sure) || !isEmpty(perhaps));
        }
      }
    }
  }
  return { names, applies };
}

describe('policiesAbout', () => {
  it('finds every policy that names an endpoint or applies to it', () => {
    let found = 0;
    fc.assert(
      fc.property(placement, endpoints, ({ policies }, ends) => {
        const about = policiesAbout();
        about.add(policies);
        for (const endpoint of ends) {
          const { peers, subjects } = about.find([endpoint]);
          for (const placed of policies) {
            const { names, applies } = askedOneByOne(endpoint, placed);
            if (names) expect(peers.has(placed)).toBe(true);
            if (applies) expect(subjects.has(placed)).toBe(true);
            found += Number(names) + Number(applies);
          }
        }
      }),
      runs(2000),
    );
    expect(found).toBeGreaterThan(0);
  });
});
