import { describe, expect, it } from 'vitest';
import { namespace, pod, scenario } from '../../../test/support/scenario.ts';
import type { Evidence } from '../model/evidence.ts';
import { withResolvedNames } from './resolve-names.ts';

const { state } = scenario([namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.1' })], {
  assume: ['podCIDRs=10.0.0.0/16', 'serviceCIDRs=10.96.0.0/12'],
});

const needs = (name: string): Evidence => ({
  from: { type: 'workload', key: 'shop/Pod/web' },
  to: { type: 'domain', name },
  protocol: 'TCP',
  ports: [443, 443],
  kind: 'environment',
  confidence: 'likely',
  says: `PAY_URL of shop/web names ${name}`,
});

function partyFor(name: string, addresses: readonly string[], asked = 'pay.example.com') {
  const { evidence, names } = withResolvedNames([needs(asked)], [{ name, addresses }], state.plan);
  return [evidence[0]!.to, names];
}

describe('names of evidence', () => {
  it.each<[string, string[], string[]]>([
    ['pay.example.com', ['203.0.113.8'], ['203.0.113.8/32']],
    ['pay.example.com', ['203.0.113.9', '203.0.113.8'], ['203.0.113.8/31']],
    ['PAY.example.com.', ['2001:db8::8'], ['2001:db8::8/128']],
    ['pay.example.com', ['203.0.113.8', '169.254.169.254'], ['203.0.113.8/32']],
    ['pay.example.com', ['203.0.113.8', '10.0.3.4', '10.96.0.9'], ['203.0.113.8/32']],
  ])('%s at %j are %j', (name, addresses, cidrs) => {
    expect(partyFor(name, addresses)).toEqual([
      { type: 'addresses', cidrs, what: 'pay.example.com' },
      ['pay.example.com'],
    ]);
  });

  it.each<[string, string[]]>([
    ['other.example.com', ['203.0.113.8']],
    ['pay.example.com', []],
    ['pay.example.com', ['169.254.169.254', 'fe80::1']],
  ])('stay names where %s is at %j', (name, addresses) => {
    expect(partyFor(name, addresses)).toEqual([{ type: 'domain', name: 'pay.example.com' }, []]);
  });

  it('are not made of what nothing needs', () => {
    expect(withResolvedNames([], [{ name: 'a.example.com', addresses: ['203.0.113.8'] }], state.plan)).toEqual({
      evidence: [],
      names: [],
    });
  });
});
