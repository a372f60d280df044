// What is wrong with YAML text, in the words of somebody who mends it: the parser's own words are about its grammar.
// Knows the parser's errors and what people mistype, not what documents are for.

import { type Document, isCollection, isScalar, Scalar, visit, type YAMLParseError } from 'yaml';
import type { DocumentProblem } from './build-value.ts';
import { nearestBlocks, openBlocks } from './open-blocks.ts';

/** An explanation; places count from the start of the text. */
type Explained = Pick<DocumentProblem, 'message' | 'hint' | 'start' | 'end'>;

/** The text, what the parser made of it in spite of the error, and the error's place. */
interface Malformed {
  readonly text: string;
  readonly document: Document;
  readonly error: YAMLParseError;
  readonly start: number;
  readonly end: number;
}

/** What else an unclosed bracket makes of the lines below it. */
const IN_FLOW: ReadonlySet<string> = new Set(['BLOCK_IN_FLOW', 'MULTILINE_IMPLICIT_KEY']);

const CONFLICT = /^(?:<{7}|\|{7}|={7}|>{7})(?= |\r?$)/m;

/** The offset of the first line that git left where two versions did not merge; -1 where there is none. */
export function findConflict(text: string): number {
  return CONFLICT.exec(text)?.index ?? -1;
}

/** What to say of a line that git left. */
export const CONFLICT_MESSAGE: string = 'a merge conflict that is not resolved';
/** What to do about it. */
export const CONFLICT_HINT: string =
  'keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>';

/** Explains the error that stopped the parser in `text`, at the place where it is to be mended. */
export function explainYamlError(error: YAMLParseError, text: string, document: Document): Explained {
  // What is missing at the end is missing behind the last word, not lines further down.
  const last = text.trimEnd().length;
  const [start, end] = [Math.min(error.pos[0], last), Math.min(error.pos[1], last)];
  const conflict = findConflict(text);
  if (conflict !== -1) return at(conflict, conflict + 7, CONFLICT_MESSAGE, CONFLICT_HINT);
  if (error.code === 'TAB_AS_INDENT' || text[start] === '\t') {
    return at(start, end, 'a tab cannot indent YAML; use spaces');
  }
  const malformed = { text, document, error, start, end };
  return (
    unclosed(malformed) ??
    wrongLine(malformed) ??
    wrongIndentation(malformed) ??
    wrongValue(malformed) ??
    at(start, end, sentence(error.message))
  );
}

function at(start: number, end: number, message: string, hint?: string): Explained {
  return { message, ...(hint === undefined ? {} : { hint }), start, end };
}

/** A quote or bracket that is not closed, or only by the next one of its kind, lines further down. */
function unclosed({ text, document, error: { code, message }, start }: Malformed): Explained | undefined {
  const isEnd = /^(?:Missing closing|Expected flow)|end with a/.test(message);
  let opener = -1;
  visit(document, (_, node) => {
    const range = isScalar(node) || isCollection(node) ? node.range : undefined;
    if (!range || range[0] > start) return undefined;
    const [from, to] = range;
    const source = text.slice(from, to);
    if (isScalar(node) && isQuoted(node)) {
      // A text over several lines where none can be: it was closed by the quote that opens the next one.
      const isClosedLate = source.includes('\n') && !isEnd && text.slice(to, start).trim() === '';
      if (isClosedLate || (isEnd && to >= start)) opener = from;
    } else if (isCollection(node) && node.flow === true && (isEnd || IN_FLOW.has(code)) && to >= start) {
      if (/^[[{]/.test(source) && !/[\]}]$/.test(source)) opener = from;
    }
    return undefined;
  });
  if (opener === -1) return undefined;
  const sign = text[opener]!;
  if (sign === '{' || sign === '[') return unclosedBracket(text, opener);
  return at(opener, opener + 1, `no ${sign} closes the text that begins here`, `write ${sign} where it ends`);
}

function unclosedBracket(text: string, opener: number): Explained {
  const closer = text[opener] === '{' ? '}' : ']';
  return at(opener, opener + 1, `no ${closer} closes this ${text[opener]}`, `write ${closer} where it ends`);
}

function isQuoted({ type }: Scalar): boolean {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
}

