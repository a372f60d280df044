// Policies that come and go in drawn steps: each step names some of a pool, and whoever is there goes, whoever is not comes.

/** What a step exchanges, and who is there afterwards. `numbers` count round the pool; named twice is named once. */
export function toggled<T extends object>(
  pool: readonly T[],
  here: ReadonlySet<T>,
  numbers: readonly number[],
): { readonly removed: readonly T[]; readonly added: readonly T[]; readonly next: Set<T> } {
  const named = new Set(numbers.flatMap((number) => pool[number % pool.length] ?? []));
  const removed = [...named].filter((one) => here.has(one));
  const added = [...named].filter((one) => !here.has(one));
  return { removed, added, next: new Set([...[...here].filter((one) => !named.has(one)), ...added]) };
}
