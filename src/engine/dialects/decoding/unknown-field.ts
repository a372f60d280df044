// The finding for a field that the API does not have: what was probably meant, and what would happen if the API server
// dropped it, as it does where validation is not strict.

import { nearestNames } from '../../model/nearest-names.ts';
import type { Path } from '../../model/source.ts';
import type { Decoding } from './decode-fields.ts';
import type { ObjectType } from './field-table.ts';
import type { FixDraft } from './problems.ts';

/** Reports the field `key` of the written value, which is of the type and stands at the path. */
export function reportUnknownField(
  value: Readonly<Record<string, unknown>>,
  key: string,
  type: ObjectType,
  path: Path,
  decoding: Pick<Decoding, 'problems'>,
): void {
  const { meant, hint, isRename } = meaningOf(key, type);
  const isExperimental = Object.hasOwn(type.fields, key);
  const loss = meant === undefined ? undefined : lossOf(value, meant, key, type);
  const message = isExperimental
    ? `field ${JSON.stringify(key)} of ${type.what} exists only in the experimental channel of the CRD`
    : `unknown field ${JSON.stringify(key)} in ${type.what}`;
  const consequence = loss === undefined ? 'it would be dropped' : `it would be dropped and ${loss}`;
  decoding.problems.refuse(
    'unknown-field',
    [...path, key],
    'UnknownField',
    `${message}; without strict validation ${consequence}`,
    {
      key: true,
      ...(hint === undefined ? {} : { hint }),
      ...(isRename === true && meant !== undefined && !Object.hasOwn(value, meant)
        ? { fix: rename([...path, key], key, meant) }
        : {}),
    },
  );
}

/** Another name for the field; unasked only where nothing but letter case or signs differs. */
function rename(path: Path, key: string, meant: string): FixDraft {
  const plain = (name: string) => name.toLowerCase().replace(/[-_ ]/g, '');
  return {
    title: `rename it to ${meant}`,
    changes: [{ op: 'rename', path, key: meant }],
    safe: plain(key) === plain(meant),
  };
}

/** What is lost when the unknown field is dropped and no right one stands beside it. */
function lossOf(
  value: Readonly<Record<string, unknown>>,
  meant: string,
  key: string,
  type: ObjectType,
): string | undefined {
  if (meant !== key && Object.hasOwn(value, meant) && value[meant] !== null) return undefined;
  return type.fields[meant]?.without;
}

function meaningOf(key: string, type: ObjectType): { meant?: string; hint?: string; isRename?: boolean } {
  if (Object.hasOwn(type.fields, key)) {
    return { meant: key, hint: 'install the experimental CRD, or say it with other fields' };
  }
  if (type.mistakes !== undefined && Object.hasOwn(type.mistakes, key)) return type.mistakes[key]!;
  const [near] = nearestNames(key, Object.keys(type.fields), 1);
  if (near !== undefined) return { meant: near, hint: `did you mean ${JSON.stringify(near)}?`, isRename: true };
  if (type.otherwiseMeant !== undefined) return type.otherwiseMeant;
  return { hint: `the fields of ${type.what} are ${Object.keys(type.fields).join(', ')}` };
}
