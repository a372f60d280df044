// Who owns whom: from a pod or controller up its chain of controlling owners to the top, through objects of the input
// and, where an object is missing, through what names and labels surely say.

import type { Labels } from '../model/selector.ts';
import { labelOf } from '../model/selector.ts';
import { type Identified, keyOf } from './identity.ts';
import { canonicalGroup } from './kinds.ts';
import { type JsonObject, objectsAt, type Reading, stringAt } from './reading.ts';

/** An object as the key of a workload names it; it need not be in the input. */
export interface Owner {
  readonly namespace: string;
  readonly kind: string;
  /** API group, empty for core. */
  readonly group: string;
  readonly name: string;
  /** `namespace/Kind.group/name`. */
  readonly key: string;
}

/** Owners of everything in one snapshot. */
export interface OwnerChains {
  /** The top of the chain that begins with this object or owner; itself where nothing controls it. */
  topOf(owner: Owner): Owner;
  /** The next owner up, undefined for a top. */
  parentOf(owner: Owner): Owner | undefined;
  /** The workload of a pod: the top of its chain, or the pod itself. */
  workloadOfPod(pod: Identified, labels: Labels): Owner;
}

/** The object as an owner. */
export function asOwner(object: Pick<Identified, 'namespace' | 'kind' | 'group' | 'name'>): Owner {
  const { namespace, kind, group, name } = object;
  return { namespace, kind, group, name, key: keyOf(object) };
}

/** The owner that controls an object (`controller: true`; the API allows one), undefined where none does. */
export function controllerOf(reading: Reading, metadata: JsonObject, namespace: string): Owner | undefined {
  if (metadata.ownerReferences === undefined) return undefined;
  for (const [index, reference] of objectsAt(reading, metadata, 'ownerReferences', ['metadata'])) {
    if (reference.controller !== true) continue;
    const path = ['metadata', 'ownerReferences', index];
    const kind = stringAt(reading, reference, 'kind', path);
    const name = stringAt(reading, reference, 'name', path);
    if (kind === undefined || name === undefined) continue;
    const group = canonicalGroup(stringAt(reading, reference, 'apiVersion', path) ?? '', kind);
    return asOwner({ namespace, kind, group, name });
  }
  return undefined;
}

/** Finds the object that an owner names; undefined where the input has none. */
export type FindOwner = (owner: Owner) => Identified | undefined;

/** Prepares to find objects that are no pods, each key once. Only kinds that somebody asks for are looked through. */
export function ownerFinder(objects: readonly Identified[]): FindOwner {
  const ofKind = new Map<string, Identified[]>();
  let last: Identified[] = [];
  for (const object of objects) {
    if (object.builtIn?.role === 'pod') continue;
    if (last[0]?.kind !== object.kind) {
      last = ofKind.get(object.kind) ?? [];
      ofKind.set(object.kind, last);
    }
    last.push(object);
  }
  const byKey = new Map<string, ReadonlyMap<string, Identified>>();
  return ({ kind, key }) => {
    const list = ofKind.get(kind);
    if (list === undefined) return undefined;
    const known = byKey.get(kind) ?? new Map(list.map((object) => [keyOf(object), object]));
    byKey.set(kind, known);
    return known.get(key);
  };
}

/** Prepares the chains of all objects. */
export function chainOwners(find: FindOwner): OwnerChains {
  const parents = new Map<string, Owner | undefined>();
  const tops = new Map<string, Owner>();

  const writtenParent = (owner: Owner): Owner | undefined => {
    if (parents.has(owner.key)) return parents.get(owner.key);
    const object = find(owner);
    const parent = object && controllerOf(object.reading, object.metadata, object.namespace);
    const result = parent !== undefined && (find(parent) !== undefined || isStep(owner, parent)) ? parent : undefined;
    parents.set(owner.key, result);
    return result;
  };

  const topOf = (start: Owner): Owner => {
    const path: Owner[] = [];
    const positions = new Map<string, number>();
    let here = start;
    let top = tops.get(here.key);
    while (top === undefined) {
      const position = positions.get(here.key);
      if (position !== undefined) {
        // Objects that own each other: the least key stands for all, wherever the walk began.
        top = path.slice(position).reduce((least, owner) => (owner.key < least.key ? owner : least));
        break;
      }
      positions.set(here.key, path.length);
      path.push(here);
      const parent = writtenParent(here);
      if (parent === undefined) top = here;
      else {
        here = parent;
        top = tops.get(here.key);
      }
    }
    for (const owner of path) tops.set(owner.key, top);
    return top;
  };

  let last:
    | { readonly references: unknown; readonly labels: Labels; readonly namespace: string; readonly top: Owner }
    | undefined;
  return {
    topOf,
    parentOf: (owner) => (topOf(owner).key === owner.key ? undefined : writtenParent(owner)),
    workloadOfPod(pod, labels) {
      const { reading, namespace } = pod;
      const references = pod.metadata.ownerReferences;
      if (last?.labels === labels && last.references === references && last.namespace === namespace) return last.top;
      const before = reading.problems.length;
      const owner = controllerOf(reading, pod.metadata, namespace);
      // Static pods are mirrored with their node as owner; nothing but the pod's own file makes them.
      if (owner === undefined || (owner.kind === 'Node' && owner.group === '')) return asOwner(pod);
      const top = topOf(find(owner) !== undefined ? owner : (impliedOwner(owner, labels) ?? owner));
      // Pods of one list share what is the same in them. What is wrong is to be said of every pod.
      if (reading.problems.length === before) last = { references, labels, namespace, top };
      return top;
    },
  };
}

/** Reports whether an owner that is missing from the input still hides the object: it only ever exists for its owner. */
function isStep(owner: Owner, parent: Owner): boolean {
  if (owner.kind === 'ReplicaSet' && owner.group === 'apps') return true;
  if (owner.kind === 'ReplicationController' && owner.group === '') return true;
  return owner.kind === 'Job' && owner.group === 'batch' && parent.kind === 'CronJob' && parent.group === 'batch';
}

/** Controllers that name their ReplicaSets `name-hash` and put the hash on the pods. */
const HASHED: readonly { readonly label: string; readonly kind: string; readonly group: string }[] = [
  { label: 'pod-template-hash', kind: 'Deployment', group: 'apps' },
  { label: 'rollouts-pod-template-hash', kind: 'Rollout', group: 'argoproj.io' },
];

/** The owner of an owner that is missing from the input, as far as its name and the pod's labels surely say. */
function impliedOwner(owner: Owner, labels: Labels): Owner | undefined {
  const { namespace, name } = owner;
  if (owner.kind === 'ReplicaSet' && owner.group === 'apps') {
    for (const { label, kind, group } of HASHED) {
      const hash = labelOf(labels, label);
      if (hash !== undefined && hash !== '' && name.endsWith(`-${hash}`) && name.length > hash.length + 1) {
        return asOwner({ namespace, kind, group, name: name.slice(0, -hash.length - 1) });
      }
    }
  }
  if (owner.kind === 'ReplicationController' && owner.group === '' && labelOf(labels, 'deployment') === name) {
    const config = labelOf(labels, 'deploymentconfig');
    if (config !== undefined && config !== '') {
      return asOwner({ namespace, kind: 'DeploymentConfig', group: 'apps.openshift.io', name: config });
    }
  }
  return undefined;
}
