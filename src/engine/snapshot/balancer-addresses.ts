// Addresses of load balancers, as Services have them: nodes translate them for pods as they do cluster IPs.

import type { Service } from '../model/cluster.ts';
import { parseAddress, printAddress } from '../sets/ip-address.ts';
import { isObject } from './reading.ts';

/**
 * What a load balancer wrote into the status, and what the spec asks of it, in canonical text. Host names are no addresses, and
 * with `ipMode: Proxy` nodes leave the address to the balancer.
 */
export function balancerAddresses({ object }: Service): readonly string[] {
  const { spec, status } = object.value;
  const balancer = isObject(status) && isObject(status['loadBalancer']) ? status['loadBalancer']['ingress'] : undefined;
  const entries = Array.isArray(balancer) ? balancer.filter(isObject) : [];
  const isProxied = entries.some((one) => one['ipMode'] === 'Proxy');
  const written = [
    ...entries.filter((one) => one['ipMode'] !== 'Proxy').map((one) => one['ip']),
    isObject(spec) && !isProxied ? spec['loadBalancerIP'] : undefined,
  ];
  return written.flatMap((text) => {
    const address = typeof text === 'string' ? parseAddress(text) : undefined;
    return address?.ok === true ? [printAddress(address.family, address.value)] : [];
  });
}

/** Services by address: cluster IPs, external IPs, those of load balancers that no other Service shares. */
export function servicesByAddress(services: readonly Service[]): ReadonlyMap<string, Service> {
  const found = new Map<string, Service>();
  for (const service of services) {
    for (const address of [...service.clusterIPs, ...service.externalIPs]) found.set(address, service);
  }
  const balanced = new Map<string, Service | 'shared'>();
  for (const service of services) {
    for (const address of new Set(balancerAddresses(service))) {
      balanced.set(address, balanced.has(address) ? 'shared' : service);
    }
  }
  for (const [address, service] of balanced)
    if (service !== 'shared' && !found.has(address)) found.set(address, service);
  return found;
}
