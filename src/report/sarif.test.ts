import { describe, expect, it } from 'vitest';
import { SAMPLES, testReport } from '../../test/support/sample-documents.ts';
import { fullFindings, hostileFindings } from '../../test/support/sample-findings.ts';
import { githubErrors, type SarifLog, sarifErrors } from '../../test/support/sarif.ts';
import { listChecks } from '../engine/checks/list-checks.ts';
import type { Findings } from '../engine/questions/documents.ts';
import { formatsOf, reporterFor } from './formats.ts';
import type { RunFacts } from './reporter.ts';
import { PLAIN_STYLE } from './style.ts';

function logOf(document: (typeof SAMPLES)[string], run: RunFacts = {}): SarifLog {
  return JSON.parse([...reporterFor('sarif', document.kind)(document, { style: PLAIN_STYLE, run })].join(''));
}

const samples = Object.entries(SAMPLES).filter(([, { kind }]) => formatsOf(kind).includes('sarif'));
const resultsOf = (findings: readonly Findings['findings'][number][], run: RunFacts = {}) =>
  logOf({ ...fullFindings, findings: [...findings] }, run).runs[0]?.results ?? [];
const [metadata, , live, suppressed, , known] = fullFindings.findings;

describe('SARIF', () => {
  it.each(samples)('of %s is as the schema and GitHub ask', (_, document) => {
    const log = logOf(document, { version: '1.2.3', place: { cwd: '/src/deploy', root: '/src' } });
    expect(sarifErrors(log)).toEqual([]);
    expect(githubErrors(log)).toEqual([]);
  });

  it('has a schema that notices mistakes', () => {
    const log = JSON.parse(JSON.stringify(logOf(fullFindings)));
    log.runs[0].results[0].level = 'high';
    log.runs[0].results[1].locations[0].physicalLocation.artifactLocation.uri = 'a b';
    log.runs[0].tool.driver.surprise = 1;
    expect(sarifErrors(log)).toHaveLength(3);
  });

  it('has results also where there are none, and always all rules', () => {
    const run = logOf({ ...fullFindings, findings: [], incomplete: [] }).runs[0];
    expect(run?.results).toEqual([]);
    expect(run?.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(listChecks().map(({ id }) => id));
    expect(logOf(testReport).runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(['connectivity-test']);
  });

  it('lists the checks of the run, and those that it does not know', () => {
    const [first] = listChecks();
    const run = logOf(fullFindings, { checks: first === undefined ? [] : [first] }).runs[0];
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual([
      first?.id,
      'document-separator',
      'metadata-open',
      'protocol-omitted',
      'rules-ignored',
    ]);
  });

  it('names files from the root of the repository', () => {
    const uris = (run: RunFacts) =>
      resultsOf(fullFindings.findings, run).map(
        ({ locations }) => locations[0]?.physicalLocation?.artifactLocation as object,
      );
    expect(uris({ place: { cwd: '/src/deploy', root: '/src' } })).toContainEqual({
      uri: 'deploy/k8s/%C3%A4%20b%231%25.yaml',
      uriBaseId: '%SRCROOT%',
    });
    expect(uris({ place: { cwd: '/src', root: '/src/deploy' } })).toContainEqual({ uri: 'file:///src/k8s/db.yaml' });
    expect(uris({})).toContainEqual({ uri: 'k8s/db.yaml', uriBaseId: '%SRCROOT%' });
  });

  it('names objects without a file, and standard input, by their policy', () => {
    const stdin = { ...live!, source: { file: '<stdin>', line: 3, column: 1, path: '' } };
    const place = { logicalLocations: [{ fullyQualifiedName: 'NetworkPolicy ops/live', kind: 'resource' }] };
    expect(resultsOf([live!, stdin]).map(({ locations }) => locations)).toEqual([[place], [place]]);
  });

  it('has regions whose end is exclusive, and a line for what has none', () => {
    const broken = { ...known!, source: { file: 'k8s/x.yaml', path: '' } };
    const regions = resultsOf([metadata!, suppressed!, broken]).map(
      ({ locations }) => locations[0]?.physicalLocation?.region,
    );
    expect(regions).toEqual([
      { startLine: 9, startColumn: 11 },
      { startLine: 8, startColumn: 7, endLine: 8, endColumn: 32 },
      { startLine: 1 },
    ]);
  });

  it('says what was suppressed for all results, and what was known for all or none', () => {
    const suppressions = resultsOf([metadata!, suppressed!]).map((result) => [
      result.suppressions,
      result.baselineState,
    ]);
    expect(suppressions).toEqual([
      [
        [
          {
            kind: 'inSource',
            status: 'accepted',
            justification: 'TCP is meant',
            properties: { until: '2027-01-31' },
          },
        ],
        undefined,
      ],
      [[], undefined],
    ]);
    expect(resultsOf([metadata!, known!]).map(({ baselineState }) => baselineState)).toEqual(['unchanged', 'new']);
  });

  it('offers the fixes that are known as text', () => {
    expect(resultsOf([metadata!])[0]?.fixes).toEqual([
      {
        description: { text: 'except 169.254.169.254/32' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'k8s/egress.yaml', uriBaseId: '%SRCROOT%' },
            replacements: [
              {
                deletedRegion: { startLine: 9, startColumn: 1, endLine: 9, endColumn: 1 },
                insertedContent: { text: '        except: [169.254.169.254/32]\n' },
              },
            ],
          },
        ],
      },
    ]);
    expect(resultsOf([live!])[0]?.fixes).toBeUndefined();
  });

  it('says effect, example, hint and fix, and links related places', () => {
    expect(resultsOf([metadata!])[0]?.message.text.split('\n')).toEqual([
      'egress to 0.0.0.0/0 includes the metadata service of the cloud.',
      'effect: opens 412 pods in 19 namespaces to 169.254.169.254:80',
      'example: shop/web -> 169.254.169.254:80',
      'hint: whoever runs code in the pod can ask it for credentials of the node',
      'fix: except 169.254.169.254/32 (suggestion: --fix --suggested)',
      'or: allow DNS only (suggestion: --fix --suggested)',
      'see: [k8s/egress.yaml:3:1](1) the policy',
      'see: [spec.podSelector](2) selects every pod',
    ]);
  });

  it('makes neither links nor placeholders of text', () => {
    const text = resultsOf([{ ...known!, message: '[x](javascript:1) {0} {} spec.ingress[0]' }])[0]?.message.text;
    expect(text).toBe('[x\\](javascript:1) {{0}} {} spec.ingress[0].');
    for (const { message } of resultsOf(hostileFindings.findings)) expect(message.text).not.toMatch(/(?<!\\)\]\(/);
  });

  it('says that the input was incomplete', () => {
    expect(logOf(fullFindings).runs[0]?.invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { message: { text: 'not read or understood: not YAML: a tab where blanks are wanted' } },
      ],
    });
  });

  it('has the failed tests as results', () => {
    const [result, ...more] = logOf(testReport).runs[0]?.results ?? [];
    expect(more).toEqual([]);
    expect(result?.message.text.split('\n')).toEqual([
      'test "only the API may reach the database" failed',
      'shop/web → shop/db   5432/TCP',
      'shop/web may reach shop/db on 5432/TCP, but only shop/deployment/api is listed.',
    ]);
    expect(result?.partialFingerprints).toEqual({
      'netweir/v1': 'connectivity-test/tests/net.yaml/only the API may reach the database',
    });
  });
});
