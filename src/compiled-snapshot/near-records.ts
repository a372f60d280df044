// What a question about few pods needs, one record a namespace: its pods as the engine has them, and which policies are about
// them. Only the shapes; they are JSON in the file.

import type { AddressPlan, ContainerPort, EndpointSlice, Gap, Service, Workload } from '../engine/model/cluster.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Labels } from '../engine/model/selector.ts';
import type { ServerFacts } from '../engine/model/server-facts.ts';
import type { Chain, PlacedPolicy } from '../engine/model/tier.ts';

/** A pod: name, position of its workload, of its labels and of its ports; 1 for the host network, 2 for a real one; the rest. */
export type PodRecord = readonly [
  name: string,
  workload: number,
  labels: number,
  ports: number,
  flags: number,
  serviceAccount: string,
  node: string | 0,
  addresses: readonly string[],
  openLabels?: readonly string[],
];

/** Pods that no policy can tell apart: their workload, the number of the variant or 0, positions of the pods, what differs. */
export type UnitRecord = readonly [
  workload: number,
  variant: number,
  pods: readonly number[],
  differs?: Readonly<Record<string, string>>,
];

/** Where a policy stands: its object, its place among all, tier and order, and itself where the plugin reads it otherwise. */
export type PolicyRecord = readonly [
  object: number,
  place: number,
  tier: number,
  order: number,
  coversOtherProtocols: boolean,
  read: PlacedPolicy['policy'] | 0,
];

/** One namespace. */
export interface NamespaceRecord {
  /** Absent: the cluster has none of that name, and policies are about it. */
  readonly own?: { readonly labels: Labels; readonly declared: boolean };
  readonly workloads: readonly Omit<Workload, 'object' | 'namespace'>[];
  readonly labels: readonly Labels[];
  readonly ports: readonly (readonly ContainerPort[])[];
  readonly pods: readonly PodRecord[];
  readonly units: readonly UnitRecord[];
  readonly services: readonly Omit<Service, 'object'>[];
  readonly slices: readonly Omit<EndpointSlice, 'object'>[];
  readonly policies: readonly PolicyRecord[];
}

/** What holds for the whole cluster. */
export interface Facts {
  /** The behaviour that assumptions, plan and places are of, as text. */
  readonly behaviour: string;
  readonly defaultNamespace: string;
  /** Whether some object names no namespace, so that -n changes what it is. */
  readonly isHomeless: boolean;
  readonly assumptions: readonly string[];
  readonly plan: AddressPlan;
  readonly chain: Chain;
  readonly gaps: readonly Gap[];
  /** Those that are said beside every answer. */
  readonly findings: readonly Finding[];
  readonly limits: readonly string[];
  readonly server?: ServerFacts;
  readonly skipped: readonly SkippedFile[];
  /** What is said of the plugin that the objects show, where none is named. */
  readonly hints: readonly string[];
  /** Policies that are about no one namespace. */
  readonly everywhere: readonly PolicyRecord[];
}

/** A file that held nothing to be read, and why. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
  readonly hint?: string;
}

/** Namespaces in order, those of the cluster first, and where the record of each ends. */
export interface Directory {
  readonly names: readonly string[];
  /** How many of them the cluster has. */
  readonly known: number;
  readonly ends: readonly number[];
}

/** What the sections are called. */
export const SECTIONS = {
  facts: 'facts',
  directory: 'directory',
  records: 'records',
  nodes: 'nodes',
  blocks: 'blocks',
  owners4: 'owners-ipv4',
  owners6: 'owners-ipv6',
  reading: 'reading',
  shapes: 'pod-shapes',
  objects: 'objects',
  objectEnds: 'object-ends',
  objectFiles: 'object-files',
  places: 'places',
  placeEnds: 'place-ends',
} as const;
