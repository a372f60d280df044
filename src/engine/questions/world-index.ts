// What a world holds by name and by address: questions name one thing at a time, and looking through a whole cluster for it
// would be most of the answer. Made once for a world, when somebody asks. Knows no expression.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Cluster, Node, Pod, Service } from '../model/cluster.ts';
import { parseAddress } from '../sets/ip-address.ts';
import type { IpSet } from '../sets/ip-set.ts';

const units = new WeakMap<World, ReadonlyMap<string, readonly Unit[]>>();
const nodes = new WeakMap<Cluster, ReadonlyMap<string, Node>>();
const services = new WeakMap<Cluster, ReadonlyMap<string, Service>>();

/** The pods of a namespace, in the order of the world. Empty: it has none, or there is no such namespace. */
export function unitsIn(world: World, namespace: string): readonly Unit[] {
  if (world.index !== undefined) return world.index.unitsIn(namespace);
  const known = units.get(world) ?? byNamespace(world);
  units.set(world, known);
  return known.get(namespace) ?? [];
}

function byNamespace({ pods }: World): ReadonlyMap<string, readonly Unit[]> {
  const known = new Map<string, Unit[]>();
  for (const unit of pods) {
    if (unit.type !== 'workload') continue;
    const { namespace } = unit.workload;
    const list = known.get(namespace);
    if (list === undefined) known.set(namespace, [unit]);
    else list.push(unit);
  }
  return known;
}

/** Workloads and pods of a namespace that have a name, both in the order of the world; empty: there are none. */
export interface Named {
  readonly units: readonly Unit[];
  readonly pods: readonly Pod[];
}

/** By namespace, and by name. */
type NamesOf = ReadonlyMap<string, ReadonlyMap<string, Named>>;

const named = new WeakMap<World, NamesOf>();
const NOBODY: Named = { units: [], pods: [] };

/** What has the name in the namespace: workloads of that name, and pods, those that a template would make among them. */
export function namedIn(world: World, namespace: string, name: string): Named {
  const known = world.index === undefined ? named.get(world) : byOwnName(world.index.unitsIn(namespace));
  const all = known ?? byOwnName(world.pods);
  if (known === undefined) named.set(world, all);
  return all.get(namespace)?.get(name) ?? NOBODY;
}

function byOwnName(pods: readonly Unit[]): NamesOf {
  const known = new Map<string, Map<string, { readonly units: Unit[]; readonly pods: Pod[] }>>();
  const at = (namespace: string, name: string) => {
    const names = known.get(namespace) ?? new Map<string, { readonly units: Unit[]; readonly pods: Pod[] }>();
    known.set(namespace, names);
    const own = names.get(name) ?? { units: [], pods: [] };
    names.set(name, own);
    return own;
  };
  for (const unit of pods) {
    if (unit.type !== 'workload') continue;
    const { namespace, name } = unit.workload;
    at(namespace, name).units.push(unit);
    for (const pod of unit.pods) at(namespace, pod.name).pods.push(pod);
  }
  return known;
}

/** The nodes of the snapshot by name. */
export function nodesByName(cluster: Cluster): ReadonlyMap<string, Node> {
  const known = nodes.get(cluster) ?? new Map(cluster.nodes.map((node) => [node.name, node]));
  nodes.set(cluster, known);
  return known;
}

/** The Service of that name; undefined: there is none. */
export function serviceNamed(world: World, namespace: string, name: string): Service | undefined {
  if (world.index !== undefined) return world.index.serviceNamed(namespace, name);
  const { cluster } = world.state;
  let known = services.get(cluster);
  if (known === undefined) {
    // Of two of one name the first counts.
    known = new Map(cluster.services.toReversed().map((one) => [`${one.namespace}/${one.name}`, one]));
    services.set(cluster, known);
  }
  return known.get(`${namespace}/${name}`);
}

/** The one address of a set, as a key; undefined for no address and for several. */
export function onlyAddress({ v4, v6 }: IpSet): number | bigint | undefined {
  const [one, other] = [v4[0], v6[0]];
  if (one !== undefined) return other === undefined && v4.length === 2 && v4[1] === one + 1 ? one : undefined;
  return other !== undefined && v6.length === 2 && v6[1] === other + 1n ? other : undefined;
}

const byAddress = new WeakMap<World, ReadonlyMap<number | bigint, readonly Unit[]>>();

/**
 * Among which units are all pods and nodes with an address of the set, pods before nodes, each in the order of the world. For one
 * address these are its owners, for more all units. The addresses of hostNetwork pods are their node's.
 */
export function unitsAround(world: World, set: IpSet): readonly Unit[] {
  const address = onlyAddress(set);
  if (address === undefined) return [...world.pods, ...world.nodes()];
  if (world.index !== undefined) return world.index.ownersOf(address);
  const known = byAddress.get(world) ?? ownersOf(world);
  byAddress.set(world, known);
  return known.get(address) ?? [];
}

function ownersOf(world: World): ReadonlyMap<number | bigint, readonly Unit[]> {
  const owners = new Map<number | bigint, Unit[]>();
  for (const unit of [...world.pods, ...world.nodes()]) {
    for (const text of addressesOf(unit)) {
      const address = parseAddress(text);
      if (!address.ok) continue;
      const list = owners.get(address.value);
      if (list === undefined) owners.set(address.value, [unit]);
      else if (list.at(-1) !== unit) list.push(unit);
    }
  }
  return owners;
}

/** Addresses that the snapshot shows for a unit itself. */
export function addressesOf(unit: Unit): readonly string[] {
  if (unit.type === 'node') return unit.node.addresses;
  return unit.type === 'workload' ? unit.pods.flatMap((pod) => (pod.hostNetwork ? [] : pod.addresses)) : [];
}

const serviceAddresses = new WeakMap<Cluster, ReadonlyMap<number | bigint, Service>>();

/** The Service whose own address this one address is; undefined for several addresses and where there is none. */
export function serviceAt(world: World, set: IpSet): Service | undefined {
  const address = onlyAddress(set);
  if (address === undefined) return undefined;
  if (world.index !== undefined) return world.index.serviceAt(address);
  const { cluster } = world.state;
  let known = serviceAddresses.get(cluster);
  if (known === undefined) {
    // Of two with one address the first counts.
    const all = cluster.services.toReversed().flatMap((service) =>
      service.clusterIPs.flatMap((text) => {
        const own = parseAddress(text);
        return own.ok ? [[own.value, service] as const] : [];
      }),
    );
    known = new Map(all);
    serviceAddresses.set(cluster, known);
  }
  return known.get(address);
}
