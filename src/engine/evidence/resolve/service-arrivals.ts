// Where a connection to a Service arrives: parties with ports of their own. What stands behind Services is decided by
// endpoints/service-targets; this turns it into parties, and what it leaves open into a sentence.

import { findTargets } from '../../endpoints/service-targets.ts';
import type { Pod, Service, ServicePort } from '../../model/cluster.ts';
import type { Evidence, Party } from '../../model/evidence.ts';
import { printCidrs } from '../../sets/ip-address.ts';
import { PORT_PROTOCOLS, type Protocol, type TrafficSet, union } from '../../sets/traffic-set.ts';
import type { EvidenceContext } from '../context.ts';
import { withOrdinals } from './numbered-pods.ts';
import { operatorParty, operatorPorts, operatorsBehind } from './operator-pods.ts';

/** One end of a connection to a Service. */
export interface Arrival {
  readonly to: Party;
  readonly protocol: Protocol;
  /** Ports of the party itself, inclusive. */
  readonly ports: readonly [number, number];
  readonly via: NonNullable<Evidence['via']>;
}

/** Where it arrives, and what is open, a sentence about the Service each; both may be empty. */
export interface Arrivals {
  readonly arrivals: readonly Arrival[];
  readonly problems: readonly ServiceProblem[];
}

/** Something about a Service that leaves a connection open. */
export interface ServiceProblem {
  readonly about: 'missing-port' | 'several-ports' | 'no-endpoints' | 'unknown-target-port';
  readonly says: string;
}

/** Which port is meant. Absent parts: not said. */
export interface WantedPort {
  readonly port?: number;
  readonly name?: string;
  readonly protocol?: Protocol;
}

/** Answers by Service and port, kept within one question. */
export type ArrivalsMemo = Map<string, Arrivals>;

/** Follows a connection to a Service that is no ExternalName. */
export function arrivalsAt(context: EvidenceContext, service: Service, wanted: WantedPort): Arrivals {
  const key = JSON.stringify([service.namespace, service.name, wanted.port, wanted.name, wanted.protocol]);
  let known = context.arrivals.get(key);
  if (known === undefined) {
    known = follow(context, service, wanted);
    context.arrivals.set(key, known);
  }
  return known;
}

function follow(context: EvidenceContext, service: Service, wanted: WantedPort): Arrivals {
  const title = titleOfService(service);
  const isWanted = (one: ServicePort) =>
    (wanted.port === undefined || one.port === wanted.port) &&
    (wanted.name === undefined || one.name === wanted.name) &&
    (wanted.protocol === undefined || one.protocol === wanted.protocol);
  const ports = service.ports.filter(isWanted);
  if (service.headless && wanted.port !== undefined) return ofHeadless(context, service, wanted.port, ports, wanted);
  if (ports.length === 0) {
    if (service.ports.length === 0) return open('missing-port', `Service ${title} has no ports`);
    return open('missing-port', `Service ${title} has no port ${printWanted(wanted)}, only ${printPorts(service)}`);
  }
  if (wanted.port === undefined && wanted.name === undefined && new Set(ports.map(({ port }) => port)).size > 1) {
    return open('several-ports', `Service ${title} has several ports (${printPorts(service)}), and none is named`);
  }
  return joined(ports.map((port) => through(context, service, port)));
}

function joined(all: readonly Arrivals[]): Arrivals {
  return { arrivals: all.flatMap((one) => one.arrivals), problems: all.flatMap((one) => one.problems) };
}

/** Clients of a headless Service connect to its pods, on the port that they name: nothing translates it. */
function ofHeadless(
  context: EvidenceContext,
  service: Service,
  port: number,
  declared: readonly ServicePort[],
  wanted: WantedPort,
): Arrivals {
  if (service.selector === undefined && declared.length > 0)
    return joined(declared.map((one) => through(context, service, one)));
  const translated = declared.filter((one) => one.target !== undefined && one.target !== port);
  const pods = podsBehind(context, service);
  const isListened = (pod: Pod) => pod.ports.some((own) => own.number === port && own.from !== 'init');
  if (translated.length > 0 && pods.length > 0 && !pods.some(isListened)) {
    return open(
      'unknown-target-port',
      `Service ${titleOfService(service)} is headless, so port ${port} is that of its pods, which declare ${printDeclared(pods)}`,
    );
  }
  const protocols = new Set(
    declared.length > 0
      ? declared.map((one) => one.protocol)
      : pods.flatMap((pod) => pod.ports.filter((own) => own.number === port).map((own) => own.protocol)),
  );
  const protocol = wanted.protocol ?? ([...protocols].length === 1 ? [...protocols][0]! : 'TCP');
  return through(context, service, { protocol, port });
}

