// Few rows for a relation between classes of endpoints: split into parts that have nothing to do with each other, each read
// from whichever side needs fewer rows. Knows no endpoints.

import { count, type IdSet, idSet, idSetTable } from '../engine/sets/id-set.ts';

/** Sources, each once, and the destinations that each is related to; neither empty. */
export type Relation = readonly (readonly [source: number, destinations: readonly number[]])[];

/** Rows of sources and destinations: every pair of a row is related, every related pair is in one row. */
export type Rows = readonly (readonly [sources: IdSet, destinations: IdSet])[];

/** Finds rows, one relation after another: equal sets in rows of one finder are the same object. */
export type RowFinder = (relation: Relation, by: 'source' | 'destination' | 'best') => Rows;

/** A finder for relations between so many sources and destinations. */
export function rowFinder(sources: number, destinations: number): RowFinder {
  const parts = partFinder(sources, destinations);
  const sets = idSetTable();

  function bySource(part: Relation): Rows {
    const rows = new Map<IdSet, number[]>();
    for (const [source, own] of part) {
      const set = sets.intern(idSet(own));
      const row = rows.get(set);
      if (row === undefined) rows.set(set, [source]);
      else row.push(source);
    }
    return [...rows].map(([set, members]) => [sets.intern(idSet(members)), set]);
  }

  function byDestination(part: Relation): Rows {
    const turned = new Map<number, number[]>();
    for (const [source, own] of part)
      for (const destination of own) {
        const list = turned.get(destination);
        if (list === undefined) turned.set(destination, [source]);
        else list.push(source);
      }
    return bySource([...turned]).map(([to, from]) => [from, to]);
  }

  return (relation, by) => {
    if (by === 'source') return parts(relation).flatMap(bySource);
    if (by === 'destination') return parts(relation).flatMap(byDestination);
    return parts(relation).flatMap((part) => {
      const [one, other] = [bySource(part), byDestination(part)];
      return cost(other) < cost(one) ? other : one;
    });
  };
}

/** A row costs a line, and its classes what it takes to name them. */
function cost(rows: Rows): number {
  return rows.reduce((all, [from, to]) => all + 1000 + count(from) + count(to), 0);
}

/** Splits relations into parts that share no source and no destination, in order of their first sources. */
function partFinder(sources: number, destinations: number): (relation: Relation) => Relation[] {
  // One forest of both sides, destinations behind sources; every relation leaves it as it found it.
  const parent = Int32Array.from({ length: sources + destinations }, (_, node) => node);
  const find = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = node; at !== root; ) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  return (relation) => {
    for (const [source, own] of relation) {
      const root = find(source);
      for (const destination of own) parent[find(sources + destination)] = root;
    }
    const parts = new Map<number, (readonly [number, readonly number[]])[]>();
    for (const one of relation) {
      const root = find(one[0]);
      const part = parts.get(root);
      if (part === undefined) parts.set(root, [one]);
      else part.push(one);
    }
    for (const [source, own] of relation) {
      parent[source] = source;
      for (const destination of own) parent[sources + destination] = sources + destination;
    }
    return [...parts.values()];
  };
}
