// The sections of a compiled snapshot that questions about few pods read: facts, records of namespaces, nodes, owners of
// addresses. Each is read when it is asked for, and once. Knows no engine, only its values.

import type { EndpointSlice, Namespace, Node, Pod, Service, Workload } from '../engine/model/cluster.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import type { PlacedPolicy } from '../engine/model/tier.ts';
import type { IpSet } from '../engine/sets/ip-set.ts';
import {
  type Directory,
  type Facts,
  type NamespaceRecord,
  type PolicyRecord,
  SECTIONS,
  type UnitRecord,
} from './near-records.ts';
import { plainOf } from './plain-values.ts';
import { objectAt } from './read-objects.ts';
import type { Pages } from './read-pages.ts';

/** Thrown where a question asks for more than was read. No defect, and never seen by a person. */
export const NEEDS_ALL: Error = new Error('the whole compiled snapshot is needed');

/** Asks for the whole file. */
export function needAll(): never {
  throw NEEDS_ALL;
}

/** Stands for objects that were not read. */
const UNREAD: ManifestObject = {
  get value() {
    return needAll();
  },
  locate: needAll,
};

/** A namespace as it is in the file. */
export interface NamespaceInFile {
  /** Absent: the cluster has none of that name. */
  readonly own?: Namespace;
  readonly workloads: readonly Workload[];
  readonly workloadOf: ReadonlyMap<string, Workload>;
  readonly pods: readonly Pod[];
  readonly units: readonly UnitRecord[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly policies: readonly PolicyRecord[];
}

/** The file, part by part. Whatever reads throws UserError `unreadable` where the file is damaged. */
export interface NearFile {
  readonly facts: Facts;
  isKnown(namespace: string): boolean;
  /** Undefined: nothing in the file is of that namespace. */
  namespace(name: string): NamespaceInFile | undefined;
  nodes(): readonly Node[];
  /** The blocks that policies name, each once. */
  blocks(): readonly IpSet[];
  /** Namespaces whose pods or Services have the address. */
  ownersOf(address: number | bigint): readonly { readonly namespace: string; readonly isService: boolean }[];
  object(number: number): ManifestObject;
  /** Policies that were read. */
  readonly placed: Map<PolicyRecord, PlacedPolicy>;
}

/** The parts of an open file. */
export function nearFile(pages: Pages): NearFile {
  const json = (section: string, from?: number, to?: number): unknown =>
    plainOf(pages.read(section, from, to).toString());
  const facts = json(SECTIONS.facts) as Facts;
  const { names, known, ends } = json(SECTIONS.directory) as Directory;
  const positions = new Map(names.map((name, position) => [name, position]));
  const read = new Map<string, NamespaceInFile>();
  let nodes: readonly Node[] | undefined;
  let blocks: readonly IpSet[] | undefined;
  return {
    facts,
    isKnown: (name) => (positions.get(name) ?? known) < known,
    namespace: (name) => {
      const position = positions.get(name);
      if (position === undefined) return undefined;
      const before = read.get(name);
      if (before !== undefined) return before;
      const record = json(SECTIONS.records, ends[position - 1] ?? 0, ends[position]) as NamespaceRecord;
      const made = namespaceOf(name, record);
      read.set(name, made);
      return made;
    },
    nodes: () => {
      nodes ??= (json(SECTIONS.nodes) as readonly Omit<Node, 'object'>[]).map((node) => ({ ...node, object: UNREAD }));
      return nodes;
    },
    blocks: () => {
      blocks ??= json(SECTIONS.blocks) as readonly IpSet[];
      return blocks;
    },
    ownersOf: (address) =>
      (typeof address === 'number' ? owners4(pages, address) : owners6(pages, address)).map((owner) => ({
        namespace: names[owner >>> 1]!,
        isService: owner % 2 === 1,
      })),
    object: (number) => objectAt(pages, number),
    placed: new Map(),
  };
}

function namespaceOf(name: string, record: NamespaceRecord): NamespaceInFile {
  const { own, labels, ports, units, policies } = record;
  const workloads = record.workloads.map((workload): Workload => ({ ...workload, namespace: name }));
  const pods = record.pods.map((pod): Pod => {
    const [own, workload, label, port, flags, serviceAccount, node, addresses, openLabels] = pod;
    return {
      namespace: name,
      name: own,
      workload: workloads[workload]!.key,
      labels: labels[label]!,
      ...(openLabels === undefined ? {} : { openLabels }),
      ports: ports[port]!,
      hostNetwork: flags % 2 === 1,
      serviceAccount,
      ...(node === 0 ? {} : { node }),
      addresses,
      real: flags >= 2,
      object: UNREAD,
    };
  });
  return {
    ...(own === undefined ? {} : { own: { name, ...own } }),
    workloads,
    workloadOf: new Map(workloads.map((workload) => [workload.key, workload])),
    pods,
    units,
    services: record.services.map((service) => ({ ...service, object: UNREAD })),
    slices: record.slices.map((slice) => ({ ...slice, object: UNREAD })),
    policies,
  };
}

/** Bytes of an entry: the address, then its owner. */
export const OWNER4_BYTES = 8;
/** The same of IPv6. */
export const OWNER6_BYTES = 20;

function owners4(pages: Pages, address: number): readonly number[] {
  const entry = (at: number): Buffer => pages.read(SECTIONS.owners4, at * OWNER4_BYTES, (at + 1) * OWNER4_BYTES);
  const count = pages.lengthOf(SECTIONS.owners4) / OWNER4_BYTES;
  return ownersAt(
    count,
    (at) => entry(at).readUInt32LE(0),
    address,
    (at) => entry(at).readUInt32LE(4),
  );
}

function owners6(pages: Pages, address: bigint): readonly number[] {
  const entry = (at: number): Buffer => pages.read(SECTIONS.owners6, at * OWNER6_BYTES, (at + 1) * OWNER6_BYTES);
  const count = pages.lengthOf(SECTIONS.owners6) / OWNER6_BYTES;
  const addressAt = (at: number): bigint => (entry(at).readBigUInt64LE(8) << 64n) | entry(at).readBigUInt64LE(0);
  return ownersAt(count, addressAt, address, (at) => entry(at).readUInt32LE(16));
}

function ownersAt<N extends number | bigint>(
  count: number,
  addressAt: (at: number) => N,
  address: N,
  ownerAt: (at: number) => number,
): readonly number[] {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (addressAt(middle) < address) low = middle + 1;
    else high = middle;
  }
  const owners: number[] = [];
  for (let at = low; at < count && addressAt(at) === address; at++) owners.push(ownerAt(at));
  return owners;
}
