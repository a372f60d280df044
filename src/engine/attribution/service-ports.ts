// Services as callers see them: from a Service's port to the ports of the pods behind it, and back. Follows named ports pod
// by pod, and Services without a selector to their EndpointSlices. Knows no flow.

import type { Cluster, EndpointSlice, Pod, Service, ServicePort } from '../model/cluster.ts';
import { type Selector, selects } from '../model/selector.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import { append } from './address-book.ts';
import { probePorts } from './probe-ports.ts';

/** One endpoint behind a Service's port: a workload's pods, or an address that an EndpointSlice lists. */
export type ServiceTarget =
  | { readonly workload: string; readonly pod?: Pod; readonly port: number }
  | { readonly address: string; readonly port: number };

/** A Service's port through which a pod's port may be called. */
export interface Front {
  readonly service: Service;
  readonly port: ServicePort;
  /** The pod's port. */
  readonly target: number;
}

/** The Services of a snapshot and the ports that its pods are known to listen on. */
export interface ServicePorts {
  named(namespace: string, name: string): Service | undefined;
  /** Endpoints behind a port of a Service, each once; empty where it has no such port or nothing behind it. */
  targets(service: Service, protocol: Protocol, port: number): readonly ServiceTarget[];
  /** Whether a pod of the workload declares the port, is probed there, or a Service targets it. */
  listens(workload: string, protocol: Protocol, port: number): boolean;
  /** Whether the kubelet probes the workload's pods there. */
  isProbed(workload: string, port: number): boolean;
  /** Service ports of that number in front of the workload. */
  fronts(workload: string, protocol: Protocol, port: number): readonly Front[];
  /** The port of Service `default/kubernetes` that leads to this address and port; undefined: no endpoint of the API server. */
  apiServerPort(address: string, protocol: Protocol, port: number): number | undefined;
  /** Services in front of that port of the workload's pods. */
  behind(workload: string, protocol: Protocol, port: number): readonly Front[];
}

