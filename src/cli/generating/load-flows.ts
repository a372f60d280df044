// Flow logs as --flows names them, for every verb that reads them.

import type { AttributeOptions } from '../../engine/attribution/attribute-flows.ts';
import type { FlowsGiven } from '../../engine/generate/gather-evidence.ts';
import type { Gap } from '../../engine/model/cluster.ts';
import type { ObservedFlow } from '../../engine/model/flow.ts';
import { UserError } from '../../engine/model/user-error.ts';
import type { FlowSummary } from '../../flows/index.ts';
import type { Invocation } from '../invocation.ts';
import { inputOperands } from '../load-input.ts';
import { checkWindow, windowOf } from './flow-window.ts';

/** What was read, and what there is to say about it on standard error, one line each. */
export interface LoadedFlows {
  readonly given: FlowsGiven;
  /** About single lines and files: what is wrong with the first of them. */
  readonly places: readonly string[];
  /** About the log as a whole. */
  readonly notes: readonly string[];
  /** What of the log was not understood or not read. A last line that is only begun is none: the log is being written. */
  readonly gaps: readonly Gap[];
}

/** Lines and files that are named; all others are counted. */
const MOST_PLACES = 50;

/** Why records were left aside, in a word or two; docs/flows.md has the sentences. */
const ASIDE_WORDS: Readonly<Record<keyof FlowSummary['aside'], string>> = {
  'before-translation': 'before translation',
  'translated-reply': 'answers translated back',
  'icmp-error': 'errors of ICMP',
  'link-protocol': 'of the link itself',
  'other-protocol': 'of other protocols',
  'no-address': 'without addresses',
  'no-protocol': 'without protocol',
  'agent-event': 'events of the agent',
  'debug-event': 'debug events',
  'node-status': 'states of nodes',
  'lost-events': 'losses of events',
};

/** Throws UserError for flags about flows that cannot be right, before anything is read; `more`: other inputs of the verb. */
export function checkFlowFlags({ options }: Pick<Invocation, 'options'>, more: readonly string[] = []): void {
  const inputs = [...inputOperands(options), ...more, ...options.generate.flows];
  if (inputs.filter((operand) => operand === '-').length > 1) {
    throw new UserError('usage', 'standard input can be only one of the inputs', {
      hint: 'name a file for all others',
    });
  }
  const { flows, columns, since, until } = options.generate;
  checkWindow(options.generate);
  const [idle] = Object.entries({ columns, since, until }).find(([, value]) => value !== undefined) ?? [];
  if (flows.length === 0 && idle !== undefined)
    throw new UserError('usage', `--${idle} is about flow logs, and none is named`, { hint: 'name one with --flows' });
}

/** Reads the logs; undefined where none is named. Throws UserError for logs that cannot be read or hold no flows. */
export async function loadFlows({ options, io, progress }: Invocation): Promise<LoadedFlows | undefined> {
  const { flows: paths, columns } = options.generate;
  if (paths.length === 0) return undefined;
  const { readFlows, parseFlowColumns, threadHelp } = await import('../../flows/index.ts');
  progress.step('reading flows');
  const { flows, summary } = await readFlows(paths, {
    cwd: io.cwd,
    stdin: io.stdin,
    ...(columns === undefined ? {} : { columns: parseFlowColumns(columns) }),
    help: io.logPartWorker && threadHelp(io.logPartWorker),
    onProgress: ({ done, total }) => progress.step(share(done, total)),
  });
  // Records before addresses were translated become no flow, but say which addresses are nodes'.
  const within = windowOf(options.generate, summary.lastTime);
  const asked = { ...within, nodeAddresses: summary.nodeAddresses };
  const given = { flows, broken: summary.broken, lost: summary.lostEvents, resolved: summary.resolved, within: asked };
  checkWithin(flows, within, summary);
  return { given, places: placesOf(summary), notes: notesOf(summary), gaps: gapsOf(summary) };
}

/** What is wrong with lines and files, with their places. */
function placesOf({ problems, broken }: FlowSummary): string[] {
  const shown = problems.slice(0, MOST_PLACES);
  const places = shown.map(({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`}: ${message}`);
  // Only broken records have a text; those beyond the first of each file are not listed at all.
  const listed = problems.filter(({ text }) => text !== undefined).length;
  const more = broken - listed + problems.length - shown.length;
  return more > 0 ? [...places, `… and ${more} more lines or files like these`] : places;
}

function gapsOf({ broken, unread, records }: FlowSummary): Gap[] {
  const namespaces = 'all' as const;
  const words = `${broken} of ${records} records of the flow log ${broken === 1 ? 'was' : 'were'} not understood`;
  const files = `${unread} ${unread === 1 ? 'file' : 'files'} of the flow log ${unread === 1 ? 'was' : 'were'} not read, or not to the end`;
  return [
    ...(broken > 0 ? [{ reason: 'not-understood' as const, message: words, namespaces }] : []),
    ...(unread > 0 ? [{ reason: 'unreadable' as const, message: files, namespaces }] : []),
  ];
}

/** A window that holds nothing of the log would make every answer a good one. */
function checkWithin(
  flows: readonly ObservedFlow[],
  { since, until }: AttributeOptions,
  { firstTime, lastTime }: FlowSummary,
): void {
  if (since !== undefined && until !== undefined && since > until)
    throw new UserError('usage', '--since is later than --until');
  const isIn = ({ first, last }: ObservedFlow) =>
    (since === undefined || last === undefined || last >= since) &&
    (until === undefined || first === undefined || first <= until);
  if (flows.some(isIn)) return;
  throw new UserError('no-input', 'no flow of the log is of that time', {
    hint: `it was written from ${new Date(firstTime!).toISOString()} to ${new Date(lastTime!).toISOString()}`,
  });
}

/** What is missing or not judged. */
function notesOf(summary: FlowSummary): string[] {
  const { lostEvents, truncated, missingNodes, audited, ignoredColumns } = summary;
  const begun = `${truncated === 1 ? 'the last line of the log is' : `the last lines of ${truncated} logs are`} only begun`;
  return [
    ...(truncated > 0 ? [`${begun}, and left out`] : []),
    ...(lostEvents > 0 ? [`the log says that ${lostEvents} events were lost`] : []),
    ...asideNotes(summary),
    ...(audited > 0 ? [`${audited} of the records got through only because policies are in audit mode`] : []),
    ...(ignoredColumns.length > 0
      ? [`columns that are not read: "${ignoredColumns.map(({ name }) => name).join('", "')}"`]
      : []),
    ...(missingNodes.length > 0 ? [`nodes that did not report: ${missingNodes.join(', ')}`] : []),
  ];
}

/** Records that say nothing of a connection, by why, most first. */
function asideNotes({ aside }: FlowSummary): string[] {
  const counts = Object.entries(aside).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (counts.length === 0) return [];
  const sum = counts.reduce((total, [, count]) => total + count, 0);
  const reasons = counts.map(([reason, count]) => {
    const words = ASIDE_WORDS[reason as keyof typeof ASIDE_WORDS];
    return counts.length === 1 ? words : `${count} ${words}`;
  });
  return [`${sum} more ${sum === 1 ? 'record was' : 'records were'} left aside while reading: ${reasons.join(', ')}`];
}

/** `reading flows: 43 %`; megabytes where nobody knows how much there is. */
function share(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `reading flows: ${Math.round(done / 1e6)} MB`;
  return `reading flows: ${Math.min(100, Math.round((100 * done) / total))} %`;
}
