import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeUnless } from '../../test/support/shared.ts';
import { unifiedDiff } from './unified-diff.ts';

/** Applies a diff as the format says, checking every line and count. */
function patch(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const lines = diff.match(/[^\n]*\n/g) ?? [];
  let result = '';
  let at = 0;
  let [oldLeft, newLeft] = [0, 0];
  for (let i = 2; i < lines.length; i++) {
    const line = lines[i]!;
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$/.exec(line);
    if (header !== null && oldLeft === 0 && newLeft === 0) {
      [oldLeft, newLeft] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
      const start = Number(header[1]) - (oldLeft === 0 ? 0 : 1);
      result += old.slice(at, start).join('');
      at = start;
      expect(Number(header[3])).toBe((result.match(/\n/g) ?? []).length + (newLeft === 0 ? 0 : 1));
      continue;
    }
    const isCut = lines[i + 1] === '\\ No newline at end of file\n';
    const content = isCut ? line.slice(1, -1) : line.slice(1);
    if (isCut) i++;
    if (line[0] !== '+') {
      expect(old[at++]).toBe(content);
      oldLeft--;
    }
    if (line[0] !== '-') {
      result += content;
      newLeft--;
    }
  }
  expect([oldLeft, newLeft]).toEqual([0, 0]);
  return result + old.slice(at).join('');
}

const line = fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', '@@ -1 +1 @@\n', '-- x\n', '\\ x\n', '\r\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', 'a', 'end', '\r'))
  .map(([lines, end]) => lines.join('') + end);
const pair = fc.oneof(
  fc.tuple(text, text),
  fc.tuple(text, text, text, text).map(([a, b, c, d]) => [`${a}\n${b}\n${c}`, `${a}\n${d}\n${c}`] as const),
);

describe('unifiedDiff', () => {
  it('shows three lines around each change', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'].join('\n');
    const after = before.replace('2', 'two').replace('11\n', '11\nmore\n');
    expect(unifiedDiff('a.yaml', before, after)).toBe(`--- a/a.yaml
+++ b/a.yaml
@@ -1,5 +1,5 @@
 1
-2
+two
 3
 4
 5
@@ -9,4 +9,5 @@
 9
 10
 11
+more
 12
\\ No newline at end of file
`);
  });

  it('joins changes that are near, and keeps Windows line ends', () => {
    expect(unifiedDiff('/x y.yaml', 'a\r\nb\r\nc\r\n', 'b\r\nc\r\nd')).toBe(
      '--- /x y.yaml\t\n+++ /x y.yaml\t\n@@ -1,3 +1,3 @@\n-a\r\n b\r\n c\r\n+d\n\\ No newline at end of file\n',
    );
  });

  it('tells new and removed files, and nothing for equal ones', () => {
    expect(unifiedDiff('a', undefined, 'x\n')).toBe('--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n');
    expect(unifiedDiff('../a', 'x\n', undefined)).toBe('--- ../a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n');
    expect(unifiedDiff('a', 'x', 'x')).toBe('');
  });

  it('applied to the old text it gives the new one', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        expect(patch(before, unifiedDiff('a', before, after))).toBe(after);
      }),
      { numRuns: 1000 },
    );
  });

  it('is as small as a diff can be', () => {
    const common = (a: readonly string[], b: readonly string[]): number => {
      const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
      for (let i = a.length - 1; i >= 0; i--)
        for (let j = b.length - 1; j >= 0; j--)
          lengths[i]![j] =
            a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
      return lengths[0]![0]!;
    };
    const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = unifiedDiff('a', before.join(''), after.join(''));
        const removed = diff
          .split('\n')
          .slice(2)
          .filter((each) => each.startsWith('-')).length;
        expect(removed).toBe(before.length - common(before, after));
      }),
    );
  });

  it('replaces whole stretches where too much differs', () => {
    const [before, after] = ['x', 'y'].map((name) =>
      Array.from({ length: 3000 }, (_, index) => (index % 3 === 0 ? 'same\n' : `${name}${index}\n`)).join(''),
    ) as [string, string];
    expect(patch(before, unifiedDiff('a', before, after))).toBe(after);
  });
});

const git = spawnSync('git', ['--version'], { encoding: 'utf8' });
describeUnless(git.status === 0 ? undefined : 'git is not installed', 'git apply', () => {
  it('takes the diff', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netweir-diff-'));
    try {
      fc.assert(
        fc.property(pair, ([before, after]) => {
          if (before === after) return;
          writeFileSync(join(folder, 'a.yaml'), before);
          const diff = unifiedDiff('a.yaml', before, after);
          const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
            cwd: folder,
            input: diff,
            encoding: 'utf8',
          });
          expect(status, stderr + diff).toBe(0);
          expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe(after);
        }),
        { numRuns: 20 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
