// Findings and failed tests as SARIF 2.1.0, for code scanning: rules are always all checks, results may be none. Follows
// what GitHub takes: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning

import { listChecks } from '../engine/checks/list-checks.ts';
import type { FindingDocument, Findings, GapDocument, TestReport } from '../engine/questions/documents.ts';
import { fateText, findingDetails, sortFindings, splitFindings } from './finding-details.ts';
import { placeText } from './place-text.ts';
import { printable, printableJson } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { fixesOf, location } from './sarif-places.ts';
import { levelOf, type Rule, ruleOf, TEST_RULE, testRule, unknownRule } from './sarif-rules.ts';
import { failedTests } from './test-failures.ts';
import { applyLines } from './witness-manifests.ts';

/** A version in the key says how it is made; GitHub adds its own, made from the line, and warns where it is not its. */
const FINGERPRINT = 'netweir/v1';

/** All findings; what was judged before is marked as suppressed or unchanged, which GitHub does not look at. */
export function* findingsSarif(document: Findings, options: ReportOptions): Iterable<string> {
  const known = (options.run?.checks ?? listChecks()).map(ruleOf);
  const ids = new Set(known.map(({ id }) => id));
  const others = [...new Set(document.findings.map(({ check }) => check))].filter((id) => !ids.has(id)).sort();
  const rules = [...known, ...others.map(unknownRule)];
  yield* log(rules, findingResults(document.findings, rules, options), document.incomplete, options);
}

function findingResults(
  findings: readonly FindingDocument[],
  rules: readonly Rule[],
  options: ReportOptions,
): object[] {
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  // Both are said of all results or of none: sections 3.27.23 and 3.27.24.
  const isCompared = splitFindings(findings).known.length > 0;
  return sortFindings(findings).map((finding) => ({
    ruleId: finding.check,
    ruleIndex: indexOf.get(finding.check),
    level: levelOf(finding.severity),
    message: { text: messageOf(finding) },
    ...placesOf(finding, options),
    ...(finding.fingerprint === undefined ? {} : { partialFingerprints: { [FINGERPRINT]: finding.fingerprint } }),
    suppressions: suppressionsOf(finding),
    ...(isCompared ? { baselineState: finding.known === true ? 'unchanged' : 'new' } : {}),
    ...fixesField(finding, options),
    properties: propertiesOf(finding),
  }));
}

/** The failed tests, and what keeps the others from counting; the rule of tests is there also where all passed. */
export function* testReportSarif(document: TestReport, options: ReportOptions): Iterable<string> {
  const results = failedTests(document).map(({ name, source, lines, manifests, fingerprint }) => ({
    ruleId: TEST_RULE,
    ruleIndex: 0,
    level: 'error',
    message: { text: plainText([`test "${name}" failed`, ...lines, ...applyLines(manifests)].join('\n')) },
    locations: [location(source, undefined, options.run)].filter((place) => place !== undefined),
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    suppressions: [],
  }));
  const { findings = [] } = document;
  const checks = new Map((options.run?.checks ?? listChecks()).map((check) => [check.id, check]));
  const ids = [...new Set(findings.map(({ check }) => check))].sort();
  const others = ids.map((id) => {
    const check = checks.get(id);
    return check === undefined ? unknownRule(id) : ruleOf(check);
  });
  const rules = [testRule(), ...others];
  yield* log(rules, [...results, ...findingResults(findings, rules, options)], document.incomplete, options);
}

/** One run, each rule and each result on its own line, so that two logs can be compared line by line. */
function* log(
  rules: readonly Rule[],
  results: readonly object[],
  gaps: readonly GapDocument[],
  { run }: ReportOptions,
): Iterable<string> {
  const lines = (list: readonly object[]): string =>
    list.length === 0 ? '[]' : `[\n${list.map((each) => JSON.stringify(each)).join(',\n')}\n]`;
  const driver = JSON.stringify({
    name: 'netweir',
    informationUri: 'https://netweir.dev',
    ...(run?.version === undefined ? {} : { semanticVersion: run.version }),
  });
  const invocation = {
    executionSuccessful: gaps.length === 0 || run?.allowIncomplete === true,
    toolExecutionNotifications: gaps.map(({ message, file }) => {
      const place = file === undefined ? undefined : location({ file, path: '' }, undefined, run);
      return {
        level: run?.allowIncomplete === true ? 'warning' : 'error',
        message: { text: plainText(`not read or understood: ${message}`) },
        ...(place === undefined ? {} : { locations: [place] }),
      };
    }),
  };
  const root = { '%SRCROOT%': { description: { text: 'the root of the repository' } } };
  const text = [
    '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{',
    `"tool":{"driver":${driver.slice(0, -1)},"rules":${lines(rules)}}},`,
    `"columnKind":"utf16CodeUnits","originalUriBaseIds":${JSON.stringify(root)},`,
    `"invocations":[${JSON.stringify(invocation)}],`,
    `"results":${lines(results)}`,
    '}]}',
  ].join('\n');
  yield printableJson(`${text}\n`);
}

/**
 * Text of a `message`, section 3.11: a bracket that would make a link of the text, and braces that would make a
 * placeholder, are escaped. Other braces stay single although the standard doubles them: viewers show both.
 */
function plainText(text: string): string {
  return text.replaceAll('](', '\\](').replace(/\{(\d+)\}/g, '{{$1}}');
}

function messageOf(finding: FindingDocument): string {
  const rejected = fateText(finding);
  // A full stop ends what viewers show where there is little room.
  const lines = [`${printable(finding.message)}${rejected}.`, ...findingDetails({ ...finding, related: [] })];
  const links = (finding.related ?? []).map(({ source, message }, index) => {
    const place = placeText(source, true).replace(/[[\]\\]/g, '\\$&');
    return `see: [${place === '' ? 'here' : place}](${index + 1}) ${plainText(printable(message))}`;
  });
  return [...lines.map(plainText), ...links].join('\n');
}

function placesOf({ source, end, policy, related = [] }: FindingDocument, { run }: ReportOptions): object {
  const place = location({ ...source, ...(end === undefined ? {} : { end }) }, policy, run);
  return {
    locations: place === undefined ? [] : [place],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, index) => ({
            id: index + 1,
            ...location(one.source, undefined, run),
            message: { text: plainText(printable(one.message)) },
          })),
        }),
  };
}

/** Annotations and comments stand in the manifests; there is no other store. */
function suppressionsOf({ suppressed }: FindingDocument): object[] {
  if (suppressed === undefined) return [];
  const { reason, until } = suppressed;
  const properties = until === undefined ? {} : { properties: { until } };
  return [{ kind: 'inSource', status: 'accepted', justification: printable(reason), ...properties }];
}

function fixesField({ fix, alternatives = [] }: FindingDocument, { run }: ReportOptions): object {
  const fixes = fixesOf([...(fix === undefined ? [] : [fix]), ...alternatives], run);
  return fixes.length === 0 ? {} : { fixes };
}

function propertiesOf({ severity, rejectedByApi, source, impact, controls }: FindingDocument): object {
  return {
    severity,
    rejectedByApi,
    ...(source.path === '' ? {} : { path: source.path }),
    ...(impact === undefined ? {} : { impact }),
    ...(controls === undefined ? {} : { controls }),
  };
}
