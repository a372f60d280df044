// Services in front of workloads and of what is outside, and who stands behind a Service at which port: computed from labels,
// as the cluster does it.

import { hasLabels, type SimPod, type SimService, type SimWorkload } from './application.ts';
import type { Random } from './random.ts';

/** Gives addresses and node ports to Services. */
export interface ServiceNumbers {
  addresses(): readonly string[];
  nodePort(): number;
}

/** Addresses of Services and node ports, each once. */
export function serviceNumbers(isDualStack: boolean): ServiceNumbers {
  let [host, port] = [19, 30_079];
  return {
    addresses() {
      host++;
      const v4 = `10.96.${Math.floor(host / 250)}.${host % 250}`;
      return isDualStack ? [v4, `fd00:10:96::${host.toString(16)}`] : [v4];
    },
    nodePort: () => ++port,
  };
}

/** The Service of a workload with ports. */
export function serviceFor(random: Random, workload: SimWorkload, numbers: ServiceNumbers): SimService {
  const type = random.chance(0.12) ? random.pick(['NodePort', 'LoadBalancer'] as const) : 'ClusterIP';
  const isHeadless = type === 'ClusterIP' && workload.kind === 'StatefulSet' && random.chance(0.6);
  const keys = Object.keys(workload.matchLabels);
  // A selector of the first label alone also selects canaries and other releases.
  const selected = random.chance(0.25) ? keys.slice(0, 1) : keys;
  return {
    namespace: workload.namespace,
    name: workload.name,
    type,
    headless: isHeadless,
    clusterIPs: isHeadless ? [] : numbers.addresses(),
    selector: Object.fromEntries(selected.map((key) => [key, workload.matchLabels[key]!])),
    ...(type === 'ClusterIP' ? {} : { externalTrafficPolicy: random.pick(['Cluster', 'Local'] as const) }),
    ports: workload.ports.map(({ name, number, protocol, declared }, index) => {
      const target = name !== undefined && declared && random.chance(0.6) ? name : number;
      const port = isHeadless || random.chance(0.4) ? number : 80 + index;
      return {
        ...(workload.ports.length > 1 ? { name: `port-${index}` } : {}),
        port,
        protocol,
        ...(target === port ? {} : { target }),
        ...(type === 'ClusterIP' ? {} : { nodePort: numbers.nodePort() }),
      };
    }),
  };
}

/** Where a call to a port of a Service may arrive: workloads with the port that their pods listen on. */
export function behind(
  workloads: readonly SimWorkload[],
  { namespace, selector, ports }: SimService,
  port: number,
  protocol: 'TCP' | 'UDP',
): { readonly workload: SimWorkload; readonly port: number }[] {
  const own = ports.find((one) => one.port === port && one.protocol === protocol);
  if (selector === undefined || own === undefined) return [];
  const target = own.target ?? own.port;
  return workloads.flatMap((workload) => {
    if (workload.namespace !== namespace || !hasLabels(workload.labels, selector)) return [];
    if (workload.kind === 'CronJob' || workload.kind === 'Job') return [];
    const listening = workload.ports.find(
      (one) =>
        one.protocol === own.protocol &&
        (typeof target === 'string' ? one.name === target && one.declared : one.number === target),
    );
    return listening === undefined ? [] : [{ workload, port: listening.number }];
  });
}

/** The pods of a workload at a time, gone ones included. */
export function podsAt({ pods, gone }: SimWorkload, time: number): SimPod[] {
  return [...gone, ...pods].filter(({ since, until }) => since <= time && time <= until);
}
