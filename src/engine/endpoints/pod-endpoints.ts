// From pods to endpoints: what policies see of a pod under the plugin's behaviour, and pods that they cannot tell apart.

import { countedPorts } from '../behaviours/egress-names.ts';
import type { Behaviour, Knobs } from '../model/behaviour.ts';
import type { AddressPlan, Cluster, ContainerPort, Namespace, Node, Pod, Workload } from '../model/cluster.ts';
import type { Endpoint, PodIdentity, UnknownReason } from '../model/endpoint.ts';
import { labelOf } from '../model/selector.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { addressSet, familiesOf, type IpSet, NO_ADDRESSES, ofFamily, union } from '../sets/ip-set.ts';
import { atomIndex } from './address-classes.ts';
import type { Relevance } from './relevance.ts';
import type { Unit } from './unit.ts';

/** What endpoints are made from. */
export interface EndpointContext {
  readonly cluster: Cluster;
  readonly plan: AddressPlan;
  readonly behaviour: Behaviour;
  readonly relevance: Relevance;
}

/** Groups the pods of every workload into units, sorted by key. */
export function podUnits(context: EndpointContext): Unit[] {
  const sign = signer(context);
  const groups = new Map<string, Map<string, Pod[]>>();
  let [workload, variants]: [string | undefined, Map<string, Pod[]>] = [undefined, new Map()];
  for (const pod of context.cluster.pods) {
    // Pods of one workload stand together.
    if (pod.workload !== workload) {
      workload = pod.workload;
      variants = groups.get(workload) ?? new Map();
      groups.set(workload, variants);
    }
    const signature = sign(pod);
    const list = variants.get(signature);
    if (list === undefined) variants.set(signature, [pod]);
    else list.push(pod);
  }
  const nodes = new Map(context.cluster.nodes.map((node) => [node.name, node]));
  const units: Unit[] = [];
  for (const key of [...groups.keys()].sort()) {
    const workload = context.cluster.workloads.get(key);
    if (workload === undefined) continue;
    const variants = inOrder([...groups.get(key)!.values()], context.relevance);
    variants.forEach((pods, index) => {
      units.push(workloadUnit(context, nodes, workload, pods, variants, index));
    });
  }
  return units;
}

function workloadUnit(
  context: EndpointContext,
  nodes: ReadonlyMap<string, Node>,
  workload: Workload,
  pods: readonly Pod[],
  variants: readonly (readonly Pod[])[],
  index: number,
): Unit {
  const many = variants.length > 1;
  const key = many ? `${workload.key}#${index + 1}` : workload.key;
  const name = `${workload.namespace}/${workload.name}${many ? `#${index + 1}` : ''}`;
  const endpoint = podEndpoint(context, pods, nodes, { key, name });
  const base = { type: 'workload' as const, endpoint, workload, pods };
  return many
    ? {
        ...base,
        variant: differences(
          context.relevance,
          pods[0]!,
          variants.map((one) => one[0]!),
        ),
      }
    : base;
}

/**
 * A text equal for pods that no policy can tell apart, also across states that ask for the same. Labels that nobody asks
 * for are not looked at, nor are those that the pod does not have: there may be very many.
 */
export function signer({ relevance, behaviour }: EndpointContext): (pod: Pod) => string {
  const atom = atomIndex(relevance.blocks);
  const seesNode = seesNodes({ relevance, behaviour });
  // Pods of one list share their ports where these are the same.
  const portTexts = new WeakMap<readonly ContainerPort[], string>();
  // So they do their labels, and then stand together.
  let last: { readonly labels: Pod['labels']; readonly text: string } | undefined;
  return (pod) => {
    if (last?.labels !== pod.labels) last = { labels: pod.labels, text: labelText(pod.labels, relevance.labels) };
    let { text } = last;
    const [address] = pod.addresses;
    if (pod.addresses.length === 1) text += `|${atomOf(address!, atom)}`;
    else for (const one of pod.addresses.map((each) => atomOf(each, atom)).sort()) text += `|${one}`;
    if (pod.openLabels !== undefined) {
      const open = pod.openLabels.filter((key) => relevance.labels.has(key));
      if (open.length > 0) text += `?${open.map(sized).join('')}`;
    }
    let ports = portTexts.get(pod.ports);
    if (ports === undefined) {
      ports = portText(pod.ports, relevance.portNames);
      portTexts.set(pod.ports, ports);
    }
    text += ports;
    return pod.hostNetwork ? `${text}@${seesNode && pod.node !== undefined ? sized(pod.node) : ''}` : text;
  };
}

