import { expect, it } from 'vitest';
import { splitDocuments } from './split-documents.ts';

const cut = (text: string): string[] => splitDocuments(text).map(({ start, end }) => text.slice(start, end));

it.each([
  ['a: 1', ['a: 1']],
  ['', ['']],
  ['a\n---\nb\n', ['a\n', '\nb\n']],
  ['---\na\n---  \n---\n', ['', '\na\n', '\n', '\n']],
  ['a\r\n---\r\nb', ['a\r\n', '\nb']],
  ['a\n--- # note\nb', ['a\n', '\nb']],
  ['a\n----\n---x\nb', ['a\n----\n---x\nb']],
  ['a: |\n  ---\n  b\n', ['a: |\n  ---\n  b\n']],
  ['%YAML 1.1\n# c\n---\na\n', ['%YAML 1.1\n# c\n---\na\n']],
  ['a\n--- {b: c}\n', ['a\n', ' {b: c}\n']],
])('%j', (text, expected) => {
  expect(cut(text)).toEqual(expected);
});

it('says where content stands on the line of a separator', () => {
  expect(splitDocuments('a\n---  b\n').map((slice) => slice.contentOnSeparator)).toEqual([undefined, 7]);
});
