import { describe, expect, it } from 'vitest';
import { readText } from './read-text.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\n';

function explain(text: string): string[] {
  return readText(HEAD + text, 'a.yaml').findings.map(
    ({ message, hint, source }) => `${source.line}:${source.column} ${message}${hint === undefined ? '' : `; ${hint}`}`,
  );
}

describe('what is mistyped in YAML is said in plain words, at the place to mend', () => {
  it.each([
    ['a tab', 'metadata:\n\tname: a\n', '4:1 a tab cannot indent YAML; use spaces'],
    ['a tab behind spaces', 'metadata:\n  \tname: a\n  b: c', '4:3 a tab cannot indent YAML; use spaces'],
    [
      'no colon',
      'metadata:\n  name: a\n  namespace shop\n',
      '5:3 a colon is missing after "namespace"; write namespace: VALUE',
    ],
    ['no colon above a block', 'metadata\n  name: a\n', '3:1 a colon is missing after "metadata"; write metadata:'],
    ['no colon in CRLF', 'metadata\r\n  name: a\r\n', '3:1 a colon is missing after "metadata"; write metadata:'],
    ['no space', 'metadata:\n  name:a\n  b: c\n', '4:3 a space is missing after "name:"; write name: VALUE'],
    ['no space after a dash', 'a:\n  -b\n  c: d\n', '4:3 a space is missing after the dash; write - VALUE'],
    ['two dashes', '--\nkind: Pod\n', '3:1 "--" separates no documents; write three dashes: ---'],
    [
      'no key',
      'a:\n  $b\n  c: d\n',
      '4:3 a line that is neither a key with a value nor an item of a list; write KEY: VALUE or - VALUE',
    ],
    ['an unclosed {', 'spec: {a: {b: c}\nd: e\n', '3:7 no } closes this {; write } where it ends'],
    ['an unclosed [', 'a:\n  b: [80\n  c: d\n', '4:6 no ] closes this [; write ] where it ends'],
    ['an unclosed [ on a line of its own', 'a:\n  [b\n  c: d\n', '4:3 no ] closes this [; write ] where it ends'],
    ['an unclosed { before a list', 'a: {\n- b\n- c\n', '3:4 no } closes this {; write } where it ends'],
    ['an inner { that is unclosed', 'a: [{b: c, d]\n', '3:5 no } closes this {; write } where it ends'],
    ['an unclosed "', 'a: "b\nc: d\n', '3:4 no " closes the text that begins here; write " where it ends'],
    ["an unclosed '", "a: 'b\nc: d\n", "3:4 no ' closes the text that begins here; write ' where it ends"],
    ['a " closed by the next', 'a: "b\nc: "d"\n', '3:4 no " closes the text that begins here; write " where it ends'],
    ['a } too many', 'a: {b: c}}\n', '3:10 this } closes nothing; delete it'],
    ['text behind a quote', 'a: "b" c\n', '3:8 text behind the closing "; put all of the value in one pair of quotes'],
    ['text behind a bracket', 'a: [b] c\n', '3:8 text behind the closing ]; delete one of them'],
    ['no comma in [', 'a: ["b" "c"]\n', '3:9 a comma is missing before this'],
    ['no colon in {', 'a: {b {c: d}}\n', '3:7 a comma or a colon is missing before this'],
    ['two colons', 'a: b: c\n', '3:4 a second colon and space in one value; put the value in quotes'],
    ['a reserved sign', 'a: @b\n', '3:4 a value that begins with @ needs quotes; write "@…"'],
    ['a lone star', 'a: *\n', '3:4 a value that begins with * needs quotes; write "*…"'],
    ['a star', 'a: *b\n', '3:4 alias *b has no anchor before it; put a value that begins with * in quotes'],
    [
      'an escape',
      'a: "\\d"\n',
      '3:5 \\d means nothing in double quotes; write \\\\ for a backslash, or put the text in single quotes',
    ],
    ['a comment without space', 'a: "b"#c\n', '3:7 a comment needs a space before its #'],
    [
      'text behind |',
      'a: | b\n',
      '3:6 text behind the sign of a block; begin the text on the next line, or leave out | and >',
    ],
    [
      'a key between two blocks',
      'a:\n    b: c\n  d: e\n',
      '5:3 indented by 2 spaces, where 0 or 4 would fit the lines above',
    ],
    ['a key too deep', 'a:\n  b: c\n    d: e\n', '5:5 indented by 4 spaces, where 2 would fit the lines above'],
    [
      'an item without a key',
      '- b: c\n',
      '3:1 an item of a list where a key is due; mend the indentation, or write its key above it',
    ],
    [
      'an item of a list',
      'a:\n  - b: c\n   - d: e\n',
      '5:4 indented by 3 spaces, where 2 or 4 would fit the lines above',
    ],
    ['a key of an item', 'a:\n  - b: c\n   d: e\n', '5:4 indented by 3 spaces, where 2 or 4 would fit the lines above'],
    ['one space', 'a:\n  b: c\n d: e\n', '5:2 indented by 1 space, where 0 or 2 would fit the lines above'],
    [
      'a key among items',
      'a:\n  - b: c\n  d: e\n',
      '5:3 an item of a list begins with a dash; write - VALUE, or mend the indentation',
    ],
    [
      'a merge conflict',
      'a:\n<<<<<<< HEAD\n  b: c\n=======\n  b: d\n>>>>>>> other\n',
      '4:1 a merge conflict that is not resolved; keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>',
    ],
  ])('%s', (_, text, expected) => {
    expect(explain(text)).toEqual([expected]);
  });

  it('counts from the document that is malformed, not from the file', () => {
    expect(explain(`a: 1\n---\n${HEAD}a:\n    b: c\n  d: e\n`)).toEqual([
      '9:3 indented by 2 spaces, where 0 or 4 would fit the lines above',
    ]);
  });

  it('says of JSON which bracket is missing at its end, and finds a merge conflict in it', () => {
    const json = (text: string): string[] =>
      readText(text, 'a.json').findings.map(({ message, source }) => `${source.line}:${source.column} ${message}`);
    expect(json('{"apiVersion": "v1", "kind": "A", "a": [1\n\n')).toEqual(['1:42 JSON ends too early: ] is missing']);
    expect(json('{"apiVersion": "v1", "kind": "A", "a": 1\n')).toEqual(['1:41 JSON ends too early: } is missing']);
    expect(json('{"apiVersion": "v1",\n<<<<<<< HEAD\n"kind": "A"\n=======\n"kind": "B"\n>>>>>>> b\n}')).toEqual([
      '2:1 a merge conflict that is not resolved',
    ]);
  });

  it('says why a text cannot be read whose broken line may be the one that names an object', () => {
    const reason = (text: string, file = 'a.yaml'): unknown => readText(text, file).skipped[0]?.reason;
    expect(reason('tests:\n- name: a\n  from: {b\n')).toBe('not read from line 3, column 9 on: no } closes this {');
    expect(reason('{"tests": [\n', 'a.json')).toBe(
      'not read from line 1, column 12 on: JSON ends too early: ] is missing',
    );
    expect(reason('a: b\n---\nc: d: e\n', '<stdin>')).toBe(
      'not read from line 3, column 4 on: a second colon and space in one value',
    );
    expect(reason('tests: [a]\n')).toBe('not Kubernetes: no apiVersion and kind');
    expect(reason('Dear reader: [\n', 'a.txt')).toBe('not Kubernetes: no apiVersion and kind');
  });

  it('reads an object whose kind lost its colon as broken, not as no object', () => {
    const { findings, gaps } = readText('apiVersion v1\nkind Pod\nmetadata:\n  name: a\n', 'a.yaml');
    expect(findings).toMatchObject([{ check: 'malformed-yaml', message: 'a colon is missing after "apiVersion"' }]);
    expect(gaps).toHaveLength(1);
  });
});
