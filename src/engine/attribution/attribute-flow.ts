// What one flow was: a connection between parties, something that cannot be told, or nothing for a policy. Prepared once from
// the snapshot and the whole log, then asked flow by flow.

import type { FlowEnd, ObservedFlow } from '../model/flow.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type {
  AsideReason,
  AttributedDestination,
  AttributedEnd,
  AttributedFlow,
  UnattributedReason,
} from './attribution.ts';
import { destinationsOf } from './destinations.ts';
import { readOpening } from './opening.ts';
import { endRecogniser, type RecognisedEnd } from './recognise-end.ts';
import { serverKey, serverPorts } from './server-ports.ts';
import { type ServicePorts, servicePorts } from './service-ports.ts';

/** Says of single flows what they were. */
export interface Attributor {
  attribute(flow: ObservedFlow): AttributedFlow;
  readonly services: ServicePorts;
}

/**
 * Prepares attribution: `flows` is everything that is known of the log, in any order; `nodeAddresses` are addresses that it
 * knows as nodes' beside.
 */
export function makeAttributor(
  state: Pick<State, 'cluster' | 'plan' | 'behaviour'>,
  flows: readonly ObservedFlow[],
  nodeAddresses: readonly string[] = [],
): Attributor {
  const services = servicePorts(state.cluster);
  const recogniser = endRecogniser(state, flows, new Set(nodeAddresses));
  const { book, recognise } = recogniser;
  const nodesOf = nodesByWorkload(state);
  const opened = new Set<string>();
  for (const { opened: how, destination, protocol, port, ...when } of flows) {
    if (how === 'known' && port !== undefined) {
      const key = serverKey(recognise(destination, when), protocol, port);
      if (key !== undefined) opened.add(key);
    }
  }
  const isServer = serverPorts(book, services, opened);

  /** One reading of a flow: this end called that one. */
  const connect = (
    flow: ObservedFlow,
    ends: { readonly from: RecognisedEnd; readonly to: RecognisedEnd; readonly called: FlowEnd },
    port: number,
    reading: { readonly turned: boolean; readonly says: string },
  ): AttributedFlow => {
    const { from, to, called } = ends;
    const { protocol } = flow;
    const [fromName, toName] = reading.turned
      ? (['destination', 'source'] as const)
      : (['source', 'destination'] as const);
    if (from.is === 'unknown') return unattributed(from.reason, fromName);
    // A Service never calls: its address as a source is an answer that nobody has translated back.
    if (from.is === 'service') return unattributed('direction-unknown', fromName);
    if (to.is === 'unknown') return unattributed(to.reason, toName);
    if (from.is === 'aside' || to.is === 'aside') throw new Error('left aside before');
    const found = destinationsOf({ recogniser, services }, { to, called, protocol, port, when: flow });
    if (typeof found === 'string') return unattributed(found, toName);
    const others = found.filter((one) => !isSamePod(from, one, to));
    const [first, ...rest] = others;
    if (first === undefined) return aside('itself');
    if (from.end.party.type !== 'workload' && others.every((one) => one.party.type !== 'workload'))
      return aside('no-pod');
    const caller = ownNode(from.end, others, nodesOf, services);
    if (isInside(caller)) return unattributed('unknown-entity', fromName);
    if (others.some(isInside)) return unattributed('unknown-entity', toName);
    return {
      kind: 'connection',
      from: caller,
      to: [first, ...rest],
      protocol,
      turned: reading.turned,
      opened: reading.says,
    };
  };

  /** Some node with an address where pods and Services have theirs: no block may name it. */
  const isInside = ({ party, how }: AttributedEnd): boolean => {
    if (party.type !== 'addresses' || how !== 'log-entity') return false;
    return party.cidrs.some((cidr) => {
      const address = parseAddress(cidr.slice(0, cidr.indexOf('/')));
      return address.ok && (book.isPodRange(address) !== 'no' || book.isServiceRange(address));
    });
  };

  return {
    services,
    attribute(flow) {
      const { protocol, port, source, destination } = flow;
      const [a, b] = [recognise(source, flow), recognise(destination, flow)];
      if (!PORT_PROTOCOLS.includes(protocol)) return aside('icmp');
      if (b.is === 'aside') return aside(b.reason);
      if (a.is === 'aside') return aside(a.reason);
      if (port === undefined || !isPort(port)) return unattributed('no-port', 'destination');
      const opening = readOpening(flow, port, {
        forward: isServer(b, destination, protocol, port),
        reverse: flow.sourcePort !== undefined && isServer(a, source, protocol, flow.sourcePort),
      });
      if (opening === undefined) return unattributed('direction-unknown', 'both');
      return opening.turned
        ? connect(flow, { from: b, to: a, called: source }, flow.sourcePort!, opening)
        : connect(flow, { from: a, to: b, called: destination }, port, opening);
    },
  };
}

function unattributed(reason: UnattributedReason, end: 'source' | 'destination' | 'both'): AttributedFlow {
  return { kind: 'unattributed', reason, end };
}

function aside(reason: AsideReason): AttributedFlow {
  return { kind: 'left-aside', reason };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

/** Reports whether a pod called itself, as far as the log or the addresses tell; a workload's other replica is another pod. */
function isSamePod(
  from: RecognisedEnd & { is: 'end' },
  destination: AttributedDestination,
  to: RecognisedEnd,
): boolean {
  if (from.end.party.type !== 'workload' || destination.party.type !== 'workload') return false;
  if (from.end.pod !== undefined && destination.pod !== undefined) return from.end.pod === destination.pod;
  const called = to.is === 'end' ? to.address : undefined;
  return from.address !== undefined && from.address === called && from.end.party.key === destination.party.key;
}

/** Names of the nodes on which pods of each workload run; `undefined` among them: some are not scheduled. */
function nodesByWorkload({ cluster }: Pick<State, 'cluster'>): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const nodes = new Map<string, Set<string | undefined>>();
  for (const pod of cluster.pods) nodes.set(pod.workload, (nodes.get(pod.workload) ?? new Set()).add(pod.node));
  return nodes;
}

/**
 * A node that calls a pod of its own is the kubelet, or as exempt as it, and needs no name: the pod's node is always meant.
 * Where the record does not tell the pod, that is so if the workload runs on no other node, or is probed at that port.
 */
function ownNode(
  from: AttributedEnd,
  to: readonly AttributedDestination[],
  nodesOf: ReadonlyMap<string, ReadonlySet<string | undefined>>,
  services: ServicePorts,
): AttributedEnd {
  const { party } = from;
  const isSomeNode = party.type === 'addresses' && from.how === 'log-entity';
  if (!isSomeNode && (party.type !== 'node' || party.name === undefined)) return from;
  const isOwn = to.every((one) => {
    if (one.party.type !== 'workload') return false;
    if (services.isProbed(one.party.key, one.port) && (isSomeNode || one.pod?.node === undefined)) return true;
    if (party.type !== 'node') return false;
    if (one.pod?.node !== undefined) return one.pod.node === party.name;
    const nodes = nodesOf.get(one.party.key);
    return nodes?.size === 1 && nodes.has(party.name);
  });
  return isOwn ? { ...from, party: { type: 'node' } } : from;
}
