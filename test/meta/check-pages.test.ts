// id = file = page = test: every check has a page, whose examples are run; one of meaning also a file and a test beside it.

import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allChecks } from '../../src/cli/linting/describe-check.ts';
import { CHECKS } from '../../src/engine/checks/registry.ts';
import { parseTests } from '../../src/engine/index.ts';
import { readText } from '../../src/manifests/index.ts';
import { checkPages, type PageExample } from '../support/check-page.ts';
import { judged } from '../support/lint.ts';
import { sourceFiles } from '../support/source-files.ts';

const pages = checkPages();
const files = sourceFiles('src', { tests: true }).filter(({ path }) => path.startsWith('src/engine/checks/'));
const examples = pages.flatMap(({ id, path, examples: all }) =>
  all.map((one) => ({ id, place: `${path}:${one.line}`, ...one })),
);
const checks = allChecks();

/** What no text can show: it is about bytes and permissions. */
const WITHOUT_EXAMPLES: readonly string[] = ['invalid-encoding', 'too-large', 'unreadable-file'];
const REJECTED = { always: ['rejected by the API server'], sometimes: ['rejected by some API servers'], never: [] };

function findingsOf(id: string, { text, cni, assume }: PageExample): number {
  if (id === 'invalid-test') return parseTests(readText(text, 'test.yaml').objects).findings.length;
  const settings = { assume, ...(cni === undefined ? {} : { cni }) };
  return judged(text, { readingChecks: checks.map((one) => one.id), today: '2026-06-01' }, settings).findings.filter(
    ({ check, suppressed }) => check === id && suppressed === undefined,
  ).length;
}

describe('checks', () => {
  it('are listed by id, each once', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it.each(CHECKS)('$id has a file and a test', ({ id }) => {
    const names = files.map(({ path }) => basename(path));
    expect(names).toContain(`${id}.ts`);
    expect(names).toContain(`${id}.test.ts`);
  });

  it.each(checks)('$id has a page', ({ id, severity, scope, summary, rejects, controls }) => {
    const page = pages.find((one) => one.id === id);
    expect(page, `docs/checks/${id}.md`).toBeDefined();
    const facts = [`\`${severity}\``, scope, ...REJECTED[rejects], ...controls].join(' · ');
    expect(page!.text.split('\n').slice(0, 5)).toEqual([`# ${id}`, '', `Reports ${summary}.`, '', facts]);
    expect(page!.sections).toEqual(['Bad', 'Good', 'When to ignore']);
    const kinds = WITHOUT_EXAMPLES.includes(id) ? [] : ['bad', 'good'];
    expect(new Set(page!.examples.map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  it.each(examples)('$place is $kind', ({ id, ...example }) => {
    expect(findingsOf(id, example) > 0).toBe(example.kind === 'bad');
  });

  it('no page is left over', () => {
    const ids = new Set(checks.map(({ id }) => id));
    expect(pages.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
  });
});
