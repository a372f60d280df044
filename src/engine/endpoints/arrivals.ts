// What arrives at pods through Services: the part that all ways into the cluster share. Knows no kind of entry.

import type { Pod, Service, ServicePort } from '../model/cluster.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { EndpointContext } from './pod-endpoints.ts';
import { findTargets } from './service-targets.ts';
import type { EntryTarget, Unit } from './unit.ts';

/** Traffic by key of the unit at which it arrives; never empty sets. */
export type Arrivals = ReadonlyMap<string, traffic.TrafficSet>;

/** Looks up Services and what arrives behind them. */
export interface ArrivalLookup {
  service(namespace: string, name: string): Service | undefined;
  /** What arrives through these ports of the Service; several routes that ask the same get the same map. */
  through(service: Service, ports: readonly ServicePort[]): Arrivals;
}

/** The lookup of one snapshot. */
export function arrivalLookup({ cluster }: EndpointContext, unitOf: (pod: Pod) => Unit | undefined): ArrivalLookup {
  const named = new Map(cluster.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const known = new Map<Service, Map<string, Arrivals>>();
  const find = (service: Service, ports: readonly ServicePort[]): Arrivals => {
    const found = new Map<string, traffic.TrafficSet>();
    for (const [pod, opened] of findTargets(cluster, service, ports).pods) {
      const key = unitOf(pod)?.endpoint.key;
      if (key === undefined || traffic.isEmpty(opened)) continue;
      found.set(key, traffic.union(found.get(key) ?? traffic.NO_TRAFFIC, opened));
    }
    return found;
  };
  return {
    service: (namespace, name) => named.get(`${namespace}/${name}`),
    through(service, ports) {
      const ofService = known.get(service) ?? new Map<string, Arrivals>();
      known.set(service, ofService);
      const key = ports.map((port) => service.ports.indexOf(port)).join();
      const arrivals = ofService.get(key) ?? find(service, ports);
      ofService.set(key, arrivals);
      return arrivals;
    },
  };
}

/** Adds traffic to what was gathered. */
export function gather(into: Map<string, traffic.TrafficSet>, arrivals: Arrivals): void {
  for (const [key, opened] of arrivals) into.set(key, traffic.union(into.get(key) ?? traffic.NO_TRAFFIC, opened));
}

/** Targets by key, from what surely arrives and what perhaps does. */
export function entryTargets(sure: Arrivals, perhaps: Arrivals = new Map()): readonly EntryTarget[] {
  return [...new Set([...sure.keys(), ...perhaps.keys()])].sort().map((key) => {
    const surely = sure.get(key) ?? traffic.NO_TRAFFIC;
    return { key, traffic: surely, perhaps: traffic.subtract(perhaps.get(key) ?? traffic.NO_TRAFFIC, surely) };
  });
}
