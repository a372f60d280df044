// kubectl's selector language: `app=web,tier!=db`, `env in (a,b)`, `!legacy`. The same text works for -l and in endpoints.

import { labelKeyProblem, labelValueProblem } from '../dialects/decoding/name-syntax.ts';
import type { Selector } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';

/** A part of a longer text that is being read: `from` and `to` are indexes into `text`, `to` excluded. */
export interface Excerpt {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const OPERATORS = 'write key=value, key!=value, key in (a,b), key notin (a,b), key or !key, with commas between';

/**
 * Reads a selector; the result is always an `and` of single requirements, in written order.
 * Blank text selects everything. Throws UserError `invalid-endpoint` with the place in the whole text.
 */
export function parseSelector(text: string | Excerpt): Selector {
  const excerpt = typeof text === 'string' ? { text, from: 0, to: text.length } : text;
  const of: Selector[] = [];
  let at = skipBlanks(excerpt, excerpt.from);
  if (at === excerpt.to) return { op: 'and', of };
  for (;;) {
    const { requirement, end } = parseRequirement(excerpt, at);
    of.push(requirement);
    at = skipBlanks(excerpt, end);
    if (at === excerpt.to) return { op: 'and', of };
    if (excerpt.text[at] !== ',') throw problem(excerpt, at, excerpt.to, 'is not understood here', OPERATORS);
    at = skipBlanks(excerpt, at + 1);
    if (at === excerpt.to) throw problem(excerpt, at - 1, at, 'ends the selector', 'remove the last comma');
  }
}

/** One requirement from `at` on, and where it ends. */
function parseRequirement(excerpt: Excerpt, at: number): { requirement: Selector; end: number } {
  if (excerpt.text[at] === '!') {
    const key = readKey(excerpt, skipBlanks(excerpt, at + 1));
    return { requirement: { op: 'not-exists', key: key.word }, end: key.end };
  }
  const key = readKey(excerpt, at);
  const next = skipBlanks(excerpt, key.end);
  const rest = excerpt.text.slice(next, excerpt.to);
  const sign = /^(==|!=|=|[<>])/.exec(rest)?.[0];
  if (sign === '<' || sign === '>') {
    throw problem(excerpt, next, next + 1, 'is no operator of pod and namespace selectors', OPERATORS);
  }
  if (sign !== undefined) {
    const value = readValue(excerpt, skipBlanks(excerpt, next + sign.length));
    const op = sign === '!=' ? 'not-in' : 'in';
    return { requirement: { op, key: key.word, values: [value.word] }, end: value.end };
  }
  const word = /^(in|notin)(?=[\s(])/.exec(rest)?.[0];
  if (word !== undefined) {
    const values = readValues(excerpt, skipBlanks(excerpt, next + word.length));
    const op = word === 'in' ? 'in' : 'not-in';
    return { requirement: { op, key: key.word, values: values.words }, end: values.end };
  }
  return { requirement: { op: 'exists', key: key.word }, end: key.end };
}

/** `(a,b)`, at least one value, sorted as kubectl stores them so that the order typed does not matter. */
function readValues(excerpt: Excerpt, open: number): { words: string[]; end: number } {
  const close = excerpt.text.indexOf(')', open);
  if (excerpt.text[open] !== '(' || close < 0 || close >= excerpt.to) {
    throw problem(excerpt, open, excerpt.to, 'is not a list of values in parentheses', OPERATORS);
  }
  const words = new Set<string>();
  let at = open + 1;
  if (skipBlanks(excerpt, at) === close) {
    throw problem(excerpt, open, close + 1, 'has no value', 'name at least one value: key in (a,b)');
  }
  for (;;) {
    const value = readValue(excerpt, skipBlanks(excerpt, at));
    words.add(value.word);
    at = skipBlanks(excerpt, value.end);
    if (at === close) return { words: [...words].sort(), end: close + 1 };
    if (excerpt.text[at] !== ',') throw problem(excerpt, at, close, 'is not understood here', OPERATORS);
    at++;
  }
}

function readKey(excerpt: Excerpt, at: number): { word: string; end: number } {
  const { word, end } = readWord(excerpt, at, /[\w./-]/);
  if (word === '') throw problem(excerpt, at, Math.min(at + 1, excerpt.to), 'is no label key', OPERATORS);
  const wrong = labelKeyProblem(word);
  if (wrong !== undefined) throw problem(excerpt, at, end, `is no label key: it ${wrong}`);
  return { word, end };
}

/** A label value; empty where the next character cannot belong to one (`key=` is a value of ""). */
function readValue(excerpt: Excerpt, at: number): { word: string; end: number } {
  const { word, end } = readWord(excerpt, at, /[\w.-]/);
  const wrong = labelValueProblem(word);
  if (wrong !== undefined) throw problem(excerpt, at, end, `is no label value: it ${wrong}`);
  return { word, end };
}

function readWord(excerpt: Excerpt, at: number, characters: RegExp): { word: string; end: number } {
  let end = at;
  while (end < excerpt.to && characters.test(excerpt.text[end]!)) end++;
  return { word: excerpt.text.slice(at, end), end };
}

function skipBlanks(excerpt: Excerpt, at: number): number {
  let next = at;
  while (next < excerpt.to && /\s/.test(excerpt.text[next]!)) next++;
  return next;
}

function problem({ text }: Excerpt, start: number, end: number, what: string, hint?: string): UserError {
  const part = text.slice(start, end);
  const subject = part === '' ? `the end of "${text}"` : part === text ? `"${text}"` : `"${part}" in "${text}"`;
  return new UserError('invalid-endpoint', `${subject} ${what}`, {
    ...(hint === undefined ? {} : { hint }),
    span: { text, start, end },
  });
}
