// The order in which changes of one value can be made one after the other, and the paths that they have by then. Paths of
// edits are those of the value as it was; here they follow what was done before. Knows no text.

import type { Change } from '../../engine/edits/apply-changes.ts';
import { isSameValue } from '../../engine/edits/same-value.ts';
import type { Path } from '../../engine/model/source.ts';

/** A change with the number of the edit that it comes from. */
export type NumberedChange = Change & { readonly edit: number };

/**
 * Changes in an order in which each may be made before the next: deeper ones first; in one collection what is added, what
 * is set or renamed, then what is removed, so that none is empty in between. Paths are adapted. Left out is what says the
 * same twice, and what lies within a value that is removed or set anyhow.
 */
export function orderChanges(changes: readonly NumberedChange[]): readonly NumberedChange[] {
  const tree: Collection = { parent: [], changes: [], below: new Map() };
  for (const change of changes) {
    let collection = tree;
    for (const part of change.path.slice(0, -1)) {
      let next = collection.below.get(part);
      if (next === undefined) {
        next = { parent: [...collection.parent, part], changes: [], below: new Map() };
        collection.below.set(part, next);
      }
      collection = next;
    }
    collection.changes.push(change);
  }
  return inOrder(tree);
}

/** The changes of the members of one collection, and collections below it. */
interface Collection {
  readonly parent: Path;
  readonly changes: NumberedChange[];
  readonly below: Map<string | number, Collection>;
}

function inOrder({ parent, changes, below }: Collection): readonly NumberedChange[] {
  const gone = new Set<string | number | undefined>();
  for (const { op, path } of changes) if (op === 'set' || op === 'remove') gone.add(path.at(-1));
  const deeper = [...below].flatMap(([part, collection]) => (gone.has(part) ? [] : inOrder(collection)));
  const own = changes.filter(
    (change, index) => change.op === 'insert' || !changes.slice(0, index).some((other) => isSameChange(change, other)),
  );
  const inserts = own.filter(({ op }) => op === 'insert');
  const last = (change: NumberedChange): number => Number(change.path.at(-1));
  // From behind, and of several at one place the last first: each pushes those before it further down.
  const backwards = [...inserts].reverse().sort((a, b) => last(b) - last(a));
  const others = own.flatMap((change) => {
    if (change.op === 'insert') return [];
    const index = change.path.at(-1);
    if (typeof index !== 'number') return [change];
    const shift = inserts.filter((insert) => last(insert) <= index).length;
    return [{ ...change, path: [...parent, index + shift] }];
  });
  const removals = others.filter(({ op }) => op === 'remove').sort((a, b) => last(b) - last(a) || 0);
  return [
    ...deeper,
    ...backwards,
    ...others.filter(({ op }) => op === 'set'),
    ...others.filter(({ op }) => op === 'rename'),
    ...removals,
  ];
}

function isSameChange(change: NumberedChange, other: NumberedChange): boolean {
  return isSameValue({ ...change, edit: 0 }, { ...other, edit: 0 });
}

/** The path that a place has once a change was made that it was not ordered before. */
export function pathAfter(change: Change, path: Path): Path {
  const depth = change.path.length - 1;
  const [made, part] = [change.path[depth], path[depth]];
  const isBeside = path.length > depth && change.path.slice(0, depth).every((each, index) => each === path[index]);
  if (!isBeside || made === undefined || part === undefined) return path;
  const moved = (to: string | number): Path => [...path.slice(0, depth), to, ...path.slice(depth + 1)];
  if (typeof made === 'number' && typeof part === 'number') {
    if (change.op === 'insert' && part >= made) return moved(part + 1);
    if (change.op === 'remove' && part > made) return moved(part - 1);
  }
  return change.op === 'rename' && part === made ? moved(change.key) : path;
}
