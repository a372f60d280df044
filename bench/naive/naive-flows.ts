// Counts the connections of a drawn log in the plainest way: JSON.parse for each line, and the three rules that its lines
// need. A program of its own, without a line of what is measured.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What a log holds. */
interface CountedLog {
  readonly records: number;
  readonly broken: number;
  readonly lost: number;
  /** Records by connection, verdict and side: `namespace/pod or address -> … protocol port verdict side`. */
  readonly connections: ReadonlyMap<string, number>;
}

interface End {
  readonly namespace?: string;
  readonly pod_name?: string;
}

interface Flow {
  readonly verdict: string;
  readonly IP: { readonly source: string; readonly destination: string };
  readonly l4: Readonly<Record<string, { readonly source_port: number; readonly destination_port: number }>>;
  readonly source: End;
  readonly destination: End;
  readonly traffic_direction?: string;
  readonly trace_observation_point?: string;
  readonly is_reply?: boolean;
}

interface Line {
  readonly flow?: Flow;
  readonly lost_events?: { readonly num_events_lost: string };
}

/** Counts a whole log. */
async function countLog(file: string): Promise<CountedLog> {
  const connections = new Map<string, number>();
  let [records, broken, lost] = [0, 0, 0];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    records++;
    let parsed: Line;
    try {
      parsed = JSON.parse(line) as Line;
    } catch {
      broken++;
      continue;
    }
    lost += Number(parsed.lost_events?.num_events_lost ?? 0);
    const key = parsed.flow === undefined ? undefined : connectionOf(parsed.flow);
    if (key !== undefined) connections.set(key, (connections.get(key) ?? 0) + 1);
  }
  return { records, broken, lost, connections };
}

/** Undefined: the line was seen before addresses were translated, or after they were translated back. */
function connectionOf(flow: Flow): string | undefined {
  if (flow.trace_observation_point?.startsWith('FROM_')) return undefined;
  const isReply = flow.is_reply === true;
  if (isReply && flow.trace_observation_point === 'TO_ENDPOINT') return undefined;
  const ends = [nameOf(flow.source, flow.IP.source), nameOf(flow.destination, flow.IP.destination)];
  const [protocol, ports] = Object.entries(flow.l4)[0]!;
  const [from, to] = isReply ? ends.reverse() : ends;
  const port = isReply ? ports.source_port : ports.destination_port;
  const verdict = flow.verdict === 'DROPPED' ? 'denied' : 'allowed';
  return `${from} -> ${to} ${protocol} ${port} ${verdict} ${flow.traffic_direction?.toLowerCase()}`;
}

function nameOf({ namespace, pod_name }: End, address: string): string {
  return pod_name === undefined ? address : `${namespace}/${pod_name}`;
}

const [path] = process.argv.slice(2);
const { connections, ...counts } = await countLog(path!);
process.stdout.write(`${JSON.stringify(counts)}\n`);
for (const [key, count] of connections) process.stdout.write(`${count} ${key}\n`);
