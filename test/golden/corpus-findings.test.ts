// What lint says of real applications, against FINDINGS.md of each: a table written by hand with a reason why every finding
// is right. A finding that has no reason, and a reason that has no finding, fail.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { APPLICATIONS, corpusFolder } from '../support/corpus.ts';
import { runCli } from '../support/run-cli.ts';
import { describeWithShared, ROOT } from '../support/shared.ts';

interface Row {
  readonly finding: string;
  readonly reason: string;
}

/** Rows of the first table of a file: check, severity, place, reason. */
function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| |\s*\|$/g, '').trim()))
    .map(([check = '', severity = '', place = '', reason = '']) => ({
      finding: `${check.replaceAll('`', '')} ${severity} ${place}`,
      reason,
    }));
}

describeWithShared('findings of real applications', () => {
  describe.each(APPLICATIONS)('%s', (name) => {
    const rows = rowsOf(readFileSync(join(ROOT, 'test/golden', name, 'FINDINGS.md'), 'utf8'));

    it('are those that FINDINGS.md gives reasons for', async () => {
      const { stdout } = await runCli(['lint', '-f', corpusFolder(name), '-o', 'json']);
      const { findings } = JSON.parse(stdout) as {
        findings: { check: string; severity: string; source: { file: string; line: number } }[];
      };
      const found = findings.map(({ check, severity, source }) => {
        const file = source.file.slice(corpusFolder(name).length + 1);
        return `${check} ${severity} ${file}:${source.line}`;
      });
      expect(rows.map(({ finding }) => finding).sort()).toEqual(found.sort());
    });

    it('each with a reason that says something of this application', () => {
      expect(rows.filter(({ reason }) => reason.split(/\s+/).length < 8)).toEqual([]);
    });
  });
});
