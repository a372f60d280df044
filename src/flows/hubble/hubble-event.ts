// What a record of Hubble is: a flow, wrapped or bare, or an event that is none. Knows not what a flow says.

import { type FlowRecorder, leaveAside, remember } from '../flow-recorder.ts';
import type { AsideReason } from '../flow-summary.ts';
import { timeOfText } from '../read-time.ts';
import { enumAt, type Json, MalformedRecord, numberAt, objectAt, textAt, textsAt } from './hubble-record.ts';

/** Records that are no flows, by the key that holds them. */
const EVENTS: Readonly<Record<string, AsideReason>> = {
  agent_event: 'agent-event',
  debug_event: 'debug-event',
  node_status: 'node-status',
  lost_events: 'lost-events',
};
const FLOW_FIELDS = ['verdict', 'IP', 'l4', 'source', 'destination', 'event_type', 'Type'];
/** As JSON of protobuf has fields where its writer was not told to keep their names. Half of them would not be found. */
const CAMEL_FIELDS = [
  'isReply',
  'nodeName',
  'eventType',
  'trafficDirection',
  'dropReasonDesc',
  'traceObservationPoint',
];
const NODE_STATES: Readonly<Record<number, string>> = { 2: 'NODE_UNAVAILABLE', 3: 'NODE_GONE', 4: 'NODE_ERROR' };

/** The flow of a record, which may be the record itself. Undefined: it is an event. Throws MalformedRecord: neither. */
export function flowOfRecord(record: Json): Json | undefined {
  const flow = objectAt(record, 'flow');
  const camel = CAMEL_FIELDS.find((key) => (flow ?? record)[key] !== undefined);
  if (camel !== undefined) {
    throw new MalformedRecord(
      `it says ${camel}, and Hubble ${camel.replace(/[A-Z]/g, (big) => `_${big.toLowerCase()}`)}`,
    );
  }
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

/** Counts a record that is an event. */
export function readEvent(recorder: FlowRecorder, record: Json): void {
  const key = Object.keys(EVENTS).find((name) => record[name] !== undefined)!;
  const event = objectAt(record, key) ?? {};
  if (key === 'lost_events') recorder.lostEvents += numberAt(event, 'num_events_lost');
  if (key === 'node_status' && Object.values(NODE_STATES).includes(enumAt(event, 'state_change', NODE_STATES) ?? '')) {
    for (const name of textsAt(event, 'node_names'))
      remember(recorder.missingNodes, name.slice(name.lastIndexOf('/') + 1));
  }
  leaveAside(recorder, EVENTS[key]!);
}
