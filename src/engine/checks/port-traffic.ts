// What a list of port entries opens at one destination. Like compile/rule-matches.ts, for one pod at a time.

import type { Endpoint } from '../model/endpoint.ts';
import type { Match, PortMatch } from '../model/policy.ts';
import * as traffic from '../sets/traffic-set.ts';

/** Traffic that is surely opened, and more that perhaps is: names of ports of a pod that is not known. */
export interface OpenedTraffic {
  readonly sure: traffic.TrafficSet;
  readonly perhaps: traffic.TrafficSet;
}

const ALL = traffic.allTraffic(traffic.PORT_PROTOCOLS);

/** What lists without names open is the same at every destination: worked out once, as long as the list is there. */
const withoutNames = new WeakMap<readonly PortMatch[], OpenedTraffic>();

/** The traffic with ports that the entries open at the destination. */
export function portTraffic(ports: Match<PortMatch>, destination: Pick<Endpoint, 'ports'>): OpenedTraffic {
  if (ports === 'any') return { sure: ALL, perhaps: traffic.NO_TRAFFIC };
  if (ports === 'none') return { sure: traffic.NO_TRAFFIC, perhaps: traffic.NO_TRAFFIC };
  const before = withoutNames.get(ports);
  if (before !== undefined) return before;
  const parts = ports.flatMap((port): OpenedTraffic[] => {
    const protocols = port.protocol === 'any' ? traffic.PORT_PROTOCOLS : [port.protocol];
    return protocols.map((protocol) => {
      if (port.type === 'all') return sure(traffic.allTraffic([protocol]));
      if (port.type === 'range') return sure(traffic.traffic(protocol, port.first, port.last));
      if (destination.ports === 'unknown') return { sure: {}, perhaps: traffic.allTraffic([protocol]) };
      const own = destination.ports.filter((one) => one.name === port.name && one.protocol === protocol);
      return sure(unionAll(own.map(({ number }) => traffic.traffic(protocol, number))));
    });
  });
  const opened = {
    sure: unionAll(parts.map((part) => part.sure)),
    perhaps: unionAll(parts.map((part) => part.perhaps)),
  };
  if (ports.every((port) => port.type !== 'named')) withoutNames.set(ports, opened);
  return opened;
}

function sure(set: traffic.TrafficSet): OpenedTraffic {
  return { sure: set, perhaps: traffic.NO_TRAFFIC };
}

function unionAll(sets: readonly traffic.TrafficSet[]): traffic.TrafficSet {
  return sets.reduce(traffic.union, traffic.NO_TRAFFIC);
}
