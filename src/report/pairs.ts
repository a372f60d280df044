// Pairs of endpoints instead of rectangles, for formats with one line per pair. Nothing is kept for all pairs at once.

/** One pair, and the connection (or change) that holds it. */
export interface PairOf<C> {
  readonly from: number;
  readonly to: number;
  readonly connection: C;
}

/**
 * Every pair of the rectangles, by source, then destination, then place of the rectangle: the order does not depend on
 * how pairs were put into rectangles, families aside. A pair whose families differ comes once per family.
 */
export function* pairsOf<
  C extends { readonly from: readonly number[]; readonly to: readonly number[]; readonly self?: false },
>(connections: readonly C[]): Iterable<PairOf<C>> {
  const bySource = new Map<number, number[]>();
  for (const [at, { from }] of connections.entries())
    for (const id of from) {
      const list = bySource.get(id);
      if (list === undefined) bySource.set(id, [at]);
      else if (list[list.length - 1] !== at) list.push(at);
    }
  for (const from of [...bySource.keys()].sort((a, b) => a - b)) {
    const pairs: PairOf<C>[] = [];
    for (const at of bySource.get(from) ?? []) {
      const connection = connections[at];
      if (connection === undefined) continue;
      for (const to of connection.to)
        if (to !== from || connection.self !== false) pairs.push({ from, to, connection });
    }
    // The sort is stable: pairs of one destination stay in the order of their rectangles.
    yield* pairs.sort((a, b) => a.to - b.to);
  }
}

/** The connections with one rectangle per pair, as {@link pairsOf} orders them. */
export function* expand<
  C extends { readonly from: readonly number[]; readonly to: readonly number[]; readonly self?: false },
>(connections: readonly C[]): Iterable<Omit<C, 'self'> & { readonly from: number[]; readonly to: number[] }> {
  for (const { from, to, connection } of pairsOf(connections)) {
    const { self: _, ...rest } = connection;
    yield { ...rest, from: [from], to: [to] };
  }
}
