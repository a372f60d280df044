// JSON text: one value, or several one after the other as `kubectl get` prints them. JSON.parse does the work; the
// scanner is asked only where JSON.parse refuses.

import { isJsonDeeperThan, scanJson, skipBlank, skipString } from './json-scanner.ts';
import { MAX_DEPTH, MAX_JSON_KEY_SCAN } from './limits.ts';
import type { Span } from './place.ts';

/** The values with the offsets they start at, and where and why reading stopped, if it did. */
export interface JsonReading {
  readonly values: readonly { readonly value: unknown; readonly start: number }[];
  readonly error?: { readonly message: string; readonly at: number; readonly isTooDeep: boolean };
}

/** Reads `text` from `start` to `end`. Blank text gives no value and no error. */
export function readJson(text: string, start: number, end: number): JsonReading {
  const slice = start === 0 && end === text.length ? text : text.slice(start, end);
  const whole = parse(slice);
  if (whole !== undefined) {
    if (!isJsonDeeperThan(slice, MAX_DEPTH)) {
      return { values: [{ value: whole.value, start: start + skipBlank(slice, 0) }] };
    }
    const message = `nested deeper than ${MAX_DEPTH} levels`;
    return { values: [], error: { message, at: start + skipBlank(slice, 0), isTooDeep: true } };
  }
  return readStream(slice, start);
}

function readStream(slice: string, offset: number): JsonReading {
  const values: { value: unknown; start: number }[] = [];
  for (let at = skipBlank(slice, 0); at < slice.length; ) {
    const scan = scanJson(slice, at);
    if ('error' in scan) return { values, error: { message: scan.error, at: offset + scan.at, isTooDeep: false } };
    const piece = slice.slice(at, scan.end);
    const parsed = parse(piece);
    const isTooDeep = isJsonDeeperThan(piece, MAX_DEPTH);
    if (parsed === undefined || isTooDeep) {
      const message = isTooDeep ? `nested deeper than ${MAX_DEPTH} levels` : 'malformed JSON';
      return { values, error: { message, at: offset + at, isTooDeep } };
    }
    values.push({ value: parsed.value, start: offset + at });
    at = skipBlank(slice, scan.end);
  }
  return { values };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * Keys that an object of the value at `start` gives twice, by the place of the later one. Looked for only in texts up to
 * MAX_JSON_KEY_SCAN characters; longer ones are printed by programs, which do not repeat keys.
 */
export function findDuplicateKeys(text: string, start: number): readonly (Span & { readonly name: string })[] {
  const found: (Span & { name: string })[] = [];
  if (text.length > MAX_JSON_KEY_SCAN) return found;
  const open: Set<string>[] = [];
  scanJson(text, start, {
    open: () => open.push(new Set()),
    close: () => open.pop(),
    key: (from, end) => {
      const raw = text.slice(from, end);
      const name: string = raw.includes('\\') ? JSON.parse(raw) : raw.slice(1, -1);
      const keys = open.at(-1)!;
      if (keys.has(name)) found.push({ name, start: from, end });
      keys.add(name);
    },
  });
  return found;
}

/** True where a text starts as JSON does and YAML written by hand hardly ever: `{"`, `[{`, `{}`. */
export function looksLikeJson(text: string, from: number): boolean {
  const first = skipBlank(text, from);
  const opener = text[first];
  if (opener !== '{' && opener !== '[') return false;
  const second = skipBlank(text, first + 1);
  if (opener === '[') return second >= text.length || '[{"]'.includes(text[second]!);
  if (second >= text.length || text[second] === '}') return true;
  return text[second] === '"' && text[skipBlank(text, skipString(text, second))] === ':';
}
