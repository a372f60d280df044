// Values printed as people and programs write them: block and flow mixed, comments everywhere, quotes of every kind,
// anchors, Windows line ends, JSON. What is printed reads back as the value.

import fc from 'fast-check';
import { printObjects } from '../../src/manifests/index.ts';

/** A JSON value. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Answers a question with `count` answers, numbered from 0. */
type Choose = (count: number) => number;

const WORDS = [
  'a',
  'web',
  'on',
  '80',
  '',
  'x y',
  '#no',
  'a: b',
  '- c',
  "it's",
  '"q"',
  '*z',
  '{',
  ',',
  'é',
  '~',
  '10.0.0.0/8',
];
const LONG = ['one\ntwo\n', 'one\n two', 'l\n\nm\n', 'k\n\n', ' n\no'];

/** Values with keys and texts that need care, and with parts that occur more than once. */
export function arbitraryValue(): fc.Arbitrary<Value> {
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom<Value>(...WORDS, ...LONG, 0, 80, -1.5, true, false, null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .uniqueArray(fc.tuple(fc.constantFrom(...WORDS.slice(0, -1), 'from', 'ports'), tie('value')), {
          maxLength: 4,
          selector: ([key]) => key,
        })
        .map((entries) => Object.fromEntries(entries)),
    ),
  }));
  return value;
}

/** Objects with drawn contents. */
export function arbitraryObject(): fc.Arbitrary<Readonly<Record<string, Value>>> {
  return fc.tuple(arbitraryValue(), arbitraryValue()).map(([spec, more]) => ({
    apiVersion: 'v1',
    kind: 'Thing',
    spec,
    // Something twice, so that there is something to alias.
    also: [more, spec, { spec, more }],
  }));
}

/** Answers for one text; the same answers print the same value alike. */
export function arbitraryAnswers(): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.nat(9999), { minLength: 1, maxLength: 80 });
}

/** What a text may hold. */
export interface Features {
  readonly anchors: boolean;
  readonly comments: boolean;
}

/** Prints objects as a stream of YAML documents, some of them Lists. */
export function printText(
  objects: readonly Readonly<Record<string, Value>>[],
  answers: readonly number[],
  features: Features,
): string {
  let next = 0;
  const choose: Choose = (count) => (answers[next++ % answers.length]! + next) % count;
  const separator = ['---\n', '---   # next\n', '...\n---\n'];
  const isList = choose(3) === 0;
  const documents = isList ? [{ apiVersion: 'v1', kind: 'List', items: objects }] : objects;
  const printed = documents.map((document) => {
    const printer = createPrinter(choose, features);
    const lead = features.comments && choose(2) === 0 ? `# c${choose(99)}\n${choose(2) === 0 ? '\n' : ''}` : '';
    return `${lead}${printer.lines(document, 0).join('\n')}\n`;
  });
  let text = choose(3) === 0 ? '---\n' : '';
  for (const [index, each] of printed.entries()) text += (index === 0 ? '' : separator[choose(3)]!) + each;
  if (choose(4) === 0) text = text.replace(/(?<!\n)\n$/, '');
  const ends = choose(4);
  if (ends === 0) text = text.replaceAll('\n', '\r\n');
  if (ends === 1) text = text.replace(/\n/g, () => (choose(2) === 0 ? '\n' : '\r\n'));
  return text;
}

/** Prints objects as JSON: one value, or a List of several. */
export function printJsonText(objects: readonly Readonly<Record<string, Value>>[], answers: readonly number[]): string {
  const value = objects.length === 1 ? objects[0] : { apiVersion: 'v1', kind: 'List', items: objects };
  const step = ['', '  ', '    ', '\t'][answers[0]! % 4];
  const text = JSON.stringify(value, null, step) + (answers.length % 2 === 0 ? '\n' : '');
  const spaced = step === '' && answers.length % 3 === 0 ? text.replaceAll('":', '": ') : text;
  return answers.length % 5 === 0 ? spaced.replaceAll('\n', '\r\n') : spaced;
}

interface Printer {
  /** A mapping or list, not empty, whose members stand at `column`. */
  lines(value: Value, column: number): string[];
}

