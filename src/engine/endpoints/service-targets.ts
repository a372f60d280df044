// What stands behind a Service: pods with their target ports, or addresses that EndpointSlices list. "A Service is not a
// policy entity": every question about one is a question about its endpoints (semantics 1.10 S1).

import type { Cluster, Pod, Service, ServicePort } from '../model/cluster.ts';
import { selects } from '../model/selector.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { type IpSet, ipSetKey, NO_ADDRESSES, singleAddress, union } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';

/** Endpoints of a Service for some of its ports. */
export interface ServiceTargets {
  /** Traffic that arrives at each pod behind the Service; pods without an open target port have none. */
  readonly pods: ReadonlyMap<Pod, traffic.TrafficSet>;
  /** Addresses that are no pod's, by the ports that EndpointSlices list for them; none twice. */
  readonly outside: readonly { readonly addresses: IpSet; readonly traffic: traffic.TrafficSet }[];
}

/** Follows a Service to its endpoints. `ports` absent: all of its ports. */
export function findTargets(
  cluster: Pick<Cluster, 'pods' | 'endpointSlices'>,
  service: Service,
  ports: readonly ServicePort[] = service.ports,
): ServiceTargets {
  if (service.type === 'ExternalName') return { pods: new Map(), outside: [] };
  if (service.selector === undefined) return targetsOfSlices(cluster, service, ports);
  const selector = service.selector;
  const pods = new Map<Pod, traffic.TrafficSet>();
  for (const pod of cluster.pods) {
    if (pod.namespace !== service.namespace || !selects(selector, pod.labels)) continue;
    pods.set(pod, targetTraffic(pod, service, ports));
  }
  return { pods, outside: [] };
}

/** A headless Service without ports still names its pods: clients connect to whatever they please. */
function targetTraffic(pod: Pod, service: Service, ports: readonly ServicePort[]): traffic.TrafficSet {
  if (service.headless && service.ports.length === 0) return traffic.allTraffic(traffic.PORT_PROTOCOLS);
  return ports.reduce<traffic.TrafficSet>((sum, port) => traffic.union(sum, targetOf(pod, port)), traffic.NO_TRAFFIC);
}

/** "targetPort: name or number; defaults to port"; a name is looked up among the pod's containers. */
function targetOf(pod: Pod, port: ServicePort): traffic.TrafficSet {
  const target = port.target ?? port.port;
  if (typeof target === 'number') return traffic.traffic(port.protocol, target);
  return pod.ports
    .filter((own) => own.name === target && own.protocol === port.protocol && own.from !== 'init')
    .reduce<traffic.TrafficSet>(
      (sum, own) => traffic.union(sum, traffic.traffic(port.protocol, own.number)),
      traffic.NO_TRAFFIC,
    );
}

function targetsOfSlices(
  cluster: Pick<Cluster, 'pods' | 'endpointSlices'>,
  service: Service,
  ports: readonly ServicePort[],
): ServiceTargets {
  const byAddress = new Map(
    cluster.pods.flatMap((pod) => (pod.hostNetwork ? [] : pod.addresses.map((one) => [one, pod] as const))),
  );
  const pods = new Map<Pod, traffic.TrafficSet>();
  const outside = new Map<string, { address: IpSet; open: traffic.TrafficSet }>();
  for (const slice of cluster.endpointSlices) {
    if (slice.namespace !== service.namespace || slice.service !== service.name) continue;
    const open = slice.ports
      .filter((own) => ports.some((port) => (port.name ?? '') === (own.name ?? '') && port.protocol === own.protocol))
      .reduce<traffic.TrafficSet>((sum, own) => {
        const opened =
          own.port === undefined ? traffic.allTraffic([own.protocol]) : traffic.traffic(own.protocol, own.port);
        return traffic.union(sum, opened);
      }, traffic.NO_TRAFFIC);
    for (const text of slice.endpoints.flatMap((one) => one.addresses)) {
      const pod = byAddress.get(text);
      if (pod !== undefined) {
        pods.set(pod, traffic.union(pods.get(pod) ?? traffic.NO_TRAFFIC, open));
        continue;
      }
      const parsed = parseAddress(text);
      if (!parsed.ok) continue;
      const address = singleAddress(parsed);
      const key = ipSetKey(address);
      outside.set(key, { address, open: traffic.union(outside.get(key)?.open ?? traffic.NO_TRAFFIC, open) });
    }
  }
  return { pods, outside: byTraffic([...outside.values()]) };
}

function byTraffic(
  all: readonly { readonly address: IpSet; readonly open: traffic.TrafficSet }[],
): ServiceTargets['outside'] {
  const groups = new Map<string, ServiceTargets['outside'][number]>();
  for (const { address, open } of all) {
    const key = traffic.trafficKey(open);
    groups.set(key, { addresses: union(groups.get(key)?.addresses ?? NO_ADDRESSES, address), traffic: open });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
