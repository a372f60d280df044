// Where something was written, as editors read it, or which object of a cluster it is. Knows nothing of files.

import type { Source } from '../engine/model/source.ts';
import { printable } from './printable.ts';

/**
 * `k8s/db.yaml:9`, with `column` also `:3`; for a live object `NetworkPolicy shop/db spec.ingress[0]`; the field path alone
 * where nothing says of what, and the empty text where there is neither.
 */
export function placeText(source: Source | undefined, column = false): string {
  if (source === undefined) return '';
  if (source.file === undefined)
    return [source.object ?? '', fieldText(source)]
      .filter((one) => one !== '')
      .map(printable)
      .join(' ');
  const line = source.line === undefined ? '' : `:${source.line}`;
  return `${printable(source.file)}${line}${column && line !== '' && source.column !== undefined ? `:${source.column}` : ''}`;
}

/** As {@link placeText}, beside the name of the object: of a live one the field path alone. */
export function placeWithin(source: Source | undefined): string {
  return source?.object === undefined ? placeText(source) : printable(fieldText(source));
}

/** The name is what an object is called by already. */
function fieldText({ object, path }: Source): string {
  return object !== undefined && path === 'metadata.name' ? '' : path;
}
