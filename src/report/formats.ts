// Which reporter prints which kind of document in which format.

import { UserError } from '../engine/model/user-error.ts';
import type { Document } from '../engine/questions/documents.ts';
import { answerText } from './answer-text.ts';
import { mapTable, whoCanTable } from './connection-table.ts';
import { answerCsv, connectionsCsv, diffCsv, explanationCsv, findingsCsv, portableCsv, testReportCsv } from './csv.ts';
import { diffText } from './diff-text.ts';
import { connectionsDot, diffDot } from './dot.ts';
import { explanationText } from './explanation-text.ts';
import { exposureCsv, exposureJsonl } from './exposure-lines.ts';
import { exposureTable } from './exposure-table.ts';
import { findingsText } from './findings-text.ts';
import { flowExplanationCsv, flowExplanationJsonl, flowExplanationMarkdown } from './flow-explanation-lines.ts';
import { flowExplanationText } from './flow-explanation-text.ts';
import { generatedCsv, generatedJsonl, generatedYaml } from './generated-lines.ts';
import { generatedText } from './generated-text.ts';
import { findingsGithub, replayGithub, testReportGithub } from './github.ts';
import { findingsGitlab, testReportGitlab } from './gitlab.ts';
import { json } from './json.ts';
import {
  connectionsJsonl,
  diffJsonl,
  documentJsonl,
  explanationJsonl,
  findingsJsonl,
  portableJsonl,
  testReportJsonl,
} from './jsonl.ts';
import { findingsJunit, replayJunit, testReportJunit } from './junit.ts';
import { answerMarkdown, explanationMarkdown, mapMarkdown, whoCanMarkdown } from './markdown/connections.ts';
import { diffMarkdown } from './markdown/diff.ts';
import { exposureMarkdown } from './markdown/exposure.ts';
import { findingsMarkdown, testReportMarkdown } from './markdown/findings.ts';
import { generatedMarkdown } from './markdown/generated.ts';
import { portableExplanationMarkdown, portableMapMarkdown } from './markdown/portable.ts';
import { replayMarkdown } from './markdown/replay.ts';
import { connectionsMermaid, diffMermaid } from './mermaid.ts';
import { portableExplanationText } from './portable-explanation-text.ts';
import { portableText } from './portable-text.ts';
import { replayCsv, replayJsonl } from './replay-lines.ts';
import { replayText } from './replay-text.ts';
import type { DocumentKind, Format, Reporter } from './reporter.ts';
import { findingsSarif, testReportSarif } from './sarif.ts';
import { snapshotCsv, snapshotJsonl, snapshotText } from './snapshot-text.ts';
import { testReportText } from './test-report-text.ts';

/** Every format, in the order in which they are listed. */
export const FORMATS: readonly Format[] = [
  'table',
  'wide',
  'json',
  'yaml',
  'jsonl',
  'csv',
  'dot',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'md',
  'mermaid',
];

type ReportersOf<K extends DocumentKind> = Partial<Record<Format, Reporter<Extract<Document, { kind: K }>>>>;

const REPORTERS: { readonly [K in DocumentKind]: ReportersOf<K> } = {
  ConnectivityMap: {
    table: mapTable,
    jsonl: connectionsJsonl,
    csv: connectionsCsv,
    dot: connectionsDot,
    md: mapMarkdown,
    mermaid: connectionsMermaid,
  },
  Answer: { table: answerText, jsonl: documentJsonl, csv: answerCsv, md: answerMarkdown },
  Explanation: { table: explanationText, jsonl: explanationJsonl, csv: explanationCsv, md: explanationMarkdown },
  WhoCan: {
    table: whoCanTable,
    jsonl: connectionsJsonl,
    csv: connectionsCsv,
    dot: connectionsDot,
    md: whoCanMarkdown,
    mermaid: connectionsMermaid,
  },
  SnapshotSummary: { table: snapshotText, jsonl: snapshotJsonl, csv: snapshotCsv },
  Exposure: { table: exposureTable, jsonl: exposureJsonl, csv: exposureCsv, md: exposureMarkdown },
  ConnectivityDiff: {
    table: diffText,
    jsonl: diffJsonl,
    csv: diffCsv,
    dot: diffDot,
    md: diffMarkdown,
    mermaid: diffMermaid,
  },
  PortableMap: { table: portableText, jsonl: portableJsonl, csv: portableCsv, md: portableMapMarkdown },
  PortableExplanation: {
    table: portableExplanationText,
    jsonl: portableJsonl,
    csv: portableCsv,
    md: portableExplanationMarkdown,
  },
  GeneratedPolicies: {
    table: generatedText,
    yaml: generatedYaml,
    jsonl: generatedJsonl,
    csv: generatedCsv,
    md: generatedMarkdown,
  },
  FlowExplanation: {
    table: flowExplanationText,
    jsonl: flowExplanationJsonl,
    csv: flowExplanationCsv,
    md: flowExplanationMarkdown,
  },
  Replay: {
    table: replayText,
    jsonl: replayJsonl,
    csv: replayCsv,
    junit: replayJunit,
    github: replayGithub,
    md: replayMarkdown,
  },
  TestReport: {
    table: testReportText,
    jsonl: testReportJsonl,
    csv: testReportCsv,
    sarif: testReportSarif,
    junit: testReportJunit,
    github: testReportGithub,
    gitlab: testReportGitlab,
    md: testReportMarkdown,
  },
  Findings: {
    table: findingsText,
    jsonl: findingsJsonl,
    csv: findingsCsv,
    sarif: findingsSarif,
    junit: findingsJunit,
    github: findingsGithub,
    gitlab: findingsGitlab,
    md: findingsMarkdown,
  },
};

/** The formats of a kind, in the order of {@link FORMATS}. */
export function formatsOf(kind: DocumentKind): Format[] {
  return FORMATS.filter((format) => format === 'wide' || format === 'json' || Object.hasOwn(REPORTERS[kind], format));
}

/**
 * The reporter for a format, as typed after `-o`, and a kind. It throws a `TypeError` for a document of another kind.
 * @throws UserError `usage`, which lists the formats of the kind.
 */
export function reporterFor(format: string, kind: DocumentKind): Reporter {
  const formats = formatsOf(kind);
  const found = formats.find((each) => each === format);
  if (found === undefined) {
    const isKnown = FORMATS.some((each) => each === format);
    const message = isKnown ? `output format "${format}" is not for ${kind}` : `there is no output format "${format}"`;
    throw new UserError('usage', message, { hint: `formats for ${kind}: ${formats.join(', ')}` });
  }
  if (found === 'json') return ofKind(kind, json);
  const name = found === 'wide' ? 'table' : found;
  // The kind chooses the reporter and is checked again when a document comes.
  const reporter = REPORTERS[kind][name] as Reporter;
  return ofKind(
    kind,
    found === 'wide' ? (document, options) => reporter(document, { ...options, wide: true }) : reporter,
  );
}

function ofKind(kind: DocumentKind, reporter: Reporter): Reporter {
  return (document, options) => {
    if (document.kind !== kind) throw new TypeError(`a reporter for ${kind} was given a ${document.kind}`);
    return reporter(document, options);
  };
}
