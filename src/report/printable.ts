// Makes text from manifests harmless on a terminal: names, messages and file names may hold anything. Knows nothing of
// what the text means.

/** Joins words that must stay on one line; {@link layOut} and {@link wrapWords} print it as a space. */
export const GLUE = '\u00a0';

// C0, DEL and C1 steer terminals; the others are invisible or turn the direction of text, and so can forge a line.
const RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202f],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
];

function escapeOf(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

const UNSAFE = new RegExp(`[${RANGES.map(([first, last]) => `${escapeOf(first)}-${escapeOf(last)}`).join('')}]`, 'gu');

/**
 * The text with every control, invisible and direction character written as `\x1b` or `\u202e`, and lone surrogates
 * likewise. Ordinary letters of any language stay.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A name as it is where it is made of the characters of names, else quoted and escaped, so that lists stay readable. */
export function printableName(name: string): string {
  return /^[\w.:-]+$/.test(name) ? name : `"${printable(name.replace(/["\\]/g, '\\$&'))}"`;
}

/**
 * JSON text with the control characters that JSON itself leaves alone written as `\uXXXX`, which means the same, so that
 * JSON on a terminal cannot steer it either. Line breaks are layout (inside strings JSON escapes them) and stay.
 */
export function printableJson(json: string): string {
  // Nearly all output is plain, and there may be very much of it.
  if (!UNUSUAL.test(json)) return json;
  return json.replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

const UNUSUAL = /[^\n -~]/;

/** Columns that the text takes, counting code points; wide East Asian characters count as one. */
export function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}

/** Breaks text at spaces into lines of at most `width` columns; a longer word gets a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  let used = 0;
  for (const word of text.split(' ')) {
    const length = widthOf(word);
    if (line === undefined) {
      line = word;
      used = length;
    } else if (used + 1 + length > width) {
      lines.push(line);
      line = word;
      used = length;
    } else {
      line = `${line} ${word}`;
      used += 1 + length;
    }
  }
  lines.push(line ?? '');
  return lines.map((each) => each.replaceAll(GLUE, ' '));
}
