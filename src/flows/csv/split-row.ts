// One line of a table to its fields, by RFC 4180: fields in double quotes may hold delimiters, quotes written twice, and ends
// of lines. Knows not what a field means.

/** Characters that may stand between fields, in the order in which they are tried. */
export const DELIMITERS = [',', ';', '\t'] as const;

/** See {@link DELIMITERS}. */
export type Delimiter = (typeof DELIMITERS)[number];

/** The fields of a row; `open`: a quoted field does not end in this text; `broken`: why the text is no row. */
export type Row =
  | { readonly kind: 'fields'; readonly fields: readonly string[] }
  | { readonly kind: 'open' }
  | { readonly kind: 'broken'; readonly why: string };

/** Splits the text of a row, which is a line or, where the line before was `open`, several. */
export function splitRow(text: string, delimiter: Delimiter): Row {
  if (!text.includes('"')) return { kind: 'fields', fields: text.split(delimiter) };
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (text[at] === '"') {
      const field = quotedField(text, at);
      if (field === undefined) return { kind: 'open' };
      fields.push(field.value);
      at = field.end;
      if (at < text.length && text[at] !== delimiter)
        return { kind: 'broken', why: `field ${fields.length} goes on after its closing quote` };
    } else {
      const end = endOfField(text, at, delimiter);
      const field = text.slice(at, end);
      if (field.includes('"'))
        return { kind: 'broken', why: `field ${fields.length + 1} has a quote in it and is not quoted` };
      fields.push(field);
      at = end;
    }
    if (at === text.length) return { kind: 'fields', fields };
    at++;
  }
}

/** The delimiter that makes the most fields of a header; the first of equals. A comma where none occurs. */
export function delimiterOf(header: string): Delimiter {
  let best: Delimiter = ',';
  let most = 1;
  for (const delimiter of DELIMITERS) {
    const row = splitRow(header, delimiter);
    if (row.kind !== 'fields' || row.fields.length <= most) continue;
    best = delimiter;
    most = row.fields.length;
  }
  return best;
}

function endOfField(text: string, at: number, delimiter: Delimiter): number {
  const end = text.indexOf(delimiter, at);
  return end < 0 ? text.length : end;
}

/** The value of the quoted field at a place; undefined where it does not end. `end` is one past the closing quote. */
function quotedField(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  let value = '';
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return undefined;
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}
