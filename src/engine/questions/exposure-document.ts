// The document of `exposure`: exactly the JSON that programs read (docs/json.md, schemas/exposure.json). Fields may be added,
// never changed.

import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Family } from '../sets/ip-set.ts';
import type { LabelSelector } from '../sets/label-selectors.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { Common, ConditionalDocument, EndpointDocument, Ports, UnknownDocument } from './documents.ts';

/**
 * Whom an exposure is open to: `internet`, `any-namespace` (every pod of every namespace), pods by selectors, or addresses;
 * `name` is what a person calls these.
 */
export type ExposedTo =
  | 'internet'
  | 'any-namespace'
  | { readonly namespaceSelector: LabelSelector; readonly podSelector: LabelSelector }
  | { readonly ranges: [string, string][]; readonly name?: string };

/** One endpoint is open to pods that could exist, or to addresses outside, at least this far. */
export interface ExposedDocument {
  readonly endpoint: number;
  readonly direction: Direction;
  readonly to: ExposedTo;
  /** Which addresses `internet` stands for. */
  readonly ranges?: [string, string][];
  /** Of which of the namespaces that `to` selects it speaks; absent: all of them. See docs/exposure.md. */
  readonly namespaces?: 'unlimited' | 'limited' | 'unlabelled' | 'any';
  /** True where `to` selects some of the pods that no policy of their namespace isolates; others say the rest of them. */
  readonly unisolated?: true;
  /** Absent: in every family that both ends have. */
  readonly family?: Family;
  readonly allowed?: Ports;
  readonly unknown?: UnknownDocument[];
  readonly conditional?: ConditionalDocument[];
  /** Policies whose rules open it, on either side. Empty: nothing forbids it. */
  readonly policies: PolicyRef[];
  /** Workloads of the snapshot that the selectors name today; absent for addresses and any-namespace. */
  readonly matches?: number[];
}

/** An endpoint that no policy isolates in this direction. `perhaps`: one selects it perhaps, for this reason. */
export interface UnisolatedDocument {
  readonly endpoint: number;
  readonly direction: Direction;
  readonly perhaps?: string;
}

/** What policies of a limited namespace leave to new pods there, towards endpoints of the document. */
export interface LimitDocument {
  readonly namespace: string;
  /** As seen from these pods. */
  readonly direction: Direction;
  readonly podSelector: LabelSelector;
  readonly endpoints: 'all' | number[];
  readonly family?: Family;
  readonly allowed?: Ports;
  readonly unknown?: UnknownDocument[];
  readonly conditional?: ConditionalDocument[];
  readonly policies: PolicyRef[];
}

/** A user, group or service account, and one right that suffices: `create deployments.apps`. */
export interface MakerDocument {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly namespace?: string;
  readonly name: string;
  /** For a person: `ServiceAccount ops/deployer`. */
  readonly title: string;
  readonly by: string;
}

/** Who could make the pods that entries speak of, as the Roles and bindings of the input have it. */
export interface AccessDocument {
  /** Namespaces of the snapshot that some entry selects: who may make pods there, and who may change their labels. */
  readonly namespaces: {
    readonly namespace: string;
    readonly makePods: MakerDocument[];
    readonly changeLabels: MakerDocument[];
  }[];
  /** Who may create namespaces, with any labels. */
  readonly createNamespaces: MakerDocument[];
  /** Bindings of roles that the input does not hold: what they grant is not known. */
  readonly unresolved: string[];
}

/** What is open beyond the snapshot: to pods and namespaces that could exist, and to addresses outside. */
export interface Exposure extends Common {
  readonly kind: 'Exposure';
  readonly protocols: Protocol[];
  readonly endpoints: EndpointDocument[];
  readonly exposed: ExposedDocument[];
  readonly unisolated: UnisolatedDocument[];
  /** Namespaces in which a new pod is not like one elsewhere, by the direction of that pod. */
  readonly limited: { readonly ingress: string[]; readonly egress: string[] };
  /** Limited namespaces whose labels nobody knows although policies ask for labels. */
  readonly unlabelled: string[];
  /** Empty where every entry says itself what holds in limited namespaces. */
  readonly limits: LimitDocument[];
  /** Only where it was asked for. */
  readonly access?: AccessDocument;
}
