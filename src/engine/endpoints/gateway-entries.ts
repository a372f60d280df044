// Gateways as ways into the cluster: what their routes send to which pods, and what routes say without opening anything.

import type { GatewayRoute, GroupKind, RouteBackend } from '../model/gateway.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';
import { type ArrivalLookup, type Arrivals, entryTargets, gather } from './arrivals.ts';
import type { EndpointContext } from './pod-endpoints.ts';
import { type Attachment, attacher, isGranted } from './route-attachment.ts';
import type { EntryTarget } from './unit.ts';

/**
 * Something that an Ingress or a route says and that opens nothing here: a Service that is not in the input, a Gateway that
 * does not take it, a Service of another namespace without a grant, a parent, backend or filter that Netweir does not
 * understand, or a Service of a mesh as its parent.
 */
export interface RouteRemark {
  readonly about: 'missing' | 'not-taken' | 'not-granted' | 'parent' | 'backend' | 'filter' | 'mesh';
  readonly route: { readonly kind: string; readonly namespace: string; readonly name: string };
  /** The object or kind concerned; empty for a mesh. */
  readonly what: string;
}

/** One Gateway with what stands behind it. */
interface GatewayEntry {
  readonly entry: Pick<Attachment, 'kind' | 'namespace' | 'name'>;
  readonly targets: readonly EntryTarget[];
}

/** Finds all Gateways that routes name, in the input or not, with what arrives behind them. */
export function findGatewayEntries(
  context: EndpointContext,
  lookup: ArrivalLookup,
): { readonly entries: readonly GatewayEntry[]; readonly remarks: readonly RouteRemark[] } {
  const { routes } = context.cluster.gatewayApi;
  const attach = attacher(context);
  const remarks: RouteRemark[] = [];
  const found = new Map<string, Gathered>();
  for (const route of routes) {
    const { gateways, isMesh, otherParents } = attach(route);
    const remark = (about: RouteRemark['about'], what: string) => remarks.push({ about, route, what });
    if (isMesh) remark('mesh', '');
    for (const parent of otherParents) remark('parent', parent);
    for (const { kind, namespace, name, taken } of gateways) {
      if (taken === 'no') remark('not-taken', `${kind} ${namespace}/${name}`);
    }
    const taking = gateways.filter(({ taken }) => taken !== 'no');
    if (taking.length === 0) continue;
    for (const extension of route.extensions) remark('filter', printKind(extension));
    for (const backend of route.backends) {
      const arrivals = arrivalsOf(context, lookup, route, backend, remark);
      for (const attachment of taking) gather(sideOf(found, attachment), arrivals);
    }
  }
  const entries = [...found.values()].map(({ entry, sure, perhaps }) => ({
    entry,
    targets: entryTargets(sure, perhaps),
  }));
  return { entries, remarks };
}

interface Gathered {
  readonly entry: GatewayEntry['entry'];
  readonly sure: Map<string, TrafficSet>;
  readonly perhaps: Map<string, TrafficSet>;
}

function sideOf(found: Map<string, Gathered>, { kind, namespace, name, taken }: Attachment): Map<string, TrafficSet> {
  const key = `${kind}/${namespace}/${name}`;
  const gathered = found.get(key) ?? { entry: { kind, namespace, name }, sure: new Map(), perhaps: new Map() };
  found.set(key, gathered);
  return taken === 'yes' ? gathered.sure : gathered.perhaps;
}

const NOTHING: Arrivals = new Map();

/** What a route sends to one backend. "The port number is the service port number, not the target port." */
function arrivalsOf(
  { cluster }: EndpointContext,
  lookup: ArrivalLookup,
  route: GatewayRoute,
  backend: RouteBackend,
  remark: (about: RouteRemark['about'], what: string) => void,
): Arrivals {
  const name = `${backend.namespace}/${backend.name}`;
  if (backend.group !== '' || backend.kind !== 'Service') {
    remark('backend', `${printKind(backend)} ${name}`);
    return NOTHING;
  }
  if (!isGranted(cluster, route, backend)) {
    remark('not-granted', name);
    return NOTHING;
  }
  const service = lookup.service(backend.namespace, backend.name);
  if (service === undefined) {
    remark('missing', name);
    return NOTHING;
  }
  const ports = service.ports.filter(({ port, protocol }) => port === backend.port && protocol === route.protocol);
  return ports.length === 0 ? NOTHING : lookup.through(service, ports);
}

function printKind({ group, kind }: GroupKind): string {
  return group === '' ? kind : `${kind}.${group}`;
}
