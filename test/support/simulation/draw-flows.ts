// What a log has of an application's calls: records before or after the translation of Services, with names or with addresses
// alone, with or without a word on who opened the connection; some lost, some double. Each comes with the truth about it.

import type { ObservedFlow } from '../../../src/engine/model/flow.ts';
import type { Application, SimCall, SimPod, SimService } from './application.ts';
import { drawNoise } from './draw-noise.ts';
import { podsAt } from './draw-services.ts';
import { endAs, type FlowTruth, type LogStyle, serviceAs } from './log-ends.ts';
import { type Random, randomFrom } from './random.ts';

/** A record, and what it is a record of. Without `call` it is noise. */
export interface SimFlow {
  readonly flow: ObservedFlow;
  readonly call?: { readonly from: FlowTruth; readonly to: FlowTruth; readonly port: number; readonly of: SimCall };
}

/** A log of a style drawn from the seed. */
export function drawStyle(seed: number): LogStyle {
  const random = randomFrom(seed ^ 0x51f7);
  return {
    names: random.pick(['full', 'full', 'names', 'addresses'] as const),
    isBeforeTranslation: random.chance(0.4),
    knowsOpener: random.chance(0.6),
    knowsVerdict: random.chance(0.7),
    loss: random.pick([0, 0.05, 0.3]),
    doubles: random.pick([0, 0.3]),
    noise: random.between(0, 6),
    calls: 2,
  };
}

/** Draws the log; the same application, seed and style always give the same one. */
export function drawFlows(application: Application, style: LogStyle): SimFlow[] {
  const random = randomFrom(application.seed ^ 0xf10e5);
  const log = logWriter(random, style);
  for (const call of application.calls) {
    if (!call.called) continue;
    for (let i = random.between(1, style.calls); i > 0; i--) {
      const happened = happen(random, application, call);
      if (happened !== undefined && !random.chance(style.loss)) log.write(call, happened);
    }
  }
  for (const flow of drawNoise(random, application, style)) log.writeNoise(flow);
  return log.flows;
}

interface Happened {
  readonly from: FlowTruth;
  readonly to: FlowTruth;
  readonly address: { readonly from: string; readonly to: string };
  readonly time: number;
}

/** One call: from one pod to one other, of the same time and family. Undefined where nobody was there. */
function happen(random: Random, application: Application, { from, to }: SimCall): Happened | undefined {
  const time = timeOf(random, application, from);
  const server = endAt(random, application, to, time, undefined);
  const client = server && endAt(random, application, from, time, server);
  if (server === undefined || client === undefined) return undefined;
  const [a, b] = [addressesOf(client), addressesOf(server)];
  const families = [false, true].filter((v6) => [a, b].every((list) => list.some((one) => one.includes(':') === v6)));
  if (families.length === 0) return undefined;
  const v6 = random.pick(families);
  const of = (list: readonly string[]) => list.find((one) => one.includes(':') === v6)!;
  return { from: client, to: server, address: { from: of(a), to: of(b) }, time };
}

/** A time within the log; runs of CronJobs have theirs. */
function timeOf(random: Random, { begin, end }: Application, from: SimCall['from']): number {
  if (from.is === 'pods' && from.workload.kind === 'CronJob')
    return random.pick(from.workload.gone).since + random.below(50_000);
  return begin + random.below(end - begin - 2);
}

function endAt(
  random: Random,
  { nodes }: Application,
  end: SimCall['from'],
  time: number,
  other: FlowTruth | undefined,
): FlowTruth | undefined {
  switch (end.is) {
    case 'pods': {
      const isOther = (pod: SimPod) => other?.is !== 'pod' || other.pod !== pod;
      const found = podsAt(end.workload, time).filter(isOther);
      return found.length === 0 ? undefined : { is: 'pod', pod: random.pick(found) };
    }
    case 'kubelet': {
      const node = other?.is === 'pod' ? other.pod.node : nodes[0]!;
      return { is: 'address', address: node.addresses[0]!, node };
    }
    case 'nodes': {
      const node = random.pick(nodes);
      return { is: 'address', address: node.addresses[0]!, node };
    }
    case 'address': {
      const node = nodes.find(({ addresses }) => addresses.includes(end.address));
      return { is: 'address', address: end.address, ...(node === undefined ? {} : { node }) };
    }
  }
}

function addressesOf(end: FlowTruth): readonly string[] {
  if (end.is === 'pod') return end.pod.addresses;
  return end.node === undefined ? [end.address] : end.node.addresses;
}

/** Writes records as a log of a style has them. */
function logWriter(random: Random, style: LogStyle) {
  const flows: SimFlow[] = [];
  let line = 0;
  const place = () => ({ file: 'simulated', line: ++line });
  const verdict = style.knowsVerdict ? ({ kind: 'allowed' } as const) : ({ kind: 'unknown' } as const);
  return {
    flows,
    write(of: SimCall, { from, to, address, time }: Happened): void {
      const family = address.to.includes(':') ? ('IPv6' as const) : ('IPv4' as const);
      const source = endAs(style, from, address.from);
      const called = style.isBeforeTranslation ? frontOf(of, family) : undefined;
      const destination =
        called === undefined ? endAs(style, to, address.to) : serviceAs(style, called.service, called.address);
      const port = called?.port ?? of.port;
      const sourcePort = random.between(32_768, 60_999);
      const base = { family, protocol: of.protocol, verdict, first: time, last: time };
      const truth = { from, to, port: of.port, of };
      const opened = style.knowsOpener ? ({ opened: 'known' } as const) : ({ opened: 'unknown', sourcePort } as const);
      const forward = { ...base, source, destination, port, ...opened };
      const count = random.between(1, 9);
      flows.push({ flow: { ...forward, seenAt: 'egress', count, place: place() }, call: truth });
      if (random.chance(style.doubles)) {
        flows.push({ flow: { ...forward, seenAt: 'ingress', count, place: place() }, call: truth });
      }
      if (style.knowsOpener || !random.chance(0.5)) return;
      const answer = { ...base, source: destination, destination: source, port: sourcePort, sourcePort: port };
      flows.push({ flow: { ...answer, opened: 'unknown', count, place: place() }, call: truth });
    },
    writeNoise(flow: Omit<ObservedFlow, 'count' | 'place'>): void {
      flows.push({ flow: { ...flow, count: random.between(1, 3), place: place() } });
    },
  };
}

/** The address and port of the Service that was called, in a family; undefined where pods were called by their own. */
function frontOf(
  { via }: SimCall,
  family: ObservedFlow['family'],
): { readonly service: SimService; readonly address: string; readonly port: number } | undefined {
  const address = via?.service.clusterIPs.find((one) => one.includes(':') === (family === 'IPv6'));
  return via === undefined || address === undefined ? undefined : { service: via.service, address, port: via.port };
}
