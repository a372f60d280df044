// Regroups rectangles for people: pairs that may use the same are drawn together into as few rows as is easy, whatever
// rectangles the engine chose. Works on classes of endpoints, never on single pairs. Knows no names.

import { entry } from '../engine/compile/entry.ts';
import { count, type IdSet, membersOf, unionAll } from '../engine/sets/id-set.ts';
import type { Family } from '../engine/sets/ip-set.ts';
import { type EndpointClasses, endpointClasses } from './endpoint-classes.ts';
import { rowFinder } from './group-rows.ts';
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

/**
 * Rows that hold every pair of the rectangles exactly once. `by`: 'source' gives every source one row per text,
 * 'best' chooses, for each part of the graph that hangs together, whichever side needs fewer rows.
 */
export function groupConnections(rectangles: readonly Rectangle[], by: 'source' | 'destination' | 'best'): Group[] {
  const sources = endpointClasses(rectangles.map(({ from }) => from));
  const destinations = endpointClasses(rectangles.map(({ to }) => to));
  const rowsOf = rowFinder(sources.members.length, destinations.members.length);
  const [fromOf, toOf] = [membersIn(sources), membersIn(destinations)];
  return relationsByText(rectangles, sources, destinations).flatMap(({ key, relation }) => {
    const notSelf = key.startsWith(NOT_SELF);
    const text = notSelf ? key.slice(NOT_SELF.length) : key;
    return rowsOf(relation, by).flatMap((row) => {
      const [from, to] = [fromOf(row[0]), toOf(row[1])];
      const isNothing = notSelf && from.length === 1 && to.length === 1 && from[0] === to[0];
      return isNothing ? [] : [{ from, to, text, notSelf }];
    });
  });
}

/** Classes that may use the same. */
interface TextRelation {
  /** What their pairs may use, behind {@link NOT_SELF} where an endpoint with itself is no such pair. */
  readonly key: string;
  readonly relation: (readonly [source: number, destinations: number[]])[];
}

/** For each text the classes whose pairs may use it, texts in order of their first source. */
function relationsByText(
  rectangles: readonly Rectangle[],
  sources: EndpointClasses,
  destinations: EndpointClasses,
): TextRelation[] {
  const relations = new Map<string, TextRelation>();
  const found: TextRelation[] = [];
  // Mostly one rectangle says it all of two classes, and the same of all others.
  const alone = rectangles.map((rectangle): TextRelation | undefined => {
    const { family, self, text } = rectangle;
    return family === undefined && self !== false ? relationOf(text) : undefined;
  });
  function relationOf(key: string): TextRelation {
    return entry(relations, key, () => ({ key, relation: [] }));
  }
  const firstAt = new Int32Array(destinations.members.length).fill(NOWHERE);
  sources.members.forEach((from, source) => {
    const met: number[] = [];
    const more = new Map<number, number[]>();
    for (const place of sources.places[source]!) {
      for (const destination of destinations.classesAt[place]!) {
        const first = firstAt[destination]!;
        if (first === NOWHERE) {
          firstAt[destination] = place;
          met.push(destination);
        } else entry(more, destination, () => [first]).push(place);
      }
    }
    for (const destination of met) {
      const first = firstAt[destination]!;
      firstAt[destination] = NOWHERE;
      const places = more.get(destination);
      let here = places === undefined ? alone[first] : undefined;
      if (here === undefined) {
        const text = cellText(rectangles, places ?? [first], from, destinations.members[destination]!);
        if (text === undefined) continue;
        here = relationOf(text);
      }
      const last = here.relation.at(-1);
      if (last?.[0] === source) last[1].push(destination);
      else {
        if (last === undefined) found.push(here);
        here.relation.push([source, [destination]]);
      }
    }
  });
  return found;
}

/** No rectangle. */
const NOWHERE = -1;

/** The endpoints of some classes, ascending; of equal sets the same list. */
function membersIn({ members }: EndpointClasses): (classes: IdSet) => readonly number[] {
  const known = new Map<IdSet, readonly number[]>();
  return (classes) =>
    entry(known, classes, () => membersOf(unionAll(membersOf(classes).map((each) => members[each]!))));
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

/** What the pairs of two classes may use, families named where they differ; undefined where no pair is left. */
function cellText(
  rectangles: readonly Rectangle[],
  places: readonly number[],
  from: IdSet,
  to: IdSet,
): string | undefined {
  const isOnePairWithItself = count(from) === 1 && count(to) === 1 && from[0] === to[0];
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
