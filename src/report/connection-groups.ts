// Regroups rectangles for people: pairs that may use the same are drawn together into as few rows as is easy, whatever
// rectangles the engine chose. Works on classes of endpoints, never on single pairs. Knows no names.

import type { Family } from '../engine/sets/ip-set.ts';
import { GLUE } from './printable.ts';

/** A rectangle and what its pairs may use, as text; rectangles are disjoint per family. */
export interface Rectangle {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly family?: Family;
  /** False: pairs of an endpoint with itself are not included. */
  readonly self?: false;
  readonly text: string;
}

/** All pairs of `from` and `to` may use exactly `text`. Ids ascend. `notSelf`: but not an endpoint with itself. */
export interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly text: string;
  readonly notSelf: boolean;
}

/** Endpoints that stand in the same rectangles. */
interface EndpointClass {
  readonly members: number[];
  readonly rectangles: readonly number[];
}

/**
 * Rows that hold every pair of the rectangles exactly once. `by`: 'source' gives every source one row per text,
 * 'best' chooses, for each part of the graph that hangs together, whichever side needs fewer rows.
 */
export function groupConnections(rectangles: readonly Rectangle[], by: 'source' | 'destination' | 'best'): Group[] {
  const sources = classify(rectangles, (rectangle) => rectangle.from);
  const destinations = classify(rectangles, (rectangle) => rectangle.to);
  const inRectangle: number[][] = rectangles.map(() => []);
  for (const [at, { rectangles: places }] of destinations.entries())
    for (const place of places) inRectangle[place]?.push(at);

  const relations = new Map<string, Map<number, number[]>>();
  for (const [source, from] of sources.entries()) {
    const cells = new Map<number, number[]>();
    for (const place of from.rectangles)
      for (const destination of inRectangle[place] ?? []) {
        const cell = cells.get(destination);
        if (cell === undefined) cells.set(destination, [place]);
        else cell.push(place);
      }
    for (const [destination, places] of cells) {
      const text = cellText(rectangles, places, from, destinations[destination]);
      if (text === undefined) continue;
      const relation = relations.get(text) ?? new Map<number, number[]>();
      relations.set(text, relation);
      const list = relation.get(source);
      if (list === undefined) relation.set(source, [destination]);
      else list.push(destination);
    }
  }

  const groups: Group[] = [];
  for (const [key, relation] of relations) {
    const notSelf = key.startsWith(NOT_SELF);
    const text = notSelf ? key.slice(NOT_SELF.length) : key;
    for (const part of connectedParts(relation)) {
      const rows = by === 'source' ? bySource(part) : by === 'destination' ? byDestination(part) : best(part);
      for (const row of rows) {
        const [from, to] = [membersOf(sources, row[0]), membersOf(destinations, row[1])];
        const isNothing = notSelf && from.length === 1 && to.length === 1 && from[0] === to[0];
        if (!isNothing) groups.push({ from, to, text, notSelf });
      }
    }
  }
  return groups;
}

/**
 * Groups of the rectangles of each key apart: pairs whose key differs never share a row. A pair whose families have
 * different keys stands in a row of each. Rows of one key follow one another, keys in order of their first rectangle.
 */
export function groupApart<R extends Rectangle>(
  rectangles: readonly R[],
  keyOf: (rectangle: R) => string,
): { readonly key: string; readonly group: Group }[] {
  const byKey = new Map<string, R[]>();
  for (const rectangle of rectangles) {
    const key = keyOf(rectangle);
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [rectangle]);
    else list.push(rectangle);
  }
  return [...byKey].flatMap(([key, list]) => groupConnections(list, 'best').map((group) => ({ key, group })));
}

/** How many ordered pairs the groups hold. */
export function countPairs(groups: readonly Group[]): number {
  let count = 0;
  for (const { from, to, notSelf } of groups) {
    const destinations = new Set(to);
    const same = notSelf ? from.reduce((all, id) => all + (destinations.has(id) ? 1 : 0), 0) : 0;
    count += from.length * to.length - same;
  }
  return count;
}

/** Stands before the text of a cell without pairs of an endpoint with itself; no text begins with it. */
const NOT_SELF = '\u0000';

