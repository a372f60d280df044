import { describe, expect, it } from 'vitest';
import { edited, editOf, type Said, textOf } from '../../../test/support/said-edits.ts';
import { readText } from '../read-text.ts';
import { editText } from './edit-text.ts';

const thing = (name: string): string => `apiVersion: v1\nkind: ${name}\n`;
const NEW = { apiVersion: 'v1', kind: 'New', spec: [{ a: [] }] };
const PRINTED = 'apiVersion: v1\nkind: New\nspec:\n- a: []\n';

/** Name, text, edits by index of the object, text after them. */
const STREAMS: readonly (readonly [string, string, readonly (readonly [number, Said])[], string])[] = [
  ['a new one at the end', thing('A'), [[0, ['add', NEW]]], `${thing('A')}---\n${PRINTED}`],
  [
    'a new one where the last line is open',
    thing('A').trimEnd(),
    [[0, ['add', NEW]]],
    `${thing('A')}---\n${PRINTED}`.trimEnd(),
  ],
  [
    'a new one in between',
    `${thing('A')}# end\n---\n${thing('B')}`,
    [[0, ['add', NEW]]],
    `${thing('A')}# end\n---\n${PRINTED}---\n${thing('B')}`,
  ],
  [
    'a new one behind an end mark',
    `${thing('A')}...\n---\n${thing('B')}...\n`,
    [
      [0, ['add', NEW]],
      [1, ['add', NEW]],
    ],
    `${thing('A')}...\n---\n${PRINTED}---\n${thing('B')}...\n---\n${PRINTED}`,
  ],
  [
    'several behind one, in order',
    thing('A'),
    [
      [0, ['add', NEW]],
      [0, ['add', { ...NEW, spec: 1 }]],
    ],
    `${thing('A')}---\n${PRINTED}---\napiVersion: v1\nkind: New\nspec: 1\n`,
  ],
  [
    'a new one beside a change',
    `${thing('A')}a: 1`,
    [
      [0, ['set', 'b', 2]],
      [0, ['add', { ...NEW, spec: 1 }]],
    ],
    `${thing('A')}a: 1\nb: 2\n---\napiVersion: v1\nkind: New\nspec: 1`,
  ],
  [
    'indented as the document beside it',
    `${thing('A')}a:\n    b:\n      - c\n`,
    [[0, ['add', NEW]]],
    `${thing('A')}a:\n    b:\n      - c\n---\napiVersion: v1\nkind: New\nspec:\n  - a: []\n`,
  ],
  [
    'the last one goes with the separator above',
    `${thing('A')}---  # B\n# B\n${thing('B')}`,
    [[1, ['remove-object']]],
    thing('A'),
  ],
  [
    'one in between',
    `${thing('A')}---\n${thing('B')}---\n${thing('C')}`,
    [[1, ['remove-object']]],
    `${thing('A')}---\n${thing('C')}`,
  ],
  [
    'the first one goes with the separator below',
    `# A\n${thing('A')}---\n# B\n${thing('B')}`,
    [[0, ['remove-object']]],
    `# B\n${thing('B')}`,
  ],
  [
    'what is said about the file stays',
    `# the file\n\n# A\n${thing('A')}---\n${thing('B')}`,
    [[0, ['remove-object']]],
    `# the file\n\n${thing('B')}`,
  ],
  [
    'what ignores findings of a document goes',
    `# the file\n\n# netweir-ignore x: y\n\n${thing('A')}---\n${thing('B')}`,
    [[0, ['remove-object']]],
    `# the file\n\n${thing('B')}`,
  ],
  [
    'the first one below a separator',
    `---\n${thing('A')}---\n${thing('B')}`,
    [[0, ['remove-object']]],
    `---\n${thing('B')}`,
  ],
  [
    'the first two',
    `${thing('A')}---\n${thing('B')}---\n${thing('C')}`,
    [
      [0, ['remove-object']],
      [1, ['remove-object']],
    ],
    thing('C'),
  ],
  [
    'one is replaced',
    `${thing('A')}---\n${thing('B')}`,
    [
      [0, ['remove-object']],
      [0, ['add', NEW]],
      [1, ['remove-object']],
    ],
    `---\n${PRINTED}`,
  ],
  [
    'all of them',
    `# the file\n\n${thing('A')}---\n${thing('B')}`,
    [
      [0, ['remove-object']],
      [1, ['remove-object']],
    ],
    '# the file\n\n',
  ],
  [
    'documents that are no objects stay',
    `a: 1\n---\n${thing('A')}---\n# end\n`,
    [[0, ['remove-object']]],
    'a: 1\n---\n# end\n',
  ],
  [
    'changes of several documents',
    `${thing('A')}a: [1]\n---\n${thing('B')}b: 1\n`,
    [
      [1, ['set', 'b', 2]],
      [0, ['insert', 'a.0', 0]],
    ],
    `${thing('A')}a: [0, 1]\n---\n${thing('B')}b: 2\n`,
  ],
  ['directives', `%YAML 1.1\n---\n${thing('A')}a: 1\n`, [[0, ['remove', 'a']]], `%YAML 1.1\n---\n${thing('A')}`],
];

