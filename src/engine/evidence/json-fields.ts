// Fields of plain JSON values, read without complaint: what is malformed has been reported when the snapshot was built.

/** A JSON object; empty for everything that is none. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object: empty for null, lists and everything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The value as a list: empty for everything that is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that is not empty; undefined for everything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; other items are left out. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

/** Texts by key in the order in which they are written; other values are left out. */
export function textMapOf(value: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(fieldsOf(value));
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** A port number; undefined for everything else. Digits in a text count, as YAML in ConfigMaps has them. */
export function portOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 65535 ? number : undefined;
}
