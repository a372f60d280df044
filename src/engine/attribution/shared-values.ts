// Sets of a few words that very many things have: each set is held once. Knows not what the words mean.

/** Sets that grow word by word and are shared by all that have the same ones. */
export interface SharedValues<Word extends string> {
  /** The empty set. */
  readonly none: ReadonlySet<Word>;
  /** The set with one more word: the same one where it has it. `set` must be one of these sets. */
  with(set: ReadonlySet<Word>, word: Word): ReadonlySet<Word>;
}

/** No sets but the empty one. Words must not hold a line end. */
export function sharedValues<Word extends string>(): SharedValues<Word> {
  const none: ReadonlySet<Word> = new Set();
  const sets = new Map<string, ReadonlySet<Word>>();
  return {
    none,
    with(set, word) {
      if (set.has(word)) return set;
      const words = [...set, word].sort();
      const key = words.join('\n');
      const known = sets.get(key) ?? new Set(words);
      sets.set(key, known);
      return known;
    },
  };
}
