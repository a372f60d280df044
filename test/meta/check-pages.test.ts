// id = file = page = test: every check has a page, whose examples are run, and a test beside its code.

import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/engine/checks/registry.ts';
import { checkPages } from '../support/check-page.ts';
import { problemsOf, verdictOn } from '../support/lint.ts';
import { proveFix } from '../support/prove-fix.ts';
import { sourceFiles } from '../support/source-files.ts';

const pages = checkPages();
const files = sourceFiles('src', { tests: true }).filter(({ path }) => path.startsWith('src/engine/checks/'));
const examples = pages.flatMap(({ id, path, examples: all }) =>
  all.map((one) => ({ id, place: `${path}:${one.line}`, ...one })),
);

describe('checks', () => {
  it('are listed by id, each once', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it.each(CHECKS)('$id has a file, a test and a page', ({ id, severity, scope, summary, controls = [] }) => {
    const names = files.map(({ path }) => basename(path));
    expect(names).toContain(`${id}.ts`);
    expect(names).toContain(`${id}.test.ts`);
    const page = pages.find((one) => one.id === id);
    expect(page, `docs/checks/${id}.md`).toBeDefined();
    const facts = [`\`${severity}\``, scope, ...controls].join(' · ');
    expect(page!.text.split('\n').slice(0, 5)).toEqual([`# ${id}`, '', `Reports ${summary}.`, '', facts]);
    expect(page!.sections).toEqual(['Bad', 'Good', 'When to ignore']);
    expect(new Set(page!.examples.map(({ kind }) => kind))).toEqual(new Set(['bad', 'good']));
  });

  it.each(examples)('$place is $kind', ({ id, kind, text, cni = 'default', assume }) => {
    const found = problemsOf(text, id, { cni, assume });
    expect(found.length > 0, found.map(({ message }) => message).join('\n')).toBe(kind === 'bad');
  });

  it.each(examples.filter(({ kind }) => kind === 'bad'))('$place: its fixes mend it', (page) => {
    const { id, text, cni = 'default', assume } = page;
    for (const finding of problemsOf(text, id, { cni, assume })) {
      const { fix, alternatives = [] } = finding;
      for (const { title } of fix === undefined ? alternatives : [fix, ...alternatives]) {
        proveFix(text, finding, title, { cni, assume });
      }
    }
  });

  it.each(examples.filter(({ kind }) => kind === 'bad'))('$place: its flows are decided', (page) => {
    const { id, text, cni = 'default', assume } = page;
    for (const { example } of problemsOf(text, id, { cni, assume })) {
      if (example !== undefined) expect(['allowed', 'denied']).toContain(verdictOn(text, example, { cni, assume }));
    }
  });

  it('no page is left over', () => {
    const ids = new Set(CHECKS.map(({ id }) => id));
    expect(pages.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
  });
});
