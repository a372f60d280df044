// Parties of evidence as platforms name them: pods by a namespace's name and their labels, and addresses in canonical text.

import type { Party } from '../model/evidence.ts';
import { EVERYTHING, type Labels, type Selector } from '../model/selector.ts';
import { parseAddress, parseCidr, printCidrs } from '../sets/ip-address.ts';
import { type IpSet, singleAddress, unionAll } from '../sets/ip-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';

/** Pods with all of the labels in the namespace of that name. */
export function podsOf(namespace: string, labels: Labels, what: string): Party {
  const parts = Object.keys(labels)
    .sort()
    .map((key): Selector => ({ op: 'in', key, values: [labels[key]!] }));
  return {
    type: 'pods',
    namespaces: { selector: { op: 'in', key: NAME_LABEL, values: [namespace] } },
    pods: parts.length === 1 ? parts[0]! : { op: 'and', of: parts },
    what,
  };
}

/** Every pod of the cluster. */
export const EVERY_POD: Party = {
  type: 'pods',
  namespaces: { selector: EVERYTHING },
  pods: EVERYTHING,
  what: 'every pod of the cluster',
};

/** Addresses and CIDRs as the fewest canonical CIDRs that hold just them; undefined where none of the texts is one. */
export function cidrsOf(texts: Iterable<string>): readonly [string, ...string[]] | undefined {
  const sets: IpSet[] = [];
  for (const text of new Set(texts)) {
    if (text.includes('/')) {
      const cidr = parseCidr(text);
      if (cidr.ok) sets.push(cidr.set);
    } else {
      const address = parseAddress(text);
      if (address.ok) sets.push(singleAddress(address));
    }
  }
  const [first, ...rest] = printCidrs(unionAll(sets));
  return first === undefined ? undefined : [first, ...rest];
}

/** {@link cidrsOf} as a party. */
export function addressesOf(texts: Iterable<string>, what: string): Party | undefined {
  const cidrs = cidrsOf(texts);
  return cidrs === undefined ? undefined : { type: 'addresses', cidrs, what };
}

/** The labels that a selector demands by equality alone; undefined for one that asks for anything else. */
export function labelsOf(selector: Selector): Labels | undefined {
  const parts = selector.op === 'and' ? selector.of : [selector];
  const labels: Record<string, string> = {};
  for (const part of parts) {
    if (part.op !== 'in' || part.values.length !== 1) return undefined;
    labels[part.key] = part.values[0]!;
  }
  return labels;
}
