// What one flow was: a connection between parties, something that cannot be told, or nothing for a policy. Prepared once from
// the snapshot and the whole log, then asked flow by flow.

import type { FlowEnd, ObservedFlow } from '../model/flow.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { PORT_PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
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
import { type EndRecogniser, endRecogniser, type RecognisedEnd } from './recognise-end.ts';
import { serverKey, serverPorts } from './server-ports.ts';
import { type Front, type ServicePorts, servicePorts } from './service-ports.ts';

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
  const onlyNode = onlyNodeOf(state);
  const withAddresses = new Set(
    state.cluster.nodes.flatMap(({ name, addresses }) => (addresses.length > 0 ? [name] : [])),
  );
  let found: ReadonlySet<string> | undefined;
  // Only asked for flows whose opener is not known: a log may have none of them, and millions of servers.
  const opened = () => {
    found ??= serversOf(flows, recogniser);
    return found;
  };
  const isServer = serverPorts(book, services, opened);

  /** One reading of a flow: this end called that one. */
  const connect = (
    flow: ObservedFlow,
    ends: { readonly from: RecognisedEnd; readonly to: RecognisedEnd; readonly called: FlowEnd },
    port: number,
    reading: { readonly turned: boolean; readonly says: string },
  ): AttributedFlow => {
    const { from, to } = ends;
    const { protocol } = flow;
    const [fromName, toName] = reading.turned
      ? (['destination', 'source'] as const)
      : (['source', 'destination'] as const);
    if (from.is === 'unknown') return unattributed(from.reason, fromName);
    // A Service never calls: its address as a source is an answer that nobody has translated back.
    if (from.is === 'service') return unattributed('direction-unknown', fromName);
    if (to.is === 'unknown') return unattributed(to.reason, toName);
    if (from.is === 'aside' || to.is === 'aside') throw new Error('left aside before');
    const found = destinationsOf({ recogniser, services }, { to, called: ends.called, protocol, port, when: flow });
    if (typeof found === 'string') return unattributed(found, toName);
    const others = found.filter((one) => !isSamePod(from, one, to));
    const [first, ...rest] = others;
    if (first === undefined) return aside('itself');
    if (from.end.party.type !== 'workload' && others.every((one) => one.party.type !== 'workload'))
      return aside('no-pod');
    const caller = byAddress(
      ownNode(from.end, others, { onlyNode, services, protocol, nodeOf: nodeOfCalled(to) }),
      from.address,
    );
    const called = (one: AttributedDestination) => byAddress(one, to.is === 'end' ? to.address : undefined);
    if (isInside(caller)) return unattributed('unknown-entity', fromName);
    if (others.some((one) => isInside(called(one)))) return unattributed('unknown-entity', toName);
    return {
      kind: 'connection',
      from: caller,
      to: [called(first), ...rest.map(called)],
      protocol,
      turned: reading.turned,
      opened: reading.says,
    };
  };

  /** On which node the pod was that was called: by the snapshot, if it is the same pod still, or by its address. */
  const nodeOfCalled =
    (to: RecognisedEnd) =>
    ({ pod }: AttributedDestination): string | 'any' | undefined => {
      // What a node passes on to is not what the kubelet calls.
      if (to.is !== 'end' || to.end.party.type === 'node') return 'any';
      if (pod?.node !== undefined && (to.address === undefined || pod.addresses.includes(to.address))) return pod.node;
      const address = to.address === undefined ? undefined : parseAddress(to.address);
      return address?.ok === true ? book.nodeOfPods(address) : undefined;
    };

  /** A node of which the snapshot shows no address is better known by the one that the record has. */
  const byAddress = <End extends AttributedEnd>(end: End, address: string | undefined): End => {
    const { party } = end;
    if (party.type !== 'node' || party.name === undefined || address === undefined) return end;
    if (withAddresses.has(party.name)) return end;
    const cidr = `${address}/${address.includes(':') ? 128 : 32}`;
    return { ...end, party: { type: 'addresses', cidrs: [cidr], what: `node ${party.name}` } };
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
      // What nodes send to many is theirs.
      if (b.is === 'aside') return aside(b.reason === 'multicast' && isNoPod(source, a) ? 'no-pod' : b.reason);
      if (a.is === 'aside') return aside(a.reason);
      if ((isPlugin(source) && isNoPod(destination, b)) || (isPlugin(destination) && isNoPod(source, a)))
        return aside('no-pod');
      if (port === undefined || !isPort(port)) return unattributed('no-port', 'destination');
      const opening = readOpening(flow, port, () => ({
        forward: isServer(b, destination, protocol, port),
        reverse: flow.sourcePort !== undefined && isServer(a, source, protocol, flow.sourcePort),
      }));
      if (opening === undefined) return unattributed('direction-unknown', 'both');
      return opening.turned
        ? connect(flow, { from: b, to: a, called: source }, flow.sourcePort!, opening)
        : connect(flow, { from: a, to: b, called: destination }, port, opening);
    },
  };
}

