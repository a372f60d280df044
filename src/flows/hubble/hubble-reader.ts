// Reads Hubble's JSON lines. A line like one before is recalled, any other is parsed with JSON.parse and interpreted: both
// ways give the same result for every line. Knows lines; what they say is interpreted beside.

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
import { createLineSplitter } from '../split-lines.ts';
import { flowOfRecord, readEvent, timeOfRecord } from './hubble-event.ts';
import { type Json, MalformedRecord } from './hubble-record.ts';
import { factsOf, type Interpretation, interpretFlow, portsOf } from './interpret-flow.ts';
import { createRecalledFlows, type RecalledFlows } from './recalled-flows.ts';

/** One memory for all logs of a reading: rotated logs hold the same connections. */
const MEMORIES = new WeakMap<FlowRecorder, RecalledFlows>();

/** How lines are read: `recall: false` parses every one, which tests compare with. */
export interface HubbleOptions {
  readonly recall?: boolean;
}

/** Starts to read one log. */
export function openHubble(recorder: FlowRecorder, { recall = true }: HubbleOptions = {}): FlowReader {
  const recalled = recall ? (MEMORIES.get(recorder) ?? createRecalledFlows(recorder)) : undefined;
  if (recalled !== undefined) MEMORIES.set(recorder, recalled);
  const splitter = createLineSplitter({
    line: (bytes, start, end, number) => {
      if (recalled?.count(bytes, start, end, number) !== true) readLine(recorder, recalled, bytes, start, end, number);
    },
    tooLong: (bytes, number) =>
      reportBroken(recorder, number, 'longer than any record of a flow', bytes.toString('latin1')),
  });
  return {
    read: (bytes) => {
      recalled?.sync();
      splitter.read(bytes);
      recalled?.sync();
    },
    lines: { count: splitter.count, skip: splitter.skip },
    end: () =>
      splitter.end((bytes, start, end, number) => {
        // A line that was only begun is no JSON; one that lacks nothing but its end is whole.
        const text = bytes.toString('utf8', start, end);
        if (isBlank(text)) return;
        if (parse(text) === undefined) reportTruncated(recorder, number);
        else readLine(recorder, undefined, bytes, start, end, number);
      }),
  };
}

function readLine(
  recorder: FlowRecorder,
  recalled: RecalledFlows | undefined,
  bytes: Buffer,
  start: number,
  end: number,
  number: number,
): void {
  const text = bytes.toString('utf8', start, end);
  if (isBlank(text)) return;
  try {
    if (!isUtf8(bytes.subarray(start, end))) throw new MalformedRecord('not UTF-8');
    const record = parse(text);
    if (record === undefined) throw new MalformedRecord(whyNoJson(text));
    const flow = flowOfRecord(record);
    const time = timeOfRecord(record, flow);
    if (flow === undefined) readEvent(recorder, record);
    else {
      const read = readFlow(recorder, flow, time, number);
      recalled?.teach(bytes, start, end, flow !== record, flow, read);
    }
    noteTime(recorder, time);
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    reportBroken(recorder, number, error.message, text);
  }
}

function readFlow(recorder: FlowRecorder, flow: Json, time: number, number: number): Interpretation {
  const read = interpretFlow(flow);
  const ports = portsOf(flow);
  if (typeof read.outcome === 'string') leaveAside(recorder, read.outcome);
  else {
    countFlow(recorder, recorder.aggregate.of(factsOf(read.outcome, ports)), read.count, time, number);
    if (read.isAudited) recorder.audited++;
  }
  if (read.node !== undefined) remember(recorder.nodes, read.node);
  for (const address of read.nodeAddresses) remember(recorder.nodeAddresses, address);
  for (const address of read.resolved?.addresses ?? []) rememberName(recorder, read.resolved!.name, address);
  return read;
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
