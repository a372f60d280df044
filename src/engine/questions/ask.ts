// How questions are asked: endpoint expressions and ports as values, parsed from the one grammar of the CLI, test files and UI.

import type { Selector } from '../model/selector.ts';
import type { Source } from '../model/source.ts';
import type { IpSet } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';

/** What an endpoint expression means, before any snapshot is looked at. `text` is what was typed. */
export type EndpointExpression = {
  readonly text: string;
} /** `shop/web`, `shop/deployment/web`: kind absent = any workload or pod of that name; namespace absent = -n. */ & (
  | { readonly type: 'workload'; readonly namespace?: string; readonly kind?: string; readonly name: string }
  | { readonly type: 'service'; readonly namespace?: string; readonly name: string }
  /** `shop/`, `shop/*`. */
  | { readonly type: 'namespace'; readonly namespace: string }
  /** `all`, `*`. */
  | { readonly type: 'all' }
  /** `anything`: also addresses, nodes and pods that could exist. */
  | { readonly type: 'anything' }
  /** `any-pod`: every pod of the pod network that exists or could exist, in any namespace or a new one. */
  | { readonly type: 'any-pod' }
  /** `shop/app=web,tier!=db` (a namespace name) or `{team=a}/{app=web}` (a namespace selector). */
  | {
      readonly type: 'pods';
      readonly namespaces: { readonly name: string } | { readonly selector: Selector };
      readonly pods: Selector;
    }
  /** An address, a CIDR, or a named range; `name` is set for the latter. */
  | { readonly type: 'addresses'; readonly set: IpSet; readonly name?: string }
  /** `cluster`: the pod, node and Service ranges of the snapshot. */
  | { readonly type: 'cluster' }
  | { readonly type: 'node'; readonly name: string }
);

/** Ports as asked: a name is resolved on each destination (or Service). Protocol absent: TCP for a number. */
export type PortExpression = { readonly text: string } & (
  | { readonly type: 'range'; readonly protocol?: Protocol; readonly first: number; readonly last: number }
  | { readonly type: 'named'; readonly protocol?: Protocol; readonly name: string }
);

/** `SRC DST[:PORT]`. */
export interface PairExpression {
  readonly from: EndpointExpression;
  readonly to: EndpointExpression;
  readonly port?: PortExpression;
}

/** Narrows a map. Absent fields do not narrow. */
export interface MapFilter {
  readonly from?: readonly EndpointExpression[];
  readonly to?: readonly EndpointExpression[];
  readonly port?: PortExpression;
  /** Rectangles with an end in one of these namespaces. */
  readonly namespaces?: readonly string[];
  /** Rectangles with an end among these, whichever end it is (`map -l`). */
  readonly focus?: readonly EndpointExpression[];
  readonly protocols: readonly Protocol[];
}

/** One entry of a ConnectivityTest file, parsed. `allow` asserts at least, `only` exactly, `deny` none of the ports. */
export interface TestCase {
  readonly name: string;
  readonly from?: EndpointExpression;
  readonly to?: EndpointExpression;
  readonly allow?: readonly PortExpression[] | 'all';
  readonly deny?: readonly PortExpression[] | 'all';
  /** Exactly these sources (or destinations, where `from` is given) with exactly these ports. */
  readonly only?: readonly {
    readonly endpoint: EndpointExpression;
    readonly ports: readonly PortExpression[] | 'all';
  }[];
  /**
   * Endpoints left out of `from`/`to: *` assertions, with the ports of the destination that they are left out for. `side`:
   * where they stand; absent: on the side that is open (`*`, `any-pod`), as sources where both or none are. Of Isolation,
   * absent is on either.
   */
  readonly except?: readonly {
    readonly side?: 'from' | 'to';
    readonly endpoint: EndpointExpression;
    readonly ports: readonly PortExpression[] | 'all';
  }[];
  /** False: pods that could exist are made in namespaces of the snapshot only. Absent: in new ones too. */
  readonly newNamespaces?: boolean;
  readonly source: Source;
}

/**
 * `kind: Isolation`: no path between pods of namespaces in different groups, for pods that exist and that could exist. A
 * namespace without the label is in no group.
 */
export interface IsolationCase {
  readonly name: string;
  /** The label of namespaces whose value is the group. */
  readonly key: string;
  readonly except: NonNullable<TestCase['except']>;
  /** Whether pods in namespaces that do not exist yet count too. */
  readonly newNamespaces: boolean;
  readonly source: Source;
}

/** Only clients that a rule names by labels reach an endpoint on these ports. */
export interface ClientsCase {
  readonly name: string;
  /** Key of the endpoint. */
  readonly clientsOf: string;
  readonly ports: readonly PortExpression[];
  readonly newNamespaces: boolean;
  readonly source: Source;
}

/** One assertion of a test file. */
export type Assertion = TestCase | IsolationCase | ClientsCase;

/** What every question needs beside the state. */
export interface QuestionContext {
  /** Namespace of names without one (`default`, or -n). */
  readonly defaultNamespace: string;
  /** Protocols that the answer is about; TCP, UDP and SCTP unless more are asked for. */
  readonly protocols: readonly Protocol[];
}
