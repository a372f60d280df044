// Draws flow logs as Hubble writes them without aggregation: each packet at each point where it is seen, for an application
// with pods on many nodes, Services, clients outside, probes, drops and lost events. Knows nothing of what reads them.

import { closeSync, openSync, writeSync } from 'node:fs';
import { type Random, randomFrom } from '../random.ts';

/** How much to draw. */
export interface LogSize {
  readonly bytes: number;
  readonly workloads: number;
}

/** Pods of a workload, workloads that one calls, and nodes. */
const [PODS, PEERS, NODES] = [4, 6, 40];
const PORTS = [80, 443, 3550, 5432, 6379, 7070, 8080, 9090, 50051];
const WORLD = '{"identity":2,"labels":["reserved:world"]}';
const HOST = '{"identity":1,"labels":["reserved:host"]}';
const BEGIN = Date.UTC(2026, 10, 21);

interface Pod {
  readonly address: string;
  readonly mac: string;
  readonly node: string;
  readonly device: string;
  readonly json: string;
}

interface Peer {
  readonly workload: Workload;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly servicePort: number;
  readonly isDenied: boolean;
}

interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly service: string;
  readonly pods: readonly Pod[];
  peers: readonly Peer[];
}

/** Writes a log of at least that many bytes; equal sizes and seeds give equal logs. Returns the number of lines. */
export function writeFlowLog(file: string, { bytes, workloads }: LogSize, seed: number): number {
  const random = randomFrom(seed);
  const drawn = drawWorkloads(workloads, random);
  const out = openSync(file, 'w');
  let [written, lines, clock] = [0, 0, 0];
  let batch: string[] = [];
  let length = 0;
  const flush = () => {
    written += writeSync(out, batch.join(''));
    batch = [];
    length = 0;
  };
  while (written + length < bytes) {
    const packets = drawConnection(drawn, random, () => BEGIN + clock++ / 8);
    for (const line of packets) {
      batch.push(line);
      length += line.length;
    }
    lines += packets.length;
    if (length > 4 << 20) flush();
  }
  flush();
  closeSync(out);
  return lines;
}

function drawWorkloads(count: number, random: Random): Workload[] {
  let pod = 0;
  const workloads = Array.from({ length: count }, (_, index): Workload => {
    const [name, namespace] = [`svc-${index}`, `team-${index % Math.ceil(count / 8)}`];
    const pods = Array.from({ length: PODS }, () => drawPod(name, namespace, index, pod++, random));
    return { name, namespace, service: address(96, index), pods, peers: [] };
  });
  for (const workload of workloads) {
    workload.peers = Array.from({ length: PEERS }, (_, index): Peer => {
      const isDns = index === 0;
      const port = isDns ? 53 : random.pick(PORTS);
      return {
        workload: isDns ? workloads[0]! : random.pick(workloads),
        protocol: isDns ? 'UDP' : 'TCP',
        port,
        servicePort: random.chance(0.5) ? port : 80,
        isDenied: random.chance(0.05),
      };
    });
  }
  return workloads;
}

function drawPod(name: string, namespace: string, workload: number, number: number, random: Random): Pod {
  const labels = [
    `k8s:app=${name}`,
    `k8s:app.kubernetes.io/instance=${name}`,
    `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`,
    'k8s:io.cilium.k8s.policy.cluster=prod',
    `k8s:io.cilium.k8s.policy.serviceaccount=${name}`,
    `k8s:io.kubernetes.pod.namespace=${namespace}`,
  ];
  const hash = random.integer(0, 36 ** 5 - 1).toString(36);
  return {
    address: address(0, number),
    mac: `f2:82:cb:${hex(number >> 8)}:${hex(number)}:12`,
    node: `prod/node-${number % NODES}`,
    device: `"interface":{"index":${(number % 250) + 4},"name":"lxc${hash}"}`,
    json: JSON.stringify({
      ID: (number % 4000) + 10,
      identity: 10_000 + workload,
      cluster_name: 'prod',
      namespace,
      labels,
      pod_name: `${name}-6c8f7d9b5-${hash}`,
      workloads: [{ name, kind: 'Deployment' }],
    }),
  };
}

