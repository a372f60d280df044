// A new value for a collection as changes of its parts, so that what stays the same keeps its words, its comments and its
// aliases. Knows plain values only.

import { isMapping, isSameValue } from '../../engine/edits/same-value.ts';
import type { Path } from '../../engine/model/source.ts';
import type { NumberedChange } from './order-changes.ts';

/**
 * Changes that make the same of `old` as setting it does; the change itself where the values have nothing in common, none
 * where they are equal.
 */
export function refineSet(change: NumberedChange & { readonly op: 'set' }, old: unknown): readonly NumberedChange[] {
  const { edit } = change;
  const refine = (path: Path, before: unknown, value: unknown): readonly NumberedChange[] => {
    if (isSameValue(before, value)) return [];
    if (isMapping(before) && isMapping(value)) return refineFields(path, before, value);
    if (Array.isArray(before) && Array.isArray(value)) return refineItems(path, before, value);
    return [{ op: 'set', path, value, edit }];
  };
  const refineFields = (
    path: Path,
    before: Readonly<Record<string, unknown>>,
    value: Readonly<Record<string, unknown>>,
  ): readonly NumberedChange[] => {
    const kept = Object.keys(before).filter((key) => Object.hasOwn(value, key));
    if (kept.length === 0) return [{ op: 'set', path, value, edit }];
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(value, key));
    const added = Object.keys(value).filter((key) => !Object.hasOwn(before, key));
    return [
      ...kept.flatMap((key) => refine([...path, key], before[key], value[key])),
      ...added.map((key) => ({ op: 'set' as const, path: [...path, key], value: value[key], edit })),
      ...gone.map((key) => ({ op: 'remove' as const, path: [...path, key], edit })),
    ];
  };
  const refineItems = (
    path: Path,
    before: readonly unknown[],
    value: readonly unknown[],
  ): readonly NumberedChange[] => {
    const most = Math.min(before.length, value.length);
    let start = 0;
    while (start < most && isSameValue(before[start], value[start])) start++;
    let end = 0;
    while (end < most - start && isSameValue(before[before.length - 1 - end], value[value.length - 1 - end])) end++;
    const items = value.slice(start, value.length - end);
    if (before.length === value.length && before.length > 0) {
      return items.flatMap((item, index) => refine([...path, start + index], before[start + index], item));
    }
    if (start + end === 0) return [{ op: 'set', path, value, edit }];
    const gone = Array.from({ length: before.length - end - start }, (_, index) => start + index);
    return [
      ...items.map((item) => ({ op: 'insert' as const, path: [...path, start], value: item, edit })),
      ...gone.map((index) => ({ op: 'remove' as const, path: [...path, index], edit })),
    ];
  };
  const parts = refine(change.path, old, change.value);
  return parts.length === 1 && parts[0]!.path.length === change.path.length ? [change] : parts;
}
