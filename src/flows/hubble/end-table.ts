// Objects of ends as bytes, each once, found by the address that they were met with: the longest part of a line is compared
// in one piece instead of being read. Knows not what an object says.

import { createByteTable, enlarged } from '../byte-table.ts';

/** Bytes of objects that are held, and objects of one address that are tried. */
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_TRIED = 8;
/** Objects that many addresses have (what is outside has no name) are tried with addresses that are new. */
const MOST_SHARED = 4;

/** Objects of ends. Numbers count from 1. */
export interface EndTable {
  /** The object of this address that begins at the place, and is wholly before `end`; 0 where none is known. */
  find(address: number, bytes: DataView, at: number, end: number): number;
  /** The same among the objects that several addresses have. */
  findShared(bytes: DataView, at: number, end: number): number;
  /** Length in bytes of an object. */
  lengthOf(id: number): number;
  textOf(id: number): string;
  /** Adds an object of an address, which may forget another one of it; -1 where there is no more room. */
  add(address: number, bytes: Buffer, start: number, end: number): number;
  /** Says that an address has an object that is known; true: that was new. */
  link(address: number, id: number): boolean;
  clear(): void;
}

/** An empty table. */
export function createEndTable(): EndTable {
  const objects = createByteTable();
  /** By address: a link (0: none), which has an object's number and the next link of the address. */
  let heads = new Int32Array(1024);
  let links = new Int32Array(2048);
  let linkCount = 0;
  let shared: number[] = [];

  const link = (address: number, id: number): boolean => {
    if (address >= heads.length) heads = enlarged(heads, Math.max(address + 1, heads.length * 2));
    let last = 0;
    let tried = 0;
    for (let one = heads[address]!; one !== 0; one = links[one * 2 + 1]!) {
      if (links[one * 2] === id) return false;
      last = one;
      tried++;
    }
    if (tried >= MOST_TRIED) {
      links[last * 2] = id;
      return true;
    }
    linkCount++;
    if (linkCount * 2 + 2 > links.length) links = enlarged(links, links.length * 2);
    links[linkCount * 2] = id;
    links[linkCount * 2 + 1] = heads[address]!;
    heads[address] = linkCount;
    return true;
  };
  return {
    find(address, bytes, at, end) {
      if (address >= heads.length) return 0;
      const head = heads[address]!;
      for (let one = head; one !== 0; one = links[one * 2 + 1]!) {
        const id = links[one * 2]!;
        if (!objects.isAt(id, bytes, at, end)) continue;
        // What came last comes next most likely.
        links[one * 2] = links[head * 2]!;
        links[head * 2] = id;
        return id;
      }
      return 0;
    },
    findShared(bytes, at, end) {
      for (const id of shared) if (objects.isAt(id, bytes, at, end)) return id;
      return 0;
    },
    textOf: objects.textOf,
    lengthOf: objects.lengthOf,
    link,
    add(address, bytes, start, end) {
      const known = objects.find(bytes, start, end);
      if (known === 0 && objects.size() + end - start > MOST_BYTES) return -1;
      const id = known === 0 ? objects.add(bytes, start, end) : known;
      const isNew = link(address, id);
      if (isNew && known !== 0 && !shared.includes(known)) shared = [known, ...shared].slice(0, MOST_SHARED);
      return id;
    },
    clear() {
      objects.clear();
      heads.fill(0);
      linkCount = 0;
      shared = [];
    },
  };
}
