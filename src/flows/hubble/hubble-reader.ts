// Reads Hubble's JSON lines: each is a flow, an event that is none, or broken. Knows lines and wrappers; what a flow says is
// interpreted beside.

import { isUtf8 } from 'node:buffer';
import type { FlowReader } from '../flow-format.ts';
import {
  countFlow,
  type FlowRecorder,
  leaveAside,
  noteTime,
  remember,
  rememberName,
  reportBroken,
  reportTruncated,
} from '../flow-recorder.ts';
import type { AsideReason } from '../flow-summary.ts';
import { timeOfText } from '../read-time.ts';
import { createLineSplitter } from '../split-lines.ts';
import { enumAt, type Json, MalformedRecord, numberAt, objectAt, textAt, textsAt } from './hubble-record.ts';
import { factsOf, type Interpretation, interpretFlow, portsOf } from './interpret-flow.ts';

/** Records that are no flows, by the key that holds them. */
const EVENTS: Readonly<Record<string, AsideReason>> = {
  agent_event: 'agent-event',
  debug_event: 'debug-event',
  node_status: 'node-status',
  lost_events: 'lost-events',
};
const FLOW_FIELDS = ['verdict', 'IP', 'l4', 'source', 'destination', 'event_type', 'Type'];
const NODE_STATES: Readonly<Record<number, string>> = { 2: 'NODE_UNAVAILABLE', 3: 'NODE_GONE', 4: 'NODE_ERROR' };

/** Starts to read one log. */
export function openHubble(recorder: FlowRecorder): FlowReader {
  const splitter = createLineSplitter({
    line: (bytes, start, end, number) => readLine(recorder, bytes, start, end, number),
    tooLong: (bytes, number) =>
      reportBroken(recorder, number, 'longer than any record of a flow', bytes.toString('latin1')),
  });
  return {
    read: (bytes) => splitter.read(bytes),
    end: () =>
      splitter.end((bytes, start, end, number) => {
        const text = bytes.toString('utf8', start, end);
        // A line that was only begun is no JSON; one that lacks nothing but its end is whole.
        if (isBlank(text)) return;
        if (parse(text) === undefined) reportTruncated(recorder, number);
        else readLine(recorder, bytes, start, end, number);
      }),
  };
}

function readLine(recorder: FlowRecorder, bytes: Buffer, start: number, end: number, number: number): void {
  const text = bytes.toString('utf8', start, end);
  if (isBlank(text)) return;
  try {
    if (!isUtf8(bytes.subarray(start, end))) throw new MalformedRecord('not UTF-8');
    const record = parse(text);
    if (record === undefined) throw new MalformedRecord(whyNoJson(text));
    readRecord(recorder, record, number);
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    reportBroken(recorder, number, error.message, text);
  }
}

/** The flow of a record, and the record that wraps it. Undefined: the record is an event that is none. */
export function flowOfRecord(record: Json): Json | undefined {
  const flow = objectAt(record, 'flow');
  if (flow !== undefined) return flow;
  if (Object.keys(EVENTS).some((key) => record[key] !== undefined)) return undefined;
  if (FLOW_FIELDS.some((key) => record[key] !== undefined)) return record;
  throw new MalformedRecord('neither a flow nor an event of Hubble');
}

/** When a record was written: the flow's own time, else the wrapper's. NaN: it does not say. */
export function timeOfRecord(record: Json, flow: Json | undefined): number {
  const text = (flow && textAt(flow, 'time')) ?? textAt(record, 'time');
  if (text === undefined) return Number.NaN;
  const time = timeOfText(text);
  if (Number.isNaN(time)) throw new MalformedRecord(`"time" is no time: "${text}"`);
  return time;
}

/** All that an interpretation tells about more than its own flow; once is enough for equal ones. */
export function noteSurroundings(recorder: FlowRecorder, { node, nodeAddresses, resolved }: Interpretation): void {
  if (node !== undefined) remember(recorder.nodes, node);
  for (const address of nodeAddresses) remember(recorder.nodeAddresses, address);
  for (const address of resolved?.addresses ?? []) rememberName(recorder, resolved!.name, address);
}

function readRecord(recorder: FlowRecorder, record: Json, number: number): void {
  const flow = flowOfRecord(record);
  const time = timeOfRecord(record, flow);
  if (flow === undefined) {
    readEvent(recorder, record);
    noteTime(recorder, time);
    return;
  }
  const read = interpretFlow(flow);
  if (typeof read.outcome === 'string') leaveAside(recorder, read.outcome);
  else {
    const facts = factsOf(read.outcome, portsOf(flow));
    countFlow(recorder, recorder.aggregate.of(facts), read.count, time, number);
    if (read.isAudited) recorder.audited++;
  }
  noteSurroundings(recorder, read);
  noteTime(recorder, time);
}

function readEvent(recorder: FlowRecorder, record: Json): void {
  const key = Object.keys(EVENTS).find((name) => record[name] !== undefined)!;
  const event = objectAt(record, key) ?? {};
  if (key === 'lost_events') recorder.lostEvents += numberAt(event, 'num_events_lost');
  if (key === 'node_status' && Object.values(NODE_STATES).includes(enumAt(event, 'state_change', NODE_STATES) ?? '')) {
    for (const name of textsAt(event, 'node_names'))
      remember(recorder.missingNodes, name.slice(name.lastIndexOf('/') + 1));
  }
  leaveAside(recorder, EVENTS[key]!);
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function whyNoJson(text: string): string {
  try {
    JSON.parse(text);
    return 'not a JSON object';
  } catch {
    return text.trimStart().startsWith('{') ? 'broken JSON' : 'not JSON';
  }
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
