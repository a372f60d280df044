// Short texts as bytes, each once, with a number: addresses and names of nodes. Knows not what they are.

/** Distinct texts. Numbers count from 1; 0 stands for none. */
export interface ByteTable {
  /** The number of the bytes from `start` to before `end`; 0 where they are not in the table. */
  find(bytes: Uint8Array, start: number, end: number): number;
  /** The same, and adds them. */
  add(bytes: Uint8Array, start: number, end: number): number;
  /** The text of a number, whose bytes are ASCII. */
  textOf(number: number): string;
  /** Bytes of memory that the texts take. */
  size(): number;
  clear(): void;
}

const FIRST_SLOTS = 1024;

/** Fields of a slot, side by side since they are read together: number (0: free), hash, where the text is, its length. */
const [NUMBER, HASH, OFFSET, LENGTH, WIDTH] = [0, 1, 2, 3, 4];

/** An empty table. */
export function createByteTable(): ByteTable {
  let slots = new Int32Array(FIRST_SLOTS * WIDTH);
  /** By number: its slot's fields begin here. */
  let places = new Int32Array(FIRST_SLOTS);
  let store = new Uint8Array(FIRST_SLOTS * 16);
  let count = 0;
  let used = 0;

  const find = (bytes: Uint8Array, start: number, end: number): number => {
    const hash = hashOf(bytes, start, end);
    const length = end - start;
    const mask = slots.length - 1;
    for (let slot = (hash * WIDTH) & mask; slots[slot] !== 0; slot = (slot + WIDTH) & mask) {
      if (slots[slot + HASH] !== hash || slots[slot + LENGTH] !== length) continue;
      const offset = slots[slot + OFFSET]!;
      let at = 0;
      while (at < length && store[offset + at] === bytes[start + at]) at++;
      if (at === length) return slots[slot + NUMBER]!;
    }
    return 0;
  };
  const place = (number: number, hash: number, offset: number, length: number): void => {
    const mask = slots.length - 1;
    let slot = (hash * WIDTH) & mask;
    while (slots[slot] !== 0) slot = (slot + WIDTH) & mask;
    slots[slot + NUMBER] = number;
    slots[slot + HASH] = hash;
    slots[slot + OFFSET] = offset;
    slots[slot + LENGTH] = length;
    places[number] = slot;
  };
  const grow = (): void => {
    const old = slots;
    slots = new Int32Array(old.length * 2);
    places = new Int32Array(places.length * 2);
    for (let slot = 0; slot < old.length; slot += WIDTH)
      if (old[slot] !== 0) place(old[slot]!, old[slot + HASH]!, old[slot + OFFSET]!, old[slot + LENGTH]!);
  };
  return {
    find,
    add(bytes, start, end) {
      const known = find(bytes, start, end);
      if (known > 0) return known;
      if ((count + 2) * 2 * WIDTH > slots.length) grow();
      while (used + end - start > store.length) {
        const larger = new Uint8Array(store.length * 2);
        larger.set(store);
        store = larger;
      }
      store.set(bytes.subarray(start, end), used);
      place(++count, hashOf(bytes, start, end), used, end - start);
      used += end - start;
      return count;
    },
    textOf(number) {
      const slot = places[number]!;
      return Buffer.from(store.buffer, slots[slot + OFFSET]!, slots[slot + LENGTH]!).toString('latin1');
    },
    size: () => store.length + slots.length * 5,
    clear() {
      slots = new Int32Array(FIRST_SLOTS * WIDTH);
      places = new Int32Array(FIRST_SLOTS);
      store = new Uint8Array(FIRST_SLOTS * 16);
      count = 0;
      used = 0;
    },
  };
}

/** FNV-1a, with its bits mixed down to where the table looks. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
