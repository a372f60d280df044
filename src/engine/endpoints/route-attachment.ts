// Which Gateways take which routes: parent references, namespaces, kinds, host names, as far as the input tells. The rules
// and their sources stand in docs/semantics/gateway-api.md.

import type { Cluster } from '../model/cluster.ts';
import type {
  Gateway,
  GatewayRoute,
  Listener,
  ListenerSet,
  NamespaceChoice,
  ParentReference,
  RouteBackend,
  RouteKind,
} from '../model/gateway.ts';
import { every, selectsPartly, some, type Tristate } from '../model/selector.ts';
import { type EndpointContext, namespaceIdentity } from './pod-endpoints.ts';

/** The group of the Gateway API's own kinds. */
const GROUP = 'gateway.networking.k8s.io';

/** One Gateway (or ListenerSet that is not in the input), and whether it takes the route. */
export interface Attachment {
  readonly kind: 'Gateway' | 'ListenerSet';
  readonly namespace: string;
  readonly name: string;
  readonly taken: Tristate;
}

/** Where a route is attached, and the parents that are no way into the cluster. */
export interface Attachments {
  /** By kind, namespace and name, each once. */
  readonly gateways: readonly Attachment[];
  /** Whether it is attached to a Service, which routes traffic within a mesh. */
  readonly isMesh: boolean;
  /** Kinds of parents that nobody but their implementation understands, as `Kind.group`, sorted. */
  readonly otherParents: readonly string[];
}

/** What attachment is decided by. */
export type AttachmentContext = Pick<EndpointContext, 'cluster' | 'behaviour'>;

/** Decides for routes of one snapshot where they are attached. */
export function attacher(context: AttachmentContext): (route: GatewayRoute) => Attachments {
  const { gatewayApi } = context.cluster;
  const gateways = byName(gatewayApi.gateways);
  const sets = byName(gatewayApi.listenerSets);
  const isChosen = namespaceChooser(context);

  /** Whether one of the listeners that the parent reference means takes the route. */
  const isTaken = (route: GatewayRoute, parent: ParentReference | undefined, owner: Gateway | ListenerSet): Tristate =>
    some(
      owner.listeners
        .filter((listener) => isMeant(parent, listener))
        .map((listener) =>
          every([
            isChosen(listener.namespaces, owner.namespace, route.namespace),
            fitsKind(listener, route.kind),
            fitsHostname(listener, route.hostnames) ? 'yes' : 'no',
          ]),
        ),
    );

  const followSet = (route: GatewayRoute, parent: ParentReference): Attachment | undefined => {
    const set = sets.get(`${parent.namespace}/${parent.name}`);
    if (set === undefined)
      return { kind: 'ListenerSet', namespace: parent.namespace, name: parent.name, taken: 'maybe' };
    if (set.parent === undefined) return undefined;
    const gateway = gateways.get(`${set.parent.namespace}/${set.parent.name}`);
    const isPart = gateway === undefined ? 'maybe' : isChosen(gateway.listenerSets, gateway.namespace, set.namespace);
    return { kind: 'Gateway', ...set.parent, taken: every([isPart, isTaken(route, parent, set)]) };
  };

  return (route) => {
    const found: Attachment[] = [];
    const otherParents = new Set<string>();
    let isMesh = false;
    for (const parent of route.parents) {
      const { group, kind, namespace, name } = parent;
      if (group === GROUP && kind === 'Gateway') {
        const gateway = gateways.get(`${namespace}/${name}`);
        found.push({ kind, namespace, name, taken: gateway === undefined ? 'maybe' : isTaken(route, parent, gateway) });
      } else if (group === GROUP && kind === 'ListenerSet') {
        const attachment = followSet(route, parent);
        if (attachment !== undefined) found.push(attachment);
      } else if (group === '' && kind === 'Service') isMesh = true;
      else otherParents.add(group === '' ? kind : `${kind}.${group}`);
    }
    for (const gateway of route.wantsDefault ? gatewayApi.gateways : []) {
      const { namespace, name, isDefault } = gateway;
      if (isDefault) found.push({ kind: 'Gateway', namespace, name, taken: isTaken(route, undefined, gateway) });
    }
    return { gateways: mergeSame(found), isMesh, otherParents: [...otherParents].sort() };
  };
}

