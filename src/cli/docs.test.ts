import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../test/support/shared.ts';
import { VERBS } from './command-table.ts';
import { checksMarkdown, cliMarkdown } from './docs.ts';
import { allChecks } from './linting/describe-check.ts';

it('docs/cli.md is in step with the command table', async () => {
  await expect(cliMarkdown()).toMatchFileSnapshot(join(ROOT, 'docs/cli.md'));
});

it('tells every flag of every verb', () => {
  const text = cliMarkdown();
  for (const { name, flags, document } of VERBS) {
    const section = text.slice(text.indexOf(`\n## ${name}\n`)).split('\n## ')[1] ?? '';
    expect(section).toContain(name);
    if (document === undefined) continue;
    for (const flag of flags) expect(text).toContain(`--${flag.name}`);
  }
});

it('docs/checks.md has a section for every check that any finding may carry', async () => {
  await expect(checksMarkdown()).toMatchFileSnapshot(join(ROOT, 'docs/checks.md'));
  const ids = allChecks().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('not-understood');
});
