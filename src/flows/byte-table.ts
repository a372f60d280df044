// Texts as bytes, each once, with a number: addresses, names of nodes, objects of ends. Knows not what they are.

import { sortByRanks } from './ranks.ts';
import { isSameText, viewOf } from './same-bytes.ts';

/** Distinct texts. Numbers count from 1; 0 stands for none. */
export interface ByteTable {
  /** The number of the bytes from `start` to before `end`; 0 where they are not in the table. */
  find(bytes: Uint8Array, start: number, end: number): number;
  /** The same, and adds them. */
  add(bytes: Uint8Array, start: number, end: number): number;
  /** Whether the bytes of a number, none of them zero, begin at the place, and are wholly before `end`. */
  isAt(number: number, bytes: DataView, at: number, end: number): boolean;
  lengthOf(number: number): number;
  /** The text of a number. */
  textOf(number: number): string;
  /** What the function makes of the bytes of a number; they are only valid during the call. */
  read<T>(number: number, use: (bytes: Uint8Array, start: number, end: number) => T): T;
  count(): number;
  /** The numbers, each less 1, in the order of the bytes. */
  order(): Int32Array;
  /** All texts, in the order of their numbers. */
  pack(): PackedTexts;
  /** Adds all texts of another table; by their number there, the number here. */
  addPacked(texts: PackedTexts): Int32Array;
  /** Bytes of memory that the texts take. */
  size(): number;
  /** Forgets all texts and keeps the room for as many. */
  clear(): void;
}

/** Texts, one behind the other, as they go from thread to thread. */
export interface PackedTexts {
  readonly bytes: Uint8Array;
  /** Where each text begins; one more: where the last ends. */
  readonly offsets: Int32Array;
}

const FIRST_SLOTS = 1024;

/** What a text takes beside its bytes: its hash, its offset, and slots of which half are free at least. */
const BESIDE = 20;

/** An empty table. */
export function createByteTable(): ByteTable {
  /** Numbers; 0: free. At most half of them are taken. */
  let slots = new Int32Array(FIRST_SLOTS);
  /** By number. A text ends where the next begins. */
  let hashes = new Int32Array(FIRST_SLOTS / 2 + 1);
  let offsets = new Int32Array(FIRST_SLOTS / 2 + 2);
  let store = Buffer.alloc(FIRST_SLOTS * 8);
  let view = viewOf(store);
  let count = 0;

  const find = (bytes: Uint8Array, start: number, end: number, hash: number): number => {
    const length = end - start;
    const mask = slots.length - 1;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = slots[slot]!;
      const offset = offsets[number]!;
      if (hashes[number] !== hash || offsets[number + 1]! - offset !== length) continue;
      let at = 0;
      while (at < length && store[offset + at] === bytes[start + at]) at++;
      if (at === length) return number;
    }
    return 0;
  };
  const place = (number: number): void => {
    const mask = slots.length - 1;
    let slot = hashes[number]! & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number;
  };
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2);
    hashes = enlarged(hashes, slots.length / 2 + 1);
    offsets = enlarged(offsets, slots.length / 2 + 2);
    for (let number = 1; number <= count; number++) place(number);
  };
  const add = (bytes: Uint8Array, start: number, end: number): number => {
    const hash = hashOf(bytes, start, end);
    const known = find(bytes, start, end, hash);
    if (known > 0) return known;
    if ((count + 1) * 2 > slots.length) grow();
    const offset = offsets[++count]!;
    const stop = offset + end - start;
    if (stop > store.length) {
      const larger = Buffer.alloc(Math.max(stop, store.length * 2));
      store.copy(larger, 0, 0, offset);
      store = larger;
      view = viewOf(store);
    }
    for (let at = start; at < end; at++) store[offset + at - start] = bytes[at]!;
    offsets[count + 1] = stop;
    hashes[count] = hash;
    place(count);
    return count;
  };
  return {
    find: (bytes, start, end) => find(bytes, start, end, hashOf(bytes, start, end)),
    add,
    isAt(number, bytes, at, end) {
      const [from, to] = [offsets[number]!, offsets[number + 1]!];
      const stop = at + to - from;
      return stop <= end && isSameText(view, from, bytes, at, to - from);
    },
    lengthOf: (number) => offsets[number + 1]! - offsets[number]!,
    textOf: (number) => store.toString('utf8', offsets[number]!, offsets[number + 1]!),
    read: (number, use) => use(store, offsets[number]!, offsets[number + 1]!),
    count: () => count,
    order() {
      let longest = 0;
      for (let number = 1; number <= count; number++)
        longest = Math.max(longest, offsets[number + 1]! - offsets[number]!);
      return sortByRanks(
        count,
        Array.from({ length: longest }, (_, at) => ({
          of: (index) => {
            const place = offsets[index + 1]! + at;
            return place < offsets[index + 2]! ? store[place]! + 1 : 0;
          },
          count: 257,
        })),
      );
    },
    pack: () => ({
      bytes: Uint8Array.from(store.subarray(0, offsets[count + 1]!)),
      offsets: offsets.slice(1, count + 2),
    }),
    addPacked: (texts) => {
      const numbers = new Int32Array(texts.offsets.length);
      for (let number = 1; number < numbers.length; number++)
        numbers[number] = add(texts.bytes, texts.offsets[number - 1]!, texts.offsets[number]!);
      return numbers;
    },
    size: () => offsets[count + 1]! + count * BESIDE,
    clear() {
      if (count > 0) slots.fill(0);
      count = 0;
    },
  };
}

/** The same numbers with room for more of them. */
export function enlarged(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

/** FNV-1a, with its bits mixed down to where the table looks. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
