// Short texts as bytes, each once, with a number: addresses and names of nodes. Knows not what they are.

/** Distinct texts. Numbers count from 1; 0 stands for none. */
export interface ByteTable {
  /** The number of the bytes from `start` to before `end`; 0 where they are not in the table. */
  find(bytes: Uint8Array, start: number, end: number): number;
  /** The same, and adds them. */
  add(bytes: Uint8Array, start: number, end: number): number;
  /** The text of a number, whose bytes are ASCII. */
  textOf(id: number): string;
  /** Bytes of memory that the texts take. */
  size(): number;
  clear(): void;
}

const FIRST_SLOTS = 1024;

/** An empty table. */
export function createByteTable(): ByteTable {
  let slots = new Int32Array(FIRST_SLOTS);
  let offsets = new Int32Array(FIRST_SLOTS);
  let hashes = new Int32Array(FIRST_SLOTS);
  let store = new Uint8Array(FIRST_SLOTS * 16);
  let count = 0;

  const find = (bytes: Uint8Array, start: number, end: number): number => {
    const hash = hashOf(bytes, start, end);
    const mask = slots.length - 1;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = slots[slot]!;
      if (hashes[id] !== hash) continue;
      const offset = offsets[id]!;
      const length = end - start;
      if (offsets[id + 1]! - offset !== length) continue;
      let at = 0;
      while (at < length && store[offset + at] === bytes[start + at]) at++;
      if (at === length) return id;
    }
    return 0;
  };
  const place = (id: number): void => {
    const mask = slots.length - 1;
    let slot = hashes[id]! & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id;
  };
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2);
    offsets = enlarged(offsets);
    hashes = enlarged(hashes);
    for (let id = 1; id <= count; id++) place(id);
  };
  return {
    find,
    add(bytes, start, end) {
      const known = find(bytes, start, end);
      if (known > 0) return known;
      if ((count + 3) * 2 > slots.length) grow();
      const id = ++count;
      const offset = offsets[id]!;
      while (offset + end - start > store.length) {
        const larger = new Uint8Array(store.length * 2);
        larger.set(store);
        store = larger;
      }
      store.set(bytes.subarray(start, end), offset);
      offsets[id + 1] = offset + end - start;
      hashes[id] = hashOf(bytes, start, end);
      place(id);
      return id;
    },
    textOf: (id) => Buffer.from(store.buffer, offsets[id]!, offsets[id + 1]! - offsets[id]!).toString('latin1'),
    size: () => store.length + slots.length * 12,
    clear() {
      slots = new Int32Array(FIRST_SLOTS);
      offsets = new Int32Array(FIRST_SLOTS);
      hashes = new Int32Array(FIRST_SLOTS);
      store = new Uint8Array(FIRST_SLOTS * 16);
      count = 0;
    },
  };
}

function enlarged(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** FNV-1a, with its bits mixed down to where the table looks. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
