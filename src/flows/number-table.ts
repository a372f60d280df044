// Rows of whole numbers, each once, numbered in the order of coming: which flow two ends and all else make. Knows not what
// the numbers are.

/** A table whose rows all have the same number of fields. */
export interface NumberTable {
  /** The row to look up: write its fields here first. */
  readonly row: Int32Array;
  /** The row's number, from 0; -1 where it is not in the table. */
  find(): number;
  /** Adds the row, which must not be there yet; its number, which is how many there were before. */
  add(): number;
  /** A field of the row with a number. */
  fieldOf(number: number, field: number): number;
  count(): number;
  /** All rows, one behind the other, in the order of their numbers. */
  rows(): Int32Array;
  /** Adds rows of another table that are not there yet; by their number there, the number here. */
  addRows(rows: Int32Array): Int32Array;
  /** Forgets all rows and keeps the room for as many. */
  clear(): void;
}

const FIRST_SLOTS = 1024;

/** An empty table of rows with this many fields. */
export function createNumberTable(width: number): NumberTable {
  const row = new Int32Array(width);
  /** Numbers of rows, one more each; 0: free. At most half of them are taken. */
  let slots = new Int32Array(FIRST_SLOTS);
  let rows = new Int32Array((FIRST_SLOTS / 2) * width);
  let count = 0;

  const hashAt = (fields: Int32Array, from: number): number => {
    let hash = 0;
    for (let at = 0; at < width; at++) hash = Math.imul(hash ^ fields[from + at]!, 0x9e3779b1) + (hash >>> 13);
    return hash ^ (hash >>> 16);
  };
  const place = (number: number, hash: number): void => {
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number + 1;
  };
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2);
    const larger = new Int32Array(rows.length * 2);
    larger.set(rows);
    rows = larger;
    for (let number = 0; number < count; number++) place(number, hashAt(rows, number * width));
  };
  const find = (): number => {
    const mask = slots.length - 1;
    for (let slot = hashAt(row, 0) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const from = (slots[slot]! - 1) * width;
      let at = 0;
      while (at < width && rows[from + at] === row[at]) at++;
      if (at === width) return slots[slot]! - 1;
    }
    return -1;
  };
  const add = (): number => {
    if ((count + 1) * 2 > slots.length) grow();
    rows.set(row, count * width);
    place(count, hashAt(row, 0));
    return count++;
  };
  return {
    row,
    find,
    add,
    addRows(others) {
      const numbers = new Int32Array(others.length / width);
      for (let number = 0; number < numbers.length; number++) {
        for (let field = 0; field < width; field++) row[field] = others[number * width + field]!;
        const known = find();
        numbers[number] = known === -1 ? add() : known;
      }
      return numbers;
    },
    fieldOf: (number, field) => rows[number * width + field]!,
    count: () => count,
    rows: () => rows.slice(0, count * width),
    clear() {
      if (count > 0) slots.fill(0);
      count = 0;
    },
  };
}
