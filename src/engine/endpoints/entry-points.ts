// Ways into the cluster: Ingresses, LoadBalancer, NodePort and external-IP Services, as sources in front of their pods.

import type { IngressRoute, Pod, Service } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { union } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { outsideAddresses } from './outside.ts';
import { type EndpointContext, inFamilies } from './pod-endpoints.ts';
import { findTargets } from './service-targets.ts';
import type { EntryPoint, Unit } from './unit.ts';

/** All entry points that have targets among the units, sorted by key. */
export function entryUnits(context: EndpointContext, unitOf: (pod: Pod) => Unit | undefined): Unit[] {
  const { services, ingresses } = context.cluster;
  const units: Unit[] = [];
  const targetsOf = (service: Service, ports: Service['ports']) => {
    const found = new Map<string, traffic.TrafficSet>();
    for (const [pod, opened] of findTargets(context.cluster, service, ports).pods) {
      const key = unitOf(pod)?.endpoint.key;
      if (key === undefined || traffic.isEmpty(opened)) continue;
      found.set(key, traffic.union(found.get(key) ?? traffic.NO_TRAFFIC, opened));
    }
    return found;
  };
  const add = (
    kind: EntryPoint['kind'],
    object: Service | IngressRoute,
    targets: Map<string, traffic.TrafficSet>,
    endpoint: Endpoint,
  ) => {
    if (targets.size === 0) return;
    const list = [...targets.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, opened]) => ({ key, traffic: opened }));
    units.push({ type: 'entry', endpoint, entry: { kind, object, targets: list } });
  };
  for (const service of services) {
    const kind = entryKind(service);
    if (kind !== undefined) add(kind, service, targetsOf(service, service.ports), serviceEntry(context, kind, service));
  }
  for (const route of ingresses) {
    const targets = new Map<string, traffic.TrafficSet>();
    for (const backend of route.backends) {
      const service = services.find((one) => one.namespace === route.namespace && one.name === backend.service);
      if (service === undefined) continue;
      const ports = service.ports.filter(
        (port) => backend.port === undefined || port.port === backend.port || port.name === backend.port,
      );
      for (const [key, opened] of targetsOf(service, ports)) {
        targets.set(key, traffic.union(targets.get(key) ?? traffic.NO_TRAFFIC, opened));
      }
    }
    add('Ingress', route, targets, ingressEntry(context, route));
  }
  return units.sort((a, b) => (a.endpoint.key < b.endpoint.key ? -1 : 1));
}

function entryKind(service: Service): EntryPoint['kind'] | undefined {
  if (service.type === 'LoadBalancer' || service.type === 'NodePort') return service.type;
  return service.externalIPs.length > 0 ? 'ExternalIP' : undefined;
}

/**
 * Who speaks to pods behind such a Service: the client itself, or with traffic policy Cluster perhaps a node in its stead,
 * which may be the pod's own (semantics 1.10 S3).
 */
function serviceEntry(context: EndpointContext, kind: EntryPoint['kind'], service: Service): Endpoint {
  const { plan, behaviour } = context;
  const clients = outsideAddresses(context);
  const viaNode = service.externalTrafficPolicy === 'Cluster';
  const base: Endpoint = {
    key: `entry/${service.namespace}/${kind}/${service.name}`,
    name: `${kind} ${service.namespace}/${service.name}`,
    type: 'entry',
    addresses: viaNode ? union(clients, inFamilies(plan.nodes, plan.families)) : clients,
    addressReason: 'client-address',
    families: plan.families,
    ports: [],
    matchesBlocks: viaNode && !behaviour.knobs.ipBlockMatchesNodes ? 'maybe' : 'yes',
    node: { certain: false },
  };
  return viaNode ? { ...base, ownNode: 'source-nat' } : base;
}

/**
 * A client outside of the cluster as the pods behind a Service may see it. Other units, and Services without a way in or
 * with traffic policy Local, leave it as it is.
 */
export function throughService(context: EndpointContext, service: Service, unit: Unit): Unit {
  const kind = entryKind(service);
  if (unit.type !== 'addresses' || kind === undefined || service.externalTrafficPolicy === 'Local') return unit;
  const { matchesBlocks, ownNode, node } = serviceEntry(context, kind, service);
  const addresses = union(unit.set, inFamilies(context.plan.nodes, unit.endpoint.families));
  const seen = { addresses, addressReason: 'source-nat' as const, matchesBlocks, ownNode: ownNode!, node: node! };
  return { ...unit, endpoint: { ...unit.endpoint, ...seen } };
}

/** Traffic of an Ingress comes from its controller; which pods or nodes that are, the object does not say. */
function ingressEntry({ plan, behaviour }: EndpointContext, route: IngressRoute): Endpoint {
  const { ipBlockMatchesPods, ipBlockMatchesNodes } = behaviour.knobs;
  return {
    key: `entry/${route.namespace}/Ingress/${route.name}`,
    name: `Ingress ${route.namespace}/${route.name}`,
    type: 'entry',
    addresses: inFamilies({ v4: [0, 2 ** 32], v6: [0n, 1n << 128n] }, plan.families),
    addressReason: 'ingress-controller',
    families: plan.families,
    ports: [],
    matchesBlocks: ipBlockMatchesPods && ipBlockMatchesNodes ? 'yes' : 'maybe',
    unidentified: 'ingress-controller',
    ownNode: 'ingress-controller',
  };
}
