// Which way a Hubble record goes: from who opened the connection, back, or nobody knows; and whether its addresses are those
// of the connection at all. docs/flows.md says why; source: Cilium's hubble parser (threefour) and measured recordings.

import type { FlowVerdict } from '../../engine/model/flow.ts';
import type { AsideReason } from '../flow-summary.ts';
import { enumAt, flagAt, type Json, numberAt, objectAt, textAt } from './hubble-record.ts';

/** `by-ports`: what policies judged as a request, unless its ports look like those of a late answer. */
export type Way = 'request' | 'reply' | 'by-ports' | 'unknown';

/** Numbers of observation points: flow.proto's, and those of `event_type.sub_type`, where TO_ENDPOINT is 0. */
const POINTS: Readonly<Record<number, string>> = {
  1: 'TO_PROXY',
  2: 'TO_HOST',
  3: 'TO_STACK',
  4: 'TO_OVERLAY',
  5: 'FROM_ENDPOINT',
  6: 'FROM_PROXY',
  7: 'FROM_HOST',
  8: 'FROM_STACK',
  9: 'FROM_OVERLAY',
  10: 'FROM_NETWORK',
  11: 'TO_NETWORK',
  12: 'FROM_CRYPTO',
  13: 'TO_CRYPTO',
  101: 'TO_ENDPOINT',
};
const TRACE = 4;
const POLICY_VERDICT = 5;

const SOCKET_POINTS: Readonly<Record<number, string>> = { 2: 'SOCK_XLATE_POINT_POST_DIRECTION_FWD' };
const DIRECTION_NAMES: Readonly<Record<number, string>> = { 1: 'INGRESS', 2: 'EGRESS' };

/** `INGRESS` and `EGRESS` are the connection's, as its end on this node sees it. Undefined: not said. */
export function directionOf(flow: Json): 'ingress' | 'egress' | undefined {
  const word = enumAt(flow, 'traffic_direction', DIRECTION_NAMES);
  return word === 'INGRESS' ? 'ingress' : word === 'EGRESS' ? 'egress' : undefined;
}

/** Where on its way through the node the packet was seen; undefined where the record does not say. */
export function pointOf(flow: Json): string | undefined {
  const point = enumAt(flow, 'trace_observation_point', POINTS);
  if (point !== undefined && point !== 'UNKNOWN_POINT' && point !== '0') return point;
  const event = objectAt(flow, 'event_type');
  if (event === undefined || numberAt(event, 'type') !== TRACE) return undefined;
  return POINTS[numberAt(event, 'sub_type') || 101];
}

/** Whether the record's packet was sent by who opened the connection. */
export function wayOf(flow: Json, l4: Json, verdict: FlowVerdict): Way {
  const isReply = flagAt(flow, 'is_reply') ?? (flagAt(flow, 'reply') === true ? true : undefined);
  if (isReply !== undefined) return isReply ? 'reply' : 'request';
  const flags = objectAt(l4, 'flags');
  if (flags !== undefined && flagAt(flags, 'SYN') === true) return flagAt(flags, 'ACK') === true ? 'reply' : 'request';
  const event = objectAt(flow, 'event_type');
  if (verdict.kind === 'denied') return flags === undefined ? 'by-ports' : 'unknown';
  if (event !== undefined && numberAt(event, 'type') === POLICY_VERDICT) return 'request';
  if (textAt(flow, 'Type') === 'SOCK') return 'request';
  return wayAtPoint(pointOf(flow), directionOf(flow));
}

/** The direction is the connection's and the point the packet's: together they tell. */
function wayAtPoint(point: string | undefined, direction: 'ingress' | 'egress' | undefined): Way {
  if (direction === undefined || (point !== 'TO_ENDPOINT' && point !== 'TO_STACK')) return 'unknown';
  return (point === 'TO_ENDPOINT') === (direction === 'ingress') ? 'request' : 'reply';
}

/**
 * Why the record's addresses or ports cannot be those of the connection; undefined where they can. Before a packet is
 * routed its destination may be a Service's address, and once an answer is translated back its port may be a Service's.
 */
export function whyNotTranslated(flow: Json, way: Way): AsideReason | undefined {
  const point = pointOf(flow);
  if (point?.startsWith('FROM_')) return 'before-translation';
  if (textAt(flow, 'Type') === 'SOCK') {
    const socket = enumAt(flow, 'sock_xlate_point', SOCKET_POINTS);
    return socket?.endsWith('POST_DIRECTION_FWD') ? undefined : 'before-translation';
  }
  if (way !== 'reply') return undefined;
  return directionOf(flow) === 'ingress' && point !== 'TO_ENDPOINT' ? undefined : 'translated-reply';
}