const list = (...items: readonly string[]): string => `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
const ITEM = '# A\n- apiVersion: v1\n  kind: A\n  spec: [1]\n';
const OTHER = '\n# B\n- {apiVersion: v1, kind: B}\n';

const LISTS: readonly (readonly [string, string, readonly (readonly [number, Said])[], string])[] = [
  [
    'a new item',
    list(ITEM, OTHER),
    [[0, ['add', NEW]]],
    list(ITEM, '- apiVersion: v1\n  kind: New\n  spec:\n  - a: []\n', OTHER),
  ],
  ['an item goes', list(ITEM, OTHER), [[0, ['remove-object']]], list(OTHER.slice(1))],
  [
    'all items',
    list(ITEM, OTHER),
    [
      [0, ['remove-object']],
      [1, ['remove-object']],
    ],
    'apiVersion: v1\nkind: List\nitems: []\n\n',
  ],
  [
    'changes in items',
    list(ITEM, OTHER),
    [
      [1, ['set', 'spec', 'x']],
      [0, ['remove', 'spec.0']],
    ],
    list(ITEM.replace('[1]', '[]'), OTHER.replace('B}', 'B, spec: x}')),
  ],
  [
    'a change of one item and another gone',
    list(ITEM, OTHER),
    [
      [0, ['remove-object']],
      [1, ['set', 'spec', 'x']],
    ],
    list(OTHER.slice(1).replace('B}', 'B, spec: x}')),
  ],
  [
    'an item goes, whatever else is wanted of it',
    list(ITEM, OTHER),
    [
      [0, ['set', 'spec', 2]],
      [0, ['remove-object']],
      [0, ['remove', 'spec']],
    ],
    list(OTHER.slice(1)),
  ],
  [
    'an item that leaves its kind to the list',
    'apiVersion: v1\nkind: PodList\nitems:\n- spec: 1\n- spec: 2\n',
    [
      [1, ['set', 'spec', 3]],
      [0, ['set', 'kind', 'Pod']],
    ],
    'apiVersion: v1\nkind: PodList\nitems:\n- spec: 1\n  kind: Pod\n- spec: 3\n',
  ],
  [
    'a list without a List',
    `- apiVersion: v1\n  kind: A\n- apiVersion: v1\n  kind: B\n`,
    [
      [0, ['remove-object']],
      [1, ['add', { ...NEW, spec: 1 }]],
    ],
    '- apiVersion: v1\n  kind: B\n- apiVersion: v1\n  kind: New\n  spec: 1\n',
  ],
  [
    'an item that is an alias',
    'apiVersion: v1\nkind: List\nx: &a {apiVersion: v1, kind: A}\nitems:\n- *a\n',
    [[0, ['set', 'spec', 1]]],
    'apiVersion: v1\nkind: List\nx: &a {apiVersion: v1, kind: A}\nitems:\n- apiVersion: v1\n  kind: A\n  spec: 1\n',
  ],
];

const JSONS: readonly (readonly [string, string, readonly (readonly [number, Said])[], string])[] = [
  [
    'indented',
    '{\n\t"apiVersion": "v1",\n\t"kind": "A",\n\t"a": [],\n\t"b": {\n\t\t"c": 1\n\t}\n}\n',
    [
      [0, ['insert', 'a.0', { x: [1] }]],
      [0, ['set', 'b.d', []]],
      [0, ['remove', 'b.c']],
    ],
    '{\n\t"apiVersion": "v1",\n\t"kind": "A",\n\t"a": [\n\t\t{\n\t\t\t"x": [\n\t\t\t\t1\n\t\t\t]\n\t\t}\n\t],\n\t"b": {\n\t\t"d": []\n\t}\n}\n',
  ],
  [
    'compact',
    '{"apiVersion":"v1","kind":"A","a":[1,2]}',
    [
      [0, ['insert', 'a.2', { x: 'é\u2028' }]],
      [0, ['remove', 'a.0']],
      [0, ['set', 'b', null]],
    ],
    '{"apiVersion":"v1","kind":"A","a":[2,{"x":"é\\u2028"}],"b":null}',
  ],
  [
    'items on lines of their own',
    '{"apiVersion": "v1", "kind": "A", "a": [\n  {"x": 1},\n  {"y": 2}\n]}',
    [
      [0, ['insert', 'a.2', { z: [3] }]],
      [0, ['remove', 'a.0']],
    ],
    '{"apiVersion": "v1", "kind": "A", "a": [\n  {"y": 2},\n  {"z": [3]}\n]}',
  ],
  [
    'values one after the other',
    '{"apiVersion":"v1","kind":"A"}\n{"apiVersion":"v1","kind":"B","a":1}\n',
    [
      [1, ['remove', 'a']],
      [0, ['add', { apiVersion: 'v1', kind: 'C' }]],
    ],
    '{"apiVersion":"v1","kind":"A"}\n{"apiVersion":"v1","kind":"C"}\n{"apiVersion":"v1","kind":"B"}\n',
  ],
  [
    'one of them goes',
    '{"apiVersion":"v1","kind":"A"}\n{"apiVersion":"v1","kind":"B","a":1}\n',
    [[0, ['remove-object']]],
    '{"apiVersion":"v1","kind":"B","a":1}\n',
  ],
  [
    'within a stream of YAML',
    '---\n{"apiVersion": "v1", "kind": "A", "a": 1}\n---\n{"apiVersion": "v1", "kind": "B"} # b\n',
    [
      [0, ['add', { ...NEW, spec: 1 }]],
      [0, ['set', 'a', 2]],
      [1, ['set', 'b', 'x']],
    ],
    '---\n{"apiVersion": "v1", "kind": "A", "a": 2}\n---\napiVersion: v1\nkind: New\nspec: 1\n---\n{"apiVersion": "v1", "kind": "B", "b": "x"} # b\n',
  ],
];

const apply = (text: string, said: readonly (readonly [number, Said])[], file: string): string => {
  const { objects } = readText(text, file);
  const edits = said.map(([index, each]) => editOf(objects[index]!, each));
  return textOf(editText(text, file, edits));
};

describe.each([
  ['documents', STREAMS, 'a.yaml'],
  ['Lists', LISTS, 'a.yaml'],
  ['JSON', JSONS, 'a.json'],
])('%s', (_name, rows, file) => {
  it.each(rows)('%s', (_row, before, said, after) => {
    expect(apply(before, said, file)).toBe(after);
  });

  it.each(rows)('%s, with Windows line ends and a mark', (_row, before, said, after) => {
    const windows = (text: string): string => `\ufeff${text.replaceAll('\n', '\r\n')}`;
    expect(apply(windows(before), said, file)).toBe(windows(after));
  });
});

describe('what is told about a result', () => {
  it('whether a document is left', () => {
    expect(edited(`# x\n${thing('A')}`, [['remove-object']])).toMatchObject({ text: '', isEmpty: true });
    expect(edited(`a: 1\n---\n${thing('A')}`, [['remove-object']])).toMatchObject({ text: 'a: 1\n', isEmpty: false });
  });

  it('places count from the text as it was given; edits by their number', () => {
    const text = `\ufeff${thing('A')}a: 1\nb: [x]\n`;
    const result = edited(text, [
      ['insert', 'b.1', 'z'],
      ['set', 'a', 2],
    ]);
    expect(result).toMatchObject({
      changes: [
        { start: 27, end: 28, text: '2', edit: 1, document: { start: { line: 3, column: 4 }, end: { column: 5 } } },
        { start: 34, end: 34, text: ', z', edit: 0, document: { file: 'a.yaml', start: { line: 4, column: 6 } } },
      ],
    });
  });
});