/** Reports whether it matters on which node a pod of the host network is. */
export function seesNodes({ relevance, behaviour }: Pick<EndpointContext, 'relevance' | 'behaviour'>): boolean {
  return relevance.nodes || behaviour.knobs.hostNetwork !== 'asPod';
}

/** The labels that somebody asks for, by key; a value that nobody names is as good as any other. */
function labelText(labels: Pod['labels'], asked: Relevance['labels']): string {
  const texts: string[] = [];
  for (const key of Object.keys(labels)) {
    const known = asked.get(key);
    if (known === undefined) continue;
    const value = labels[key]!;
    texts.push(`${sized(key)}${known.raw || known.values.has(value) ? sized(value) : '*'}`);
  }
  // Each text begins with its key and how long that is: in whatever order they are sorted, it is the same for the same labels.
  return texts.length > 1 ? texts.sort().join('') : (texts[0] ?? '');
}

/** A text equal for lists with the same ports of these names, in whatever order; empty: none has one. */
export function portText(ports: readonly ContainerPort[], names: ReadonlySet<string>): string {
  const named: string[] = [];
  for (let i = 0; i < ports.length; i++) {
    const { name, protocol, number, from } = ports[i]!;
    if (name !== undefined && names.has(name)) named.push(`${sized(name)}/${protocol}/${number}/${from}`);
  }
  return named.length > 0 ? `:${named.sort().join()}` : '';
}

/** Texts one after the other cannot be taken for others if each says how long it is. */
function sized(text: string): string {
  return `${text.length}.${text}`;
}

function atomOf(address: string, atom: (value: number | bigint) => number): string {
  const parsed = parseAddress(address);
  return parsed.ok ? `${parsed.family === 'IPv4' ? 4 : 6}.${atom(parsed.value)}` : '';
}