function classify(
  rectangles: readonly Rectangle[],
  side: (rectangle: Rectangle) => readonly number[],
): EndpointClass[] {
  const places = new Map<number, number[]>();
  for (const [at, rectangle] of rectangles.entries())
    for (const id of side(rectangle)) {
      const list = places.get(id);
      if (list === undefined) places.set(id, [at]);
      else if (list[list.length - 1] !== at) list.push(at);
    }
  const classes = new Map<string, EndpointClass>();
  for (const [id, list] of [...places].sort(([a], [b]) => a - b)) {
    const key = list.join();
    const found = classes.get(key);
    if (found === undefined) classes.set(key, { members: [id], rectangles: list });
    else found.members.push(id);
  }
  return [...classes.values()];
}

/** What the pairs of two classes may use, families named where they differ; undefined where no pair is left. */
function cellText(
  rectangles: readonly Rectangle[],
  places: readonly number[],
  from: EndpointClass,
  to: EndpointClass | undefined,
): string | undefined {
  const isOnePairWithItself =
    from.members.length === 1 && to?.members.length === 1 && from.members[0] === to.members[0];
  const all = places.flatMap((place) => rectangles[place] ?? []);
  // A pair of an endpoint with itself belongs to the rectangle that includes it, where there is one; otherwise it stays
  // with its neighbours, so that it does not tear their row apart, and the row says that it is not meant.
  const including = isOnePairWithItself ? all.filter(({ self }) => self !== false) : [];
  const cells = including.length > 0 ? including : all;
  const [first, second] = cells;
  if (first === undefined) return undefined;
  const notSelf = cells.every(({ self }) => self === false);
  const prefix = notSelf ? NOT_SELF : '';
  if (second === undefined && first.family === undefined) return prefix + first.text;
  if (
    second !== undefined &&
    first.text === second.text &&
    first.family !== second.family &&
    first.self === second.self
  )
    return prefix + first.text;
  const texts = cells.map(
    ({ family, text, self }) =>
      `${family === undefined ? '' : `${family}:${GLUE}`}${text}${self === false && !notSelf ? ' (not with itself)' : ''}`,
  );
  return prefix + texts.sort().join('; ');
}

type Part = readonly (readonly [source: number, destinations: readonly number[]])[];
type Rows = readonly (readonly [sources: readonly number[], destinations: readonly number[]])[];

/** Splits a relation into parts that share no source and no destination. */
function connectedParts(relation: ReadonlyMap<number, readonly number[]>): Part[] {
  const parent = new Map<number, number>();
  const find = (node: number): number => {
    let root = node;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root)) root = next;
    for (let at = node; at !== root; ) {
      const next = parent.get(at) ?? root;
      parent.set(at, root);
      at = next;
    }
    return root;
  };
  // Destinations are negative, so that both sides share one forest.
  for (const [source, destinations] of relation)
    for (const destination of destinations) parent.set(find(-1 - destination), find(source));
  const parts = new Map<number, (readonly [number, readonly number[]])[]>();
  for (const entry of relation) {
    const root = find(entry[0]);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [entry]);
    else part.push(entry);
  }
  return [...parts.values()];
}

function bySource(part: Part): Rows {
  const rows = new Map<string, [number[], readonly number[]]>();
  for (const [source, destinations] of part) {
    const sorted = [...destinations].sort((a, b) => a - b);
    const row = rows.get(sorted.join());
    if (row === undefined) rows.set(sorted.join(), [[source], sorted]);
    else row[0].push(source);
  }
  return [...rows.values()];
}

function byDestination(part: Part): Rows {
  const turned = new Map<number, number[]>();
  for (const [source, destinations] of part)
    for (const destination of destinations) {
      const list = turned.get(destination);
      if (list === undefined) turned.set(destination, [source]);
      else list.push(source);
    }
  return bySource([...turned]).map(([destinations, sources]) => [sources, destinations]);
}

function best(part: Part): Rows {
  const one = bySource(part);
  const other = byDestination(part);
  const cost = (rows: Rows): number => rows.reduce((all, [from, to]) => all + 1000 + from.length + to.length, 0);
  return cost(other) < cost(one) ? other : one;
}

function membersOf(classes: readonly EndpointClass[], at: readonly number[]): number[] {
  const ids: number[] = [];
  for (const each of at) for (const id of classes[each]?.members ?? []) ids.push(id);
  return ids.sort((a, b) => a - b);
}
