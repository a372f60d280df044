// What a fold names as the reason where something is unknown. That it decides as the literal evaluator is a property of both.

import { describe, expect, it } from 'vitest';
import type { Condition, Policy } from '../model/policy.ts';
import type { Chain } from '../model/tier.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type AppliedPart, type Contribution, type FoldContext, fold } from './fold.ts';

const WEB = traffic.traffic('TCP', 80);
const API = traffic.traffic('TCP', 8080);
const UNIVERSE = traffic.union(WEB, API);
const [FIRST, SECOND] = ['first', 'second'].map((name) => ({ ref: { name } }) as unknown as Policy);
const CHAIN: Chain = {
  tiers: [
    { name: 'admin', combine: 'first-match', ties: 'undefined', unisolated: 'next' },
    { name: 'network-policy', combine: 'union', ties: 'undefined', unisolated: 'next' },
  ],
  tail: 'deny',
};
const HOLDS = [{ kind: 'http', text: 'GET /' }] as unknown as readonly Condition[];

function part(policy: Policy, tier: number, contributions: readonly Contribution[]): AppliedPart {
  return { policy, tier, order: 0, isolates: false, hasRules: true, open: [], contributions };
}

function decide(parts: readonly AppliedPart[], context: Partial<FoldContext> = {}) {
  return fold(parts, { chain: CHAIN, universe: UNIVERSE, selected: ['no', 'no'], ...context });
}

describe('conditions', () => {
  const allow = (set: traffic.TrafficSet, method?: string): Contribution => ({
    action: 'Accept',
    traffic: set,
    conditions: method === undefined ? [] : [{ http: { method } }],
  });

  it('are those of every rule that opens the port, where rules open others besides', () => {
    const decision = decide([part(FIRST!, 1, [allow(UNIVERSE, 'GET'), allow(WEB, 'PUT'), allow(WEB, 'GET')])]);
    expect(decision.conditional).toEqual([
      { traffic: WEB, conditions: [{ http: { method: 'GET' } }, { http: { method: 'PUT' } }] },
      { traffic: API, conditions: [{ http: { method: 'GET' } }] },
    ]);
  });

  it('are not those of a rule that the traffic does not reach', () => {
    const deny = { ...allow(WEB), action: 'Deny' as const };
    const either = decide([part(FIRST!, 0, [allow(WEB, 'GET'), allow(WEB, 'PUT'), deny])]);
    expect(either.conditional).toEqual([
      { traffic: WEB, conditions: [{ http: { method: 'GET' } }, { http: { method: 'PUT' } }] },
    ]);
    const first = decide([part(FIRST!, 0, [allow(WEB, 'GET'), deny, allow(WEB, 'PUT')])]);
    expect(first.conditional).toEqual([{ traffic: WEB, conditions: [{ http: { method: 'GET' } }] }]);
    const second = decide([part(FIRST!, 0, [allow(WEB, 'GET'), deny]), part(SECOND!, 1, [allow(WEB, 'PUT')])]);
    expect(second.conditional).toEqual(first.conditional);
    const beaten = decide([part(FIRST!, 0, [allow(WEB, 'GET')]), part(SECOND!, 1, [deny, allow(WEB, 'PUT')])]);
    expect(beaten.conditional).toEqual(first.conditional);
  });

  it('are not those of a rule whose reason to be unknown changes nothing', () => {
    const perhaps = { ...allow(WEB), reason: 'pod-labels' as const };
    const sure = decide([part(FIRST!, 1, [perhaps, allow(WEB)])]);
    expect(sure).toEqual({ allowed: WEB, unknown: [], conditional: [] });
    // The first rule of all may deny; who is let in besides is sure.
    const denied = { ...perhaps, action: 'Deny' as const, reason: 'namespace-labels' as const };
    const open = decide([part(FIRST!, 1, [perhaps, allow(WEB)]), part(SECOND!, 1, [denied])]);
    expect(open.unknown).toEqual([{ traffic: WEB, reason: 'namespace-labels', policies: [SECOND] }]);
  });
});

describe('the reason of what is unknown', () => {
  it('is not one that changes nothing without the conditions that make it unknown', () => {
    const open = { traffic: WEB, conditions: [] };
    const decision = decide(
      [
        part(FIRST!, 0, [{ ...open, action: 'Deny', reason: 'pod-labels', conditions: HOLDS }]),
        part(SECOND!, 1, [{ ...open, action: 'Accept', reason: 'namespace-labels' }]),
      ],
      { chain: { ...CHAIN, tail: 'allow' } },
    );
    expect(decision.unknown).toEqual([{ traffic: WEB, reason: 'pod-labels', policies: [FIRST] }]);
  });

  it('is why a policy selects only perhaps, where being selected in the other direction is enough', () => {
    const tiers = CHAIN.tiers.map((tier) => ({ ...tier, unisolated: 'accept-if-selected' as const }));
    const decision = decide([], { chain: { tiers, tail: 'deny' }, selected: ['pod-labels', 'no'] });
    expect(decision.unknown).toEqual([{ traffic: UNIVERSE, reason: 'pod-labels', policies: [] }]);
  });

  it('is not that of a tier which the traffic does not reach', () => {
    // Web traffic is accepted, or perhaps denied under a condition; only the rest comes to the second tier.
    const decision = decide([
      part(FIRST!, 0, [
        { action: 'Deny', traffic: WEB, reason: 'pod-labels', conditions: HOLDS },
        { action: 'Accept', traffic: WEB, conditions: [] },
      ]),
      part(SECOND!, 1, [{ action: 'Accept', traffic: UNIVERSE, reason: 'namespace-labels', conditions: [] }]),
    ]);
    expect(decision.unknown).toEqual([
      { traffic: API, reason: 'namespace-labels', policies: [SECOND] },
      { traffic: WEB, reason: 'pod-labels', policies: [FIRST] },
    ]);
  });

  it('is not that of a protocol of which a policy says nothing, where the traffic does not reach it', () => {
    for (const isolates of [false, true]) {
      const decision = decide([
        part(FIRST!, 0, [
          { action: 'Deny', traffic: WEB, reason: 'pod-labels', conditions: HOLDS },
          { action: 'Accept', traffic: WEB, conditions: [] },
        ]),
        { ...part(SECOND!, 1, []), isolates, hasRules: !isolates, open: [{ traffic: UNIVERSE, reason: 'icmp' }] },
      ]);
      expect(decision.unknown).toEqual([
        { traffic: API, reason: 'icmp', policies: [] },
        { traffic: WEB, reason: 'pod-labels', policies: [FIRST] },
      ]);
    }
  });
});
