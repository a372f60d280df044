// Objects that answer as those do that were read, and write down which places they are asked for. Knows no kinds.

import type { ManifestObject, Path } from '../engine/model/source.ts';
import type { Asked } from './places.ts';

/** An object with the value that is kept of it, and what it was asked for since. */
export interface Recorded {
  readonly object: ManifestObject;
  /** Each place once, in the order of the questions. */
  asked(): readonly Asked[];
}

/** Stands for an object of which only `value` is kept. */
export function recordPlaces(original: ManifestObject, value: ManifestObject['value']): Recorded {
  const asked = new Map<string, Asked>();
  const { file } = original;
  const locate = (path: Path, options?: { readonly key?: boolean }) => {
    const isKey = options?.key === true;
    asked.set(`${isKey}${JSON.stringify(path)}`, { path, isKey });
    return original.locate(path, options);
  };
  return { object: { value, locate, ...(file === undefined ? {} : { file }) }, asked: () => [...asked.values()] };
}
