// A whole flow log on a snapshot: who talked to whom as evidence, what was refused, what could not be told, what needs no
// policy. Every record is counted once. The decisions about single flows are the attributor's.

import type { Evidence } from '../model/evidence.ts';
import type { FlowEnd, ObservedFlow } from '../model/flow.ts';
import { PORT_PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { type Attributor, hidesClients, makeAttributor } from './attribute-flow.ts';
import type {
  AsideReason,
  AttributedDestination,
  AttributedFlow,
  Attribution,
  DeniedConnection,
  SupposedProbe,
  Unattributed,
} from './attribution.ts';
import { type GatheredConnection, gatherConnections, neverMade } from './gather-connections.ts';
import { countIn, type SeenCounter, seenOf, startCounting } from './seen.ts';

/** What a caller may ask of attribution beside. */
export interface AttributeOptions {
  /** Milliseconds since 1970: flows that ended before, or began after, do not count. Flows without times always do. */
  readonly since?: number;
  readonly until?: number;
  /** Addresses that the log knows as nodes' beside what its flows say, in canonical text. */
  readonly nodeAddresses?: readonly string[];
}

/** Attributes flows to the workloads of a state. Never throws for what a flow says. */
export function attributeFlows(
  state: Pick<State, 'cluster' | 'plan' | 'behaviour'>,
  flows: readonly ObservedFlow[],
  options: AttributeOptions = {},
): Attribution {
  return attributionOf(state, gatherFlows(state, flows, options));
}

/** Flows as gathered, before they become evidence. */
export interface GatheredFlows {
  readonly attributor: Attributor;
  readonly connections: readonly GatheredConnection[];
  readonly unattributed: readonly Unattributed[];
  readonly aside: ReadonlyMap<AsideReason, SeenCounter>;
  /** Everything together; absent: no flow counts. */
  readonly all?: SeenCounter;
  readonly protocols: ReadonlySet<Protocol>;
  readonly supposed: readonly SupposedProbe[];
  /** Records of connections, each once, by what became of them. */
  readonly attributed: { readonly evidence: number; readonly denied: number };
}

type AttributedConnection = AttributedFlow & { readonly kind: 'connection' };

/** Attributes and gathers. What other flows say of addresses counts even outside of the asked time. */
export function gatherFlows(
  state: Pick<State, 'cluster' | 'plan' | 'behaviour'>,
  flows: readonly ObservedFlow[],
  { since, until, nodeAddresses }: AttributeOptions = {},
): GatheredFlows {
  const attributor = makeAttributor(state, flows, nodeAddresses);
  const gatherer = gatherConnections();
  const unattributed = new Map<string, Omit<Unattributed, 'seen'> & { readonly seen: SeenCounter }>();
  const aside = new Map<AsideReason, SeenCounter>();
  const protocols = new Set<Protocol>();
  const supposed = new Map<string, Omit<SupposedProbe, 'seen'> & { readonly seen: SeenCounter }>();
  const refusedAnswers: { readonly flow: ObservedFlow; readonly what: AttributedConnection }[] = [];
  let all: SeenCounter | undefined;
  const askAbout = (flow: ObservedFlow, what: Pick<Unattributed, 'reason' | 'end'>) => {
    const described = describeUnattributed(flow, what);
    const key = JSON.stringify(described);
    const known = unattributed.get(key);
    if (known === undefined) unattributed.set(key, { ...described, seen: startCounting(flow) });
    else countIn(known.seen, flow);
  };
  const count = (flow: ObservedFlow, what: AttributedConnection) => {
    gatherer.add(flow, what);
    if (what.from.supposed === true) countProbe(supposed, flow, what.to[0]);
  };
  for (const flow of flows) {
    if (since !== undefined && flow.last !== undefined && flow.last < since) continue;
    if (until !== undefined && flow.first !== undefined && flow.first > until) continue;
    all = counted(all, flow);
    protocols.add(flow.protocol);
    const what = attributor.attribute(flow);
    if (what.kind === 'left-aside') {
      aside.set(what.reason, counted(aside.get(what.reason), flow));
    } else if (what.kind === 'unattributed') askAbout(flow, what);
    else if (what.turned && flow.verdict.kind === 'denied') refusedAnswers.push({ flow, what });
    else count(flow, what);
  }
  // A policy took an answer for a request, since its connection was forgotten: whether that may be made is another matter.
  for (const { flow, what } of refusedAnswers.filter((one) => gatherer.knows(one.what))) count(flow, what);
  for (const { flow } of refusedAnswers.filter(({ what }) => !gatherer.knows(what)))
    askAbout(flow, { reason: 'direction-unknown', end: 'both' });
  const connections = gatherer.connections();
  return {
    attributor,
    connections,
    unattributed: [...unattributed.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => ({ ...one, seen: seenOf(one.seen) })),
    aside,
    protocols,
    supposed: [...supposed.values()]
      .sort((a, b) => (a.workload < b.workload ? -1 : a.workload > b.workload ? 1 : a.port - b.port))
      .map((one) => ({ ...one, seen: seenOf(one.seen) })),
    ...(all === undefined ? {} : { all }),
    attributed: attributedRecords(connections),
  };
}

function countProbe(
  supposed: Map<string, Omit<SupposedProbe, 'seen'> & { readonly seen: SeenCounter }>,
  flow: ObservedFlow,
  { party, port }: AttributedDestination,
): void {
  if (party.type !== 'workload') return;
  const key = `${party.key} ${port}`;
  const known = supposed.get(key);
  if (known === undefined) supposed.set(key, { workload: party.key, port, seen: startCounting(flow) });
  else countIn(known.seen, flow);
}

function attributedRecords(connections: readonly GatheredConnection[]): GatheredFlows['attributed'] {
  let [evidence, denied] = [0, 0];
  for (const connection of connections) {
    const { refusedRecords, otherRecords } = connection;
    const isLost = neverMade(connection);
    denied += refusedRecords + (isLost ? otherRecords : 0);
    evidence += isLost ? 0 : otherRecords;
  }
  return { evidence, denied };
}

function attributionOf(state: Pick<State, 'cluster'>, gathered: GatheredFlows): Attribution {
  const { connections, attributor } = gathered;
  const evidence = connections.flatMap((one) => evidenceOf(one, attributor));
  return { evidence, denied: connections.flatMap(deniedOf), ...besideConnections(state, gathered) };
}

/** What gathered flows say about the workloads of a state beside their connections. */
export function besideConnections(
  state: Pick<State, 'cluster'>,
  { connections, unattributed, aside, all, protocols, attributed, supposed }: GatheredFlows,
): Omit<Attribution, 'evidence' | 'denied'> {
  const leftAside = [...aside.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, seen]) => ({ reason, seen: seenOf(seen) }));
  const sum = (list: readonly { readonly seen: { readonly count: number } }[]) =>
    list.reduce((total, { seen }) => total + seen.count, 0);
  return {
    unattributed,
    leftAside,
    supposedProbes: supposed,
    records: { total: all?.count ?? 0, ...attributed, unattributed: sum(unattributed), leftAside: sum(leftAside) },
    window: {
      ...(all?.first === undefined ? {} : { first: all.first }),
      ...(all?.last === undefined ? {} : { last: all.last }),
    },
    unseen: {
      workloads: unseenWorkloads(state, connections),
      protocols: PORT_PROTOCOLS.filter((protocol) => !protocols.has(protocol)),
    },
  };
}

