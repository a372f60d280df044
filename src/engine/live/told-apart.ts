// What policies can tell of an endpoint, as a text: endpoints of equal texts are alike, whatever pods they were made from.
// And what of that text depends on a policy that comes.

import { atomIndex } from '../endpoints/address-classes.ts';
import type { Relevance } from '../endpoints/relevance.ts';
import type { Pod } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Labels } from '../model/selector.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { contains, type IpSet, ipSetKey, overlaps } from '../sets/ip-set.ts';

/** Writes down what policies can tell of an endpoint. */
export type EndpointText = (endpoint: Endpoint) => string;

/** Texts under one relevance; they are not equal to those under another. */
export function endpointTexts(relevance: Relevance): EndpointText {
  const atom = atomIndex(relevance.blocks);
  const known = new WeakMap<Endpoint, string>();
  const namespaceTexts = new WeakMap<Labels, string>();

  function namespaceText(labels: Labels): string {
    const before = namespaceTexts.get(labels);
    if (before !== undefined) return before;
    const text = JSON.stringify(Object.entries(labels).sort());
    namespaceTexts.set(labels, text);
    return text;
  }

  function write(endpoint: Endpoint): string {
    const { type, addresses, families, matchesBlocks, addressReason, node, pod, ports } = endpoint;
    const openPorts = ports === 'unknown' ? '?' : portTexts(ports, relevance);
    const own = [
      type,
      // Addresses outside are who they are; those of pods are only looked at by blocks.
      type === 'addresses' ? ipSetKey(addresses) : atomsOf(addresses, atom),
      families,
      matchesBlocks,
      addressReason,
      node === undefined ? 0 : [node.certain, node.labels === undefined ? 0 : Object.entries(node.labels).sort()],
      openPorts,
      endpoint.perhapsSelected ?? 0,
    ];
    if (pod === undefined) return JSON.stringify(own);
    const { namespace, namespaceLabels, namespaceDeclared, labels, openLabels, hostNetwork, perhapsSubject = 0 } = pod;
    const keys = Object.keys(labels).filter((key) => relevance.labels.has(key));
    return JSON.stringify([
      own,
      namespace,
      namespaceText(namespaceLabels),
      namespaceDeclared,
      keys.sort().map((key) => {
        const { raw, values } = relevance.labels.get(key)!;
        return raw || values.has(labels[key]!) ? [key, labels[key]] : [key];
      }),
      openLabels.filter((key) => relevance.labels.has(key)),
      hostNetwork,
      perhapsSubject,
    ]);
  }

  return (endpoint) => {
    let text = known.get(endpoint);
    if (text === undefined) {
      text = write(endpoint);
      known.set(endpoint, text);
    }
    return text;
  };
}

function portTexts(ports: Pod['ports'], { portNames }: Relevance): readonly string[] {
  return ports
    .flatMap(({ name, protocol, number, from }) =>
      name !== undefined && portNames.has(name) ? [JSON.stringify([name, protocol, number, from])] : [],
    )
    .sort();
}

/** Stretches between bounds of blocks; the addresses themselves where a range lies in several. */
function atomsOf(addresses: IpSet, atom: (value: number | bigint) => number): string {
  const atoms = new Set<string>();
  const { v4, v6 } = addresses;
  for (let i = 0; i < v4.length; i += 2) {
    const first = atom(v4[i]!);
    if (first !== atom(v4[i + 1]! - 1)) return ipSetKey(addresses);
    atoms.add(`4.${first}`);
  }
  for (let i = 0; i < v6.length; i += 2) {
    const first = atom(v6[i]!);
    if (first !== atom(v6[i + 1]! - 1n)) return ipSetKey(addresses);
    atoms.add(`6.${first}`);
  }
  return [...atoms].sort().join();
}

/** What is asked by one relevance and not by another; all are empty where there is nothing. */
export interface Growth {
  /** By key: new values, or all where the key is new or values are looked into. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string> | 'all'>;
  readonly portNames: ReadonlySet<string>;
  readonly blocks: readonly IpSet[];
  readonly nodes: boolean;
}

/** What `more` asks beyond `known`; undefined where it is nothing. */
export function growthOf(known: Relevance, more: Relevance): Growth | undefined {
  const labels = new Map<string, ReadonlySet<string> | 'all'>();
  for (const [key, { values, raw }] of more.labels) {
    const own = known.labels.get(key);
    if (own?.raw === true) continue;
    if (own === undefined || raw) labels.set(key, 'all');
    else {
      const others = new Set([...values].filter((value) => !own.values.has(value)));
      if (others.size > 0) labels.set(key, others);
    }
  }
  const portNames = new Set([...more.portNames].filter((name) => !known.portNames.has(name)));
  const keys = more.blocks.length === 0 ? undefined : blockKeys(known);
  const blocks = more.blocks.filter((block) => !keys!.has(ipSetKey(block)));
  const nodes = more.nodes && !known.nodes;
  return labels.size + portNames.size + blocks.length > 0 || nodes ? { labels, portNames, blocks, nodes } : undefined;
}

const keysOfBlocks = new WeakMap<Relevance, ReadonlySet<string>>();

function blockKeys(relevance: Relevance): ReadonlySet<string> {
  let keys = keysOfBlocks.get(relevance);
  if (keys === undefined) {
    keys = new Set(relevance.blocks.map(ipSetKey));
    keysOfBlocks.set(relevance, keys);
  }
  return keys;
}

/** Both together, with each block once. */
export function grown(known: Relevance, more: Relevance, growth: Growth): Relevance {
  const labels = new Map(known.labels);
  for (const [key, { values, raw }] of more.labels) {
    const own = labels.get(key);
    labels.set(key, { values: new Set([...(own?.values ?? []), ...values]), raw: raw || (own?.raw ?? false) });
  }
  return {
    labels,
    portNames: new Set([...known.portNames, ...more.portNames]),
    blocks: growth.blocks.length === 0 ? known.blocks : [...known.blocks, ...growth.blocks],
    nodes: known.nodes || more.nodes,
  };
}

/** Reports whether pods may be told from others by what is newly asked. */
export function isConcerned(pod: Pod, { labels, portNames, blocks, nodes }: Growth): boolean {
  if (nodes && pod.hostNetwork) return true;
  if (asksLabels(pod.labels, pod.openLabels ?? [], labels)) return true;
  if (portNames.size > 0 && pod.ports.some(({ name }) => name !== undefined && portNames.has(name))) return true;
  return (
    blocks.length > 0 &&
    pod.addresses.some((text) => {
      const address = parseAddress(text);
      return address.ok && blocks.some((block) => contains(block, address));
    })
  );
}

/** The same of an endpoint, which may have been made from pods that are gone. */
export function isEndConcerned({ pod, ports, addresses, node }: Endpoint, growth: Growth): boolean {
  if (growth.nodes && node !== undefined) return true;
  if (
    pod !== undefined &&
    (asksLabels(pod.labels, pod.openLabels, growth.labels) || (growth.nodes && pod.hostNetwork))
  ) {
    return true;
  }
  if (ports !== 'unknown' && ports.some(({ name }) => name !== undefined && growth.portNames.has(name))) return true;
  return growth.blocks.some((block) => overlaps(block, addresses));
}

function asksLabels(labels: Labels, open: readonly string[], asked: Growth['labels']): boolean {
  for (const [key, values] of asked) {
    if (open.includes(key)) return true;
    if (Object.hasOwn(labels, key) && (values === 'all' || values.has(labels[key]!))) return true;
  }
  return false;
}
