import { describe, expect, it } from 'vitest';
import { edited, type Said, textOf } from '../../../test/support/said-edits.ts';

const HEAD = 'apiVersion: v1\nkind: Thing\n';

/** Name, text below HEAD, edits, text after them. */
const BLOCK: readonly (readonly [string, string, readonly Said[], string])[] = [
  [
    'an item goes with the comments above and beside it, others stay',
    `spec:
  # all of it
  - one   # first

  # about two
  # in two lines
  - two   # second
  # about three
  - three
`,
    [['remove', 'spec.1']],
    `spec:
  # all of it
  - one   # first

  # about three
  - three
`,
  ],
  [
    'comments that do not clearly belong to an item stay',
    `spec:
- one
# - off
- two
  # further in
- three

# apart

- four
`,
    [
      ['remove', 'spec.1'],
      ['remove', 'spec.2'],
      ['remove', 'spec.3'],
    ],
    `spec:
- one
# - off
  # further in

# apart

`,
  ],
  [
    'a comment that ignores findings goes with what it speaks for, from further up too',
    'spec:\n- a\n  # netweir-ignore x: why\n\n- b\n- c\n',
    [['remove', 'spec.1']],
    'spec:\n- a\n- c\n',
  ],
  [
    'the last item leaves an empty list',
    'spec:\n  a: # why\n  - x # y\n  b: 1\n',
    [['remove', 'spec.a.0']],
    'spec:\n  a: [] # why\n  b: 1\n',
  ],
  [
    'the only key leaves an empty mapping',
    'spec:\n  a:\n    b:\n      c: 1\n',
    [['remove', 'spec.a.b']],
    'spec:\n  a: {}\n',
  ],
  ['the only key of an item', 'spec:\n- a: 1 # x\n- b: 2\n', [['remove', 'spec.0.a']], 'spec:\n- {}\n- b: 2\n'],
  [
    'the first key of an item: the next takes its place',
    'spec:\n- a: # x\n  - 1\n  b: 2\n',
    [['remove', 'spec.0.a']],
    'spec:\n- b: 2\n',
  ],
  [
    'the first key of an item: comments in between stay',
    'spec:\n- a: 1\n  # on b\n  b: 2\n',
    [['remove', 'spec.0.a']],
    'spec:\n-\n  # on b\n  b: 2\n',
  ],
  [
    'a list in a list',
    'spec:\n- - a\n  - b\n- - c\n',
    [
      ['remove', 'spec.0.0'],
      ['remove', 'spec.1.0'],
    ],
    'spec:\n- - b\n- []\n',
  ],
  [
    'new items are indented as the others',
    'spec:\n    a:\n      - b\n    c:\n        d: e\n',
    [['insert', 'spec.a.1', { x: [{ v: {} }], z: { w: [] } }]],
    'spec:\n    a:\n      - b\n      - x:\n          - v: {}\n        z:\n            w: []\n    c:\n        d: e\n',
  ],
  [
    'new items in front, with comments where they were',
    'spec:\n  # about one\n  - one\n\n  # about two\n  - two\n',
    [
      ['insert', 'spec.0', 'zero'],
      ['insert', 'spec.1', { a: 1, b: 2 }],
    ],
    'spec:\n  - zero\n  # about one\n  - one\n  - a: 1\n    b: 2\n\n  # about two\n  - two\n',
  ],
  [
    'several in one place keep their order',
    'spec:\n- a\n',
    [
      ['insert', 'spec.0', 1],
      ['insert', 'spec.0', 2],
      ['insert', 'spec.1', 3],
      ['insert', 'spec.1', 4],
    ],
    'spec:\n- 1\n- 2\n- a\n- 3\n- 4\n',
  ],
  [
    'in place of all that were there',
    'spec:\n- a # a\n- b # b\n',
    [
      ['remove', 'spec.0'],
      ['insert', 'spec.0', 'c'],
      ['remove', 'spec.1'],
    ],
    'spec:\n- c\n',
  ],
  [
    'a list in a list gets a first item',
    'spec:\n- - a\n',
    [['insert', 'spec.0.0', { b: 1, c: 2 }]],
    'spec:\n- - b: 1\n    c: 2\n  - a\n',
  ],
  [
    'an empty list becomes a block',
    'spec:\n  a: [] # why\n',
    [['insert', 'spec.a.0', { b: 1 }]],
    'spec:\n  a: # why\n  - b: 1\n',
  ],
  [
    'an empty mapping becomes a block',
    'spec:\n  a: {}\n  b: [{}]\n',
    [
      ['set', 'spec.a.c', 1],
      ['set', 'spec.b.0.d', 2],
    ],
    'spec:\n  a:\n    c: 1\n  b: [{d: 2}]\n',
  ],
  ['an empty item becomes a block', 'spec:\n- {} # all\n', [['set', 'spec.0.a', 1]], 'spec:\n- a: 1 # all\n'],
  [
    'null to a list',
    'spec:\n  a: # none\n  b:\n',
    [
      ['set', 'spec.a', ['x']],
      ['set', 'spec.b', 'z'],
    ],
    'spec:\n  a: # none\n  - x\n  b: z\n',
  ],
  [
    'a missing item',
    'spec:\n-\n- # c\n',
    [
      ['set', 'spec.0', 'a'],
      ['set', 'spec.1', { b: 1, c: 2 }],
    ],
    'spec:\n- a\n- b: 1 # c\n  c: 2\n',
  ],
  [
    'scalars',
    `spec:\n  a: 'x' # 1\n  b: >-\n    y\n    z\n  c: &k !!str 5\n`,
    [
      ['set', 'spec.a', 'on'],
      ['set', 'spec.b', 5],
      ['set', 'spec.c', null],
    ],
    'spec:\n  a: "on" # 1\n  b: 5\n  c: null\n',
  ],
  [
    'text of several lines',
    'spec:\n  a: x # 1\n  b: y\n',
    [
      ['set', 'spec.a', 'l\n  m\n'],
      ['set', 'spec.b', ' n\n'],
    ],
    'spec:\n  a: | # 1\n    l\n      m\n  b: " n\\n"\n',
  ],
  [
    'a block to a scalar and back',
    'spec:\n  a: # 1\n    # in\n    b: 2 # 3\n  c: 4 # 5\n',
    [
      ['set', 'spec.a', 6],
      ['set', 'spec.c', { d: 7 }],
    ],
    'spec:\n  a: 6 # 1\n  c: # 5\n    d: 7\n',
  ],
  [
    'a block to a block',
    'spec:\n  a: # 1\n    b: 2\n\n  c: 4\n',
    [['set', 'spec.a', ['x']]],
    'spec:\n  a: # 1\n  - x\n\n  c: 4\n',
  ],
  [
    'a block scalar goes whole',
    'spec:\n  a: |\n    x\n\n    # y\n\n  b: |+\n    z\n\n  c: 1\n',
    [
      ['remove', 'spec.a'],
      ['remove', 'spec.b'],
    ],
    'spec:\n  c: 1\n',
  ],
  [
    'keys',
    `spec:\n  'a': 1\n  b : 2\n  "c":\n  - 3\n`,
    [
      ['rename', 'spec.a', 'on'],
      ['rename', 'spec.b', 'on'.repeat(2)],
      ['rename', 'spec.c', 'd'],
    ],
    `spec:\n  "on": 1\n  onon : 2\n  "d":\n  - 3\n`,
  ],
  ['no line break at the end', 'spec:\n- a', [['insert', 'spec.1', 'b']], 'spec:\n- a\n- b'],
  ['explicit keys', 'spec:\n  ? a\n  : b\n  ? c\n', [['remove', 'spec.a']], 'spec:\n  ? c\n'],
];

