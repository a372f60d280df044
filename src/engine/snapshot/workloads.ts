// Workloads and their pods: real pods where there are any, otherwise one pod for each template.
// Knows nothing of policies, Services or namespaces.

import type { Pod, Workload } from '../model/cluster.ts';
import { briefOf } from '../model/source.ts';
import { parseAddress, printAddress } from '../sets/ip-address.ts';
import { compareIdentified, compareTexts, type Identified, keyOf } from './identity.ts';
import { asOwner, chainOwners, type Owner, type OwnerChains, ownerFinder } from './owners.ts';
import { type LastPorts, type PodSpecFacts, readPodSpec } from './pod-spec.ts';
import {
  canonicalAddress,
  isObject,
  type JsonObject,
  objectAt,
  objectsAt,
  reportMissing,
  stringAt,
  stringMapAt,
} from './reading.ts';
import { type Asked, readBuiltInWorkload, readCustomWorkload, readTemplatePod } from './templates.ts';

/** What the workload objects and pods of a snapshot come to. */
export interface Workloads {
  /** By key, in the order of keys' namespace, kind and name. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** Sorted by namespace, workload and name; templates of one workload in the order in which the object has them. */
  readonly pods: readonly Pod[];
  /** Custom resources that carry no template after all. */
  readonly unused: readonly Identified[];
}

/** A workload object with its templates. */
interface Carrier {
  readonly object: Identified;
  readonly owner: Owner;
  readonly asked: Asked;
}

/**
 * Reads workloads and pods. `objects` are all named objects of the snapshot, sorted, each key once: those that are
 * neither pods nor workloads may still own some. `nodeAddresses` are the addresses of each node by name.
 */
export function readWorkloads(
  objects: readonly Identified[],
  nodeAddresses: ReadonlyMap<string, readonly string[]>,
): Workloads {
  const find = ownerFinder(objects);
  const chains = chainOwners(find);

  const carriers = new Map<string, Carrier>();
  const unused: Identified[] = [];
  for (const object of objects) {
    const asked =
      object.builtIn?.role === 'workload' && object.use === 'built-in'
        ? readBuiltInWorkload(object)
        : object.use === 'custom'
          ? readCustomWorkload(object)
          : undefined;
    if (asked === undefined) continue;
    if (object.use === 'custom' && asked.templates.length === 0) unused.push(object);
    else carriers.set(keyOf(object), { object, owner: asOwner(object), asked });
  }

  const owners = new Map<string, Owner>();
  const realPods = new Map<string, Pod[]>();
  const last: LastPorts = {};
  for (const object of objects) {
    if (object.builtIn?.role !== 'pod' || object.use !== 'built-in') continue;
    const read = readRealPod(object, chains, nodeAddresses, last);
    if (read === undefined) continue;
    owners.set(read.owner.key, read.owner);
    addTo(realPods, read.owner.key, read.pod);
  }

  const contributors = new Map<string, Carrier[]>();
  for (const carrier of carriers.values()) {
    const top = chains.topOf(carrier.owner);
    // A ReplicaSet that was scaled down is history: only what its Deployment runs now makes pods.
    if (
      top.key !== carrier.owner.key &&
      (carrier.asked.replicas === 0 || hasCarryingOwner(carrier, carriers, chains))
    ) {
      continue;
    }
    owners.set(top.key, top);
    addTo(contributors, top.key, carrier);
  }

  const sorted = [...owners.values()].sort(compareOwners);
  const workloads = new Map<string, Workload>();
  const pods: Pod[] = [];
  for (const owner of sorted) {
    const real = realPods.get(owner.key) ?? [];
    const made = contributors.get(owner.key) ?? [];
    workloads.set(owner.key, describe(owner, find(owner), real, made));
    if (real.length > 0) {
      for (const pod of real.sort((a, b) => compareTexts(a.name, b.name))) pods.push(pod);
    } else {
      for (const { object, asked } of made) {
        for (const template of asked.templates) pods.push(readTemplatePod(object, owner, template));
      }
    }
  }
  return { workloads, pods, unused: unused.sort(compareIdentified) };
}

function describe(
  owner: Owner,
  object: Identified | undefined,
  real: readonly Pod[],
  made: readonly Carrier[],
): Workload {
  const { key, namespace, kind, group, name } = owner;
  const replicas = replicasOf(owner, object, real, made);
  // The pod that nobody owns is not in the index of owners, but is its own object.
  const source = object?.object ?? (kind === 'Pod' && group === '' ? real[0]?.object : undefined);
  return {
    key,
    namespace,
    kind,
    group,
    name,
    ...(replicas === undefined ? {} : { replicas }),
    ...(source === undefined ? {} : { object: source }),
  };
}

