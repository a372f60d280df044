// The flow log of a real node as observed flows, by the shortest way there is: a second opinion on the reader, not a reader.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FlowEnd, ObservedFlow } from '../../src/engine/model/flow.ts';

interface Line {
  readonly flow?: {
    readonly time: string;
    readonly verdict: string;
    readonly drop_reason_desc?: string;
    readonly IP?: { readonly source: string; readonly destination: string; readonly ipVersion: string };
    readonly l4?: Record<string, { source_port?: number; destination_port?: number; type?: number }>;
    readonly source: End;
    readonly destination: End;
    readonly traffic_direction?: string;
    readonly is_reply?: boolean;
    readonly trace_observation_point?: string;
    readonly destination_service?: { readonly namespace: string; readonly name: string };
  };
}

interface End {
  readonly namespace?: string;
  readonly pod_name?: string;
  readonly labels?: readonly string[];
  readonly workloads?: readonly { readonly kind: string; readonly name: string }[];
}

/** Flows of a Hubble log with addresses, equal ones counted; `from` and `to` cut it by time. */
export function readHubbleLines(
  path: string,
  times: { readonly from?: string; readonly to?: string } = {},
): ObservedFlow[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const flows = new Map<string, ObservedFlow>();
  for (const [index, line] of text.split('\n').entries()) {
    const { flow } = line === '' ? {} : (JSON.parse(line) as Line);
    if (flow?.IP === undefined || flow.l4 === undefined) continue;
    // An answer whose source is the Service's again: with the Service's port at the pod's address.
    if (flow.is_reply === true && flow.trace_observation_point === 'TO_ENDPOINT') continue;
    if (flow.time < (times.from ?? '') || flow.time > (times.to ?? '9')) continue;
    const at = Date.parse(flow.time);
    const made = convert(flow);
    const key = JSON.stringify(made);
    const known = flows.get(key);
    const place = { file: 'hubble.jsonl', line: index + 1 };
    flows.set(
      key,
      known === undefined
        ? { ...made, count: 1, first: at, last: at, place }
        : { ...known, count: known.count + 1, first: Math.min(known.first!, at), last: Math.max(known.last!, at) },
    );
  }
  return [...flows.values()];
}

function convert(flow: NonNullable<Line['flow']>): Omit<ObservedFlow, 'count' | 'place'> {
  const [protocol, l4] = Object.entries(flow.l4!)[0]!;
  const isReply = flow.is_reply === true;
  const source = endOf(flow.source, flow.IP!.source);
  const destination = {
    ...endOf(flow.destination, flow.IP!.destination),
    ...(flow.destination_service === undefined ? {} : { service: flow.destination_service }),
  };
  const port = isReply ? l4.source_port : (l4.destination_port ?? l4.type);
  const direction = flow.traffic_direction;
  // A refused packet is the first of its connection: nobody answers it.
  const isKnown = flow.is_reply !== undefined || flow.verdict === 'DROPPED';
  return {
    source: isReply ? destination : source,
    destination: isReply ? source : destination,
    family: flow.IP!.ipVersion === 'IPv6' ? 'IPv6' : 'IPv4',
    protocol: (protocol === 'ICMPv4' ? 'ICMP' : protocol) as ObservedFlow['protocol'],
    ...(port === undefined ? {} : { port }),
    ...(isKnown || l4.source_port === undefined ? {} : { sourcePort: l4.source_port }),
    opened: isKnown ? 'known' : 'unknown',
    verdict:
      flow.verdict === 'DROPPED'
        ? {
            kind: 'denied',
            by: flow.drop_reason_desc === 'POLICY_DENIED' ? 'policy' : 'other',
            reason: flow.drop_reason_desc!,
          }
        : { kind: 'allowed' },
    ...(direction === 'EGRESS' || direction === 'INGRESS'
      ? { seenAt: direction === 'EGRESS' ? ('egress' as const) : ('ingress' as const) }
      : {}),
  };
}

function endOf({ namespace, pod_name, labels = [], workloads }: End, address: string): FlowEnd {
  const plain = labels.filter((label) => label.startsWith('k8s:') && !label.startsWith('k8s:io.'));
  const reserved = labels.filter((label) => label.startsWith('reserved:'));
  const entity = reserved.includes('reserved:host')
    ? 'node'
    : reserved.includes('reserved:world')
      ? 'outside'
      : 'other';
  const isPod = plain.length > 0;
  return {
    address,
    ...(namespace === undefined ? {} : { namespace }),
    ...(pod_name === undefined ? {} : { pod: pod_name }),
    ...(workloads?.[0] === undefined ? {} : { workload: workloads[0] }),
    ...(isPod
      ? { labels: Object.fromEntries(plain.map((label) => label.slice(4).split('=') as [string, string])) }
      : {}),
    ...(isPod ? {} : { entity }),
  };
}
