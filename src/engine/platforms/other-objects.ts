// Objects that the snapshot does not use and a platform shows itself in: ConfigMaps, accounts, a plugin's own kinds.
// Looks them up by kind, namespace and name; knows the fields of none.

import type { ManifestObject } from '../model/source.ts';
import { isObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';

const indexes = new WeakMap<readonly ManifestObject[], ReadonlyMap<string, readonly ManifestObject[]>>();

/** The objects of a kind, in the order of the snapshot; empty: none was read, which does not say that there is none. */
export function objectsOfKind({ others }: Pick<State, 'others'>, kind: string): readonly ManifestObject[] {
  let index = indexes.get(others);
  if (index === undefined) {
    const byKind = new Map<string, ManifestObject[]>();
    for (const object of others) {
      const own = object.value['kind'];
      if (typeof own !== 'string') continue;
      const list = byKind.get(own);
      if (list === undefined) byKind.set(own, [object]);
      else list.push(object);
    }
    index = byKind;
    indexes.set(others, index);
  }
  return index.get(kind) ?? [];
}

/** Name and namespace of an object; empty where they are absent. */
export function nameOf(object: ManifestObject): { readonly namespace: string; readonly name: string } {
  const metadata = object.value['metadata'];
  const field = (key: string): string => {
    const value = isObject(metadata) ? metadata[key] : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { namespace: field('namespace'), name: field('name') };
}

/** One object by kind, namespace and name. */
export function objectNamed(
  state: Pick<State, 'others'>,
  kind: string,
  namespace: string,
  name: string,
): ManifestObject | undefined {
  return objectsOfKind(state, kind).find((object) => {
    const own = nameOf(object);
    return own.name === name && own.namespace === namespace;
  });
}

/** A text of a ConfigMap's data; undefined where it has none of that key. */
export function dataOf(configMap: ManifestObject, key: string): string | undefined {
  const data = configMap.value['data'];
  const value = isObject(data) && Object.hasOwn(data, key) ? data[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** An annotation or a label of any object. */
export function metadataText(object: ManifestObject, field: 'annotations' | 'labels', key: string): string | undefined {
  const metadata = object.value['metadata'];
  const map = isObject(metadata) ? metadata[field] : undefined;
  const value = isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
