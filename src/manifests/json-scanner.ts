// Walks JSON text without building values: where a value ends, where it is malformed, which keys it has. Iterative.
// Strict as JSON.parse is, so that the place it names is the place that JSON.parse refused.

/** Where a value ends, or the offset and nature of the first error. */
export type JsonScan = { readonly end: number } | { readonly error: string; readonly at: number };

/** Told about structure as the scan goes. A key's span includes its quotes. */
export interface JsonVisitor {
  open?(at: number): void;
  key?(start: number, end: number): void;
  close?(at: number): void;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const LITERAL = /true|false|null/y;
const HEX = /^[0-9a-fA-F]{4}$/;

/** The offset of the first character at or after `at` that is not JSON white space. */
export function skipBlank(text: string, at: number): number {
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
  }
  return i;
}

/** The offset behind the closing quote of the string that opens at `at`; -1 where it never closes. */
export function skipString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slash = quote - 1;
    while (text.charCodeAt(slash) === 92) slash--;
    if ((quote - slash) % 2 === 1) return quote + 1;
  }
  return -1;
}

/**
 * The offset behind the value that starts at or after `from`, in text that was parsed already: nothing is checked, and
 * places of findings are looked up many times over.
 */
export function skipValue(text: string, from: number): number {
  const start = skipBlank(text, from);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 34: {
        const end = skipString(text, at);
        if (end === -1) return text.length;
        if (depth === 0) return end;
        at = end - 1;
        break;
      }
      case 123:
      case 91:
        depth++;
        break;
      case 125:
      case 93:
        // A bare word ends where what holds it closes.
        if (depth === 0) return at;
        if (--depth === 0) return at + 1;
        break;
      case 44:
      case 32:
      case 10:
      case 13:
      case 9:
        if (depth === 0) return at;
        break;
      default:
    }
  }
  return text.length;
}

/** Scans one value that starts at or after `from`. What follows it is not looked at. */
export function scanJson(text: string, from: number, visitor: JsonVisitor = {}): JsonScan {
  const closers: number[] = [];
  let at = skipBlank(text, from);
  let isFirst = false;
  const fail = (error: string, where: number): JsonScan => {
    if (where < text.length) return { error, at: where };
    const closer = closers.at(-1);
    const missing = closer === undefined ? '' : `: ${String.fromCharCode(closer)} is missing`;
    return { error: `JSON ends too early${missing}`, at: text.trimEnd().length };
  };
  for (;;) {
    const closer = closers.at(-1);
    if (closer === 125 && text.charCodeAt(at) !== 125) {
      if (text.charCodeAt(at) !== 34) return fail('a key in double quotes is missing here', at);
      const end = skipString(text, at);
      if (end === -1) return fail('string without a closing quote', at);
      const bad = badString(text, at, end);
      if (bad) return fail('malformed string', at);
      visitor.key?.(at, end);
      at = skipBlank(text, end);
      if (text.charCodeAt(at) !== 58) return fail('a colon is missing here', at);
      at = skipBlank(text, at + 1);
      isFirst = false;
    }
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) {
      visitor.open?.(at);
      closers.push(code + 2);
      at = skipBlank(text, at + 1);
      isFirst = true;
      if (text.charCodeAt(at) !== code + 2) continue;
    } else if (!(isFirst && code === closer)) {
      const end = skipScalar(text, at);
      if (typeof end === 'string') return fail(end, at);
      at = end;
    }
    isFirst = false;
    // Behind a value, or at the closer of an empty container: close what ends here.
    for (;;) {
      const open = closers.at(-1);
      if (open === undefined) return { end: at };
      at = skipBlank(text, at);
      const next = text.charCodeAt(at);
      if (next === 44) {
        at = skipBlank(text, at + 1);
        if (text.charCodeAt(at) === open) return fail('a comma must be followed by another element', at);
        break;
      }
      if (next !== open)
        return fail(open === 125 ? 'a comma or } is missing here' : 'a comma or ] is missing here', at);
      visitor.close?.(at);
      closers.pop();
      at++;
    }
  }
}

function skipScalar(text: string, at: number): number | string {
  if (text.charCodeAt(at) === 34) {
    const end = skipString(text, at);
    if (end === -1) return 'string without a closing quote';
    return badString(text, at, end) ? 'malformed string' : end;
  }
  for (const pattern of [NUMBER, LITERAL]) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return at + match[0].length;
  }
  return 'a value is missing here';
}

/** True for control characters and unknown escapes between the quotes. */
function badString(text: string, start: number, end: number): boolean {
  for (let i = start + 1; i < end - 1; i++) {
    const code = text.charCodeAt(i);
    if (code < 32) return true;
    if (code !== 92) continue;
    i++;
    if (text[i] === 'u' ? !HEX.test(text.slice(i + 1, i + 5)) : !'"\\/bfnrt'.includes(text[i]!)) return true;
  }
  return false;
}

/** True where arrays and objects nest deeper than `limit`. Meant for text that JSON.parse accepts. */
export function isJsonDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) i = skipString(text, i) - 1;
    else if (code === 123 || code === 91) {
      if (++depth > limit) return true;
    } else if (code === 125 || code === 93) depth--;
  }
  return false;
}
