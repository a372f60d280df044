// An object of a server as the engine takes objects: a value that stands in no file, and says itself what it is.

import { type ManifestObject, printPath } from '../engine/model/source.ts';
import { metadataOf } from './api-client.ts';
import type { Plain } from './plain-values.ts';

/** Wraps an object of a server. */
export function liveObject(value: Plain): ManifestObject {
  const { namespace, name } = metadataOf(value);
  const own = typeof namespace === 'string' && namespace !== '' ? `${namespace}/` : '';
  const object = `${String(value['kind'])} ${own}${String(name)}`;
  return { value, locate: (path) => ({ object, path: printPath(path) }) };
}
