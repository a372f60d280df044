// Single flows on a small cluster: what is outside, what is left open or aside, and what was refused.

import { describe, expect, it } from 'vitest';
import { attribute, CART, one, STATE, said, WEB } from '../../../test/support/attributed.ts';
import { type FlowParts, observed, partyText } from '../../../test/support/observed.ts';
import { deployment, scenario } from '../../../test/support/scenario.ts';
import type { ObservedFlow } from '../model/flow.ts';
import { attributeFlows } from './attribute-flows.ts';

describe('outside', () => {
  it('is an address, exactly, in both families', () => {
    expect(one('10.0.0.10 -> 198.51.100.7:443')).toEqual([`${WEB} -> 198.51.100.7/32:443`]);
    expect(one('10.0.0.10 -> [2001:DB8::0001]:443')).toEqual([`${WEB} -> 2001:db8::1/128:443`]);
  });

  it('is never an address of a pod that is gone (D5)', () => {
    const destination = { address: '10.0.0.200', entity: 'outside' as const };
    expect(one('10.0.0.10 -> 10.0.0.200:443', {}, { destination })).toEqual(['pod-gone (destination)']);
  });

  it('is not told from pods where nothing shows where pods are', () => {
    const bare = scenario([deployment('shop/web', 'app=web')]).state;
    const source = { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } };
    const { unattributed } = attributeFlows(bare, [observed('10.9.9.9 -> 10.50.1.2:443', {}, { source })]);
    expect(unattributed.map(({ reason }) => reason)).toEqual(['unknown-range']);
  });

  it('names metadata and what the log resolved', () => {
    const what = (flow: ObservedFlow) =>
      attribute([flow]).evidence.map(({ to }) => (to.type === 'addresses' ? to.what : ''));
    expect(what(observed('10.0.0.10 -> 169.254.169.254:80'))[0]).toMatch(/^instance metadata of AWS/);
    const destination = { address: '198.51.100.7', names: ['api.example.com'] };
    expect(what(observed('10.0.0.10 -> 198.51.100.7:443', {}, { destination }))).toEqual(['api.example.com']);
  });

  it.each([
    ['224.0.0.251:5353', 'multicast'],
    ['255.255.255.255:68', 'broadcast'],
    ['127.0.0.1:80', 'loopback'],
    ['[ff02::1]:5353', 'multicast'],
    ['[fe80::1]:546', 'link-local'],
    ['[::1]:80', 'loopback'],
  ])('%s is left aside', (called, reason) => {
    expect(one(`10.0.0.10 -> ${called}`, { protocol: 'UDP' })).toEqual([`aside: ${reason}`]);
  });
});

describe('what cannot be told', () => {
  it.each([
    ['no port (D3)', observed('10.0.0.10 -> 10.0.0.11'), 'no-port (destination)'],
    ['port 0', observed('10.0.0.10 -> 10.0.0.11:0'), 'no-port (destination)'],
    ['no address (D2)', observed('10.0.0.10 -> x:80', {}, { destination: {} }), 'invalid-address (destination)'],
    ['nothing at all', { ...observed('10.0.0.10 -> 10.0.0.11:80'), destination: {} }, 'no-address (destination)'],
    [
      'an identity that is nobody',
      observed('10.0.0.10 -> 198.18.0.1:80', {}, { destination: { entity: 'other' } }),
      'unknown-entity (destination)',
    ],
  ])('%s is listed, and never a rule for everybody', (_, flow, expected) => {
    expect(said([flow])).toEqual([expected]);
  });

  it('one flow without sense does not void the others (D14)', () => {
    const bad = observed('10.0.0.10 -> nonsense:80');
    const { evidence, unattributed, records } = attribute([bad, observed('10.0.0.10 -> 10.0.0.11:7070')]);
    expect([evidence.length, unattributed.length, records.total]).toEqual([1, 1, 2]);
  });

  it('ICMP is counted', () => {
    expect(one('10.0.0.10 -> 10.0.0.11:8', { protocol: 'ICMP' })).toEqual(['aside: icmp']);
  });
});

describe('refused', () => {
  const refused = (seenAt: 'egress' | 'ingress', by: 'policy' | 'other' = 'policy'): FlowParts => ({
    verdict: { kind: 'denied', by, reason: 'POLICY_DENIED' },
    seenAt,
  });
  const CALL = '10.0.0.10 -> 10.0.0.11:7070';

  it('is no evidence', () => {
    const { denied } = attribute([observed(CALL, { ...refused('ingress'), count: 12 })]);
    expect(denied).toMatchObject([
      { by: 'policy', reasons: ['POLICY_DENIED'], directions: ['ingress'], seen: { count: 12 } },
    ]);
    expect(one(CALL, refused('egress'))).toEqual([`refused ${WEB} -> ${CART}:7070`]);
  });

  it('where it arrives is not made good by having left', () => {
    const flows = [observed(CALL, { seenAt: 'egress' }), observed(CALL, refused('ingress'))];
    expect(said(flows)).toEqual([`refused ${WEB} -> ${CART}:7070`]);
    expect(attribute(flows).records).toMatchObject({ evidence: 0, denied: 2 });
  });

  it('and let through at another time is evidence that says so', () => {
    const { evidence, denied } = attribute([observed(CALL), observed(CALL, refused('ingress'))]);
    expect(denied).toEqual([]);
    expect(evidence.map(({ says }) => says)).toEqual(['seen in 1 record of the log; refused once as well']);
  });

  it('an answer is no refusal of its connection, which other records may tell of', () => {
    const answer = observed('10.0.0.11 -> 10.0.0.10:41532', {
      ...refused('egress'),
      opened: 'unknown',
      sourcePort: 7070,
    });
    const { seenAt: _, ...plain } = observed(CALL);
    expect(said([answer])).toEqual(['direction-unknown (both)']);
    for (const flows of [
      [answer, observed(CALL)],
      [plain, answer],
    ]) {
      const { evidence, denied, records } = attribute(flows);
      expect(denied).toEqual([]);
      expect(evidence.map(({ says }) => says)).toEqual(['seen in 1 record of the log; refused once as well']);
      expect(records).toMatchObject({ total: 2, evidence: 1, denied: 1 });
    }
    // One that got through is one of a connection that was made, wherever it was seen.
    const passed = observed('10.0.0.11 -> 10.0.0.10:41532', { seenAt: 'egress', opened: 'unknown', sourcePort: 7070 });
    expect(said([passed, observed(CALL, refused('ingress'))])).toEqual([`${WEB} -> ${CART}:7070`]);
  });

  it('not by a policy is said to be so', () => {
    expect(attribute([observed(CALL, refused('egress', 'other'))]).denied).toMatchObject([{ by: 'other' }]);
  });
});

it('flows outside of the asked time do not count, but what they say of addresses does', () => {
  const early = observed('shop/high-6bfb7f754-bcdfg@10.0.0.99 -> 10.0.0.11:7070', { first: 1, last: 2 });
  const late = observed('10.0.0.99 -> 10.0.0.11:7070', { first: 10, last: 20 });
  const { evidence, records } = attributeFlows(STATE, [early, late], { since: 5 });
  expect(evidence.map(({ from }) => partyText(from))).toEqual(['shop/Deployment/high']);
  expect(records.total).toBe(1);
  expect(attributeFlows(STATE, [early, late], { until: 5 }).records.total).toBe(1);
});
