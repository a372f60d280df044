// Whether two plain values say the same: of states that were read one after the other, equal things are different objects.

/**
 * Reports whether the values are equal, field by field and item by item; a field that is undefined is not one that is
 * absent. Fields named in `but` are not looked at, at any depth. Values with cycles never end.
 */
export function isSameValue(a: unknown, b: unknown, but: readonly string[] = []): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((one, index) => isSameValue(one, b[index], but));
  }
  if (a instanceof Map || a instanceof Set || b instanceof Map || b instanceof Set) return false;
  const [left, right] = [Object.keys(a), Object.keys(b)];
  if (left.length !== right.length) return false;
  return left.every(
    (key) => Object.hasOwn(b, key) && (but.includes(key) || isSameValue(Reflect.get(a, key), Reflect.get(b, key), but)),
  );
}
