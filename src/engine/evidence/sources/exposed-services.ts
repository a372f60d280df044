// Services that let traffic in from outside of the cluster: LoadBalancer, NodePort, external addresses.

import type { Service } from '../../model/cluster.ts';
import type { OpenQuestion, Party } from '../../model/evidence.ts';
import type { Source } from '../../model/source.ts';
import { parseCidr, printCidrs } from '../../sets/ip-address.ts';
import { NO_ADDRESSES, union } from '../../sets/ip-set.ts';
import type { EvidenceContext } from '../context.ts';
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
    const nodes = nodesInBetween(context, service, from);
    for (const { port, protocol } of service.ports) {
      const { arrivals, problems } = arrivalsAt(context, { ...service, headless: false }, { port, protocol });
      for (const { to, protocol: own, ports, via } of arrivals) {
        const says = `Service ${titleOfService(service)} is ${what}, port ${port}`;
        const common = {
          to,
          protocol: own,
          ports,
          kind: 'exposed-service' as const,
          confidence: 'likely' as const,
          source: source(),
          via,
        };
        findings.add({ ...common, from, says });
        if (nodes === 'unknown' && to.type === 'workload') findings.ask(hiddenClients(service, to.key, source()));
        else if (nodes !== undefined && nodes !== 'unknown')
          findings.add({ ...common, from: nodes, says: `${says}; ${SOURCE_NAT}` });
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

const SOURCE_NAT = 'nodes replace the addresses of its clients (externalTrafficPolicy Cluster)';

/**
 * The nodes, where only some addresses may come in and nodes put theirs in the place of those; `unknown`: nothing shows which those
 * are. Undefined where clients keep their addresses, or nodes are among those who may come in anyway (anybody outside).
 */
function nodesInBetween({ plan }: EvidenceContext, service: Service, from: Party): Party | 'unknown' | undefined {
  if (from.type === 'outside' || service.externalTrafficPolicy === 'Local') return undefined;
  if (plan.assumed.includes('nodeCIDRs')) return 'unknown';
  const [first, ...rest] = printCidrs(plan.nodes);
  return first === undefined ? 'unknown' : { type: 'addresses', cidrs: [first, ...rest], what: 'nodes' };
}

function hiddenClients(service: Service, workload: string, source: Source): OpenQuestion {
  return {
    about: 'source-nat',
    workload,
    says: `Service ${titleOfService(service)} lets in only its source ranges, ${SOURCE_NAT}, and the addresses of nodes are not known: pods may be closed to them`,
    hint: 'give them: --assume nodeCIDRs=CIDR; or set externalTrafficPolicy: Local on the Service',
    source,
  };
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
