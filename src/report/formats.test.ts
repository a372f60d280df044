import { describe, expect, it } from 'vitest';
import { SAMPLES, shopMap, twelveMap } from '../../test/support/sample-documents.ts';
import { sampleRun } from '../../test/support/sample-run.ts';
import { UserError } from '../engine/model/user-error.ts';
import type { Document } from '../engine/questions/documents.ts';
import { FORMATS, formatsOf, reporterFor } from './formats.ts';
import type { ReportOptions } from './reporter.ts';
import { PLAIN_STYLE, type Style } from './style.ts';

/** Stands in for the printer that the command line hands in. */
const printObjects = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('---\n');

function print(document: Document, format: string, options: Partial<ReportOptions> = {}): string {
  return [
    ...reporterFor(format, document.kind)(document, {
      style: PLAIN_STYLE,
      allPods: true,
      run: sampleRun,
      printObjects,
      ...options,
    }),
  ].join('');
}

const COLOURS: Style = {
  bold: (text) => `<b>${text}</b>`,
  dim: (text) => `<dim>${text}</dim>`,
  red: (text) => `<red>${text}</red>`,
  green: (text) => `<green>${text}</green>`,
  yellow: (text) => `<yellow>${text}</yellow>`,
};

/** Samples whose own names are not ASCII: those are printed as they are. */
const FOREIGN = ['map-hostile', 'findings-full', 'findings-hostile'];

const cases = Object.entries(SAMPLES).flatMap(([name, document]) =>
  formatsOf(document.kind).map((format) => ({ name, document, format })),
);

describe('goldens', () => {
  it.each(cases)('$name as $format', async ({ name, document, format }) => {
    // Git keeps goldens with LF; that CSV has CRLF is tested with its reader.
    const text = print(document, format).replaceAll('\r\n', '\n');
    await expect(text).toMatchFileSnapshot(`../../test/golden/report/${name}.${format}.txt`);
  });

  it.each(Object.keys(SAMPLES).flatMap((name) => [80, 120].map((width) => ({ name, width }))))(
    '$name at $width columns',
    async ({ name, width }) => {
      const document = SAMPLES[name];
      if (document === undefined) throw new Error(name);
      const text = print(document, 'table', { width });
      await expect(text).toMatchFileSnapshot(`../../test/golden/report/${name}.table-${width}.txt`);
    },
  );

  it.each(Object.keys(SAMPLES))('%s in colour and ASCII', async (name) => {
    const document = SAMPLES[name];
    if (document === undefined) throw new Error(name);
    const text = print(document, 'table', { style: COLOURS, ascii: true });
    await expect(text).toMatchFileSnapshot(`../../test/golden/report/${name}.table-ascii.txt`);
    if (!FOREIGN.includes(name)) expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe('every text output', () => {
  it.each(cases)('$name as $format is safe on a terminal, ends its last line and has no trailing blanks', (each) => {
    const text = print(each.document, each.format);
    expect(text).not.toMatch(/[^\P{Cc}\r\n]|[\u00a0\u202a-\u202e\u2066-\u2069]/u);
    if (each.format === 'csv') expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    else expect(text).not.toMatch(/\r| $/m);
    // Without anything to say these have no line at all.
    expect(text).toMatch(['jsonl', 'yaml', 'github'].includes(each.format) ? /(^|\n)$/ : /\n$/);
  });

  it.each(cases)('$name as $format does not depend on the colours', ({ document, format }) => {
    const painted = print(document, format, { style: COLOURS }).replace(/<\/?(b|dim|red|green|yellow)>/g, '');
    expect(painted).toBe(print(document, format));
  });
});

describe('reporterFor', () => {
  it('lists the formats of the kind in its error', () => {
    const failure = (format: string): UserError => {
      try {
        reporterFor(format, 'Findings');
      } catch (error) {
        if (error instanceof UserError) return error;
      }
      throw new Error('no UserError');
    };
    expect(failure('dot')).toMatchObject({
      code: 'usage',
      message: 'output format "dot" is not for Findings',
      hint: 'formats for Findings: table, wide, json, jsonl, csv, sarif, junit, github, gitlab, md',
    });
    expect(failure('yaml').message).toBe('output format "yaml" is not for Findings');
    expect(failure('toml').message).toBe('there is no output format "toml"');
    expect(failure('constructor').code).toBe('usage');
  });

  it('has the formats of connections for a map, those of problems for findings, json for every kind', () => {
    const problems = ['sarif', 'junit', 'github', 'gitlab'];
    expect(formatsOf('ConnectivityMap')).toEqual(FORMATS.filter((format) => ![...problems, 'yaml'].includes(format)));
    expect(formatsOf('Findings')).toEqual(expect.arrayContaining(problems));
    for (const document of Object.values(SAMPLES)) expect(formatsOf(document.kind)).toContain('json');
  });

  it('refuses a document of another kind', () => {
    const reporter = reporterFor('json', 'Findings');
    expect(() => [...reporter(shopMap, { style: PLAIN_STYLE })]).toThrow('a reporter for Findings was given');
  });

  it('says nothing of whole namespaces unless the document has every pod', () => {
    expect(print(twelveMap, 'table')).toMatch(/^all pods .*53\/UDP$/m);
    const listed = print(twelveMap, 'table', { allPods: false });
    expect(listed).not.toMatch(/all pods|\*/);
    expect(listed).toContain('monitoring/alerts, monitoring/grafana, monitoring/prometheus');
  });

  it('leaves headers out on request', () => {
    expect(print(shopMap, 'table', { noHeaders: true })).not.toMatch(/^FROM/);
    expect(print(shopMap, 'csv', { noHeaders: true })).not.toMatch(/^from,/);
  });
});
