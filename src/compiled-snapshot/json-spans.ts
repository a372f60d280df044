// Where every value of a JSON text stands, in one walk. Only for text that was parsed already: nothing is checked.

/** Where a value begins and ends, as offsets, and those in it: by key, of equal ones the last, or by index. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
  readonly members?: ReadonlyMap<string | number, JsonSpan>;
}

/** The value that begins at or after `from`. */
export function spanOfJson(text: string, from = 0): JsonSpan {
  const start = skipBlank(text, from);
  const opener = text[start];
  if (opener === '"') return { start, end: endOfString(text, start) };
  if (opener !== '{' && opener !== '[') {
    let end = start;
    while (end < text.length && !DELIMITERS.includes(text[end]!)) end++;
    return { start, end };
  }
  const members = new Map<string | number, JsonSpan>();
  let at = skipBlank(text, start + 1);
  for (let index = 0; text[at] !== '}' && text[at] !== ']'; index++) {
    let key: string | number = index;
    if (opener === '{') {
      const end = endOfString(text, at);
      key = JSON.parse(text.slice(at, end)) as string;
      at = skipBlank(text, end) + 1;
    }
    const span = spanOfJson(text, at);
    members.set(key, span);
    at = skipBlank(text, span.end);
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return { start, end: at + 1, members };
}

const DELIMITERS = ' \t\r\n,]}';

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANKS.includes(text[at]!)) at++;
  return at;
}

const BLANKS = ' \t\r\n';

/** Behind the closing quote of the string that opens at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