/** Servers that the log is sure of, as keys. */
function serversOf(flows: Iterable<ObservedFlow>, { recognise }: EndRecogniser): Set<string> {
  const servers = new Set<string>();
  for (const { opened, destination, protocol, port, ...when } of flows) {
    if (opened !== 'known' || port === undefined) continue;
    const key = serverKey(recognise(destination, when), protocol, port);
    if (key !== undefined) servers.add(key);
  }
  return servers;
}

function unattributed(reason: UnattributedReason, end: 'source' | 'destination' | 'both'): AttributedFlow {
  return { kind: 'unattributed', reason, end };
}

function aside(reason: AsideReason): AttributedFlow {
  return { kind: 'left-aside', reason };
}

/** An endpoint of the plugin itself, such as Cilium's for its health checks, which no policy names. */
function isPlugin({ entity, cluster }: FlowEnd): boolean {
  return entity === 'other' && cluster === undefined;
}

function isNoPod(said: FlowEnd, end: RecognisedEnd): boolean {
  return isPlugin(said) || (end.is === 'end' && end.end.party.type !== 'workload');
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

/** The name of the only node that the snapshot knows of; undefined where it knows of several, or some pod is not scheduled. */
function onlyNodeOf({ cluster }: Pick<State, 'cluster'>): string | undefined {
  const [only, ...more] = new Set([...cluster.nodes.map(({ name }) => name), ...cluster.pods.map(({ node }) => node)]);
  return more.length === 0 ? only : undefined;
}

/**
 * A node that calls a pod of its own is the kubelet, or as exempt as it, and needs no name: the pod's node is always meant. The
 * kubelet never asks a Service, so that who called one may be on any node, and the pods behind it on any other after their next
 * start. Where nobody knows on which node a pod was that is gone, who asks at a probed port is taken for its kubelet, unless a
 * Service hides clients behind nodes there.
 */
function ownNode(
  from: AttributedEnd,
  to: readonly AttributedDestination[],
  {
    onlyNode,
    services,
    protocol,
    nodeOf,
  }: {
    readonly onlyNode: string | undefined;
    readonly services: ServicePorts;
    readonly protocol: Protocol;
    /** The node of a pod that was called; undefined where nobody knows, `any` where a Service was. */
    readonly nodeOf: (called: AttributedDestination) => string | 'any' | undefined;
  },
): AttributedEnd {
  const { party } = from;
  const isSomeNode = party.type === 'addresses' && from.how === 'log-entity';
  if (!isSomeNode && (party.type !== 'node' || party.name === undefined)) return from;
  let isSupposed = false;
  const isOwn = to.every((one) => {
    if (one.party.type !== 'workload') return false;
    if (party.type === 'node' && party.name === onlyNode) return true;
    const node = nodeOf(one);
    if (node === 'any') return false;
    if (node !== undefined && party.type === 'node') return node === party.name;
    const { key } = one.party;
    isSupposed = true;
    return services.isProbed(key, one.port) && !services.behind(key, protocol, one.port).some(hidesClients);
  });
  return isOwn ? { ...from, party: { type: 'node' }, ...(isSupposed ? { supposed: true } : {}) } : from;
}

/** Reports whether clients of a Service from outside come with the address of a node. */
export function hidesClients({ service }: Front): boolean {
  const isOpen = service.type !== 'ClusterIP' || service.externalIPs.length > 0;
  return isOpen && service.externalTrafficPolicy === 'Cluster';
}
