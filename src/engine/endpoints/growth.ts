// What one relevance asks and another does not: which pods may be told from others by policies that come. Cuts nothing.

import type { Pod } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Labels } from '../model/selector.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { contains, type IpSet, ipSetKey, overlaps } from '../sets/ip-set.ts';
import type { Relevance } from './relevance.ts';

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
