// Numbers by pairs of numbers, in flat arrays: what two of many things make together, kept without an object a pair.

/** A table of whole numbers by ordered pairs of numbers, all from 0 to 2^31 - 1. */
export interface PairTable {
  /** The number of the pair, made on first use from the pair itself. */
  entry(a: number, b: number, make: (a: number, b: number) => number): number;
}

/** Slots at first; always a power of two. */
const START = 1 << 10;

/** An empty table. */
export function pairTable(): PairTable {
  let size = START;
  let count = 0;
  let keys = new Int32Array(2 * size).fill(-1);
  let values = new Int32Array(size);

  /** The slot of the pair, or the free one where it goes. */
  function slotOf(a: number, b: number): number {
    const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    for (let slot = (mixed ^ (mixed >>> 15)) & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const known = keys[2 * slot];
      if (known === -1 || (known === a && keys[2 * slot + 1] === b)) return slot;
    }
  }

  function grow(): void {
    const [oldKeys, oldValues, oldSize] = [keys, values, size];
    size *= 2;
    keys = new Int32Array(2 * size).fill(-1);
    values = new Int32Array(size);
    for (let old = 0; old < oldSize; old++) {
      const a = oldKeys[2 * old]!;
      if (a === -1) continue;
      const b = oldKeys[2 * old + 1]!;
      const slot = slotOf(a, b);
      keys[2 * slot] = a;
      keys[2 * slot + 1] = b;
      values[slot] = oldValues[old]!;
    }
  }

  return {
    entry(a, b, make) {
      const slot = slotOf(a, b);
      if (keys[2 * slot] !== -1) return values[slot]!;
      const value = make(a, b);
      // What was made may have put pairs of its own here.
      if (2 * ++count > size) grow();
      const free = slotOf(a, b);
      keys[2 * free] = a;
      keys[2 * free + 1] = b;
      values[free] = value;
      return value;
    },
  };
}