/** "If 1 of 2 listeners accept …, the Route MUST be considered successfully attached": so do several references. */
function mergeSame(found: readonly Attachment[]): readonly Attachment[] {
  const merged = new Map<string, Attachment>();
  for (const one of found) {
    const key = `${one.kind}/${one.namespace}/${one.name}`;
    merged.set(key, { ...one, taken: some([one.taken, merged.get(key)?.taken ?? 'no']) });
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function byName<T extends { readonly namespace: string; readonly name: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((one) => [`${one.namespace}/${one.name}`, one]));
}

/** Whether a namespace is among those that an object of the namespace `own` chooses. */
function namespaceChooser(
  context: AttachmentContext,
): (choice: NamespaceChoice, own: string, asked: string) => Tristate {
  return (choice, own, asked) => {
    if (choice === 'all') return 'yes';
    if (choice === 'none') return 'no';
    if (choice === 'same') return own === asked ? 'yes' : 'no';
    const { namespaceLabels, namespaceDeclared } = namespaceIdentity(
      context,
      context.cluster.namespaces.get(asked),
      asked,
    );
    const isOpen = (key: string) => !namespaceDeclared && !Object.hasOwn(namespaceLabels, key);
    return selectsPartly(choice.selector, namespaceLabels, isOpen);
  };
}

function isMeant(parent: ParentReference | undefined, listener: Listener): boolean {
  if (parent?.section !== undefined && parent.section !== listener.name) return false;
  return parent?.port === undefined || parent.port === listener.port;
}

const FITTING: Readonly<Record<string, readonly RouteKind[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

/** Kinds that the listener names, among those that fit its protocol. Protocols of implementations' own: nobody knows. */
function fitsKind({ kinds, protocol = '' }: Listener, kind: RouteKind): Tristate {
  if (kinds.length > 0 && !kinds.some((one) => one.group === GROUP && one.kind === kind)) return 'no';
  if (!Object.hasOwn(FITTING, protocol)) return 'maybe';
  if (FITTING[protocol]!.includes(kind)) return 'yes';
  // The API lists TCPRoutes behind TLS that the Gateway terminates, but not which implementations have it.
  return protocol === 'TLS' && kind === 'TCPRoute' ? 'maybe' : 'no';
}

function fitsHostname({ hostname, protocol }: Listener, hostnames: readonly string[]): boolean {
  if (hostname === undefined || hostnames.length === 0 || protocol === 'TCP' || protocol === 'UDP') return true;
  return hostnames.some((one) => overlaps(hostname, one));
}

/** A wildcard stands for one label or more: `*.example.com` is every name that ends in `.example.com`. */
function overlaps(a: string, b: string): boolean {
  const covers = (wide: string, narrow: string) => wide.startsWith('*.') && narrow.endsWith(wide.slice(1));
  return a === b || covers(a, b) || covers(b, a);
}

/** Reports whether a backend may be named: in the route's own namespace, or granted by that of the backend. */
export function isGranted({ gatewayApi }: Cluster, route: GatewayRoute, backend: RouteBackend): boolean {
  if (backend.namespace === route.namespace) return true;
  return gatewayApi.grants.some(
    ({ namespace, from, to }) =>
      namespace === backend.namespace &&
      from.some((one) => one.group === GROUP && one.kind === route.kind && one.namespace === route.namespace) &&
      to.some(
        ({ group, kind, name = backend.name }) =>
          group === backend.group && kind === backend.kind && name === backend.name,
      ),
  );
}
