import { expect, it } from 'vitest';
import { edited, type Said, textOf } from '../../../test/support/said-edits.ts';

const HEAD = 'apiVersion: v1\nkind: Thing\n';

/** Name, text below HEAD, one edit, text after it. */
const ROWS: readonly (readonly [string, string, Said, string])[] = [
  [
    'fields that stay keep their words and comments',
    'spec:\n  a: 0x10 # sixteen\n  # on b\n  b: 2\n  c: [ 1,2 ]\n',
    ['set', 'spec', { a: 16, c: [1, 2, 3], d: 4 }],
    'spec:\n  a: 0x10 # sixteen\n  c: [ 1,2,3 ]\n  d: 4\n',
  ],
  [
    'items in front and at the end stay',
    'spec:\n- a # a\n- b # b\n- c # c\n',
    ['set', 'spec', ['a', 'x', 'z', 'c']],
    'spec:\n- a # a\n- x\n- z\n- c # c\n',
  ],
  [
    'lists of one length change item by item',
    'spec:\n- a: 1 # a\n  b: 2\n- c # c\n',
    ['set', 'spec', [{ a: 1, b: 3 }, 'd']],
    'spec:\n- a: 1 # a\n  b: 3\n- d # c\n',
  ],
  [
    'aliases that say the same stay',
    'x: &x {a: 1}\nspec:\n  b: *x\n  c: *x\n',
    ['set', 'spec', { b: { a: 1 }, c: { a: 2 } }],
    'x: &x {a: 1}\nspec:\n  b: *x\n  c:\n    a: 2\n',
  ],
  ['nothing in common', 'spec:\n  a: 1 # a\n', ['set', 'spec', { b: 2 }], 'spec:\n  b: 2\n'],
  ['nothing left', 'spec:\n  a: 1 # a\n', ['set', 'spec', {}], 'spec: {}\n'],
  ['nothing new', 'spec:\n  a: "1"\n', ['set', 'spec', { a: '1' }], 'spec:\n  a: "1"\n'],
];

it.each(ROWS)('a new value in parts: %s', (_name, before, said, after) => {
  expect(textOf(edited(HEAD + before, [said]))).toBe(HEAD + after);
});

it('what is removed below a new value does not matter', () => {
  const text = `${HEAD}spec:\n  a: 1\n  b: 2\n`;
  const said: Said[] = [
    ['remove', 'spec.b'],
    ['set', 'spec', { a: 1, b: 3 }],
  ];
  expect(textOf(edited(text, said))).toBe(`${HEAD}spec:\n  a: 1\n  b: 3\n`);
});