function unseenWorkloads({ cluster }: Pick<State, 'cluster'>, connections: readonly GatheredConnection[]): string[] {
  const seen = new Set<string>();
  for (const { from, to } of connections)
    for (const party of [from, to]) if (party.type === 'workload') seen.add(party.key);
  return [
    ...new Set(cluster.pods.filter((pod) => !pod.hostNetwork && !seen.has(pod.workload)).map((pod) => pod.workload)),
  ].sort();
}

function evidenceOf(one: GatheredConnection, { services }: Attributor): Evidence[] {
  const seen = joined(one.passed, one.undecided);
  if (seen === undefined || neverMade(one)) return [];
  const { from, to, protocol, port, via } = one;
  const isSure = one.passed !== undefined && !one.how.has('pod-name') && !one.how.has('log-history');
  const through =
    via.length === 0
      ? ''
      : `, called as ${via.map((way) => `Service ${way.namespace}/${way.name}:${way.port}`).join(' and ')}`;
  const refused = one.refused === undefined ? '' : `; refused ${timesText(one.refused.count)} as well`;
  const hidden =
    from.type === 'node' && to.type === 'workload' ? hiddenClients(services.behind(to.key, protocol, port)) : '';
  const said = seen.count === 1 ? 'seen in 1 record of the log' : `seen in ${seen.count} records of the log`;
  const more = `${through}${hidden}${refused}`;
  return [
    {
      from,
      to,
      protocol,
      ports: [port, port],
      kind: 'observed',
      confidence: isSure ? 'certain' : 'likely',
      // Of millions of clients most are seen once: they share the text.
      says: more === '' ? said : `${said}${more}`,
      ...(via[0] === undefined ? {} : { via: via[0] }),
      // All is counted: nothing changes it any more.
      seen,
    },
  ];
}

