// Which line an endpoint is in, for one direction.

import { count, type IdSet, intersect } from '../sets/id-set.ts';
import { idTable } from '../sets/id-table.ts';
import type { FarLine, Lines, NearLine } from './lines.ts';

/** The lines of one endpoint; several endpoints have the same object. */
export interface OwnLines {
  readonly far: FarLine;
  readonly near?: NearLine;
}

/** Finds lines by endpoint. */
export interface LinePlaces {
  /** Splits endpoints by their lines; those that are in none are left out. Cost grows with the endpoints given. */
  split(ids: IdSet): ReadonlyMap<OwnLines, number[]>;
  /** The far lines that have members among the given ones. */
  linesOf(ids: IdSet): FarLine[];
  /** The far lines of the other side of whose members some near line of a far line speaks. */
  touchedBy(far: FarLine, other: LinePlaces): ReadonlySet<FarLine>;
  /** The near lines of a far line that have members among the given ones, with these. */
  nearAmong(far: FarLine, ids: IdSet): { readonly line: NearLine; readonly members: IdSet }[];
}

const NONE: ReadonlySet<FarLine> = new Set();

/** Prepares the look-up; `domain`: all endpoints that are in a line. */
export function linePlaces({ far, near }: Lines, domain: IdSet): LinePlaces {
  const lines: OwnLines[] = [];
  const table = idTable(domain);
  const put = (members: IdSet, own: OwnLines) => table.put(members, lines.push(own) - 1);
  for (const line of far) put(line.members, { far: line });
  const nearOf = new Map<FarLine, NearLine[]>();
  for (const line of near) {
    put(line.members, { far: line.far, near: line });
    const own = nearOf.get(line.far);
    if (own === undefined) nearOf.set(line.far, [line]);
    else own.push(line);
  }
  const touched = new Map<FarLine, ReadonlySet<FarLine>>();
  return {
    linesOf(ids) {
      const found: FarLine[] = [];
      const inside = intersect(ids, domain);
      for (let i = 0; i < inside.length; i += 2) {
        for (let id = inside[i]!; id < inside[i + 1]!; id++) {
          const own = lines[table.at(id)];
          if (own !== undefined) found.push(own.far);
        }
      }
      return found;
    },
    touchedBy(line, other) {
      const own = nearOf.get(line);
      if (own === undefined) return NONE;
      const known = touched.get(line) ?? new Set(own.flatMap((one) => other.linesOf(one.domain)));
      touched.set(line, known);
      return known;
    },
    split(ids) {
      const found = new Map<OwnLines, number[]>();
      const inside = intersect(ids, domain);
      for (let i = 0; i < inside.length; i += 2) {
        for (let id = inside[i]!; id < inside[i + 1]!; id++) {
          const own = lines[table.at(id)];
          if (own === undefined) continue;
          const members = found.get(own);
          if (members === undefined) found.set(own, [id]);
          else members.push(id);
        }
      }
      return found;
    },
    nearAmong(line, ids) {
      const all = nearOf.get(line) ?? [];
      if (all.length === 0) return [];
      const some = all.length <= count(ids) ? all : [...this.split(ids).keys()].flatMap((own) => own.near ?? []);
      return some.flatMap((one) => {
        const members = intersect(one.members, ids);
        return members.length === 0 ? [] : [{ line: one, members }];
      });
    },
  };
}