const FLOW: readonly (readonly [string, string, readonly Said[], string])[] = [
  [
    'one line',
    'spec: {a: [1, 2, 3], b: c}\n',
    [
      ['remove', 'spec.a.0'],
      ['remove', 'spec.a.2'],
      ['insert', 'spec.a.1', 'x'],
      ['set', 'spec.d', { e: ['f,'] }],
    ],
    'spec: {a: [x, 2], b: c, d: {e: ["f,"]}}\n',
  ],
  ['blanks inside', 'spec: { a: [ 1 ] }\n', [['set', 'spec.b', { c: [2] }]], 'spec: { a: [ 1 ], b: { c: [ 2 ] } }\n'],
  [
    'all of it',
    'spec: {a: [1, 2], b: {c: d}}\n',
    [
      ['remove', 'spec.a.0'],
      ['remove', 'spec.a.1'],
      ['remove', 'spec.b.c'],
    ],
    'spec: {a: [], b: {}}\n',
  ],
  [
    'several lines',
    'spec: [\n  a, # on a\n  b, # on b\n  c # on c\n]\n',
    [
      ['remove', 'spec.1'],
      ['insert', 'spec.3', 'd'],
    ],
    'spec: [\n  a, # on a\n  c, # on c\n  d\n]\n',
  ],
  [
    'a comma at the end',
    'spec: [\n  a,\n  b,\n]\n',
    [
      ['remove', 'spec.1'],
      ['insert', 'spec.2', 'c'],
    ],
    'spec: [\n  a,\n  c,\n]\n',
  ],
  ['the last of several lines', 'spec: [\n  a,\n  b\n]\n', [['remove', 'spec.1']], 'spec: [\n  a\n]\n'],
  ['pairs without brackets', 'spec: [a: 1, b: 2]\n', [['set', 'spec.0.c', 3]], 'spec: [{a: 1, c: 3}, b: 2]\n'],
  [
    'keys only',
    'spec: {a, b: , c}\n',
    [
      ['set', 'spec.a', 1],
      ['set', 'spec.b', 2],
      ['remove', 'spec.c'],
    ],
    'spec: {a: 1, b: 2}\n',
  ],
];

