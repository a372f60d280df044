// A number for each member of a set, where there are very many sets: its room is that of the members, not of all ids.

import { count, type IdSet } from './id-set.ts';

/** Numbers by id; every id has -1 until something else is put. */
export interface IdTable {
  at(id: number): number;
  /** Gives all of some members of the domain a number from 0; others must not be given one. */
  put(members: IdSet, value: number): void;
}

/** Members that lie together have a list of numbers; where so many ids a member lie between them, they are looked up. */
const LOOSE = 16;

/** A table for the members of a domain. */
export function idTable(domain: IdSet): IdTable {
  const low = domain[0] ?? 0;
  const size = (domain.at(-1) ?? 0) - low;
  if (size > LOOSE * count(domain)) return looseTable();
  const numbers = new Int32Array(size).fill(-1);
  return {
    at: (id) => (id >= low && id - low < size ? numbers[id - low]! : -1),
    put(members, value) {
      for (let i = 0; i < members.length; i += 2) numbers.fill(value, members[i]! - low, members[i + 1]! - low);
    },
  };
}

function looseTable(): IdTable {
  const numbers = new Map<number, number>();
  return {
    at: (id) => numbers.get(id) ?? -1,
    put(members, value) {
      for (let i = 0; i < members.length; i += 2) {
        for (let id = members[i]!; id < members[i + 1]!; id++) numbers.set(id, value);
      }
    },
  };
}
