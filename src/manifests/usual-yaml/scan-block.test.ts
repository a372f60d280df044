import { describe, expect, it } from 'vitest';
import { scanUsualYaml } from './scan-block.ts';
import { valueOfTape } from './tape-value.ts';

/** The value; undefined where the full parser is asked. */
function read(text: string): unknown {
  const tape = scanUsualYaml(text);
  return tape === undefined ? undefined : valueOfTape(text, tape)?.value;
}

const DEEP = (levels: number): string => Array.from({ length: levels }, (_, i) => `${' '.repeat(i)}a:\n`).join('');

describe('usual', () => {
  it.each<[string, string, unknown]>([
    ['mappings', 'a: b\nc:\n  d: e\n', { a: 'b', c: { d: 'e' } }],
    ['an indented document', '  a: 1\n  b: 2\n', { a: 1, b: 2 }],
    ['items at the column of their key', 'a:\n- b\n- c\nd: e\n', { a: ['b', 'c'], d: 'e' }],
    ['indented items', 'a:\n  - b\n  -   c: 1\n      d: 2\n', { a: ['b', { c: 1, d: 2 }] }],
    ['items of items', '- - a\n  - b\n-\n  - c\n', [['a', 'b'], ['c']]],
    ['a mapping below its dash', '-\n  a: 1\n', [{ a: 1 }]],
    ['values that were left out', 'a:\nb: # none\n\nc:\n- \n', { a: null, b: null, c: [null] }],
    ['comments', '# x\na: b # c\n# y\n\n  # z\nc: d#e\n', { a: 'b', c: 'd#e' }],
    ['blanks around the colon', 'a  :   b  \n', { a: 'b' }],
    ['quotes', `"a": 'it''s ''q'''\n'b': "x\\n\\u00e9 \\" y" # c\n`, { a: "it's 'q'", b: 'x\né " y' }],
    ['quoted items that are keys', '- "a": 1\n- "b"\n', [{ a: 1 }, 'b']],
    ['brackets', 'a: {b: c, "d": [1, x y, {}], e: []} # f\n', { a: { b: 'c', d: [1, 'x y', {}], e: [] } }],
    [
      'words and numbers',
      'a: yes\nb: 0x1f\nc: 1.5\nd: ~\ne: 10.0.0.0/8\nf: -x\ng: "8080"\n',
      {
        a: true,
        b: 31,
        c: 1.5,
        d: null,
        e: '10.0.0.0/8',
        f: '-x',
        g: '8080',
      },
    ],
    ['literal text', 'a: |\n  x\n    y\n\n  # z\n\nb: |-\n   l\nc: 1\n', { a: 'x\n  y\n\n# z\n', b: 'l', c: 1 }],
    ['literal items', '- |\n x\n- k: |-\n    y\n', ['x\n', { k: 'y' }]],
    ['Windows line ends', 'a: |\r\n  x\r\n  y\r\nb:\r\n- "c"\r\n', { a: 'x\ny\n', b: ['c'] }],
    ['no line end at the end', 'a: b', { a: 'b' }],
    ['colons within words', 'a: b:c\nd: e::f\n"g:h": http://x:1\n', { a: 'b:c', d: 'e::f', 'g:h': 'http://x:1' }],
  ])('%s', (_, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('as deep as objects are', () => {
    expect(read(DEEP(50))).toBeDefined();
  });
});

describe('left to the full parser', () => {
  it.each([
    ['nothing', '# only this\n'],
    ['a scalar alone', 'a\n'],
    ['a tab', 'a:\tb\n'],
    ['a control character', 'a: "\u0007"\n'],
    ['a lone carriage return', 'a: b\rc: d\n'],
    ['an anchor', 'a: &x b\n'],
    ['an alias', 'a: *x\n'],
    ['a key with an anchor', '&x a: b\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a merge', '<<: {a: b}\n'],
    ['a key that is a number', '1: a\n'],
    ['a key that is a word', 'on: a\n'],
    ['a key that all objects have', '__proto__: a\n'],
    ['a key with a question mark', '? a\n: b\n'],
    ['two equal keys', 'a: 1\nb: 2\na: 3\n'],
    ['two equal keys in braces', 'a: {b: 1, b: 2}\n'],
    ['a value over several lines', 'a: b\n  c\n'],
    ['an item over several lines', '- b\n  c\n'],
    ['quotes over several lines', 'a: "b\n  c"\n'],
    ['braces over several lines', 'a: {b: c,\n  d: e}\n'],
    ['a comma before the end', 'a: [b, ]\n'],
    ['keys of lists', 'a: [b: c]\n'],
    ['folded text', 'a: >\n  b\n'],
    ['literal text that keeps its end', 'a: |+\n  b\n'],
    ['literal text with its indentation', 'a: |2\n   b\n'],
    ['blanks on an empty line of a text', 'a: |\n  b\n   \n  c\n'],
    ['text that is not indented', 'a: |\nb\n'],
    ['text that ends with the file', 'a: |\n  b'],
    ['other escapes', 'a: "\\x41"\n'],
    ['a number that JSON cannot hold', 'a: .inf\n'],
    ['a second colon', 'a: b: c\n'],
    ['text behind quotes', 'a: "b" c\n'],
    ['a comment without a blank', 'a: "b"#c\n'],
    ['a line between columns', 'a:\n    b: 1\n  c: 2\n'],
    ['an item between keys', 'a: 1\n- b\n'],
    ['a key between items', 'a:\n  - b\n  c: 1\n'],
    ['a line that is neither', 'a: 1\nb\n'],
    ['a mark', 'a: 1\n---\nb: 2\n'],
    ['a mark before a key', '--- a: 1\n'],
    ['an end', 'a: 1\n...\n'],
    ['an end before a key', 'a: 1\n... b: 2\n'],
    ['a directive', '%YAML 1.1\na: 1\n'],
    ['a reserved sign', 'a: @b\n'],
    ['a template', 'a: {{ .Values.b }}\n'],
    ['a long key', `${'k'.repeat(600)}: 1\n`],
    ['depth', DEEP(70)],
  ])('%s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});
