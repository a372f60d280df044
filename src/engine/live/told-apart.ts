// What policies can tell of an endpoint, as a text: endpoints of equal texts are alike, whatever pods they were made from.

import { atomIndex } from '../endpoints/address-classes.ts';
import type { Relevance } from '../endpoints/relevance.ts';
import type { Pod } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Labels } from '../model/selector.ts';
import { type IpSet, ipSetKey } from '../sets/ip-set.ts';

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
