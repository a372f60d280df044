import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { SAMPLES, testReport } from '../../test/support/sample-documents.ts';
import { fullFindings } from '../../test/support/sample-findings.ts';
import { formatsOf, reporterFor } from './formats.ts';
import type { RunFacts } from './reporter.ts';
import { PLAIN_STYLE } from './style.ts';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const issuesOf = (document: (typeof SAMPLES)[string], run: RunFacts = {}): Issue[] =>
  JSON.parse([...reporterFor('gitlab', document.kind)(document, { style: PLAIN_STYLE, run })].join(''));

const text = { type: 'string', minLength: 1 };

/** Written after https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
const validate = new Ajv2020({ allErrors: true }).compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: text,
      check_name: text,
      fingerprint: text,
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          // GitLab does not find files that begin with ./ or /.
          path: { type: 'string', minLength: 1, pattern: '^(?!\\./|/)' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
            additionalProperties: false,
          },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
});

describe('GitLab code quality', () => {
  it.each(Object.entries(SAMPLES).filter(([, { kind }]) => formatsOf(kind).includes('gitlab')))(
    'of %s is as GitLab documents it, with different fingerprints',
    (_, document) => {
      const issues = issuesOf(document, { place: { cwd: '/src', root: '/src' } });
      validate(issues);
      expect(validate.errors ?? []).toEqual([]);
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    },
  );

  it('has five severities for ours, and leaves out what was judged before', () => {
    const [finding, ...rest] = fullFindings.findings;
    const severities = (['critical', 'high', 'medium', 'low', 'info'] as const).map((severity, index) => ({
      ...finding!,
      severity,
      source: { file: 'a.yaml', line: index + 1, path: '' },
    }));
    const judged = rest.filter(({ known, suppressed }) => known === true || suppressed !== undefined);
    const issues = issuesOf({ ...fullFindings, findings: [...severities, ...judged], incomplete: [] });
    expect(issues.map(({ severity }) => severity)).toEqual(['blocker', 'critical', 'major', 'minor', 'info']);
  });

  it('keeps fingerprints, and makes some where there are none', () => {
    const [finding] = fullFindings.findings;
    const { fingerprint, ...without } = finding!;
    const issues = issuesOf({ ...fullFindings, findings: [finding!, without], incomplete: [] });
    expect(issues.map((issue) => issue.fingerprint === fingerprint)).toEqual([true, false]);
    expect(issues[1]?.fingerprint).not.toContain(':8');
  });

  it('names what has no file, and files from the root', () => {
    const paths = issuesOf(fullFindings, { place: { cwd: '/src/a', root: '/src' } }).map(
      ({ location }) => location.path,
    );
    expect(paths).toEqual(['a/k8s/b.yaml', 'NetworkPolicy ops/live', 'a/k8s/egress.yaml', 'a/k8s/ä b#1%.yaml']);
  });

  it('is an empty list where nothing is wrong, and has failed tests', () => {
    expect(issuesOf({ ...fullFindings, findings: [], incomplete: [] })).toEqual([]);
    expect(issuesOf(testReport).map(({ check_name }) => check_name)).toEqual(['connectivity-test']);
  });
});
