// Lines of a text around an offset: where they start and end, how they end, what stands above. Knows no YAML but that `#`
// starts a comment.

/** The offset of the first character of the line that `at` is in. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The offset behind the last character of the line that `at` is in, before its line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end === -1) return text.length;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** The offset of the line below; the end of the text where there is none. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** Columns from the start of the line, from 0. */
export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** Reports whether only blanks stand before `at` in its line. */
export function startsLine(text: string, at: number): boolean {
  // Mostly the character in front of it shows it: a line may be as long as its file.
  if (at > 0 && !/\s/.test(text[at - 1]!)) return false;
  return text.slice(lineStart(text, at), at).trim() === '';
}

/** Reports whether only blanks, or blanks and a comment, stand behind `at` in its line. */
export function endsLine(text: string, at: number): boolean {
  return /^[ \t]*(?:#.*)?$/.test(text.slice(at, lineEnd(text, at)));
}

/** How lines end near `at`: as its own line does, else as the one above; LF in a text of one line. */
export function lineBreakAt(text: string, at: number): '\n' | '\r\n' {
  const below = text.indexOf('\n', at);
  const end = below === -1 ? text.lastIndexOf('\n') : below;
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/** Reports whether the line that `at` is in holds nothing but blanks. */
export function isBlankLine(text: string, at: number): boolean {
  return text.slice(lineStart(text, at), lineEnd(text, at)).trim() === '';
}
