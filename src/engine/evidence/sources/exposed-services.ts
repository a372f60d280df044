// Services that let traffic in from outside of the cluster: LoadBalancer, NodePort, external addresses.

import type { Service } from '../../model/cluster.ts';
import type { Party } from '../../model/evidence.ts';
import { parseCidr, printCidrs } from '../../sets/ip-address.ts';
import { NO_ADDRESSES, union } from '../../sets/ip-set.ts';
import { fieldsOf, textsOf } from '../json-fields.ts';
import { arrivalsAt, titleOfService } from '../resolve/service-arrivals.ts';
import type { EvidenceSource } from '../source-of-evidence.ts';

/** See the file's head. Source ranges of a load balancer narrow who is outside. */
export const exposedServices: EvidenceSource = (context, findings) => {
  for (const service of context.cluster.services) {
    const what = exposure(service);
    if (what === undefined) continue;
    const from = clientsOf(service);
    const source = () => service.object.locate(['spec', service.type === 'ClusterIP' ? 'externalIPs' : 'type']);
    for (const { port, protocol } of service.ports) {
      const { arrivals, problems } = arrivalsAt(context, { ...service, headless: false }, { port, protocol });
      for (const { to, protocol: own, ports, via } of arrivals) {
        findings.add({
          from,
          to,
          protocol: own,
          ports,
          kind: 'exposed-service',
          confidence: 'likely',
          says: `Service ${titleOfService(service)} is ${what}, port ${port}`,
          source: source(),
          via,
        });
      }
      for (const { about, says } of arrivals.length > 0 ? [] : problems) {
        findings.ask({
          about,
          says: `Service ${titleOfService(service)} is ${what}, and ${says}`,
          hint: 'read the workload behind it as well',
          source: source(),
        });
      }
    }
  }
};

function exposure(service: Service): string | undefined {
  if (service.type === 'LoadBalancer') {
    // "The load balancer is internal" still means clients that are no pods.
    return 'a load balancer';
  }
  if (service.type === 'NodePort') return 'open on a port of every node';
  return service.externalIPs.length > 0 && service.type === 'ClusterIP' ? 'reached by external addresses' : undefined;
}

/** Ranges that cannot be read are left out; where none can, clients are anybody outside. */
function clientsOf(service: Service): Party {
  const ranges = textsOf(fieldsOf(service.object.value['spec'])['loadBalancerSourceRanges']);
  let set = NO_ADDRESSES;
  for (const range of ranges) {
    const read = parseCidr(range.trim());
    if (read.ok) set = union(set, read.set);
  }
  const [first, ...rest] = printCidrs(set);
  if (service.type !== 'LoadBalancer' || first === undefined) return { type: 'outside' };
  return { type: 'addresses', cidrs: [first, ...rest], what: `source ranges of Service ${titleOfService(service)}` };
}
