// What connections have alike is held once, and none changes with another.

import { expect, test } from 'vitest';
import type { Pod } from '../model/cluster.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { AttributedFlow } from './attribution.ts';
import { gatherConnections } from './gather-connections.ts';

const [FIRST, SECOND] = [{ name: 'web-1' }, { name: 'web-2' }] as unknown as [Pod, Pod];

function connection(address: string, pod?: Pod): AttributedFlow & { readonly kind: 'connection' } {
  const from = { party: { type: 'addresses', cidrs: [address] }, how: 'outside-address', says: '' } as const;
  const party = { type: 'workload', key: 'shop/web' } as const;
  const to = { party, how: 'log-workload', says: '', port: 80, ...(pod === undefined ? {} : { pod }) } as const;
  return { kind: 'connection', from, to: [to], protocol: 'TCP', turned: false, opened: '' };
}

function flow(more: Partial<ObservedFlow> = {}): ObservedFlow {
  return {
    source: {},
    destination: {},
    family: 'IPv4',
    protocol: 'TCP',
    opened: 'known',
    verdict: { kind: 'allowed' },
    count: 1,
    place: { file: 'a', line: 1 },
    ...more,
  };
}

test('pods of one connection are not those of another that began with the same', () => {
  const gatherer = gatherConnections();
  for (const [address, pod] of [
    ['10.0.0.1/32', FIRST],
    ['10.0.0.2/32', FIRST],
    ['10.0.0.1/32', SECOND],
    ['10.0.0.3/32', undefined],
    ['10.0.0.3/32', SECOND],
    ['10.0.0.4/32', undefined],
    ['10.0.0.2/32', undefined],
    ['10.0.0.5/32', FIRST],
  ] as const)
    gatherer.add(flow(), connection(address, pod));
  expect(gatherer.connections().map(({ toPods: { pods, some } }) => [[...pods].map(({ name }) => name), some])).toEqual(
    [
      [['web-1', 'web-2'], false],
      [['web-1'], true],
      [['web-2'], true],
      [[], true],
      [['web-1'], false],
    ],
  );
});

test('refusals add up for each connection alone, sorted', () => {
  const gatherer = gatherConnections();
  const policies = ['b', 'a'].map((name) => ({ dialect: 'network-policy', kind: 'NetworkPolicy', name }) as const);
  const refused = (reason: string, more: Partial<ObservedFlow> = {}): ObservedFlow =>
    flow({ verdict: { kind: 'denied', by: 'policy', reason }, ...more });
  gatherer.add(refused('b', { seenAt: 'ingress', policies: [policies[0]!] }), connection('10.0.0.1/32'));
  gatherer.add(refused('b', { seenAt: 'ingress', policies: [policies[0]!] }), connection('10.0.0.2/32'));
  gatherer.add(
    refused('a', { seenAt: 'egress', policies: [{ ...policies[1]! }, policies[0]!] }),
    connection('10.0.0.1/32'),
  );
  gatherer.add(refused('a', { policies: [{ ...policies[1]! }], count: 4 }), connection('10.0.0.1/32'));
  gatherer.add(flow({ count: 2 }), connection('10.0.0.1/32'));
  gatherer.add(flow({ verdict: { kind: 'denied', by: 'other' } }), connection('10.0.0.3/32'));
  const [first, second, third] = gatherer.connections();
  expect(first!.refusals).toEqual({
    byPolicy: true,
    reasons: ['a', 'b'],
    directions: ['egress', 'ingress'],
    policies: [policies[1], policies[0]],
  });
  expect([first!.refusedRecords, first!.otherRecords, first!.refused!.count]).toEqual([6, 2, 6]);
  expect(second!.refusals).toEqual({
    byPolicy: true,
    reasons: ['b'],
    directions: ['ingress'],
    policies: [policies[0]],
  });
  expect(third!.refusals).toEqual({ byPolicy: false, reasons: [], directions: [], policies: [] });
});
