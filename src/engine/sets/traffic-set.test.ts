// Traffic sets under the laws of sets, and their borders: what "every port" is, and that no protocol stays behind empty.

import { describe, expect, it } from 'vitest';
import { describeSetLaws } from '../../../test/support/set-laws.ts';
import * as intervals from './interval-set.ts';
import type { Protocol, TrafficSet } from './traffic-set.ts';
import * as trafficSets from './traffic-set.ts';

const { allTraffic, everyPort, NO_TRAFFIC, PORT_PROTOCOLS, PROTOCOLS, traffic, trafficKey } = trafficSets;

interface Port {
  readonly protocol: Protocol;
  readonly port: number;
}

const universe: readonly Port[] = (['TCP', 'SCTP', 'ICMP'] as const).flatMap((protocol) =>
  [1, 2, 3, 4, 8, 9, 65534, 65535].map((port) => ({ protocol, port })),
);

function ofPorts(ports: readonly Port[]): TrafficSet {
  const set: Partial<Record<Protocol, number[]>> = {};
  for (const { protocol, port } of ports) {
    set[protocol] ??= [];
    const bounds = set[protocol];
    if (bounds.at(-1) === port) bounds[bounds.length - 1] = port + 1;
    else bounds.push(port, port + 1);
  }
  return set;
}

describeSetLaws<TrafficSet, Port>('traffic', {
  universe,
  of: ofPorts,
  union: trafficSets.union,
  intersect: trafficSets.intersect,
  subtract: trafficSets.subtract,
  contains: (set, { protocol, port }) => trafficSets.contains(set, protocol, port),
  isEmpty: trafficSets.isEmpty,
  equals: trafficSets.equals,
  isSubset: trafficSets.isSubset,
  key: trafficKey,
});

describe('traffic sets', () => {
  it('every port is 1 to 65535, and for ICMP every type and code', () => {
    const firstAndLast = PROTOCOLS.map((protocol) => {
      const set = everyPort(protocol);
      return [protocol, intervals.contains(set, 0), intervals.contains(set, 65535), intervals.contains(set, 65536)];
    });
    expect(firstAndLast).toEqual([
      ['TCP', false, true, false],
      ['UDP', false, true, false],
      ['SCTP', false, true, false],
      ['ICMP', true, true, false],
      ['ICMPv6', true, true, false],
    ]);
  });

  it('all traffic of the port protocols says nothing about ICMP', () => {
    const all = allTraffic(PORT_PROTOCOLS);
    expect(Object.keys(all)).toEqual(['TCP', 'UDP', 'SCTP']);
    expect(trafficSets.contains(all, 'ICMP', 0)).toBe(false);
  });

  it('a range holds both its ends, one port is a range of one, a reversed range is empty', () => {
    expect(traffic('TCP', 80, 82)).toEqual({ TCP: [80, 83] });
    expect(traffic('UDP', 53)).toEqual({ UDP: [53, 54] });
    expect(traffic('TCP', 82, 80)).toEqual(NO_TRAFFIC);
  });

  it('a protocol whose ports are all gone is absent', () => {
    expect(Object.keys(trafficSets.subtract(traffic('TCP', 80), allTraffic(['TCP'])))).toEqual([]);
  });

  it('keys do not depend on the order of protocols', () => {
    expect(trafficKey({ UDP: [53, 54], TCP: [80, 81] })).toBe('TCP:80,81 UDP:53,54');
  });
});