/** Prepares the Services of a snapshot. */
export function servicePorts(cluster: Cluster): ServicePorts {
  const named = new Map(cluster.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const selected = podSelection(cluster.pods);
  const slices = new Map<string, EndpointSlice[]>();
  for (const slice of cluster.endpointSlices) append(slices, `${slice.namespace}/${slice.service ?? ''}`, slice);

  const listening = new Map<string, Set<string>>();
  const probed = new Map<string, Set<number>>();
  const fronts = new Map<string, Front[]>();
  const behind = new Map<string, Front[]>();
  const listen = (workload: string, protocol: Protocol, port: number) => {
    const ports = listening.get(workload) ?? new Set();
    listening.set(workload, ports.add(`${protocol}/${port}`));
  };
  // Pods of one template share their object's spec; those of one workload mostly look alike.
  const seen = new Map<string, Set<string>>();
  for (const pod of cluster.pods) {
    const look = JSON.stringify(pod.ports);
    const looks = seen.get(pod.workload) ?? new Set();
    if (looks.has(look)) continue;
    seen.set(pod.workload, looks.add(look));
    for (const port of pod.ports) if (port.from !== 'init') listen(pod.workload, port.protocol, port.number);
    for (const port of probePorts(pod)) {
      listen(pod.workload, 'TCP', port);
      const ports = probed.get(pod.workload) ?? new Set();
      probed.set(pod.workload, ports.add(port));
    }
  }
  const known = new Map<string, readonly ServiceTarget[]>();
  const targets = (service: Service, protocol: Protocol, number: number): readonly ServiceTarget[] => {
    const key = `${service.namespace}/${service.name}/${protocol}/${number}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const ports = service.ports.filter((port) => port.port === number && port.protocol === protocol);
    const result = distinct(ports.flatMap((port) => targetsOf(service, port, selected, slices)));
    known.set(key, result);
    return result;
  };
  for (const service of cluster.services) {
    if (service.selector === undefined) continue;
    for (const port of service.ports) {
      for (const target of targets(service, port.protocol, port.port)) {
        if (!('workload' in target)) continue;
        const front: Front = { service, port, target: target.port };
        listen(target.workload, port.protocol, target.port);
        append(fronts, `${target.workload} ${port.protocol}/${port.port}`, front);
        append(behind, `${target.workload} ${port.protocol}/${target.port}`, front);
      }
    }
  }
  const apiServer = new Map<string, number>();
  const kubernetes = named.get('default/kubernetes');
  for (const port of kubernetes?.ports ?? []) {
    for (const target of targets(kubernetes!, port.protocol, port.port)) {
      if ('address' in target) apiServer.set(`${target.address} ${port.protocol}/${target.port}`, port.port);
    }
  }
  return {
    apiServerPort: (address, protocol, port) => apiServer.get(`${address} ${protocol}/${port}`),
    named: (namespace, name) => named.get(`${namespace}/${name}`),
    targets,
    listens: (workload, protocol, port) => listening.get(workload)?.has(`${protocol}/${port}`) ?? false,
    isProbed: (workload, port) => probed.get(workload)?.has(port) ?? false,
    fronts: (workload, protocol, port) => fronts.get(`${workload} ${protocol}/${port}`) ?? [],
    behind: (workload, protocol, port) => behind.get(`${workload} ${protocol}/${port}`) ?? [],
  };
}

function targetsOf(
  service: Service,
  port: ServicePort,
  selected: (namespace: string, selector: Selector) => readonly Pod[],
  slices: ReadonlyMap<string, readonly EndpointSlice[]>,
): ServiceTarget[] {
  if (service.type === 'ExternalName') return [];
  if (service.selector !== undefined) {
    return selected(service.namespace, service.selector).flatMap((pod) =>
      podPorts(pod, port).map((number) => ({ workload: pod.workload, pod, port: number })),
    );
  }
  return (slices.get(`${service.namespace}/${service.name}`) ?? []).flatMap((slice) =>
    slice.ports
      .filter((own) => (own.name ?? '') === (port.name ?? '') && own.protocol === port.protocol)
      .flatMap((own) =>
        slice.endpoints.flatMap(({ addresses }) =>
          addresses.map((address) => ({ address, port: own.port ?? port.port })),
        ),
      ),
  );
}

/** "targetPort: name or number; defaults to port"; a name is looked up among the pod's containers. */
function podPorts(pod: Pod, port: ServicePort): readonly number[] {
  const target = port.target ?? port.port;
  if (typeof target === 'number') return [target];
  return pod.ports
    .filter((own) => own.name === target && own.protocol === port.protocol && own.from !== 'init')
    .map((own) => own.number);
}

/** Each workload and port once, with its pod where that is the only one. */
function distinct(targets: readonly ServiceTarget[]): readonly ServiceTarget[] {
  const found = new Map<string, ServiceTarget>();
  for (const target of targets) {
    const key = `${'workload' in target ? target.workload : target.address} ${target.port}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, target);
    else if ('workload' in before) found.set(key, { workload: before.workload, port: before.port });
  }
  return [...found.values()];
}

/** Selects pods by the rarest of the labels that a Service asks for, so that many Services and pods stay few looks. */
function podSelection(pods: readonly Pod[]): (namespace: string, selector: Selector) => readonly Pod[] {
  const byLabel = new Map<string, Pod[]>();
  for (const pod of pods) {
    for (const [key, value] of Object.entries(pod.labels))
      append(byLabel, JSON.stringify([pod.namespace, key, value]), pod);
  }
  return (namespace, selector) => {
    const parts = selector.op === 'and' ? selector.of : [selector];
    const lists = parts.flatMap((part) =>
      part.op === 'in' && part.values.length === 1
        ? [byLabel.get(JSON.stringify([namespace, part.key, part.values[0]])) ?? []]
        : [],
    );
    if (lists.length === 0) return pods.filter((pod) => pod.namespace === namespace && selects(selector, pod.labels));
    const rarest = lists.reduce((least, list) => (list.length < least.length ? list : least));
    return rarest.filter((pod) => selects(selector, pod.labels));
  };
}
