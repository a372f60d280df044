// One flow of Hubble, as an object, to what it says about a connection. All that does not change from one record of a
// connection to the next stands in the shape; ports and times are added for each record. Reads no text and counts nothing.

import type { FlowEnd } from '../../engine/model/flow.ts';
import { parseAddress, printAddress } from '../../engine/sets/ip-address.ts';
import type { Family } from '../../engine/sets/ip-set.ts';
import type { Protocol } from '../../engine/sets/traffic-set.ts';
import type { FlowFacts } from '../flow-key.ts';
import type { AsideReason, ResolvedName } from '../flow-summary.ts';
import { policiesOf, verdictOf } from './flow-outcome.ts';
import { type EndContext, endOf, nodeNameOf } from './hubble-end.ts';
import { enumAt, type Json, MalformedRecord, numberAt, objectAt, portAt, textAt, textsAt } from './hubble-record.ts';
import { directionOf, type Way, wayOf, whyNotTranslated } from './hubble-way.ts';

/** What a flow says but for its ends and ports. */
export type ConnectionFacts = Pick<FlowFacts, 'protocol' | 'verdict' | 'seenAt' | 'policies' | 'foreignPolicies'>;

/** A flow without its ports. */
export interface FlowShape {
  readonly facts: ConnectionFacts;
  /** Who opened the connection and who was called: turned round where the record is an answer's. */
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly family: Family;
  readonly way: Way;
  /** The port of protocols that have none of their own; undefined for those whose records have ports. */
  readonly icmpType: number | undefined;
}

/** What a flow says. */
export interface Interpretation {
  /** A reason where it says nothing about a connection. */
  readonly outcome: FlowShape | AsideReason;
  /** A policy in audit mode would have denied it. */
  readonly isAudited: boolean;
  /** Records that it stands for, at least 1: exporters can aggregate. */
  readonly count: number;
  readonly node?: string;
  readonly nodeAddresses: readonly string[];
  readonly resolved?: ResolvedName;
}

/** The ports of a record; absent where it has none. */
export interface RecordPorts {
  readonly source?: number | undefined;
  readonly destination?: number | undefined;
}

/** See {@link countedPorts}. */
export interface CountedPorts {
  readonly isKnown: boolean;
  readonly port: number | undefined;
  /** Only where the opener is not known. */
  readonly sourcePort: number | undefined;
}

const PORT_PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
/** A client has a port below this only where it is a server itself, or asks for one by name. */
const FIRST_CLIENT_PORT = 1024;
/** Systems choose the ports of clients from here on. Servers may stand there as well. */
const FIRST_EPHEMERAL_PORT = 32768;

/** Interprets the object under `flow`. Throws MalformedRecord where a field that matters has not its form. */
export function interpretFlow(flow: Json): Interpretation {
  const { verdict, isAudited } = verdictOf(flow);
  const nodeName = textAt(flow, 'node_name');
  const ip = objectAt(flow, 'IP') ?? {};
  const [source, destination] = [addressAt(ip, 'source'), addressAt(ip, 'destination')];
  const contextOf = (side: 'source' | 'destination', address: string | undefined): EndContext => ({
    address,
    names: textsAt(flow, `${side}_names`),
    service: objectAt(flow, `${side}_service`),
    nodeName,
  });
  const sender = endOf(objectAt(flow, 'source'), contextOf('source', source?.text));
  const receiver = endOf(objectAt(flow, 'destination'), contextOf('destination', destination?.text));
  const resolved = dnsAnswer(flow);
  const said = {
    isAudited,
    count: countOf(flow),
    ...(nodeName === undefined ? {} : { node: nodeNameOf(nodeName) }),
    nodeAddresses: [sender, receiver].flatMap(({ entity, address }) =>
      entity === 'node' && address !== undefined ? [address] : [],
    ),
    ...(resolved === undefined ? {} : { resolved }),
  };
  const l4 = objectAt(flow, 'l4');
  if (source === undefined || destination === undefined) return { ...said, outcome: 'no-address' };
  if (source.family !== destination.family) throw new MalformedRecord('the two addresses are of different families');
  if (l4 === undefined || Object.keys(l4).length === 0) return { ...said, outcome: 'no-protocol' };
  const layer = layerOf(l4);
  if (typeof layer === 'string') return { ...said, outcome: layer };
  const way = layer.way ?? wayOf(flow, layer.fields, verdict);
  const aside = textAt(flow, 'trace_reason') === 'RELATED' ? 'icmp-error' : whyNotTranslated(flow, way);
  if (aside !== undefined) return { ...said, outcome: aside };
  const seenAt = directionOf(flow);
  const [from, to]: [FlowEnd, FlowEnd] = way === 'reply' ? [receiver, sender] : [sender, receiver];
  const facts = {
    protocol: layer.protocol,
    verdict,
    ...(seenAt === undefined ? {} : { seenAt }),
    ...policiesOf(flow),
  };
  const ends = { source: withoutService(from), destination: to, family: source.family };
  return { ...said, outcome: { facts, ...ends, way, icmpType: layer.type } };
}

/** The ports of the object under `flow`. */
export function portsOf(flow: Json): RecordPorts {
  const l4 = objectAt(flow, 'l4');
  const fields = l4 && PORT_PROTOCOLS.map((name) => objectAt(l4, name)).find((found) => found !== undefined);
  if (!fields) return {};
  return { source: portAt(fields, 'source_port'), destination: portAt(fields, 'destination_port') };
}

