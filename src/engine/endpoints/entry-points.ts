// Ways into the cluster: Ingresses, Gateways, Routes, LoadBalancer, NodePort and external-IP Services, as sources in front
// of their pods. What Gateways take is decided elsewhere.

import type { OpenShiftRoute, Pod, Service, ServicePort } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { union } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type ArrivalLookup, type Arrivals, arrivalLookup, entryTargets, gather } from './arrivals.ts';
import { findGatewayEntries, type RouteRemark } from './gateway-entries.ts';
import { outsideAddresses } from './outside.ts';
import { type EndpointContext, inFamilies } from './pod-endpoints.ts';
import type { EntryKind, EntryPoint, EntryTarget, Unit } from './unit.ts';

/** All ways into the cluster, and what Ingresses and routes say without opening anything. */
export interface Entries {
  /** Those that have targets among the units, sorted by key. */
  readonly units: readonly Unit[];
  readonly remarks: readonly RouteRemark[];
}

/** Finds the ways into the cluster. */
export function findEntries(context: EndpointContext, unitOf: (pod: Pod) => Unit | undefined): Entries {
  const { services, ingresses, openShiftRoutes } = context.cluster;
  const lookup = arrivalLookup(context, unitOf);
  const units: Unit[] = [];
  const remarks: RouteRemark[] = [];
  const add = (name: EntryName, targets: readonly EntryTarget[], endpoint: Endpoint) => {
    const entry: EntryPoint = { ...name, targets };
    if (targets.length > 0) units.push({ type: 'entry', endpoint, entry });
  };
  for (const service of services) {
    const kind = entryKind(service);
    if (kind === undefined) continue;
    const { namespace, name } = service;
    const endpoint = serviceEntry(context, kind, service);
    add({ kind, namespace, name }, entryTargets(lookup.through(service, service.ports)), endpoint);
  }
  /** An entry that a controller serves; its backends are Services of its own namespace. */
  const addRouted = (
    entry: EntryName,
    backends: readonly string[],
    arrivals: (service: Service, index: number) => Arrivals,
  ) => {
    const found = new Map<string, traffic.TrafficSet>();
    backends.forEach((backend, index) => {
      const service = lookup.service(entry.namespace, backend);
      if (service !== undefined) gather(found, arrivals(service, index));
      else remarks.push({ about: 'missing', route: entry, what: `${entry.namespace}/${backend}` });
    });
    add(entry, entryTargets(found), controllerEntry(context, entry));
  };
  for (const { namespace, name, backends } of ingresses) {
    const names = backends.map(({ service }) => service);
    addRouted({ kind: 'Ingress', namespace, name }, names, (service, index) => {
      const wanted = backends[index]!.port;
      const isMeant = (port: ServicePort) => wanted === undefined || port.port === wanted || port.name === wanted;
      return lookup.through(service, service.ports.filter(isMeant));
    });
  }
  for (const route of openShiftRoutes) {
    const { namespace, name } = route;
    addRouted({ kind: 'Route', namespace, name }, route.services, (service) => routerArrivals(lookup, route, service));
  }
  const attached = findGatewayEntries(context, lookup);
  for (const { entry, targets } of attached.entries) add(entry, targets, controllerEntry(context, entry));
  return {
    units: units.sort((a, b) => (a.endpoint.key < b.endpoint.key ? -1 : 1)),
    remarks: [...remarks, ...attached.remarks],
  };
}

/** What an entry is called. */
type EntryName = Pick<EntryPoint, 'kind' | 'namespace' | 'name'>;

/**
 * What the router sends to a Service: TCP to the endpoints' ports that have the name or number of the Route's targetPort,
 * to all of them where it names none (docs/semantics/openshift-route.md).
 */
function routerArrivals(lookup: ArrivalLookup, { targetPort }: OpenShiftRoute, service: Service): Arrivals {
  const found = new Map<string, traffic.TrafficSet>();
  const number = targetPort !== undefined && /^\d+$/.test(targetPort) ? Number(targetPort) : undefined;
  for (const port of service.ports) {
    if (port.protocol !== 'TCP') continue;
    const arrivals = lookup.through(service, [port]);
    if (targetPort === undefined || port.name === targetPort) gather(found, arrivals);
    else if (number !== undefined) gather(found, onPort(arrivals, number));
  }
  return found;
}

function onPort(arrivals: Arrivals, number: number): Arrivals {
  const wanted = traffic.traffic('TCP', number);
  const cut = [...arrivals].map(([key, opened]) => [key, traffic.intersect(opened, wanted)] as const);
  return new Map(cut.filter(([, opened]) => !traffic.isEmpty(opened)));
}

function entryKind(service: Service): EntryKind | undefined {
  if (service.type === 'LoadBalancer' || service.type === 'NodePort') return service.type;
  return service.externalIPs.length > 0 ? 'ExternalIP' : undefined;
}

/**
 * Who speaks to pods behind such a Service: the client itself, or with traffic policy Cluster perhaps a node in its stead,
 * which may be the pod's own (semantics 1.10 S3).
 */
function serviceEntry(context: EndpointContext, kind: EntryKind, service: Service): Endpoint {
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
    matchesBlocks: viaNode && behaviour.knobs.ipBlockMatchesNodes !== true ? 'maybe' : 'yes',
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

/**
 * Traffic of an Ingress, a Route or a Gateway comes from what serves it: pods or nodes, and which those are, the object does
 * not say.
 */
function controllerEntry({ plan, behaviour }: EndpointContext, { kind, namespace, name }: EntryName): Endpoint {
  const { ipBlockMatchesPods, ipBlockMatchesNodes } = behaviour.knobs;
  return {
    key: `entry/${namespace}/${kind}/${name}`,
    name: `${kind} ${namespace}/${name}`,
    type: 'entry',
    addresses: inFamilies({ v4: [0, 2 ** 32], v6: [0n, 1n << 128n] }, plan.families),
    addressReason: 'ingress-controller',
    families: plan.families,
    ports: [],
    matchesBlocks: ipBlockMatchesPods === true && ipBlockMatchesNodes === true ? 'yes' : 'maybe',
    unidentified: 'ingress-controller',
    ownNode: 'ingress-controller',
  };
}
