// Rows of whole numbers to one number: which flow two ends and all else make. Knows not what the numbers are.

/** A table whose rows all have the same number of fields. */
export interface NumberTable {
  /** The row to look up: write its fields here first. */
  readonly row: Int32Array;
  /** The number of the row; -1 where it is not in the table. */
  find(): number;
  /** Adds the row, which must not be there yet, with a number of at least 0. */
  add(value: number): void;
  count(): number;
  clear(): void;
}

const FIRST_SLOTS = 1024;

/** An empty table of rows with this many fields. */
export function createNumberTable(width: number): NumberTable {
  const row = new Int32Array(width);
  let slots = FIRST_SLOTS;
  let keys = new Int32Array(slots * width);
  let values = new Int32Array(slots).fill(-1);
  let count = 0;

  const hashAt = (fields: Int32Array, from: number): number => {
    let hash = 0;
    for (let at = 0; at < width; at++) hash = Math.imul(hash ^ fields[from + at]!, 0x9e3779b1) + (hash >>> 13);
    return hash ^ (hash >>> 16);
  };
  const place = (fields: Int32Array, from: number, value: number): void => {
    let slot = hashAt(fields, from) & (slots - 1);
    while (values[slot] !== -1) slot = (slot + 1) & (slots - 1);
    for (let at = 0; at < width; at++) keys[slot * width + at] = fields[from + at]!;
    values[slot] = value;
  };
  return {
    row,
    find() {
      const mask = slots - 1;
      for (let slot = hashAt(row, 0) & mask; values[slot] !== -1; slot = (slot + 1) & mask) {
        let at = 0;
        while (at < width && keys[slot * width + at] === row[at]) at++;
        if (at === width) return values[slot]!;
      }
      return -1;
    },
    add(value) {
      if (++count * 2 > slots) {
        const [oldKeys, oldValues] = [keys, values];
        slots *= 2;
        keys = new Int32Array(slots * width);
        values = new Int32Array(slots).fill(-1);
        oldValues.forEach((old, slot) => {
          if (old !== -1) place(oldKeys, slot * width, old);
        });
      }
      place(row, 0, value);
    },
    count: () => count,
    clear() {
      slots = FIRST_SLOTS;
      keys = new Int32Array(slots * width);
      values = new Int32Array(slots).fill(-1);
      count = 0;
    },
  };
}
