// A pod that would get through, as manifests to apply: the proof of a refutation that anyone can repeat.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Labels } from '../model/selector.ts';
import { type NewHome, newHomes } from './new-homes.ts';

/** Plain JSON of one Kubernetes object. */
export type Manifest = Readonly<Record<string, unknown>>;

/**
 * What has to be made for the pair: namespaces that are new, and pods. Empty where both ends exist. The role is part of the
 * pods' names, so that both can be applied together.
 */
export function witnessManifests(world: World, from: Unit, to: Unit): Manifest[] {
  const homes = newHomes(world, from, to) ?? {};
  const isShared = homes.to !== undefined && homes.from?.name === homes.to.name;
  return [...manifestsOf(from, 'from', homes.from), ...manifestsOf(to, 'to', homes.to, isShared)];
}

function manifestsOf(unit: Unit, role: 'from' | 'to', home: NewHome | undefined, isThere = false): Manifest[] {
  const { pod } = unit.endpoint;
  if (unit.type !== 'hypothetical' || pod === undefined) return [];
  const witness = podManifest(`netweir-witness-${role}`, home?.name ?? pod.namespace, pod.labels);
  if (home === undefined || isThere) return [witness];
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: home.name, ...labelled(home.labels) } }, witness];
}

function podManifest(name: string, namespace: string, labels: Labels): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...labelled(labels) },
    spec: { containers: [{ name: 'shell', image: 'busybox:stable', command: ['sleep', '3600'] }] },
  };
}

function labelled(labels: Labels): { readonly labels?: Labels } {
  return Object.keys(labels).length === 0 ? {} : { labels };
}
