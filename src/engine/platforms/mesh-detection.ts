// Which service meshes a snapshot shows, and which pods are in one. By the table in profiles/meshes.ts.

import type { Namespace, Pod } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import { labelOf } from '../model/selector.ts';
import { valueAt } from '../model/source.ts';
import { isObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';
import { componentsOf, placeOf, podSpecOf, titleOf } from './components.ts';
import { type Known, shown } from './fact.ts';
import { podsOf } from './parties.ts';
import type { Mesh } from './platform-facts.ts';
import { MESHES, type MeshProfile } from './profiles/meshes.ts';

/** The meshes whose proxies or control plane the snapshot shows, or that a namespace asks for. */
export function findMeshes(state: State): readonly Known<Mesh>[] {
  return MESHES.flatMap((profile): Known<Mesh>[] => {
    const { name, title, controlPlane: of } = profile;
    const control = [...componentsOf(state).values()].find(({ pods }) =>
      of.values.includes(labelOf(pods[0]!.labels, of.key) ?? ''),
    );
    const namespace = [...state.cluster.namespaces.values()].find((one) => asksIn(profile, one));
    const proxied = state.cluster.pods.find((pod) => hasProxy(profile, pod));
    // Ambient and sidecars have the same control plane: it alone does not say which.
    if (namespace === undefined && proxied === undefined && (control === undefined || profile.proxies.length === 0))
      return [];
    const where = control === undefined ? of.namespace : control.workload.namespace;
    const because =
      proxied !== undefined
        ? `container ${profile.proxies.find((proxy) => containerNames(proxied).includes(proxy))} in pods of ${proxied.namespace}`
        : namespace !== undefined
          ? `labels of namespace ${namespace.name}`
          : titleOf(control!.workload);
    const place =
      proxied?.object.locate([]) ?? namespace?.object?.locate(['metadata']) ?? (control && placeOf(control));
    return [shown({ name, title, controlPlane: controlParty(profile, where) }, because, place)];
  });
}

function controlParty({ title, controlPlane: { key, values } }: MeshProfile, namespace: string): Party {
  const what = `the control plane of ${title}`;
  if (values.length === 1) return podsOf(namespace, { [key]: values[0]! }, what);
  const party = podsOf(namespace, {}, what);
  return party.type === 'pods' ? { ...party, pods: { op: 'in', key, values } } : party;
}

/** Reports whether the pod has, or will get, a proxy of the mesh: it contains one, or is asked for and not refused. */
export function isInMesh(profile: MeshProfile, pod: Pod, namespace: Namespace | undefined): boolean {
  if (hasProxy(profile, pod)) return true;
  if (pod.hostNetwork || pod.real)
    return profile.proxies.length === 0 && !pod.hostNetwork && asks(profile, pod, namespace);
  return asks(profile, pod, namespace);
}

function asks(profile: MeshProfile, pod: Pod, namespace: Namespace | undefined): boolean {
  if (isRefused(pod)) return false;
  return isAsked(profile, pod.labels, annotationsOf(pod)) || (namespace !== undefined && asksIn(profile, namespace));
}

/** Reports whether a namespace asks for proxies of the mesh in all of its pods. */
export function asksIn(profile: MeshProfile, { labels, object }: Namespace): boolean {
  const annotations = object === undefined ? undefined : valueAt(object, ['metadata', 'annotations']);
  return isAsked(profile, labels, annotations);
}

function isAsked({ asks }: MeshProfile, labels: Readonly<Record<string, string>>, annotations: unknown): boolean {
  return asks.some(({ key, value }) => {
    const found = labelOf(labels, key) ?? (isObject(annotations) ? annotations[key] : undefined);
    return found !== undefined && (value === undefined || found === value);
  });
}

const REFUSALS = [
  ['sidecar.istio.io/inject', 'false'],
  ['istio.io/dataplane-mode', 'none'],
  ['linkerd.io/inject', 'disabled'],
] as const;

function isRefused(pod: Pod): boolean {
  const annotations = annotationsOf(pod);
  return REFUSALS.some(
    ([key, value]) => labelOf(pod.labels, key) === value || (isObject(annotations) && annotations[key] === value),
  );
}

function hasProxy({ proxies }: MeshProfile, pod: Pod): boolean {
  return proxies.length > 0 && containerNames(pod).some((name) => proxies.includes(name));
}

function containerNames(pod: Pod): readonly string[] {
  const spec = podSpecOf(pod)?.spec;
  const lists = [spec?.['containers'], spec?.['initContainers']];
  return lists.flatMap((list) =>
    Array.isArray(list) ? list.filter(isObject).flatMap(({ name }) => (typeof name === 'string' ? [name] : [])) : [],
  );
}

/** Annotations of a pod, or of the template that would make it. */
function annotationsOf(pod: Pod): unknown {
  const path = podSpecOf(pod)?.path;
  return path === undefined ? undefined : valueAt(pod.object, [...path.slice(0, -1), 'metadata', 'annotations']);
}
