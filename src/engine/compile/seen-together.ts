// Two forms of which endpoints went, came or were replaced, seen under one numbering: that of the first, with the numbers of
// those that came. Who is not there says nothing to anybody: everything is denied.

import type { Endpoint } from '../model/endpoint.ts';
import { contains, type IdSet, idSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import { DENIED } from './decision.ts';
import { entry } from './entry.ts';
import type { Reach } from './reach.ts';
import { allGroups, decisionOn, mergeGroups, type PeerGroup, type Row, rowOfParts } from './row.ts';
import type { PartialRows } from './rows.ts';

/** One family of one of the forms. */
export interface PartialLayer {
  readonly family: Family;
  readonly rows: PartialRows;
  /** The numbers that are there in this form. */
  readonly present: IdSet;
}

/** Two forms in one. */
export interface SeenTogether {
  /** With the families of both forms. */
  readonly endpoints: readonly Endpoint[];
  /** Those of the first form, then those of the second. */
  readonly layers: readonly PartialLayer[];
  /** Numbers that are there in either form. */
  readonly present: IdSet;
  /** Numbers that do not stand for the same endpoint in both. */
  readonly changed: IdSet;
}

/** What an endpoint says that is not there. */
export const ABSENT: Row = { groups: [], rest: DENIED };

/**
 * Sees both forms together. `instead` leads from numbers of the second form to those of the first whose places they take.
 * Throws a TypeError where an endpoint takes the place of one of another sort: outside of the cluster, or within.
 */
export function seeTogether(before: Reach, after: Reach, instead: ReadonlyMap<number, number>): SeenTogether {
  const layers = (reach: Reach, view: (rows: PartialRows) => PartialRows): PartialLayer[] =>
    [...reach.rows].map(([family, rows]) => ({ family, rows: view(rows), present: reach.present }));
  if (before.present === after.present) {
    const as = (rows: PartialRows) => rows;
    const both = [...layers(before, as), ...layers(after, as)];
    return { endpoints: before.endpoints, layers: both, present: before.present, changed: idSet([]) };
  }
  const replaced = new Map([...instead].map(([number, place]) => [place, number]));
  const endpoints = [...before.endpoints];
  for (const [place, number] of replaced) {
    const [was, is] = [before.endpoints[place]!, before.endpoints[number]!];
    if (isOutside(was) !== isOutside(is)) throw new TypeError('an endpoint takes the place of one of another sort');
    const families = FAMILIES.filter((family) => was.families.includes(family) || is.families.includes(family));
    endpoints[place] = { ...was, families };
  }
  const came = subtract(subtract(after.present, before.present), idSet([...instead.keys()]));
  const seenAfter = unionAll([intersect(after.present, before.present), came, idSet([...instead.values()])]);
  return {
    endpoints,
    layers: [
      ...[...before.rows].map(([family, rows]) => ({
        family,
        present: before.present,
        rows: present(rows, (id) =>
          contains(before.present, id) && before.endpoints[id]!.families.includes(family) ? id : undefined,
        ),
      })),
      ...[...after.rows].map(([family, rows]) => ({
        family,
        present: seenAfter,
        rows: renumbered(
          present(rows, (id) => {
            const number = replaced.get(id) ?? id;
            return contains(after.present, number) && after.endpoints[number]!.families.includes(family)
              ? number
              : undefined;
          }),
          replaced,
        ),
      })),
    ],
    present: unionAll([before.present, came]),
    changed: unionAll([subtract(before.present, after.present), came]),
  };
}

function isOutside({ type }: Endpoint): boolean {
  return type === 'addresses' || type === 'entry';
}

/** Rows of those that are there, under the number that they have there. */
function present(rows: PartialRows, numberOf: (id: number) => number | undefined): PartialRows {
  return {
    row(subject, direction) {
      const number = numberOf(subject);
      return number === undefined ? ABSENT : rows.row(number, direction);
    },
    partly(subject, direction, peers) {
      const number = numberOf(subject);
      return number === undefined ? ABSENT : rows.partly(number, direction, peers);
    },
  };
}

/** Rows that say of each place what they say of the number that is there instead. */
function renumbered(rows: PartialRows, replaced: ReadonlyMap<number, number>): PartialRows {
  if (replaced.size === 0) return rows;
  const known = new Map<Row, Row>();
  const seen = (row: Row): Row => entry(known, row, () => renumber(row, replaced));
  const numbers = idSet([...replaced.values()]);
  return {
    row: (subject, direction) => seen(rows.row(subject, direction)),
    partly: (subject, direction, peers) => seen(rows.partly(subject, direction, unionAll([peers, numbers]))),
  };
}

function renumber(row: Row, replaced: ReadonlyMap<number, number>): Row {
  const moving = [...replaced].filter(([place, number]) => decisionOn(row, place) !== decisionOn(row, number));
  if (moving.length === 0) return row;
  const places = idSet(moving.map(([place]) => place));
  const said = moving.map(([place, number]) => ({ peers: idSet([place]), decision: decisionOn(row, number) }));
  const without = (groups: readonly PeerGroup[]) =>
    groups.map(({ peers, decision }) => ({ peers: subtract(peers, places), decision }));
  if (row.parts === undefined) return mergeGroups([...without(row.groups), ...said], row.rest);
  const { far, near } = row.parts;
  const groups = [...without(allGroups(near, near.domain)), ...said];
  return rowOfParts(far, { domain: unionAll([near.domain, places]), ...mergeGroups(groups, near.rest) });
}
