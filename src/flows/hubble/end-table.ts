// Objects of ends as bytes, each once, found by the address that they were met with: the longest part of a line is compared
// in one piece instead of being read. Knows not what an object says.

/** Bytes of objects that are held, and objects of one address that are tried. */
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_TRIED = 8;

/** Objects of ends. Numbers count from 1. */
export interface EndTable {
  /** The object of this address that begins at the place, and is wholly before `end`; 0 where none is known. */
  find(address: number, bytes: Buffer, at: number, end: number): number;
  /** Length in bytes of an object. */
  lengthOf(id: number): number;
  textOf(id: number): string;
  /** Adds an object of an address, which may forget another one of it; -1 where there is no more room. */
  add(address: number, bytes: Buffer, start: number, end: number): number;
  clear(): void;
}

/** An empty table. */
export function createEndTable(): EndTable {
  let store = Buffer.alloc(1024 * 1024);
  let offsets = new Int32Array(4096);
  /** By address: the numbers of its objects, the last one met first. */
  let byAddress: (number[] | undefined)[] = [];
  let byText = new Map<string, number>();
  let count = 0;

  const isAt = (id: number, bytes: Buffer, at: number, end: number): boolean => {
    const [from, to] = [offsets[id]!, offsets[id + 1]!];
    const stop = at + to - from;
    return stop <= end && store.compare(bytes, at, stop, from, to) === 0;
  };
  return {
    find(address, bytes, at, end) {
      const ids = byAddress[address];
      if (ids === undefined) return 0;
      for (let index = 0; index < ids.length; index++) {
        const id = ids[index]!;
        if (!isAt(id, bytes, at, end)) continue;
        if (index > 0) {
          ids[index] = ids[0]!;
          ids[0] = id;
        }
        return id;
      }
      return 0;
    },
    textOf: (id) => store.toString('utf8', offsets[id]!, offsets[id + 1]!),
    lengthOf: (id) => offsets[id + 1]! - offsets[id]!,
    add(address, bytes, start, end) {
      const text = bytes.toString('latin1', start, end);
      let id = byText.get(text) ?? 0;
      if (id === 0) {
        const offset = offsets[count + 1]!;
        const needed = offset + end - start;
        if (needed > MOST_BYTES) return -1;
        if (needed > store.length) {
          const larger = Buffer.alloc(Math.max(needed, store.length * 2));
          store.copy(larger);
          store = larger;
        }
        id = ++count;
        if (id + 2 > offsets.length) {
          const larger = new Int32Array(offsets.length * 2);
          larger.set(offsets);
          offsets = larger;
        }
        bytes.copy(store, offset, start, end);
        offsets[id + 1] = needed;
        byText.set(text, id);
      }
      byAddress[address] ??= [];
      const ids = byAddress[address];
      if (!ids.includes(id)) ids[Math.min(ids.length, MOST_TRIED - 1)] = id;
      return id;
    },
    clear() {
      store = Buffer.alloc(1024 * 1024);
      offsets = new Int32Array(4096);
      byAddress = [];
      byText = new Map();
      count = 0;
    },
  };
}
