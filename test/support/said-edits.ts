// Edits as people would say them, so that tables of edits stay readable: `['set', 'spec.ingress.0.from', []]`.

import type { Edit } from '../../src/engine/model/edit.ts';
import type { ManifestObject } from '../../src/engine/model/source.ts';
import { type EditedText, editText, readText } from '../../src/manifests/index.ts';

/** One edit. A path is keys and indexes with dots between; `add` puts an object behind the one edited. */
export type Said =
  | readonly ['set' | 'insert', string, unknown]
  | readonly ['remove', string]
  | readonly ['rename', string, string]
  | readonly ['add', Readonly<Record<string, unknown>>]
  | readonly ['remove-object'];

/** The edit of an object that is said. */
export function editOf(object: ManifestObject, said: Said): Edit {
  if (said[0] === 'remove-object') return { op: 'remove-object', object };
  if (said[0] === 'add') return { op: 'add-object', value: said[1], beside: object };
  const path = said[1].split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  if (said[0] === 'remove') return { op: 'remove', object, path };
  if (said[0] === 'rename') return { op: 'rename', object, path, key: said[2] };
  return { op: said[0], object, path, value: said[2] };
}

/** Edits one object of a text, the first unless `index` names another. */
export function edited(text: string, said: readonly Said[], file = 'a.yaml', index = 0): EditedText {
  const object = readText(text, file).objects[index];
  if (object === undefined) throw new Error(`the text holds no object ${index}`);
  const edits = said.map((each) => editOf(object, each));
  return editText(text, file, edits);
}

/** The new text; fails the test where there is none. */
export function textOf(result: EditedText): string {
  if ('refusal' in result) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.text;
}
