import { describe, expect, it } from 'vitest';
import { SAMPLES, testReport } from '../../test/support/sample-documents.ts';
import { fullFindings, hostileFindings } from '../../test/support/sample-findings.ts';
import { parseXml, type XmlElement } from '../../test/support/xml.ts';
import { formatsOf, reporterFor } from './formats.ts';
import type { RunFacts } from './reporter.ts';
import { PLAIN_STYLE } from './style.ts';

function junit(document: (typeof SAMPLES)[string], run: RunFacts = {}): XmlElement {
  return parseXml([...reporterFor('junit', document.kind)(document, { style: PLAIN_STYLE, run })].join(''));
}

const casesOf = (root: XmlElement): XmlElement[] => root.children.flatMap(({ children }) => children);
const outcomes = (root: XmlElement): string[] =>
  casesOf(root).map(({ children }) => children.find(({ name }) => name !== 'system-out')?.name ?? 'passed');

/** What Jenkins and GitLab read: the elements, their attributes, and which must be there. */
const STRUCTURE: Readonly<Record<string, { inside: string; required: string[]; optional: string[] }>> = {
  testsuites: { inside: '', required: ['name', 'tests', 'failures', 'errors', 'skipped'], optional: [] },
  testsuite: { inside: 'testsuites', required: ['name', 'tests', 'failures', 'errors', 'skipped'], optional: [] },
  testcase: { inside: 'testsuite', required: ['classname', 'name'], optional: ['file', 'line'] },
  failure: { inside: 'testcase', required: ['message', 'type'], optional: [] },
  error: { inside: 'testcase', required: ['message', 'type'], optional: [] },
  skipped: { inside: 'testcase', required: ['message'], optional: [] },
  'system-out': { inside: 'testcase', required: [], optional: [] },
};

function structureErrors(element: XmlElement, inside = ''): string[] {
  const rule = STRUCTURE[element.name];
  if (rule === undefined || rule.inside !== inside) return [`${element.name} in ${inside}`];
  const names = Object.keys(element.attributes);
  return [
    ...rule.required.filter((name) => !names.includes(name)),
    ...names.filter((name) => ![...rule.required, ...rule.optional].includes(name)),
    ...element.children.flatMap((child) => structureErrors(child, element.name)),
  ];
}

describe('the reader of XML', () => {
  it.each([
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a b="<"/>',
    '<a>&nbsp;</a>',
    '<a>& b</a>',
    '<a>]]></a>',
    '<a>\u0001</a>',
    'x<a/>',
  ])('refuses %s', (text) => expect(() => parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`)).toThrow());
});

describe('JUnit', () => {
  it.each(Object.entries(SAMPLES).filter(([, { kind }]) => formatsOf(kind).includes('junit')))(
    'of %s has the structure that CI systems read, with right counts and different names',
    (_, document) => {
      const root = junit(document);
      expect(structureErrors(root)).toEqual([]);
      for (const element of [root, ...root.children]) {
        const cases = element === root ? casesOf(root) : element.children;
        const count = (name: string) =>
          String(cases.filter(({ children }) => children.some((child) => child.name === name)).length);
        expect(element.attributes).toMatchObject({
          tests: String(cases.length),
          failures: count('failure'),
          errors: count('error'),
          skipped: count('skipped'),
        });
        expect(cases.length).toBeGreaterThan(0);
      }
      const names = root.children.flatMap(({ attributes: suite, children }) =>
        children.map(({ attributes }) => JSON.stringify([suite['name'], attributes['classname'], attributes['name']])),
      );
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it('fails what fails the run', () => {
    const medium = fullFindings.findings.map((finding) => ({ ...finding, suppressed: undefined, severity: 'medium' }));
    const document = { ...fullFindings, findings: medium, incomplete: [] } as unknown as typeof fullFindings;
    expect(new Set(outcomes(junit(document)))).toEqual(new Set(['passed', 'skipped']));
    expect(outcomes(junit(document, { failOn: 'medium' })).filter((each) => each === 'failure')).toHaveLength(5);
    const lesser = casesOf(junit(document)).find(({ children }) => children[0]?.name === 'system-out');
    expect(lesser?.children[0]?.text).toContain('medium');
  });

  it('has a case that passes where nothing was found', () => {
    const root = junit({ ...fullFindings, findings: [], incomplete: [] });
    expect(casesOf(root).map(({ attributes }) => attributes['name'])).toEqual(['no findings']);
    expect(outcomes(root)).toEqual(['passed']);
  });

  it('says of incomplete input that it is an error, unless that is allowed', () => {
    expect(outcomes(junit(fullFindings))).toContain('error');
    expect(outcomes(junit(fullFindings, { allowIncomplete: true }))).not.toContain('error');
  });

  it('numbers cases of one name', () => {
    const [finding] = fullFindings.findings;
    const cases = casesOf(junit({ ...fullFindings, findings: [finding!, finding!], incomplete: [] }));
    const [first, second] = cases.map(({ attributes }) => attributes['name']);
    expect(second).toBe(`${first} (2)`);
    const test = testReport.tests[0]!;
    const names = casesOf(junit({ ...testReport, tests: [test, test] })).map(({ attributes }) => attributes['name']);
    expect(names).toEqual([test.name, `${test.name} (2)`]);
  });

  it('keeps names of cases when lines move', () => {
    const moved = fullFindings.findings.map((finding) => ({
      ...finding,
      source: { ...finding.source, ...(finding.source.line === undefined ? {} : { line: finding.source.line + 7 }) },
    }));
    const names = (root: XmlElement) => casesOf(root).map(({ attributes }) => attributes['name']);
    expect(names(junit({ ...fullFindings, findings: moved }))).toEqual(names(junit(fullFindings)));
  });

  it('holds hostile text as text', () => {
    const text = JSON.stringify(junit(hostileFindings));
    expect(text).toContain(']]> <!-- & ');
    expect(text).toContain('<script>alert(1)</script>');
    expect(text).toContain('\\\\x00\\\\x1b[2J \\\\ud800 \\\\ufffe');
  });

  it('says what breaks a test, and where it stands', () => {
    const [failed, passed] = casesOf(junit(testReport, { place: { cwd: '/src/a', root: '/src' } }));
    expect(failed?.attributes).toMatchObject({ file: 'a/tests/net.yaml', line: '4' });
    expect(failed?.children).toMatchObject([
      { name: 'failure', attributes: { message: 'shop/web → shop/db   5432/TCP' } },
    ]);
    expect(failed?.children[0]?.text).toContain('but only shop/deployment/api is listed');
    expect(passed?.children).toEqual([]);
  });
});
