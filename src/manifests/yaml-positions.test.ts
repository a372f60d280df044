import { describe, expect, it } from 'vitest';
import type { Path } from '../engine/model/source.ts';
import { readText } from './read-text.ts';

const HEAD = 'apiVersion: v1\nkind: Thing\n';

/** The text that a path of the only object points at. */
function textAt(body: string, path: Path, options?: { key?: boolean }): string {
  const text = HEAD + body;
  const [object] = readText(text, 'a.yaml').objects;
  const { line, column, end } = object!.locate(path, options);
  const lines = text.split('\n');
  const offset = (at: { line: number; column: number }): number =>
    lines.slice(0, at.line - 1).join('\n').length + (at.line > 1 ? 1 : 0) + at.column - 1;
  return text.slice(offset({ line: line!, column: column! }), end === undefined ? undefined : offset(end));
}

describe('places in YAML', () => {
  it.each<[string, Path, string]>([
    ['spec:\n  a:\n  - b: 1 # note\n    c: 2 # note\n\n# end\n', ['spec', 'a', 0], 'b: 1 # note\n    c: 2'],
    ['spec: {a: [x, "y z"]}\n', ['spec', 'a', 1], '"y z"'],
    ['spec: {a: [x, "y z"]}\n', ['spec', 'a'], '[x, "y z"]'],
    ['a: &x {b: 1}\nc: *x\n', ['c'], '*x'],
    ['a: &x {b: 1}\nc: *x\n', ['c', 'b'], '1'],
    ['a: &x {b: 1}\nc: {d: 2, <<: *x}\n', ['c', 'b'], '1'],
    ['a: &x {b: 1}\nc: {b: 2, <<: [{e: 3}, *x]}\n', ['c', 'b'], '1'],
    ['a: &x 1\nb: &x 2\nc: *x\n', ['c', 'deeper'], '*x'],
    ['a: &x {k: 1}\nb: &x {k: 2}\nc: *x\n', ['c', 'k'], '2'],
    ['a: 1\na: 2\n', ['a'], '2'],
    ['a:\nb: 1\n', ['a'], 'a'],
    ['0x10: yes\n', ['16'], 'yes'],
    ['on: 1\n', ['true'], '1'],
    ['metadata:\n  labels: {constructor: x}\n', ['metadata', 'labels', 'constructor'], 'x'],
    ['metadata:\n  labels: {constructor: x}\n', ['metadata', 'labels', 'toString'], '{constructor: x}'],
  ])('%j %j', (body, path, expected) => {
    expect(textAt(body, path)).toBe(expected);
  });

  it('points at keys where asked to', () => {
    expect(textAt('spec:\n  ingres: []\n', ['spec', 'ingres'], { key: true })).toBe('ingres');
  });

  it('counts lines of the file across documents, comments, CRLF and a byte-order mark', () => {
    const text = `\ufeff# first\r\n---\r\n${HEAD}a: 1\r\n--- # second\r\n${HEAD}spec:\r\n  a: 2\r\n`;
    const [, second] = readText(text, 'a.yaml').objects;
    expect(second?.locate([])).toMatchObject({ file: 'a.yaml', line: 7, column: 1, path: '' });
    expect(second?.locate(['spec', 'a'])).toEqual({
      file: 'a.yaml',
      line: 10,
      column: 6,
      end: { line: 10, column: 7 },
      path: 'spec.a',
    });
  });

  it('still finds places after the trees were dropped', () => {
    const filler = `  x: ${'y'.repeat(400_000)}\n`;
    const text = [1, 2, 3, 4].map((n) => `${HEAD}a:\n${filler}  z: ${n}\n`).join('---\n');
    const { objects } = readText(text, 'a.yaml');
    expect(objects.map((object) => object.locate(['a', 'z']).line)).toEqual([5, 11, 17, 23]);
    expect(objects[0]?.locate(['a', 'z']).line).toBe(5);
  });
});
