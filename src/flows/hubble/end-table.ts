// Objects of ends as bytes, each once, found by the address that they were met with: the longest part of a line is compared
// in one piece instead of being read. Knows not what an object says.

/** Bytes of objects that are held, and objects of one address that are tried. */
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_TRIED = 8;
/** Objects that many addresses have (what is outside has no name) are tried with addresses that are new. */
const MOST_SHARED = 4;

/** Objects of ends. Numbers count from 1. */
export interface EndTable {
  /** The object of this address that begins at the place, and is wholly before `end`; 0 where none is known. */
  find(address: number, bytes: Buffer, at: number, end: number): number;
  /** The same among the objects that several addresses have. */
  findShared(bytes: Buffer, at: number, end: number): number;
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
  let store = Buffer.alloc(1024 * 1024);
  let offsets = new Int32Array(4096);
  /** By address: a link (0: none), which has an object's number and the next link of the address. */
  let heads = new Int32Array(1024);
  let links = new Int32Array(2048);
  let linkCount = 0;
  let byText = new Map<string, number>();
  let shared: number[] = [];
  let count = 0;

  const isAt = (id: number, bytes: Buffer, at: number, end: number): boolean => {
    const [from, to] = [offsets[id]!, offsets[id + 1]!];
    const stop = at + to - from;
    return stop <= end && store.compare(bytes, at, stop, from, to) === 0;
  };
  const link = (address: number, id: number): boolean => {
    if (address >= heads.length) heads = enlarged(heads, address + 1);
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
    if (linkCount * 2 + 2 > links.length) links = enlarged(links, linkCount * 2 + 2);
    links[linkCount * 2] = id;
    links[linkCount * 2 + 1] = heads[address]!;
    heads[address] = linkCount;
    return true;
  };
  const addText = (text: string, bytes: Buffer, start: number, end: number): number => {
    const offset = offsets[count + 1]!;
    const needed = offset + end - start;
    if (needed > MOST_BYTES) return -1;
    if (needed > store.length) {
      const larger = Buffer.alloc(Math.max(needed, store.length * 2));
      store.copy(larger);
      store = larger;
    }
    count++;
    if (count + 2 > offsets.length) offsets = enlarged(offsets, count + 2);
    bytes.copy(store, offset, start, end);
    offsets[count + 1] = needed;
    byText.set(text, count);
    return count;
  };
  return {
    find(address, bytes, at, end) {
      if (address >= heads.length) return 0;
      const head = heads[address]!;
      for (let one = head; one !== 0; one = links[one * 2 + 1]!) {
        const id = links[one * 2]!;
        if (!isAt(id, bytes, at, end)) continue;
        // What came last comes next most likely.
        links[one * 2] = links[head * 2]!;
        links[head * 2] = id;
        return id;
      }
      return 0;
    },
    findShared: (bytes, at, end) => shared.find((id) => isAt(id, bytes, at, end)) ?? 0,
    textOf: (id) => store.toString('utf8', offsets[id]!, offsets[id + 1]!),
    lengthOf: (id) => offsets[id + 1]! - offsets[id]!,
    link,
    add(address, bytes, start, end) {
      const text = bytes.toString('latin1', start, end);
      const known = byText.get(text);
      const id = known ?? addText(text, bytes, start, end);
      if (id === -1) return -1;
      const isNew = link(address, id);
      if (isNew && known !== undefined && !shared.includes(known)) shared = [known, ...shared].slice(0, MOST_SHARED);
      return id;
    },
    clear() {
      store = Buffer.alloc(1024 * 1024);
      offsets = new Int32Array(4096);
      heads = new Int32Array(1024);
      links = new Int32Array(2048);
      linkCount = 0;
      byText = new Map();
      shared = [];
      count = 0;
    },
  };
}

function enlarged(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(least, array.length * 2));
  larger.set(array);
  return larger;
}
