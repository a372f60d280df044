// Fields of plain JSON values: each with the type that is wanted, or nothing. Knows no format.

/** A JSON object. */
export type Plain = Readonly<Record<string, unknown>>;

/** Reports whether a value is a JSON object. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that is an object; undefined for anything else. */
export function mapIn(value: Plain, key: string): Plain | undefined {
  const found = value[key];
  return isPlain(found) ? found : undefined;
}

/** A field that is text and not empty; undefined for anything else. Numbers are text: an unquoted token may look like one. */
export function textIn(value: Plain, key: string): string | undefined {
  const found = value[key];
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The objects of a list; empty where there is no list. */
export function listIn(value: Plain, key: string): readonly Plain[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isPlain) : [];
}

/** Reports whether a field is true. */
export function switchIn(value: Plain, key: string): boolean {
  return value[key] === true;
}