function createPrinter(choose: Choose, { anchors, comments }: Features): Printer {
  const step = 2 + 2 * choose(2);
  const dashes = choose(2) === 0 ? 0 : step;
  const named = new Map<string, string>();
  let count = 0;
  let isOpen = false;
  const note = (): string => (comments && choose(4) === 0 ? ` # c${count++}` : '');
  const above = (column: number): string[] => {
    // Blank lines below text that keeps those at its end would be its own.
    if (!comments || isOpen) return [];
    const found = [
      [],
      [],
      [],
      [],
      [`${' '.repeat(column)}# c${count++}`],
      [''],
      ['', `${' '.repeat(column)}# c${count++}`],
    ];
    return found[choose(found.length)]!;
  };
  const scalar = (value: Value, inFlow: boolean): string => {
    if (typeof value !== 'string') return JSON.stringify(value);
    const style = choose(3);
    if (style === 0) return JSON.stringify(value);
    if (style === 1 && !value.includes('\n')) return `'${value.replaceAll("'", "''")}'`;
    if (inFlow)
      return /^[a-z]+$/.test(value)
        ? printObjects([[value]])
            .slice(2)
            .trim()
        : JSON.stringify(value);
    return value.includes('\n')
      ? JSON.stringify(value)
      : printObjects([[value]])
          .slice(2)
          .trim();
  };
  const flow = (value: Value, column: number): string => {
    if (typeof value !== 'object' || value === null) return scalar(value, true);
    const isTall = choose(4) === 0;
    const pad = ' '.repeat(column + 2);
    const parts = Array.isArray(value)
      ? value.map((item) => flow(item, column + 2))
      : Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${flow(field, column + 2)}`);
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    if (parts.length === 0) return `${open}${close}`;
    if (!isTall) {
      const blank = choose(3) === 0 ? ' ' : '';
      return `${open}${blank}${parts.join(', ')}${choose(5) === 0 ? ',' : ''}${blank}${close}`;
    }
    const lines = parts.map((part, index) => {
      const isLast = index === parts.length - 1 && choose(2) === 0;
      return `${pad}${part}${isLast ? '' : ','}${note()}`;
    });
    return [open, ...lines, `${' '.repeat(column)}${close}`].join('\n');
  };
  /** What stands behind a colon or dash: the rest of the line, and lines below. `column` is where lines below stand. */
  const value = (
    given: Value,
    column: number,
    isItem: boolean,
    listColumn: number,
  ): { rest: string; lines: string[] } => {
    const isFilled = typeof given === 'object' && given !== null && Object.keys(given).length > 0;
    let anchor = '';
    if (anchors && isFilled) {
      const text = JSON.stringify(given);
      const known = named.get(text);
      if (known !== undefined && choose(2) === 0) return { rest: ` *${known}${note()}`, lines: [] };
      if (choose(3) === 0) {
        anchor = ` &n${count++}`;
        named.set(text, anchor.slice(2));
      }
    }
    if (given === null && choose(2) === 0) return { rest: note(), lines: [] };
    if (typeof given === 'string' && /^\S.*\n/.test(given) && choose(2) === 0) {
      const mark = given.endsWith('\n\n') ? '|+' : given.endsWith('\n') ? '|' : '|-';
      isOpen = mark === '|+';
      const body = given.replace(/\n$/, '').split('\n');
      return { rest: ` ${mark}`, lines: body.map((line) => (line === '' ? '' : ' '.repeat(column) + line)) };
    }
    if (!isFilled || choose(4) === 0) return { rest: `${anchor} ${flow(given, column)}${note()}`, lines: [] };
    const isBelow = !isItem || anchor !== '' || choose(4) === 0;
    const inner = linesOf(given, Array.isArray(given) && !isItem ? listColumn : column);
    if (isBelow) return { rest: anchor + note(), lines: inner };
    // On the line of the dash there is no place for what stands above the first member.
    const first = inner.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('#'));
    return { rest: ` ${inner[first]!.slice(column)}`, lines: inner.slice(first + 1) };
  };
  const linesOf = (given: Value, column: number): string[] => {
    const pad = ' '.repeat(column);
    const members = Array.isArray(given) ? given.map((item) => ['', item] as const) : Object.entries(given as object);
    return members.flatMap(([key, field]) => {
      const isItem = Array.isArray(given);
      const lead = isItem ? '-' : `${scalar(key, true)}:`;
      const lines = above(column);
      isOpen = false;
      const { rest, lines: below } = value(field, column + (isItem ? 2 : step), isItem, column + dashes);
      return [...lines, pad + lead + rest, ...below];
    });
  };
  return { lines: linesOf };
}
