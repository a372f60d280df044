import { describe, expect, it } from 'vitest';
import { findIgnores } from './find-ignores.ts';

const found = (text: string) => findIgnores(text, 'a.yaml').map(({ text: said, first, last }) => [said, first, last]);

describe('findIgnores', () => {
  it.each<[string, string, [string, number, number][]]>([
    ['behind a value: its line', 'a: 1 # netweir-ignore x: why\nb: 2\n', [['x: why', 1, 1]]],
    ['above the first field: the document', '# netweir-ignore x: why\na: 1\nb: 2\n---\nc: 3\n', [['x: why', 2, 3]]],
    [
      'behind a marker: the document',
      'a: 1\n---\n# about it\n# netweir-ignore x: why\n\nb: 2\nc: 3\n',
      [['x: why', 6, 7]],
    ],
    [
      'above a field: the field',
      'a: 1\nspec:\n  # netweir-ignore x: why\n  b:\n    c: 1\n\n    d: 2\n  e: 1\n',
      [['x: why', 4, 7]],
    ],
    ['above a field at the left edge', 'a: 1\n# netweir-ignore x: why\nb:\n- 1\n- 2\nc: 3\n', [['x: why', 3, 5]]],
    ['above an item: the item', 'a:\n# netweir-ignore x: why\n- b: 1\n  c: 2\n- d: 3\n', [['x: why', 3, 4]]],
    [
      'two above one field',
      'a:\n  # netweir-ignore x: why\n  # netweir-ignore y: so\n  b: 1\n  c: 2\n',
      [
        ['x: why', 4, 4],
        ['y: so', 4, 4],
      ],
    ],
    ['Windows line ends', 'a: 1\r\nb: 2 # netweir-ignore x: why\r\n', [['x: why', 2, 2]]],
    ['without anything behind it', 'a: 1 # netweir-ignore\n', [['', 1, 1]]],
    ['at the end of the text', 'a: 1\n# netweir-ignore x: why', [['x: why', 2, 2]]],
    [
      'behind the marker itself: the document',
      '--- # netweir-ignore x: why\na: 1\nb: 2\n---\nc: 3\n',
      [['x: why', 2, 3]],
    ],
    [
      'above the first marker: the document',
      '# netweir-ignore x: why\n\n---\na: 1\nb: 2\n---\nc: 3\n',
      [['x: why', 4, 5]],
    ],
    ['above a later marker: nothing', 'a: 1\n# netweir-ignore x: why\n---\nb: 2\n', [['x: why', 2, 2]]],
    ['with a colon too many', 'a: 1 # netweir-ignore: x: why\n', [[': x: why', 1, 1]]],
    ['behind another comment', "a: it's # don't # netweir-ignore x: why\n", [['x: why', 1, 1]]],
    [
      'behind text in quotes',
      `a: "1 \\" # b" # netweir-ignore x: why\nb: 'it''s # c' # netweir-ignore y: so\n`,
      [
        ['x: why', 1, 1],
        ['y: so', 2, 2],
      ],
    ],
    [
      'in a block scalar it is text',
      'a: |\n  # netweir-ignore x: why\n\n  b # netweir-ignore x: why\nc: 1 # netweir-ignore y: so\n',
      [['y: so', 5, 5]],
    ],
    [
      'in one of a list',
      '- !!str >-\n  # netweir-ignore x: why\n- a: |2+\n    # netweir-ignore x: why\n  # netweir-ignore y: so\n  b: 1\n',
      [['y: so', 6, 6]],
    ],
    ['a sign in a plain scalar opens none', 'a: b |\n  # netweir-ignore x: why\nc: 1\n', [['x: why', 3, 3]]],
    ['in quotes it is text', 'a: "1 # netweir-ignore x: why"\n', []],
    ['as part of a word it is none', 'a: 1 # netweir-ignored x: why\n', []],
    ['without a space before it it is text', 'a: b#netweir-ignore x: why\n', []],
  ])('%s', (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('names the place of the comment', () => {
    expect(findIgnores('a:\n  b: 1 # netweir-ignore x: y', 'a.yaml')[0]!.source).toEqual({
      file: 'a.yaml',
      line: 2,
      column: 8,
      path: '',
    });
  });
});