const ANCHORS: readonly (readonly [string, string, readonly Said[], string])[] = [
  [
    'an alias is written out where it is edited',
    'spec:\n  a: &x\n    b: [1]\n  c: *x # same\n  d: *x\n',
    [['insert', 'spec.c.b.1', 2]],
    'spec:\n  a: &x\n    b: [1]\n  c: # same\n    b:\n    - 1\n    - 2\n  d: *x\n',
  ],
  [
    'an alias is replaced',
    'spec:\n  a: &x [1]\n  c: *x # same\n',
    [['set', 'spec.c', 5]],
    'spec:\n  a: &x [1]\n  c: 5 # same\n',
  ],
  [
    'an anchor that nobody uses',
    'spec:\n  a: &x\n    b: 1\n',
    [['set', 'spec.a.c', 2]],
    'spec:\n  a: &x\n    b: 1\n    c: 2\n',
  ],
  [
    'original and alias go together',
    'spec:\n  a: &x {b: 1}\n  c: *x\n  d: 1\n',
    [
      ['remove', 'spec.a'],
      ['remove', 'spec.c'],
    ],
    'spec:\n  d: 1\n',
  ],
  [
    'a merged field is written out below',
    'spec:\n  a: &x\n    b: {c: 1}\n    d: 2\n  e:\n    <<: *x\n    f: 3\n',
    [['set', 'spec.e.b.c', 4]],
    'spec:\n  a: &x\n    b: {c: 1}\n    d: 2\n  e:\n    <<: *x\n    f: 3\n    b:\n      c: 4\n',
  ],
  [
    'a merge key is written out where one of its fields goes',
    'spec:\n  a: &x\n    b: 1\n    d: 2\n  e:\n    <<: *x # all\n    d: 3\n',
    [['remove', 'spec.e.b']],
    'spec:\n  a: &x\n    b: 1\n    d: 2\n  e:\n    d: 3\n',
  ],
];

describe('editText', () => {
  describe.each([
    ['block style', BLOCK],
    ['flow style', FLOW],
    ['anchors', ANCHORS],
  ])('%s', (_name, rows) => {
    it.each(rows)('%s', (_row, before, said, after) => {
      expect(textOf(edited(HEAD + before, said))).toBe(HEAD + after);
    });

    it.each(rows)('%s, with Windows line ends', (_row, before, said, after) => {
      const windows = (text: string): string => (HEAD + text).replaceAll('\n', '\r\n');
      expect(textOf(edited(windows(before), said))).toBe(windows(after));
    });
  });
});
