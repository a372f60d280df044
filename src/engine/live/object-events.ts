// Events of objects, as a watch of an API server brings them, and what is left of a batch of them. Reads names alone.

import { dialectOf } from '../dialects/registry.ts';
import type { ManifestObject } from '../model/source.ts';
import { UserError } from '../model/user-error.ts';
import { identify, keyOf, titleOf } from '../snapshot/identity.ts';

/** An object came or became another one (`set`), or went (`deleted`: apiVersion, kind, name and namespace are enough). */
export interface ObjectEvent {
  readonly type: 'set' | 'deleted';
  readonly object: ManifestObject;
}

/** How an object is told from all others; `namespace` is empty for objects of none. */
export interface ObjectName {
  readonly namespace: string;
  readonly key: string;
  /** Absent: it has none yet, as one that the server is to name. */
  readonly title?: string;
}

/** Names an object. */
export function nameObject(object: ManifestObject, options: { readonly defaultNamespace: string }): ObjectName {
  const found = identify(object, {
    defaultNamespace: options.defaultNamespace,
    isPolicy: (apiVersion, kind) => dialectOf(apiVersion, kind) !== undefined,
  });
  const isNamed = found.name !== '' && found.metadata['name'] === found.name;
  return { namespace: found.namespace, key: keyOf(found), ...(isNamed ? { title: titleOf(found) } : {}) };
}

/**
 * The objects that a batch leaves, by key: of several events of one object the last counts. Throws UserError
 * `unknown-name` for an object without a name: nobody could say which one it is.
 */
export function lastOfEach(
  events: readonly ObjectEvent[],
  options: { readonly defaultNamespace: string },
): Map<string, { namespace: string; objects: ManifestObject[] }> {
  const last = new Map<string, { namespace: string; objects: ManifestObject[] }>();
  for (const { type, object } of events) {
    const { namespace, key, title } = nameObject(object, options);
    if (title === undefined) {
      throw new UserError('unknown-name', `the object of an event has no name: ${String(object.value['kind'])}`, {
        hint: 'events are about objects that a server knows, and these have a metadata.name',
      });
    }
    last.set(key, { namespace, objects: type === 'set' ? [object] : [] });
  }
  return last;
}