/** Variants by their labels, key by key: a value that is asked for, then none, then any other; then by what else differs. */
function inOrder(variants: readonly (readonly Pod[])[], { labels }: Relevance): readonly (readonly Pod[])[] {
  if (variants.length === 1) return variants;
  const keys = [...new Set(variants.flatMap(([pod]) => Object.keys(pod!.labels)))].filter((key) => labels.has(key));
  const rank = ([pod]: readonly Pod[]) =>
    keys.sort().map((key) => {
      const value = labelOf(pod!.labels, key);
      const asked = labels.get(key)!;
      return value === undefined ? '1' : asked.raw || asked.values.has(value) ? `0${value}` : '2';
    });
  const ranked = variants.map((pods) => ({ pods, ranks: rank(pods) }));
  // Sorting is stable, and pods come by name.
  return ranked.sort((a, b) => compareLists(a.ranks, b.ranks)).map(({ pods }) => pods);
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((one, index) => one !== b[index]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}

/** What tells one variant from the others: labels first, then ports, else the address. */
function differences(relevance: Relevance, pod: Pod, all: readonly Pod[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const key of [...relevance.labels.keys()].sort()) {
    const values = new Set(all.map((one) => labelOf(one.labels, key)));
    if (values.size > 1) result[key] = labelOf(pod.labels, key) ?? '';
  }
  for (const name of [...relevance.portNames].sort()) {
    const number = (one: Pod) =>
      one.ports
        .filter((port) => port.name === name)
        .map((port) => port.number)
        .join(',');
    if (new Set(all.map(number)).size > 1) result[`port:${name}`] = number(pod);
  }
  if (new Set(all.map((one) => one.hostNetwork)).size > 1) result['hostNetwork'] = String(pod.hostNetwork);
  if (Object.keys(result).length === 0) result['address'] = pod.addresses.join(',');
  if (Object.keys(result).length === 1 && pod.hostNetwork && pod.node !== undefined) result['node'] = pod.node;
  return result;
}

/** The endpoint of pods that policies cannot tell apart. hostNetwork pods speak as their node unless the plugin can tell. */
export function podEndpoint(
  context: EndpointContext,
  pods: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
  names: { readonly key: string; readonly name: string },
): Endpoint {
  const { knobs } = context.behaviour;
  const pod = pods[0]!;
  const known = knownAddresses(pods);
  const own = familiesOf(known);
  const families = own.length > 0 ? own : context.plan.families;
  const addresses =
    own.length > 0 ? known : inFamilies(pod.hostNetwork ? context.plan.nodes : context.plan.pods, families);
  const nodeName = pods.every((one) => one.node === pod.node) ? pod.node : undefined;
  const seen = pod.hostNetwork
    ? seenByBlocks(knobs.ipBlockMatchesNodes, 'node-address')
    : seenByBlocks(knobs.ipBlockMatchesPods, 'pod-address');
  // Written field by field: there are as many endpoints as kinds of pods, and all have the same few shapes.
  const endpoint: Writable<Endpoint> = {
    key: names.key,
    name: names.name,
    type: 'pod',
    addresses,
    families,
    matchesBlocks: seen.matchesBlocks,
    addressReason: seen.addressReason,
    ports: NO_PORTS,
  };
  if (nodeName !== undefined) endpoint.nodeName = nodeName;
  if (pod.hostNetwork) {
    const node = nodeName === undefined ? undefined : nodes.get(nodeName);
    endpoint.node = node === undefined ? { certain: true } : { certain: true, labels: node.labels };
    if (knobs.hostNetwork === 'asNode') return endpoint;
  }
  endpoint.ports = countedPorts(pod, knobs);
  if (pod.hostNetwork && knobs.hostNetwork === 'unknown') {
    endpoint.perhapsSelected = 'host-network';
    return endpoint;
  }
  const namespace = namespaceIdentity(context, context.cluster.namespaces.get(pod.namespace), pod.namespace);
  const identity: Writable<PodIdentity> = {
    namespace: namespace.namespace,
    namespaceLabels: namespace.namespaceLabels,
    namespaceDeclared: namespace.namespaceDeclared,
    labels: pod.labels,
    openLabels: pod.openLabels ?? NO_LABELS,
    hostNetwork: pod.hostNetwork,
  };
  const isStandalone = context.cluster.workloads.get(pod.workload)?.kind === 'Pod';
  if (isStandalone && knobs.standalonePods === 'unknown') identity.perhapsSubject = 'standalone-pods';
  endpoint.pod = identity;
  return endpoint;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NO_PORTS: readonly ContainerPort[] = [];
const NO_LABELS: readonly string[] = [];

/** Whether blocks see an address (knobs ipBlockMatchesPods, ipBlockMatchesNodes), and why only perhaps if they do. */
export function seenByBlocks(
  knob: Knobs['ipBlockMatchesPods'],
  reason: UnknownReason,
): Pick<Endpoint, 'matchesBlocks' | 'addressReason'> {
  if (knob === 'unknown') return { matchesBlocks: 'maybe', addressReason: 'ip-block' };
  return { matchesBlocks: knob ? 'yes' : 'no', addressReason: reason };
}

/** What is known of a namespace. One that no object declares has the automatic label and perhaps others. */
export function namespaceIdentity(
  { behaviour }: Pick<EndpointContext, 'behaviour'>,
  namespace: Namespace | undefined,
  name: string,
): { namespace: string; namespaceLabels: Namespace['labels']; namespaceDeclared: boolean } {
  return {
    namespace: name,
    namespaceLabels: namespace?.labels ?? { 'kubernetes.io/metadata.name': name },
    namespaceDeclared: (namespace?.declared ?? false) || behaviour.knobs.undeclaredNamespaces === 'unlabelled',
  };
}

function knownAddresses(pods: readonly Pod[]): IpSet {
  const v4: number[] = [];
  const v6: bigint[] = [];
  for (const pod of pods) {
    for (const text of pod.addresses) {
      const parsed = parseAddress(text);
      if (!parsed.ok) continue;
      if (parsed.family === 'IPv4') v4.push(parsed.value);
      else v6.push(parsed.value);
    }
  }
  return addressSet(v4, v6);
}

/** The part of the set in the given families. */
export function inFamilies(set: IpSet, families: readonly ('IPv4' | 'IPv6')[]): IpSet {
  return families.reduce<IpSet>((sum, family) => union(sum, ofFamily(set, family)), NO_ADDRESSES);
}