function through(context: EvidenceContext, service: Service, port: ServicePort): Arrivals {
  const title = titleOfService(service);
  const via = { namespace: service.namespace, name: service.name, port: port.port };
  // Of a headless Service without ports every port would be open, and one is asked for.
  const asked: Service = { ...service, ports: [port] };
  const targets = findTargets({ ...context.cluster, pods: podsToAsk(context, service) }, asked, [port]);
  const found: Arrival[] = [];
  const byWorkload = new Map<string, TrafficSet>();
  let isOpen = false;
  for (const [pod, opened] of targets.pods) {
    const before = byWorkload.get(pod.workload);
    if (Object.keys(opened).length === 0) isOpen = true;
    byWorkload.set(pod.workload, before === undefined ? opened : union(before, opened));
  }
  for (const [key, opened] of byWorkload) found.push(...arrive({ type: 'workload', key }, opened, via));
  for (const { addresses, traffic } of targets.outside) {
    const [first, ...rest] = printCidrs(addresses);
    if (first === undefined) continue;
    const party: Party = { type: 'addresses', cidrs: [first, ...rest], what: `endpoints of Service ${title}` };
    found.push(...arrive(party, traffic, via));
  }
  if (found.length > 0 && !isOpen) return { arrivals: found, problems: [] };
  const target = port.target ?? port.port;
  if (isOpen) {
    const problem = `port ${port.port} of Service ${title} goes to "${target}", which not every pod behind it declares`;
    const none = `port ${port.port} of Service ${title} goes to "${target}", a port that no pod behind it declares`;
    return { arrivals: found, problems: [{ about: 'unknown-target-port', says: found.length > 0 ? problem : none }] };
  }
  return ofOperators(context, service, port, via);
}

function ofOperators(context: EvidenceContext, service: Service, port: ServicePort, via: Arrival['via']): Arrivals {
  const title = titleOfService(service);
  const behind = operatorsBehind(context, service);
  const target = port.target ?? port.port;
  const found = behind.flatMap((one): Arrival[] => {
    const party = operatorParty(context, one);
    const number =
      typeof target === 'number'
        ? target
        : operatorPorts(one).find((own) => own.name === target && own.protocol === port.protocol)?.number;
    return party === undefined || number === undefined
      ? []
      : [{ to: party, protocol: port.protocol, ports: [number, number], via }];
  });
  if (found.length > 0) return { arrivals: found, problems: [] };
  if (behind.length > 0) {
    const made = behind.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    return open('unknown-target-port', `port "${target}" of pods that an operator makes of ${made} is not known`);
  }
  if (service.selector === undefined) {
    return open('no-endpoints', `Service ${title} has no selector, and nothing lists its endpoints`);
  }
  return open('no-endpoints', `Service ${title} selects no pod here`);
}

function arrive(to: Party, opened: TrafficSet, via: Arrival['via']): readonly Arrival[] {
  return PORT_PROTOCOLS.flatMap((protocol) => {
    const bounds = opened[protocol] ?? [];
    const ranges: Arrival[] = [];
    for (let i = 0; i < bounds.length; i += 2) {
      ranges.push({ to, protocol, ports: [bounds[i]!, bounds[i + 1]! - 1], via });
    }
    return ranges;
  });
}

/** Pods that the Service's selector selects; none for a Service without one. */
export function podsBehind(context: EvidenceContext, service: Service): readonly Pod[] {
  if (service.selector === undefined) return [];
  return [...findTargets({ ...context.cluster, pods: podsToAsk(context, service) }, service, []).pods.keys()];
}

/** A Service without a selector may have endpoints anywhere. */
function podsToAsk(context: EvidenceContext, service: Service): readonly Pod[] {
  if (service.selector === undefined) return context.cluster.pods;
  return withOrdinals(context, context.podsIn(service.namespace), service.selector);
}

function open(about: ServiceProblem['about'], says: string): Arrivals {
  return { arrivals: [], problems: [{ about, says }] };
}

/** `shop/web`. */
export function titleOfService({ namespace, name }: Service): string {
  return `${namespace}/${name}`;
}

function printPorts({ ports }: Service): string {
  return [...new Set(ports.map(({ port }) => port))].join(', ');
}

function printDeclared(pods: readonly Pod[]): string {
  const numbers = [...new Set(pods.flatMap((pod) => pod.ports.map(({ number }) => number)))].sort((a, b) => a - b);
  return numbers.length === 0 ? 'none' : numbers.join(', ');
}

function printWanted({ port, name, protocol }: WantedPort): string {
  const shown = port === undefined ? `"${name}"` : String(port);
  return protocol === undefined ? shown : `${shown}/${protocol}`;
}