function timesText(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** Whom a node's address may hide: clients whose address a Service with externalTrafficPolicy Cluster replaces. */
function hiddenClients(fronts: ReturnType<Attributor['services']['behind']>): string {
  const open = fronts.filter(hidesClients);
  if (open.length === 0) return '';
  const names = [...new Set(open.map(({ service }) => `${service.namespace}/${service.name}`))].sort();
  return `; the node itself or clients of ${names.join(' and ')}, whose addresses externalTrafficPolicy Cluster hides`;
}

function deniedOf(one: GatheredConnection): DeniedConnection[] {
  const { from, to, protocol, port, via, refused, refusals } = one;
  const other = joined(one.passed, one.undecided);
  // What also got through is evidence, which says how often it did not.
  if (refused === undefined || (other !== undefined && !neverMade(one))) return [];
  const seen = joined(refused, other)!;
  return [
    {
      from,
      to,
      protocol,
      port,
      ...(via[0] === undefined ? {} : { via: via[0] }),
      by: refusals.byPolicy ? 'policy' : 'other',
      reasons: refusals.reasons,
      directions: refusals.directions,
      policies: refusals.policies,
      seen: seenOf(seen),
    },
  ];
}

function joined(a: SeenCounter | undefined, b: SeenCounter | undefined): SeenCounter | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sum = startCounting(a);
  countIn(sum, b);
  return sum;
}

function counted(seen: SeenCounter | undefined, flow: ObservedFlow): SeenCounter {
  if (seen === undefined) return startCounting(flow);
  countIn(seen, flow);
  return seen;
}

function describeUnattributed(
  { source, destination, protocol, port }: ObservedFlow,
  { reason, end }: Pick<Unattributed, 'reason' | 'end'>,
): Omit<Unattributed, 'seen'> {
  const texts = { source: endText(source), destination: endText(destination) };
  const both = { reason, end, ...texts, protocol };
  return port === undefined || reason === 'direction-unknown' ? both : { ...both, port };
}

/** An end in the log's own words: `shop/web-5 (10.1.2.3)`, `10.1.2.3`, `unknown`. */
export function endText({ address, namespace, pod, workload, entity }: FlowEnd): string {
  const name = pod ?? (workload === undefined ? undefined : `${workload.kind}/${workload.name}`);
  const known = name === undefined ? undefined : namespace === undefined ? name : `${namespace}/${name}`;
  if (known === undefined) return address ?? (entity === undefined ? 'unknown' : entity);
  return address === undefined ? known : `${known} (${address})`;
}
