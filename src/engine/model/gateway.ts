// Gateways, the routes that ask to be attached to them, and the grants that let routes name Services of other namespaces,
// as far as traffic goes (gateway.networking.k8s.io). What is attached to what is decided elsewhere.

import type { Protocol } from '../sets/traffic-set.ts';
import type { Selector } from './selector.ts';
import type { ManifestObject } from './source.ts';

/** Namespaces from which something may be attached; `same` is that of the object that says it. */
export type NamespaceChoice = 'same' | 'all' | 'none' | { readonly selector: Selector };

/** A kind with its API group, empty for core. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** One listener of a Gateway or ListenerSet. Absent parts were not written, or were read as problems. */
export interface Listener {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
  /** Absent: every host name. */
  readonly hostname?: string;
  /** Namespaces whose routes it takes. */
  readonly namespaces: NamespaceChoice;
  /** Kinds of route that it takes; empty: all that fit its protocol. */
  readonly kinds: readonly GroupKind[];
}

/** A Gateway. */
export interface Gateway {
  readonly namespace: string;
  readonly name: string;
  readonly listeners: readonly Listener[];
  /** Namespaces whose ListenerSets it takes. */
  readonly listenerSets: NamespaceChoice;
  /** Whether routes that ask for the default Gateways are meant to be attached to it. */
  readonly isDefault: boolean;
  readonly object: ManifestObject;
}

/** A ListenerSet: more listeners for a Gateway. `parent` is undefined where it names none that is a Gateway. */
export interface ListenerSet {
  readonly namespace: string;
  readonly name: string;
  readonly parent?: { readonly namespace: string; readonly name: string };
  readonly listeners: readonly Listener[];
  readonly object: ManifestObject;
}

/** What a route asks to be attached to: a Gateway, a ListenerSet, a Service of a mesh, or something else. */
export interface ParentReference extends GroupKind {
  readonly namespace: string;
  readonly name: string;
  /** Name of the one listener that is meant; absent: all. */
  readonly section?: string;
  /** Port of the listeners that are meant; absent: all. */
  readonly port?: number;
}

/** Where a route sends traffic: backends of its rules, mirrors and external authorisation. Weight 0 is left out. */
export interface RouteBackend extends GroupKind {
  readonly namespace: string;
  readonly name: string;
  /** Port of the Service, not of its pods; absent: what a backend that is no Service has. */
  readonly port?: number;
}

/** The kinds of route. */
export type RouteKind = 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute' | 'UDPRoute';

/** A route of the Gateway API. */
export interface GatewayRoute {
  readonly kind: RouteKind;
  readonly namespace: string;
  readonly name: string;
  readonly parents: readonly ParentReference[];
  /** Whether it asks for the default Gateways, too. */
  readonly wantsDefault: boolean;
  /** Empty: every host name. */
  readonly hostnames: readonly string[];
  /** Protocol that it is forwarded with. */
  readonly protocol: Protocol;
  /** Each once, sorted. */
  readonly backends: readonly RouteBackend[];
  /** Kinds of filters of implementations' own; where they send requests, nobody knows. Each once, sorted. */
  readonly extensions: readonly GroupKind[];
  readonly object: ManifestObject;
}

/** A ReferenceGrant: kinds of other namespaces that may name objects of its own. Every pair of from and to is granted. */
export interface ReferenceGrant {
  readonly namespace: string;
  readonly from: readonly (GroupKind & { readonly namespace: string })[];
  /** `name` absent: all of the kind. */
  readonly to: readonly (GroupKind & { readonly name?: string })[];
}

/** The objects of the Gateway API in a snapshot. */
export interface GatewayObjects {
  readonly gateways: readonly Gateway[];
  readonly listenerSets: readonly ListenerSet[];
  readonly routes: readonly GatewayRoute[];
  readonly grants: readonly ReferenceGrant[];
}
