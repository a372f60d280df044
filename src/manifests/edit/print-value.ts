// Plain values to the words of one document: block lines at a column, flow on one line, JSON over several. What it
// prints reads back as the value, in YAML 1.1 and 1.2 alike; quoting is that of print-yaml.

import { needsQuotes, printQuoted, printScalar } from '../print-yaml.ts';

/** How a document is written in block style. */
export interface BlockStyle {
  /** Columns from a key to the keys below it. */
  readonly step: number;
  /** Columns from a key to the dashes below it; 0 where lists are not indented. */
  readonly dashes: number;
}

/** How a collection between brackets is written. */
export interface FlowStyle {
  /** With the blanks behind it: `, ` or `,`. */
  readonly comma: string;
  /** With the blanks behind it: `: ` or `:`; without a blank only where keys are quoted. */
  readonly colon: string;
  /** What stands inside brackets of either kind that hold something: a blank or nothing. */
  readonly braces: '' | ' ';
  readonly brackets: '' | ' ';
  /** True for JSON, and where YAML is written like it: every key and text in double quotes. */
  readonly isQuoted: boolean;
}

/**
 * A printed value: what follows the colon or dash on its line, empty for nothing, and the lines below, with their
 * indentation. There is always one of the two.
 */
export interface Printed {
  readonly inline: string;
  readonly lines: readonly string[];
}

/** The value of a key that stands at column `column`. */
export function printEntryValue(value: unknown, column: number, style: BlockStyle): Printed {
  if (!isFilled(value)) return printBlockScalar(value, column + style.step);
  return { inline: '', lines: printLines(value, column + (Array.isArray(value) ? style.dashes : style.step), style) };
}

/** The value of an item, which stands at column `column`, two behind its dash or more. */
export function printItemValue(value: unknown, column: number, style: BlockStyle): Printed {
  if (!isFilled(value)) return printBlockScalar(value, column);
  const [first, ...lines] = printLines(value, column, style);
  return { inline: first!.slice(column), lines };
}

/** An entry whose key stands at column `column`: its first line without, the others with indentation. */
export function printEntry(key: string, value: unknown, column: number, style: BlockStyle): readonly string[] {
  const { inline, lines } = printEntryValue(value, column, style);
  return [`${printScalar(key, false)}:${inline === '' ? '' : ` ${inline}`}`, ...lines];
}

/** An item whose dash stands at column `column`: its first line without, the others with indentation. */
export function printItem(value: unknown, column: number, style: BlockStyle): readonly string[] {
  const { inline, lines } = printItemValue(value, column + 2, style);
  return [`- ${inline}`, ...lines];
}

/** Reports whether a value takes lines of its own in block style: a collection that is not empty. */
export function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** The lines of a collection that is not empty, whose members stand at column `column`. */
export function printLines(value: object, column: number, style: BlockStyle): string[] {
  const pad = ' '.repeat(column);
  const members = Array.isArray(value)
    ? value.map((item) => printItem(item, column, style))
    : Object.entries(value).map(([key, field]) => printEntry(key, field, column, style));
  return members.flatMap(([first, ...lines]) => [pad + first, ...lines]);
}

/** Text of several lines as a literal block where that is exact; anything else on one line. */
function printBlockScalar(value: unknown, column: number): Printed {
  if (Array.isArray(value)) return { inline: '[]', lines: [] };
  if (typeof value === 'object' && value !== null) return { inline: '{}', lines: [] };
  if (typeof value !== 'string' || !isLiteral(value)) return { inline: printScalar(value, false), lines: [] };
  const isClosed = value.endsWith('\n');
  const lines = (isClosed ? value.slice(0, -1) : value).split('\n');
  const pad = ' '.repeat(column);
  return { inline: isClosed ? '|' : '|-', lines: lines.map((line) => (line === '' ? '' : pad + line)) };
}

/** Lines that hold no characters to escape, with no blanks or line breaks at the ends that a header would have to announce. */
function isLiteral(text: string): boolean {
  return /^\S.*\n/.test(text) && !/[ \t]$|\n\s*\n$/.test(text) && !needsQuotes(text);
}

/** A value on one line, as it stands between brackets or behind a key in flow. */
export function printFlow(value: unknown, style: FlowStyle): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const items = value.map((item) => printFlow(item, style)).join(style.comma);
    return `[${style.brackets}${items}${style.brackets}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, field]) => printFlowEntry(key, field, style));
    return entries.length === 0 ? '{}' : `{${style.braces}${entries.join(style.comma)}${style.braces}}`;
  }
  if (style.isQuoted && typeof value === 'string') return printQuoted(value);
  return printScalar(value, true);
}

/** An entry of a flow mapping on one line. */
export function printFlowEntry(key: string, value: unknown, style: FlowStyle): string {
  const name = style.isQuoted ? printQuoted(key) : printScalar(key, true);
  // YAML needs the blank behind a key that is not quoted.
  const colon = name.endsWith('"') || style.colon !== ':' ? style.colon : ': ';
  return `${name}${colon}${printFlow(value, style)}`;
}

/** A value as indented JSON; lines below the first stand at `column` or further right. */
export function printJson(value: unknown, column: string, step: string): readonly string[] {
  return JSON.stringify(value, null, step)
    .split('\n')
    .map((line, index) => (index === 0 ? line : column + line));
}
