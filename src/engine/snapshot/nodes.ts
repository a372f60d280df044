// Nodes and Namespaces of a snapshot.

import type { Namespace, Node } from '../model/cluster.ts';
import { type Labels, labelOf } from '../model/selector.ts';
import { parseCidr } from '../sets/ip-address.ts';
import { compareTexts, type Identified } from './identity.ts';
import { canonicalAddress, objectAt, objectsAt, reportInvalid, stringAt, stringMapAt, stringsAt } from './reading.ts';

/** The label that the API server keeps equal to a namespace's name (semantics 1.4). */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Reads a Node: every address that is an IP address, whatever its type; host names are no addresses. */
export function readNode({ object, name, metadata, reading }: Identified): Node {
  const status = objectAt(reading, object.value, 'status', []) ?? {};
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const addresses = new Set<string>();
  for (const [index, item] of objectsAt(reading, status, 'addresses', ['status'])) {
    const path = ['status', 'addresses', index];
    const text = stringAt(reading, item, 'address', path);
    const mayBeName = item.type !== 'InternalIP' && item.type !== 'ExternalIP';
    const address = text === undefined ? undefined : canonicalAddress(reading, text, [...path, 'address'], mayBeName);
    if (address !== undefined) addresses.add(address);
  }
  const several = stringsAt(reading, spec, 'podCIDRs', ['spec']);
  const single = stringAt(reading, spec, 'podCIDR', ['spec']);
  const podCIDRs = new Set<string>();
  for (const text of several.length > 0 ? several : single === undefined ? [] : [single]) {
    const cidr = parseCidr(text);
    if (cidr.ok) podCIDRs.add(cidr.canonical);
    else reportInvalid(reading, 'invalid-address', ['spec', 'podCIDRs'], `has ${text}, which is ${cidr.problem}`);
  }
  const labels = stringMapAt(reading, metadata, 'labels', ['metadata']);
  return { name, labels, addresses: [...addresses], podCIDRs: [...podCIDRs], object };
}

/** Reads a Namespace object. */
export function readNamespace({ object, name, metadata, reading }: Identified): Namespace {
  const written = stringMapAt(reading, metadata, 'labels', ['metadata']);
  return { name, labels: withName(written, name), declared: true, object };
}

/** The labels of a namespace with the one that the server sets; as a server lists it, it has that already. */
function withName(written: Labels, name: string): Labels {
  if (labelOf(written, NAME_LABEL) === name) return written;
  // Assigning would set the prototype for this key. A copy by spreading that is added to has a shape of its own in V8, and
  // labels of namespaces are looked at for every selector.
  if (Object.hasOwn(written, '__proto__')) return { ...written, [NAME_LABEL]: name };
  return Object.assign({}, written, { [NAME_LABEL]: name });
}

/** All namespaces by name, sorted: the declared ones, and for other names one with the automatic label only. */
export function collectNamespaces(
  declared: readonly Namespace[],
  names: ReadonlySet<string>,
): ReadonlyMap<string, Namespace> {
  const byName = new Map(declared.map((namespace) => [namespace.name, namespace]));
  const all = [...new Set([...byName.keys(), ...names])].sort(compareTexts);
  return new Map(
    all.map((name) => [name, byName.get(name) ?? { name, labels: { [NAME_LABEL]: name }, declared: false }]),
  );
}
