// Replicas that call each other: pods of a StatefulSet find one another by its governing Service.

import type { Pod } from '../../model/cluster.ts';
import type { Protocol } from '../../sets/traffic-set.ts';
import { fieldsOf, textOf } from '../json-fields.ts';
import { titleOfWorkload } from '../pod-specs.ts';
import { podsBehind } from '../resolve/service-arrivals.ts';
import type { EvidenceSource } from '../source-of-evidence.ts';

/**
 * A governing Service that is headless gives each pod a name, which is what it is for. All ports of that Service are those
 * of peers, and those that the containers declare where the Service publishes addresses before pods are ready: what waits
 * for readiness serves clients, what does not forms a cluster.
 */
export const peers: EvidenceSource = (context, findings) => {
  for (const workload of context.cluster.workloads.values()) {
    if (workload.kind !== 'StatefulSet' || workload.object === undefined) continue;
    if (workload.replicas !== undefined && workload.replicas < 2) continue;
    const name = textOf(fieldsOf(workload.object.value['spec'])['serviceName']);
    const service = name === undefined ? undefined : context.service(workload.namespace, name);
    if (service === undefined || !service.headless) continue;
    const pods = podsBehind(context, service).filter((pod) => pod.workload === workload.key);
    if (pods.length === 0) continue;
    const publishes = fieldsOf(service.object.value['spec'])['publishNotReadyAddresses'] === true;
    const ports = new Map<string, { protocol: Protocol; number: number }>();
    const add = (protocol: Protocol, number: number) => ports.set(`${protocol} ${number}`, { protocol, number });
    for (const pod of pods) {
      for (const { protocol, port, target } of service.ports) {
        const goal = target ?? port;
        const numbers = typeof goal === 'number' ? [goal] : namedPorts(pod, goal, protocol);
        for (const number of numbers) add(protocol, number);
      }
      if (publishes) for (const own of pod.ports) if (own.from !== 'init') add(own.protocol, own.number);
    }
    for (const { protocol, number } of ports.values()) {
      findings.add({
        from: { type: 'workload', key: workload.key },
        to: { type: 'workload', key: workload.key },
        protocol,
        ports: [number, number],
        kind: 'peers',
        confidence: 'likely',
        says: `pods of StatefulSet ${titleOfWorkload(workload)} have names by the headless Service ${service.name}`,
        source: workload.object.locate(['spec', 'serviceName']),
        via: { namespace: service.namespace, name: service.name, port: number },
      });
    }
  }
};

function namedPorts(pod: Pod, name: string, protocol: Protocol): readonly number[] {
  return pod.ports
    .filter((own) => own.name === name && own.protocol === protocol && own.from !== 'init')
    .map((own) => own.number);
}
