// A pod that would get through, as manifests to apply: the proof of a refutation that anyone can repeat.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Labels } from '../model/selector.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { isNewNamespace } from './possible-units.ts';

/** Plain JSON of one Kubernetes object. */
export type Manifest = Readonly<Record<string, unknown>>;

/**
 * The namespace, if it is new, and the pod. Empty for units that exist. `role` is part of the pod's name, so that both ends
 * of a connection can be applied together.
 */
export function witnessManifests(world: World, unit: Unit, role: 'from' | 'to'): Manifest[] {
  const { pod } = unit.endpoint;
  if (unit.type !== 'hypothetical' || pod === undefined) return [];
  const isNew = isNewNamespace(world, unit.namespace);
  // A name that any other new namespace could have as well must not clash with that of the other end.
  const name = isNew && unit.namespace.name.startsWith('new') ? `netweir-witness-${role}` : pod.namespace;
  const { [NAME_LABEL]: _, ...labels } = pod.namespaceLabels as Record<string, string>;
  const namespace: Manifest = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...(Object.keys(labels).length === 0 ? {} : { labels }) },
  };
  return [...(isNew ? [namespace] : []), podManifest(`netweir-witness-${role}`, name, pod.labels)];
}

function podManifest(name: string, namespace: string, labels: Labels): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...(Object.keys(labels).length === 0 ? {} : { labels }) },
    spec: { containers: [{ name: 'shell', image: 'busybox:stable', command: ['sleep', '3600'] }] },
  };
}
