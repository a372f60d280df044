import { describe, expect, it } from 'vitest';
import type { Party } from './evidence.ts';
import { partyName, typedPair, workloadNames } from './party-names.ts';
import { EVERYTHING } from './selector.ts';

const WEB: Party = { type: 'workload', key: 'shop/Deployment.apps/web' };

describe('names for people', () => {
  it.each<[Party, string]>([
    [WEB, 'shop/web'],
    [{ type: 'addresses', cidrs: ['203.0.113.7/32'] }, '203.0.113.7'],
    [{ type: 'addresses', cidrs: ['2001:db8::7/128'] }, '2001:db8::7'],
    [{ type: 'addresses', cidrs: ['203.0.113.0/24', '198.51.100.0/24'] }, '203.0.113.0/24 and 1 more'],
    [{ type: 'addresses', cidrs: ['203.0.113.7/32'], what: 'payments' }, 'payments (203.0.113.7)'],
    [
      { type: 'addresses', cidrs: Array.from({ length: 40 }, (_, i) => `${i}.0.0.0/9`) as [string], what: 'internet' },
      'internet',
    ],
    [{ type: 'outside' }, 'anywhere outside'],
    [{ type: 'node' }, 'its node'],
    [{ type: 'node', name: 'n1' }, 'node n1'],
    [{ type: 'domain', name: 'pay.example.com' }, 'pay.example.com'],
    [{ type: 'api-server' }, 'the API server'],
    [{ type: 'pods', namespaces: { name: 'a' }, pods: EVERYTHING, what: 'the DNS pods' }, 'the DNS pods'],
  ])('%j: %s', (party, name) => {
    expect(partyName(party)).toBe(name);
  });
});

describe('a connection as it is typed', () => {
  it.each<[Party, string, [number, number], string]>([
    [WEB, 'TCP', [80, 80], 'shop/web -> shop/web:80'],
    [{ type: 'addresses', cidrs: ['203.0.113.0/24'] }, 'UDP', [53, 53], 'shop/web -> 203.0.113.0/24:53/udp'],
    [{ type: 'addresses', cidrs: ['2001:db8::7/128'] }, 'TCP', [443, 443], 'shop/web -> [2001:db8::7]:443'],
    [{ type: 'addresses', cidrs: ['2001:db8::/64'] }, 'TCP', [1, 9], 'shop/web -> [2001:db8::/64]:1-9'],
    [{ type: 'outside' }, 'SCTP', [9, 9], 'shop/web -> internet:9/sctp'],
    [{ type: 'node', name: 'n1' }, 'TCP', [9100, 9100], 'shop/web -> node/n1:9100'],
    [{ type: 'domain', name: 'pay.example.com' }, 'TCP', [443, 443], 'shop/web -> ADDRESS:443'],
    [{ type: 'api-server' }, 'TCP', [443, 443], 'shop/web -> DST:443'],
    [{ type: 'addresses', cidrs: ['203.0.113.7/32', '203.0.113.9/32'] }, 'TCP', [1, 1], 'shop/web -> DST:1'],
  ])('to %j', (to, protocol, ports, text) => {
    expect(typedPair(WEB, to, protocol, ports)).toBe(text);
  });
});

describe('several workloads', () => {
  it('are named once, and with their kinds where a name is shared', () => {
    const [web, set, db] = ['shop/Deployment.apps/web', 'shop/StatefulSet.apps/web', 'shop/Pod/db'];
    expect(workloadNames([web!, db!, web!])).toEqual(['shop/db', 'shop/web']);
    expect(workloadNames([set!, web!, db!])).toEqual(['Deployment shop/web', 'Pod shop/db', 'StatefulSet shop/web']);
  });
});
