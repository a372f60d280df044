// Syntax trees that were parsed and may be asked for again. Bounded, since a tree takes eighty times its text; one that
// was dropped is parsed anew. Knows nothing of YAML.

/** Keeps values by the object they belong to, the most recently used ones. */
export interface TreeCache<Key extends object, Tree> {
  get(key: Key): Tree | undefined;
  /** `characters` is the length of the text that the tree was parsed from. */
  set(key: Key, tree: Tree, characters: number): void;
}

/** A cache for trees of at most `budget` characters of text in all; the latest is kept whatever its size. */
export function createTreeCache<Key extends object, Tree>(budget: number): TreeCache<Key, Tree> {
  const kept = new Map<Key, { readonly tree: Tree; readonly characters: number }>();
  let total = 0;
  return {
    get: (key) => {
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      kept.delete(key);
      kept.set(key, entry);
      return entry.tree;
    },
    set: (key, tree, characters) => {
      kept.set(key, { tree, characters });
      total += characters;
      for (const [oldest, entry] of kept) {
        if (total <= budget || oldest === key) break;
        kept.delete(oldest);
        total -= entry.characters;
      }
    },
  };
}
