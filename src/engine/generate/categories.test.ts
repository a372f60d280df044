import { describe, expect, it } from 'vitest';
import type { EvidenceKind, Party } from '../model/evidence.ts';
import { EVERYTHING } from '../model/selector.ts';
import { partOf } from './categories.ts';
import { needsOf } from './needs.ts';

const WEB: Party = { type: 'workload', key: 'shop/Deployment.apps/web' };
const PODS_OF = (name: string): Party => ({ type: 'pods', namespaces: { name }, pods: EVERYTHING, what: name });

describe('the part of a need', () => {
  it.each<[string, Party, EvidenceKind, string]>([
    ['a pod of the same namespace', { type: 'workload', key: 'shop/Deployment.apps/db' }, 'environment', 'app'],
    ['a pod of another one', { type: 'workload', key: 'ops/Deployment.apps/db' }, 'environment', 'cross-namespace'],
    ['pods of the same namespace', PODS_OF('shop'), 'stated', 'app'],
    ['pods of another one', PODS_OF('ops'), 'stated', 'cross-namespace'],
    [
      'pods of several',
      { type: 'pods', namespaces: { selector: EVERYTHING }, pods: EVERYTHING, what: 'x' },
      'stated',
      'cross-namespace',
    ],
    ['an address', { type: 'addresses', cidrs: ['203.0.113.7/32'] }, 'observed', 'egress'],
    ['a DNS name', { type: 'domain', name: 'pay.example.com' }, 'environment', 'egress'],
    ['everybody outside', { type: 'outside' }, 'stated', 'egress'],
    ['a resolver', PODS_OF('kube-system'), 'dns', 'dns'],
    ['a resolver by address', { type: 'addresses', cidrs: ['169.254.20.10/32'] }, 'dns', 'dns'],
    ['the metadata server', { type: 'addresses', cidrs: ['169.254.169.254/32'] }, 'metadata', 'metadata'],
  ])('as a destination, %s', (_, to, kind, part) => {
    const [need] = needsOf([{ from: WEB, to, protocol: 'TCP', ports: [1, 1], kind, confidence: 'likely', says: '' }]);
    expect(partOf(need!, 'egress', 'shop')).toBe(part);
  });

  it.each<[string, Party, string]>([
    ['everybody outside', { type: 'outside' }, 'app'],
    ['the node', { type: 'node' }, 'app'],
    ['an address', { type: 'addresses', cidrs: ['203.0.113.7/32'] }, 'app'],
    ['a pod of another namespace', { type: 'workload', key: 'ops/Deployment.apps/probe' }, 'cross-namespace'],
  ])('as a client, %s', (_, from, part) => {
    const [need] = needsOf([
      { from, to: WEB, protocol: 'TCP', ports: [1, 1], kind: 'stated', confidence: 'likely', says: '' },
    ]);
    expect(partOf(need!, 'ingress', 'shop')).toBe(part);
  });
});
