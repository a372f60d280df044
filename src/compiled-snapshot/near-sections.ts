// Makes the records of namespaces from a loaded state, and the table of whose an address is. The other way: near-state.ts.

import { worldOf } from '../engine/endpoints/world.ts';
import { homeOf } from '../engine/evaluate/near-policies.ts';
import type { Pod } from '../engine/model/cluster.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import type { PlacedPolicy } from '../engine/model/tier.ts';
import { parseAddress } from '../engine/sets/ip-address.ts';
import type { State } from '../engine/state.ts';
import type { NamespaceRecord, PodRecord, PolicyRecord, UnitRecord } from './near-records.ts';

/** Records in the order of `names`. */
export interface NearSections {
  readonly names: readonly string[];
  readonly known: number;
  recordOf(name: string): NamespaceRecord;
  readonly everywhere: readonly PolicyRecord[];
}

/** Sorts the state by namespace. `numberOf` finds the number of an object in the file. */
export function nearSections(state: State, numberOf: (object: ManifestObject) => number): NearSections {
  const { cluster, placement } = state;
  const written = new Set(state.policies);
  const recordOfPolicy = (placed: PlacedPolicy, place: number): PolicyRecord => {
    const { policy, tier, order, coversOtherProtocols } = placed;
    return [numberOf(policy.object), place, tier, order, coversOtherProtocols, written.has(policy) ? 0 : policy];
  };
  const everywhere: PolicyRecord[] = [];
  const policies = new Map<string, PolicyRecord[]>();
  placement.policies.forEach((placed, place) => {
    const home = homeOf(placed);
    const record = recordOfPolicy(placed, place);
    if (home === undefined) everywhere.push(record);
    else listAt(policies, home).push(record);
  });
  const pods = groupBy(cluster.pods, ({ namespace }) => namespace);
  const workloads = groupBy([...cluster.workloads.values()], ({ namespace }) => namespace);
  const services = groupBy(cluster.services, ({ namespace }) => namespace);
  const slices = groupBy(cluster.endpointSlices, ({ namespace }) => namespace);
  const units = groupBy(
    worldOf(state).pods.flatMap((unit) => (unit.type === 'workload' ? [unit] : [])),
    ({ workload }) => workload.namespace,
  );
  const known = [...cluster.namespaces.keys()];
  const others = [policies, pods, workloads, services, slices, units].flatMap((map) => [...map.keys()]);
  const strangers = [...new Set(others)].filter((name) => !cluster.namespaces.has(name)).sort();

  const recordOf = (name: string): NamespaceRecord => {
    const own = cluster.namespaces.get(name);
    const numbers = new Map((workloads.get(name) ?? []).map(({ key }, number) => [key, number]));
    const places = new Map((pods.get(name) ?? []).map((pod, number) => [pod, number]));
    const labels = interned<Pod['labels']>();
    const ports = interned<Pod['ports']>();
    const recordOfPod = (pod: Pod): PodRecord => {
      const flags = (pod.hostNetwork ? 1 : 0) + (pod.real ? 2 : 0);
      const { serviceAccount, node = 0, addresses, openLabels } = pod;
      const workload = numbers.get(pod.workload);
      if (workload === undefined) throw new Error(`${pod.namespace}/${pod.name} is of a workload elsewhere`);
      const first = [pod.name, workload, labels.add(pod.labels), ports.add(pod.ports), flags] as const;
      return openLabels === undefined
        ? [...first, serviceAccount, node, addresses]
        : [...first, serviceAccount, node, addresses, openLabels];
    };
    const podRecords = (pods.get(name) ?? []).map(recordOfPod);
    return {
      ...(own === undefined ? {} : { own: { labels: own.labels, declared: own.declared } }),
      workloads: (workloads.get(name) ?? []).map(({ object: _, namespace: __, ...workload }) => workload),
      labels: labels.values,
      ports: ports.values,
      pods: podRecords,
      units: (units.get(name) ?? []).map((unit): UnitRecord => {
        const { key } = unit.workload;
        const number = unit.endpoint.key === key ? 0 : Number(unit.endpoint.key.slice(key.length + 1));
        const own = unit.pods.map((pod) => places.get(pod)!);
        return unit.variant === undefined
          ? [numbers.get(key)!, number, own]
          : [numbers.get(key)!, number, own, unit.variant];
      }),
      services: (services.get(name) ?? []).map(({ object: _, ...service }) => service),
      slices: (slices.get(name) ?? []).map(({ object: _, ...slice }) => slice),
      policies: policies.get(name) ?? [],
    };
  };
  return { names: [...known, ...strangers], known: known.length, recordOf, everywhere };
}

/** Whose an address is: the namespace of pods that have it (twice its position), or of a Service (and one). */
export interface OwnedAddresses {
  readonly v4: readonly (readonly [address: number, owner: number])[];
  readonly v6: readonly (readonly [address: bigint, owner: number])[];
}

/** All addresses that pods and Services have of their own, by address; none twice for one namespace. */
export function ownedAddresses({ cluster }: State, positionOf: (namespace: string) => number): OwnedAddresses {
  const v4 = new Map<string, [number, number]>();
  const v6 = new Map<string, [bigint, number]>();
  const add = (text: string, owner: number): void => {
    const address = parseAddress(text);
    if (!address.ok) return;
    const key = `${address.value} ${owner}`;
    if (address.family === 'IPv4') v4.set(key, [address.value, owner]);
    else v6.set(key, [address.value, owner]);
  };
  for (const pod of cluster.pods) {
    if (pod.hostNetwork) continue;
    for (const text of pod.addresses)
      add(text, 2 * positionOf(cluster.workloads.get(pod.workload)?.namespace ?? pod.namespace));
  }
  for (const service of cluster.services) {
    for (const text of service.clusterIPs) add(text, 2 * positionOf(service.namespace) + 1);
  }
  const byAddress = <N extends number | bigint>(a: readonly [N, number], b: readonly [N, number]): number =>
    a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1];
  return { v4: [...v4.values()].sort(byAddress), v6: [...v6.values()].sort(byAddress) };
}

/** Values each once, by their text. */
function interned<T>(): { readonly values: T[]; add(value: T): number } {
  const values: T[] = [];
  const known = new Map<string, number>();
  return {
    values,
    add: (value) => {
      const text = JSON.stringify(value);
      const number = known.get(text) ?? values.push(value) - 1;
      known.set(text, number);
      return number;
    },
  };
}

function listAt<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) listAt(groups, keyOf(value)).push(value);
  return groups;
}