/** Everything about one record but its time. Fields are added one by one: this is done for each distinct flow. */
export function factsOf(shape: FlowShape, ports: RecordPorts): FlowFacts {
  const { facts } = shape;
  const { isKnown, port, sourcePort } = countedPorts(shape, ports);
  const found: { -readonly [Key in keyof FlowFacts]: FlowFacts[Key] } = {
    source: shape.source,
    destination: shape.destination,
    family: shape.family,
    protocol: facts.protocol,
    opened: isKnown ? 'known' : 'unknown',
    verdict: facts.verdict,
  };
  if (port !== undefined) found.port = port;
  if (sourcePort !== undefined) found.sourcePort = sourcePort;
  if (facts.seenAt !== undefined) found.seenAt = facts.seenAt;
  if (facts.policies !== undefined) found.policies = facts.policies;
  if (facts.foreignPolicies !== undefined) found.foreignPolicies = facts.foreignPolicies;
  return found;
}

/** Whether the opener of a record is known, and the ports that its flow has. */
export function countedPorts({ way, icmpType }: Pick<FlowShape, 'way' | 'icmpType'>, ports: RecordPorts): CountedPorts {
  const isReply = way === 'reply';
  const client = isReply ? ports.destination : ports.source;
  const server = isReply ? ports.source : ports.destination;
  const isKnown = way === 'by-ports' ? isKnownRequest(client, server) : way !== 'unknown';
  return { isKnown, port: icmpType ?? server, sourcePort: isKnown ? undefined : client };
}

/**
 * Whether what policies judged as a request is one. They judge an answer that comes after its connection was forgotten as a request. Nothing but the ports tells, and
 * they only in one direction: a request is taken for unknown sometimes, an answer hardly ever for a request.
 */
export function isKnownRequest(source: number | undefined, destination: number | undefined): boolean {
  if (source === undefined || destination === undefined) return false;
  return source >= FIRST_CLIENT_PORT && destination < FIRST_EPHEMERAL_PORT;
}

function addressAt(ip: Json, key: string): { readonly text: string; readonly family: Family } | undefined {
  const text = textAt(ip, key);
  if (text === undefined) return undefined;
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new MalformedRecord(`"${key}" is no address: "${text}"`);
  return { text: printAddress(parsed.family, parsed.value), family: parsed.family };
}

/** A client that is a Service's address is one whose answer is told with the Service it asked: the name is not its own. */
function withoutService(end: FlowEnd): FlowEnd {
  if (end.service === undefined) return end;
  const { service: _, ...rest } = end;
  return rest;
}

interface Layer {
  readonly protocol: Protocol;
  readonly fields: Json;
  readonly type?: number;
  readonly way?: Way;
}

function layerOf(l4: Json): Layer | AsideReason {
  for (const protocol of PORT_PROTOCOLS) {
    const fields = objectAt(l4, protocol);
    if (fields !== undefined) return { protocol, fields };
  }
  const [v4, v6] = [objectAt(l4, 'ICMPv4'), objectAt(l4, 'ICMPv6')];
  if (v4 !== undefined) return echoOr('ICMP', v4, 8, 0, [3, 4, 5, 11, 12]);
  if (v6 === undefined) return 'other-protocol';
  return isOfTheLink(numberAt(v6, 'type')) ? 'link-protocol' : echoOr('ICMPv6', v6, 128, 129, [1, 2, 3, 4]);
}

/** An echo reply belongs to the request, an error to any connection. The type 0 is left out by protobuf's JSON. */
function echoOr(
  protocol: Protocol,
  fields: Json,
  request: number,
  reply: number,
  errors: readonly number[],
): Layer | AsideReason {
  const type = numberAt(fields, 'type');
  if (type > 255) throw new MalformedRecord(`the ICMP type ${type} is beyond 255`);
  if (errors.includes(type)) return 'icmp-error';
  if (type === reply) return { protocol, fields, type: request, way: 'reply' };
  return { protocol, fields, type, ...(type === request ? { way: 'request' } : {}) };
}

/** Multicast listeners, neighbour and router discovery, and their like: no policy is about them. */
function isOfTheLink(type: number): boolean {
  return (type >= 130 && type <= 137) || (type >= 141 && type <= 143) || (type >= 148 && type <= 153);
}

function countOf(flow: Json): number {
  const aggregate = objectAt(flow, 'aggregate');
  if (aggregate === undefined) return 1;
  const keys = ['ingress_flow_count', 'egress_flow_count', 'unknown_direction_flow_count'];
  return Math.max(
    1,
    keys.reduce((sum, key) => sum + numberAt(aggregate, key), 0),
  );
}

const L7_TYPES: Readonly<Record<number, string>> = { 1: 'REQUEST', 2: 'RESPONSE', 3: 'SAMPLE' };

/** The name and addresses of a DNS answer that the proxy saw. */
function dnsAnswer(flow: Json): ResolvedName | undefined {
  const l7 = objectAt(flow, 'l7');
  const dns = l7 && objectAt(l7, 'dns');
  if (!l7 || !dns || enumAt(l7, 'type', L7_TYPES) !== 'RESPONSE') return undefined;
  const query = textAt(dns, 'query');
  const parsed = textsAt(dns, 'ips').map(parseAddress);
  const addresses = parsed.flatMap((one) => (one.ok ? [printAddress(one.family, one.value)] : []));
  return query === undefined || addresses.length === 0 ? undefined : { name: query.replace(/\.$/, ''), addresses };
}