/** A line that is no key with a value: a colon or a space is missing. */
function wrongLine({ text, error: { code, message }, start }: Malformed): Explained | undefined {
  if (code !== 'MULTILINE_IMPLICIT_KEY' && !message.startsWith('Implicit map keys')) return undefined;
  const line = restOfLine(text, start);
  const end = start + line.length;
  if (/^[[{]/.test(line)) return unclosedBracket(text, start);
  if (/^-(?:\s|$)/.test(line)) {
    return at(start, end, 'an item of a list where a key is due', 'mend the indentation, or write its key above it');
  }
  if (/^-[^\s-]/.test(line)) return at(start, end, 'a space is missing after the dash', 'write - VALUE');
  if (/^--+$/.test(line)) return at(start, end, `"${line}" separates no documents`, 'write three dashes: ---');
  const glued = /^(["']?[\w./-]+["']?):\S/.exec(line)?.[1];
  if (glued !== undefined) return at(start, end, `a space is missing after "${glued}:"`, `write ${glued}: VALUE`);
  const word = /^["']?[\w./-]+["']?/.exec(line)?.[0];
  if (word !== undefined) {
    const hint = word === line ? `write ${word}:` : `write ${word}: VALUE`;
    return at(start, start + word.length, `a colon is missing after "${word}"`, hint);
  }
  return at(
    start,
    end,
    'a line that is neither a key with a value nor an item of a list',
    'write KEY: VALUE or - VALUE',
  );
}

/** A line that stands between the blocks above it, or too deep below a value. */
function wrongIndentation({ text, error: { code, message }, start }: Malformed): Explained | undefined {
  const isNested = code === 'BLOCK_AS_IMPLICIT_KEY';
  const isItem = message.startsWith('Sequence item without') || code === 'BAD_INDENT';
  if (!isNested && !isItem) return undefined;
  if (isNested && /:(?:\s|$)/.test(restOfLine(text, start))) return undefined;
  const from = isNested ? start + restOfLine(text, start).length : start;
  const first = from + text.slice(from).search(/[^\s]/);
  const column = first - text.lastIndexOf('\n', first - 1) - 1;
  const end = first + restOfLine(text, first).length;
  const near = nearestBlocks(openBlocks(text, first), column);
  if (near.length === 0) return undefined;
  if (near.includes(column)) {
    return isItem
      ? at(first, end, 'an item of a list begins with a dash', 'write - VALUE, or mend the indentation')
      : undefined;
  }
  const spaces = column === 1 ? '1 space' : `${column} spaces`;
  return at(first, end, `indented by ${spaces}, where ${near.join(' or ')} would fit the lines above`);
}

/** A value that cannot be written so. */
function wrongValue({ text, error: { code, message }, start, end }: Malformed): Explained | undefined {
  const sign = text[start] ?? '';
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    return at(start, end, 'a second colon and space in one value', 'put the value in quotes');
  }
  if (code === 'BAD_SCALAR_START' || message === 'Alias cannot be an empty string') {
    return at(start, end, `a value that begins with ${sign} needs quotes`, `write "${sign}…"`);
  }
  if (code === 'BAD_DQ_ESCAPE') {
    const hint = 'write \\\\ for a backslash, or put the text in single quotes';
    return at(start, end, `${message.replace('Invalid escape sequence ', '')} means nothing in double quotes`, hint);
  }
  if (message.endsWith('at node end')) {
    const before = text.slice(0, start).trimEnd().at(-1)!;
    const hint = /["']/.test(before) ? 'put all of the value in one pair of quotes' : 'delete one of them';
    return at(start, end, `text behind the closing ${before}`, hint);
  }
  if (/^Unexpected flow-\w+-end/.test(message)) return at(start, end, `this ${sign} closes nothing`, 'delete it');
  if (/^(?:Not a YAML token|Block scalar header)/.test(message) && /[|>][-+\d]* *$/.test(text.slice(0, start))) {
    return at(start, end, 'text behind the sign of a block', 'begin the text on the next line, or leave out | and >');
  }
  const pair = /^Missing (?:, or :|,) between flow (map|sequence)/.exec(message)?.[1];
  if (pair !== undefined) {
    const isColon = pair === 'map' && message.includes(':');
    return at(start, end, `a comma ${isColon ? 'or a colon ' : ''}is missing before this`);
  }
  if (message.startsWith('Comments must')) return at(start, end, 'a comment needs a space before its #');
  return undefined;
}

/** From `start` to the end of its line, without blanks at the end. */
function restOfLine(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end).trimEnd();
}

function sentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