/** What the top object says of its own pods, else the pods that it has, else what the objects below it ask for. */
function replicasOf(
  owner: Owner,
  object: Identified | undefined,
  real: readonly Pod[],
  made: readonly Carrier[],
): number | undefined {
  const own = made.find((carrier) => carrier.owner.key === owner.key)?.asked.replicas;
  if (own !== undefined) return own;
  const spec = object?.object.value.spec;
  if (isObject(spec) && Number.isInteger(spec.replicas) && Number(spec.replicas) >= 0) return Number(spec.replicas);
  if (real.length > 0) return real.length;
  const counts = made.flatMap(({ asked }) => (asked.replicas === undefined ? [] : [asked.replicas]));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** Reports whether an owner of the object carries the template that the object was copied from. */
function hasCarryingOwner(carrier: Carrier, carriers: ReadonlyMap<string, Carrier>, chains: OwnerChains): boolean {
  for (let owner = chains.parentOf(carrier.owner); owner !== undefined; owner = chains.parentOf(owner)) {
    if (carriers.has(owner.key)) return true;
  }
  return false;
}

/** Reads a pod; undefined for one that has ended: its address may already be another's (semantics L3). */
function readRealPod(
  object: Identified,
  chains: OwnerChains,
  nodeAddresses: ReadonlyMap<string, readonly string[]>,
  last: LastPorts,
): { readonly owner: Owner; readonly pod: Pod } | undefined {
  const { reading, metadata } = object;
  const value: JsonObject = briefOf(object.object);
  const status = objectAt(reading, value, 'status', []) ?? {};
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return undefined;
  const labels = stringMapAt(reading, metadata, 'labels', ['metadata']);
  const spec = objectAt(reading, value, 'spec', []);
  if (value.spec === undefined || value.spec === null) reportMissing(reading, ['spec']);
  const facts: PodSpecFacts =
    spec === undefined
      ? { ports: [], hostNetwork: false, serviceAccount: 'default' }
      : readPodSpec(reading, spec, ['spec'], last);
  const owner = chains.workloadOfPod(object, labels);
  const only = onlyAddress(status);
  let addresses = only === undefined ? readPodAddresses(object, status) : [only];
  if (addresses.length === 0 && facts.hostNetwork && facts.node !== undefined) {
    addresses = nodeAddresses.get(facts.node) ?? [];
  }
  const { namespace, name, object: manifest } = object;
  const { ports, hostNetwork, serviceAccount, node } = facts;
  const workload = owner.key;
  // Written out, since there may be 150,000 of these: with fields spread into it an object takes twice the room.
  const pod: Pod =
    node === undefined
      ? {
          namespace,
          name,
          workload,
          labels,
          ports,
          hostNetwork,
          serviceAccount,
          addresses,
          real: true,
          object: manifest,
        }
      : {
          namespace,
          name,
          workload,
          labels,
          ports,
          hostNetwork,
          serviceAccount,
          node,
          addresses,
          real: true,
          object: manifest,
        };
  return { owner, pod };
}

function readPodAddresses({ reading }: Identified, status: JsonObject): readonly string[] {
  const addresses: string[] = [];
  const add = (text: string | undefined, path: readonly (string | number)[]): void => {
    const address = text === undefined ? undefined : canonicalAddress(reading, text, path);
    if (address !== undefined && !addresses.includes(address)) addresses.push(address);
  };
  for (const [index, item] of objectsAt(reading, status, 'podIPs', ['status'])) {
    const path = ['status', 'podIPs', index];
    add(stringAt(reading, item, 'ip', path), [...path, 'ip']);
  }
  if (addresses.length === 0) add(stringAt(reading, status, 'podIP', ['status']), ['status', 'podIP']);
  // A list that grew has room for sixteen elements more; its copy has none.
  return addresses.slice();
}

/** The canonical text of the one address that nearly every pod has and that is right; undefined where there is more to say. */
function onlyAddress({ podIPs }: JsonObject): string | undefined {
  if (!Array.isArray(podIPs) || podIPs.length !== 1) return undefined;
  const first: unknown = podIPs[0];
  if (!isObject(first) || typeof first.ip !== 'string') return undefined;
  const parsed = parseAddress(first.ip);
  if (!parsed.ok) return undefined;
  const canonical = printAddress(parsed.family, parsed.value);
  // Nearly all are written so; the one text is enough.
  return canonical === first.ip ? first.ip : canonical;
}

function compareOwners(a: Owner, b: Owner): number {
  return (
    compareTexts(a.namespace, b.namespace) ||
    compareTexts(a.kind, b.kind) ||
    compareTexts(a.group, b.group) ||
    compareTexts(a.name, b.name)
  );
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
