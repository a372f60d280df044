// Drawn values of the model without selectors that look into values: no boxes can be made of those.

/** The same with `in` in place of `contains`, `starts-with` and `ends-with`, wherever they stand. */
export function finite<T>(value: T): T {
  if (Array.isArray(value)) return value.map(finite) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, one]) => [key, finite(one)] as const);
  const same = Object.fromEntries(fields);
  return (typeof same['text'] === 'string' ? { op: 'in', key: same['key'], values: [same['text']] } : same) as T;
}
