import { describe, expect, it } from 'vitest';
import { deployment, shopMap, twelveMap } from '../../test/support/sample-documents.ts';
import { printRanges } from '../engine/sets/ip-address.ts';
import { NAMED_RANGES } from '../engine/sets/named-ranges.ts';
import { endpointNames } from './endpoint-names.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('names of sets', () => {
  const names = endpointNames(twelveMap.endpoints, { abbreviate: true });
  it.each([
    [[], 'nobody'],
    [[5], 'shop/web'],
    [[0, 1, 2, 3, 4, 5], 'shop/*'],
    [[0, 1, 2, 4, 5], 'shop/* (not db)'],
    [[0, 1, 2, 4], 'shop/* (not db, web)'],
    [[0, 1, 2], 'shop/api, shop/cache, shop/cart'],
    [[6, 7], 'monitoring/alerts, monitoring/grafana'],
    [[6, 7, 8, 12], 'monitoring/*, internet'],
    [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 'all pods'],
    [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'all pods (not kube-system/metrics)'],
    [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 'all pods, internet'],
    [[0, 99], 'shop/api, #99'],
  ])('%j is %s', (ids, expected) => {
    expect(plain(names.set(ids))).toBe(expected);
  });

  it('claims nothing about whole namespaces unless it may', () => {
    expect(endpointNames(twelveMap.endpoints, {}).set([6, 7, 8])).toBe(
      'monitoring/alerts, monitoring/grafana, monitoring/prometheus',
    );
  });

  it('counts what is too much to list, unless wide', () => {
    const many = Array.from({ length: 23 }, (_, id) => deployment(id, `n${id}/web`));
    const ids = many.map(({ id }) => id);
    expect(plain(endpointNames(many, {}).set(ids))).toMatch(/^n0\/web, .*, n19\/web and 3 more$/);
    expect(endpointNames(many, {}).set(ids.slice(0, 21))).toMatch(/, n20\/web$/);
    expect(endpointNames(many, { wide: true }).set(ids)).toMatch(/n22\/deployment\/web$/);
  });

  it('does not depend on the order of the ids', () => {
    expect(names.set([12, 8, 7, 6, 6])).toBe(names.set([6, 7, 8, 12]));
  });
});

describe('names of endpoints', () => {
  const names = endpointNames(shopMap.endpoints, {});
  it.each([
    [1, 'shop/db'],
    [2, 'shop/web#1{tier=blue}'],
    [4, 'ops/grafana (incomplete)'],
    [5, 'internet'],
    [6, 'shop/ingress/web'],
    [7, 'node/n1'],
    [8, '192.0.2.0/24'],
    [9, 'ops/daemonset/agent'],
    [10, 'ops/deployment/agent'],
  ])('%i is %s', (id, expected) => {
    expect(plain(names.one(id))).toBe(expected);
  });

  it('joins the variants of a workload only where all are there', () => {
    expect(names.set([2, 3])).toBe('shop/web');
    expect(names.set([3])).toBe('shop/web#2{tier=green}');
  });

  it('shows the addresses of a range that is only a part of its name', () => {
    const parts = endpointNames(
      [
        { id: 0, key: 'addresses/a', type: 'addresses', ranges: [['8.8.8.8', '8.8.8.8']], name: 'internet' },
        {
          id: 1,
          key: 'addresses/b',
          type: 'addresses',
          ranges: [['2000::', '2fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']],
          name: 'internet',
        },
        deployment(2, 'a/__proto__'),
        { id: 3, key: 'x', type: 'pods', namespaceSelector: {}, podSelector: {}, name: '{team=a}/{app=web}' },
        {
          id: 4,
          key: 'addresses/c',
          type: 'addresses',
          ranges: [['169.254.169.254', '169.254.169.254']],
          name: 'metadata',
        },
        { id: 5, key: 'addresses/d', type: 'addresses', ranges: printRanges(NAMED_RANGES.private), name: 'private' },
      ],
      { abbreviate: true },
    );
    expect(plain(parts.one(0))).toBe('8.8.8.8 (internet)');
    expect(plain(parts.set([0, 1]))).toBe('8.8.8.8 (internet), 2000::/4 (internet)');
    expect(plain(parts.one(4))).toBe('169.254.169.254 (metadata)');
    expect(plain(parts.one(5))).toBe('private');
    expect(parts.one(2)).toBe('a/__proto__');
    expect(parts.one(3)).toBe('{team=a}/{app=web}');
  });
});
