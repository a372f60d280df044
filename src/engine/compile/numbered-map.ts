// Values by an object and a number that mostly is the same one: a table of numbers for each of very many objects would
// take more room than all values together.

/** The number that costs nothing: where the value does not depend on one. */
export const ANY_NUMBER = -1;

/** A table of values by object and number. */
export interface NumberedMap<K, V> {
  /** The value, made on first use; undefined is a value. */
  entry(key: K, number: number, make: () => V): V;
  /** The value, or undefined where none was made. */
  get(key: K, number: number): V | undefined;
}

/** An empty table. */
export function numberedMap<K, V>(): NumberedMap<K, V> {
  const plain = new Map<K, V>();
  const numbered = new Map<K, Map<number, V>>();
  return {
    entry(key, number, make) {
      if (number === ANY_NUMBER) return made(plain, key, make);
      let own = numbered.get(key);
      if (own === undefined) {
        own = new Map();
        numbered.set(key, own);
      }
      return made(own, number, make);
    },
    get: (key, number) => (number === ANY_NUMBER ? plain.get(key) : numbered.get(key)?.get(number)),
  };
}

function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined || map.has(key)) return known as V;
  const value = make();
  map.set(key, value);
  return value;
}
