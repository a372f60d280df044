// Arrays of numbers that grow: twice as long each time, so that adding to one costs the same however long it is.

/** The array itself where it holds `size` numbers, else a longer one with the same beginning; what is new is `fill`. */
export function withRoom(array: Int32Array<ArrayBuffer>, size: number, fill = 0): Int32Array<ArrayBuffer> {
  if (size <= array.length) return array;
  const larger = new Int32Array(Math.max(size, 2 * array.length));
  larger.set(array);
  if (fill !== 0) larger.fill(fill, array.length);
  return larger;
}