/** The lines of some packets of one connection, or a single line of another kind. */
function drawConnection(workloads: readonly Workload[], random: Random, time: () => number): string[] {
  const kind = random.fraction();
  if (kind < 0.0005) return [event('"lost_events":{"source":"PERF_EVENT_RING_BUFFER","num_events_lost":"3"}', time())];
  if (kind < 0.001) return [event('"agent_event":{"type":"IPCACHE_UPSERTED"}', time())];
  if (kind < 0.001_01) return ['{"flow":{"verdict":"FORWARDED","IP":{"source":"10.0\n'];
  const workload = pickSkewed(workloads, random);
  const pod = random.pick(workload.pods);
  const client = random.integer(32_768, 60_999);
  const uuid = () => `${hex8(random)}-8e4c-4d4e-9d3f-1b2c${hex8(random)}`;
  const line = (packet: Packet) => flowLine(packet, uuid(), time());
  if (kind < 0.1) {
    const node = { ...NODE_END, node: pod.node };
    return [line(arriving(node, pod, 'TCP', client, 8080, ',"flags":{"SYN":true}'))];
  }
  if (kind < 0.15) {
    const outside = { ...OUTSIDE_END, address: `203.0.113.${random.integer(1, 250)}`, node: pod.node };
    return [line(leaving(pod, outside, 'TCP', client, 443, ',"flags":{"SYN":true}'))];
  }
  const peer = pickSkewed(workload.peers, random);
  const server = random.pick(peer.workload.pods);
  const flags = (text: string) => (peer.protocol === 'TCP' ? `,"flags":{${text}}` : '');
  if (peer.isDenied) {
    const denied = leaving(pod, server, peer.protocol, client, peer.port, flags('"SYN":true'));
    const place =
      '"event_type":{"type":1,"sub_type":133},"traffic_direction":"EGRESS","drop_reason_desc":"POLICY_DENIED"';
    return [line({ ...denied, verdict: '"verdict":"DROPPED","drop_reason":133', place })];
  }
  const service = { ...OUTSIDE_END, address: peer.workload.service, node: pod.node };
  const [syn, ack] = [flags('"SYN":true'), flags('"SYN":true,"ACK":true')];
  const named = `"destination_service":{"name":"${peer.workload.name}","namespace":"${peer.workload.namespace}"}`;
  return [
    line({
      ...leaving(pod, service, peer.protocol, client, peer.servicePort, syn),
      place: `"event_type":{"type":4,"sub_type":5},${named},"trace_observation_point":"FROM_ENDPOINT"`,
    }),
    line(leaving(pod, server, peer.protocol, client, peer.port, syn)),
    line(arriving(pod, server, peer.protocol, client, peer.port, syn)),
    line({
      ...leaving(server, pod, peer.protocol, peer.port, client, ack),
      place: `"reply":true,${point(3, 'INGRESS', 'TO_STACK')},"is_reply":true`,
    }),
    line({
      ...arriving(server, pod, peer.protocol, peer.servicePort, client, ack),
      place: `"reply":true,${point(0, 'EGRESS', 'TO_ENDPOINT')},"is_reply":true,${pod.device}`,
    }),
  ];
}

/** A few are picked often and most are picked rarely: half of all draws fall on an eighth of the list. */
function pickSkewed<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(list.length * random.fraction() ** 3)]!;
}

interface Packet {
  readonly from: Pod;
  readonly to: Pod;
  readonly node: string;
  readonly l4: string;
  readonly verdict: string;
  readonly place: string;
}

const OUTSIDE_END: Pod = { address: '', mac: '5a:d2:72:5d:e5:81', node: '', device: '', json: WORLD };
const NODE_END: Pod = { ...OUTSIDE_END, address: '10.199.0.1', json: HOST };

function leaving(from: Pod, to: Pod, protocol: string, source: number, destination: number, flags: string): Packet {
  const l4 = `"${protocol}":{"source_port":${source},"destination_port":${destination}${flags}}`;
  const place = `${point(3, 'EGRESS', 'TO_STACK')},"is_reply":false`;
  return { from, to, node: from.node, l4, verdict: '"verdict":"FORWARDED"', place };
}

function arriving(from: Pod, to: Pod, protocol: string, source: number, destination: number, flags: string): Packet {
  const place = `${point(0, 'INGRESS', 'TO_ENDPOINT')},"is_reply":false,${to.device}`;
  return { ...leaving(from, to, protocol, source, destination, flags), node: to.node, place };
}

function point(number: number, direction: string, name: string): string {
  const type = number === 0 ? '{"type":4}' : `{"type":4,"sub_type":${number}}`;
  return `"event_type":${type},"traffic_direction":"${direction}","trace_observation_point":"${name}"`;
}

function flowLine({ from, to, node, l4, verdict, place }: Packet, uuid: string, time: number): string {
  const at = `${new Date(time).toISOString().slice(0, -1)}580383Z`;
  const ethernet = `"ethernet":{"source":"${from.mac}","destination":"${to.mac}"}`;
  const ip = `"IP":{"source":"${from.address}","destination":"${to.address}","ipVersion":"IPv4"}`;
  const ends = `"source":${from.json},"destination":${to.json},"Type":"L3_L4","node_name":"${node}"`;
  const summary = l4.startsWith('"TCP') ? 'TCP Flags: SYN' : 'UDP';
  return `{"flow":{"time":"${at}","uuid":"${uuid}",${verdict},${ethernet},${ip},"l4":{${l4}},${ends},${place},"Summary":"${summary}"},"node_name":"${node}","time":"${at}"}\n`;
}

function event(text: string, time: number): string {
  return `{${text},"node_name":"node-1","time":"${new Date(time).toISOString()}"}\n`;
}

function address(second: number, number: number): string {
  return `10.${second}.${(number >> 8) & 255}.${number & 255}`;
}

function hex(number: number): string {
  return (number & 255).toString(16).padStart(2, '0');
}

function hex8(random: Random): string {
  return random
    .integer(0, 2 ** 32 - 1)
    .toString(16)
    .padStart(8, '0');
}
