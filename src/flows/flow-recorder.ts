// Where a reader puts what it finds in one log: flows to count, records left aside, lines that are broken. Sums it up over
// all logs of a reading. Knows no format.

import { createAggregate, type FlowAggregate } from './flow-aggregate.ts';
import type { AsideReason, FlowProblem, FlowSummary } from './flow-summary.ts';

/** Broken lines of one file that are listed; the rest is counted. */
export const LISTED_PROBLEMS = 20;

/** Addresses and names that are kept; a log with more of them is one whose addresses nobody will look through. */
export const MOST_REMEMBERED = 100_000;

/** Characters of a broken line that are shown. */
const SHOWN_TEXT = 120;

/** What one reading gathers. The counters are plain fields: they change for every record. */
export interface FlowRecorder {
  /** The log that is being read, and how many lines of it are among the problems; {@link beginFile} sets both. */
  file: string;
  listed: number;
  readonly aggregate: FlowAggregate;
  /** Records that became flows; {@link countFlow} keeps it. */
  flows: number;
  broken: number;
  truncated: number;
  unread: number;
  lostEvents: number;
  audited: number;
  /** NaN: no record with a time yet. */
  firstTime: number;
  lastTime: number;
  readonly files: string[];
  readonly aside: Map<AsideReason, number>;
  readonly problems: FlowProblem[];
  readonly nodes: Set<string>;
  readonly missingNodes: Set<string>;
  readonly nodeAddresses: Set<string>;
  readonly resolved: Map<string, Set<string>>;
  readonly ignoredColumns: Map<string, string>;
}

/** A recorder that has seen nothing. */
export function createRecorder(): FlowRecorder {
  return {
    file: '',
    listed: 0,
    aggregate: createAggregate(),
    flows: 0,
    broken: 0,
    truncated: 0,
    unread: 0,
    lostEvents: 0,
    audited: 0,
    firstTime: Number.NaN,
    lastTime: Number.NaN,
    files: [],
    aside: new Map(),
    problems: [],
    nodes: new Set(),
    missingNodes: new Set(),
    nodeAddresses: new Set(),
    resolved: new Map(),
    ignoredColumns: new Map(),
  };
}

/** The next log is about to be read. */
export function beginFile(recorder: FlowRecorder, file: string): void {
  recorder.file = file;
  recorder.listed = 0;
  recorder.files.push(file);
}

/** Counts a record, or a record that stands for `count`, of a flow. `time` is NaN where it has none. */
export function countFlow(recorder: FlowRecorder, flow: number, count: number, time: number, line: number): void {
  recorder.flows++;
  recorder.aggregate.count(flow, count, time, recorder.file, line);
}

/** A record that was written at a time, whatever it holds. NaN: it has none. */
export function noteTime(recorder: FlowRecorder, time: number): void {
  if (Number.isNaN(time)) return;
  if (!(recorder.firstTime <= time)) recorder.firstTime = time;
  if (!(recorder.lastTime >= time)) recorder.lastTime = time;
}

/** A record that is understood and no flow. */
export function leaveAside(recorder: FlowRecorder, reason: AsideReason): void {
  recorder.aside.set(reason, (recorder.aside.get(reason) ?? 0) + 1);
}

/** A record that cannot be read. `text` is the line, or its beginning. */
export function reportBroken(recorder: FlowRecorder, line: number, message: string, text: string): void {
  recorder.broken++;
  reportProblem(recorder, { file: recorder.file, line, message, text: text.slice(0, SHOWN_TEXT) });
}

/** A last line that its writer has only begun. */
export function reportTruncated(recorder: FlowRecorder, line: number): void {
  recorder.truncated++;
  const message = 'the last line is cut off: the log is being written, or was copied in part';
  recorder.problems.push({ file: recorder.file, line, message });
}

/** Something wrong with the log as a whole, or a line of it; beyond the first few of a file it is only counted. */
export function reportProblem(recorder: FlowRecorder, problem: FlowProblem): void {
  if (problem.line === undefined || recorder.listed++ < LISTED_PROBLEMS) recorder.problems.push(problem);
}

/** Adds to a set of texts that must not outgrow memory. */
export function remember(texts: Set<string>, text: string): void {
  if (texts.size < MOST_REMEMBERED) texts.add(text);
}

/** An answer of DNS. */
export function rememberName(recorder: FlowRecorder, name: string, address: string): void {
  const addresses = recorder.resolved.get(name);
  if (addresses !== undefined) remember(addresses, address);
  else if (recorder.resolved.size < MOST_REMEMBERED) recorder.resolved.set(name, new Set([address]));
}

/** Everything but the flows. */
export function summarise(recorder: FlowRecorder): FlowSummary {
  const aside = [...recorder.aside].sort(([a], [b]) => (a < b ? -1 : 1));
  const asideCount = aside.reduce((sum, [, count]) => sum + count, 0);
  const texts = (set: ReadonlySet<string>): string[] => [...set].sort();
  return {
    files: recorder.files,
    records: recorder.flows + asideCount + recorder.broken,
    flows: recorder.flows,
    aside: Object.fromEntries(aside),
    broken: recorder.broken,
    truncated: recorder.truncated,
    unread: recorder.unread,
    problems: recorder.problems,
    lostEvents: recorder.lostEvents,
    audited: recorder.audited,
    ...(Number.isNaN(recorder.firstTime) ? {} : { firstTime: recorder.firstTime, lastTime: recorder.lastTime }),
    nodes: texts(recorder.nodes),
    missingNodes: texts(recorder.missingNodes),
    nodeAddresses: texts(recorder.nodeAddresses),
    resolved: [...recorder.resolved]
      .map(([name, addresses]) => ({ name, addresses: texts(addresses) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    ignoredColumns: [...recorder.ignoredColumns].map(([name, file]) => ({ name, file })),
  };
}
