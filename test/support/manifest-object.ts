// A manifest without a file: every place is its field path, and asking for a key shows in `file`.

import type { ManifestObject } from '../../src/engine/model/source.ts';
import { printPath } from '../../src/engine/model/source.ts';

/** Wraps a plain value. Sources say `value` or `key` as their file, so that tests see what was asked for. */
export function manifestObject(value: Readonly<Record<string, unknown>>): ManifestObject {
  return {
    value,
    locate: (path, options) => ({ file: options?.key === true ? 'key' : 'value', path: printPath(path) }),
  };
}