describe('refusals', () => {
  it('one JSON object has no place for another', () => {
    expect(edited('{"apiVersion":"v1","kind":"A"}', [['add', NEW]], 'a.json')).toEqual({
      refusal: {
        reason: 'no-place',
        message: 'a JSON file with one object has no place for another',
        hint: 'put the new object in a file of its own',
      },
    });
  });

  it('a list of one kind has no place for another', () => {
    const text = 'apiVersion: v1\nkind: PodList\nitems:\n- spec: 1\n';
    expect(edited(text, [['add', NEW]])).toMatchObject({
      refusal: { reason: 'no-place', message: 'a PodList has no place for a New' },
    });
    expect(textOf(edited(text, [['add', { apiVersion: 'v1', kind: 'Pod' }]]))).toBe(
      `${text}- apiVersion: v1\n  kind: Pod\n`,
    );
  });

  it('an object that is not in the text', () => {
    const { objects } = readText(`${thing('A')}a: 1\n`, 'a.yaml');
    const edits = [editOf(objects[0]!, ['remove', 'a'])];
    expect(editText(`${thing('A')}a: 2\n`, 'a.yaml', edits)).toMatchObject({ refusal: { reason: 'not-found' } });
    expect(editText(`\n${thing('A')}a: 1\n`, 'a.yaml', edits)).toMatchObject({ refusal: { reason: 'not-found' } });
    expect(editText('', 'a.yaml', edits)).toMatchObject({ refusal: { reason: 'not-found' } });
    expect('text' in editText(`${thing('A')}a:  1 # same\n`, 'a.yaml', edits)).toBe(true);
  });

  it('a value that others share, unless they go too', () => {
    const text = `${thing('A')}a: &x {b: 1}\nc: *x\nd: {<<: *x}\n`;
    expect(edited(text, [['set', 'a.b', 2]])).toMatchObject({ refusal: { reason: 'shared' } });
    expect(edited(text, [['remove', 'a']])).toMatchObject({ refusal: { reason: 'shared' } });
    expect(
      textOf(
        edited(text, [
          ['remove', 'd'],
          ['set', 'a.b', 2],
          ['set', 'c', 3],
        ]),
      ),
    ).toBe(`${thing('A')}a: &x {b: 2}\nc: 3\n`);
  });

  it('a path that leads nowhere is a defect of the caller', () => {
    expect(() => edited(thing('A'), [['remove', 'x']])).toThrow(RangeError);
  });

  it('text that would be read as something else', () => {
    // What looks like a template at the start of a line makes the whole file one.
    const result = edited(`${thing('A')}metadata: {name: a}\n`, [['set', 'metadata.name', '{{ .Values.x }}']]);
    expect(result).toMatchObject({ refusal: { reason: 'mismatch' } });
  });
});
