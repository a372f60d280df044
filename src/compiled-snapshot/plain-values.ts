// Values of the model as JSON and back: with numbers beyond 2^53, without the objects that they were read from.

/** Stands for a number of IPv6. No key of a value may be called so. */
const BIG = '\u0000big';

/** The text of a value. Manifest objects in it are left out. Throws where a value cannot come back the same. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === 'bigint') return { [BIG]: one.toString() };
    if (typeof one !== 'object' || one === null) return one;
    if (typeof Reflect.get(one, 'locate') === 'function') return undefined;
    if (Object.hasOwn(one, BIG) || one instanceof Map || one instanceof Set) throw new Error('no plain value');
    return one;
  });
}

/** The value of a text that {@link textOf} wrote. */
export function plainOf(text: string): unknown {
  if (!text.includes('\\u0000big')) return JSON.parse(text);
  return JSON.parse(text, (_key, one: unknown) => {
    if (typeof one !== 'object' || one === null || !Object.hasOwn(one, BIG)) return one;
    return BigInt(String(Reflect.get(one, BIG)));
  });
}
