// The naive evaluator where the engine's own cases do not reach it: families, and the tiers around NetworkPolicy.

import { describe, expect, it } from 'vitest';
import { namespaceOf, podOf, policyOf } from '../shapes/bare-objects.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { familiesOf, type NaiveFlow, naiveEvaluator } from './naive.ts';

const namespaces = [namespaceOf('a', { team: 'red' }), namespaceOf('b', { team: 'blue' })];
const pod = (namespace: string, ...ips: string[]) => ({ object: podOf(namespace, 'pod', { app: 'x' }, ips) });
const one = pod('a', '10.0.0.1', 'fd00:10::1');
const other = pod('b', '10.0.0.2', 'fd00:10::12');
const flow: NaiveFlow = { from: other, to: one, protocol: 'TCP', port: 80 };

function fromBlock(cidr: string, ...except: string[]): Json {
  return policyOf('a', 'np', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr, except } }] }] });
}

function admin(name: string, priority: number, action: string): Json {
  const spec = {
    priority,
    subject: { namespaces: { matchLabels: { team: 'red' } } },
    ingress: [{ action, from: [{ namespaces: { matchLabels: { team: 'blue' } } }] }],
  };
  return { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name }, spec };
}

const DENY_ALL = policyOf('a', 'deny', { podSelector: {} });
const BASELINE = { ...admin('default', 0, 'Deny'), kind: 'BaselineAdminNetworkPolicy' };

describe('naiveEvaluator', () => {
  it.each<[string, Json[], Partial<NaiveFlow>, string]>([
    ['a block of the other family', [fromBlock('::/0')], {}, 'denied'],
    ['a block of the same family', [fromBlock('::/0')], { family: 'IPv6' }, 'allowed'],
    ['the first address of a block', [fromBlock('fd00:10::12/127')], { family: 'IPv6' }, 'allowed'],
    ['the address after a block', [fromBlock('fd00:10::10/127')], { family: 'IPv6' }, 'denied'],
    ['an exception', [fromBlock('fd00:10::/64', 'fd00:10::12/128')], { family: 'IPv6' }, 'denied'],
    ['Allow above a deny of NetworkPolicies', [DENY_ALL, admin('one', 1, 'Allow')], {}, 'allowed'],
    ['Pass to a deny of NetworkPolicies', [DENY_ALL, admin('one', 1, 'Pass'), admin('two', 2, 'Allow')], {}, 'denied'],
    ['the lower priority first', [admin('one', 2, 'Allow'), admin('two', 1, 'Deny')], {}, 'denied'],
    ['Baseline where no NetworkPolicy selects', [BASELINE], {}, 'denied'],
    ['Baseline below a NetworkPolicy', [BASELINE, fromBlock('0.0.0.0/0')], {}, 'allowed'],
  ])('%s', (_, policies, asked, expected) => {
    expect(naiveEvaluator(namespaces, policies)({ ...flow, ...asked })).toBe(expected);
  });

  it('knows the families of ends', () => {
    expect(familiesOf(one)).toEqual(['IPv4', 'IPv6']);
    expect(familiesOf({ address: '2001:db8::1' })).toEqual(['IPv6']);
  });
});
