// Parties of evidence as platforms name them: pods by a namespace's name and their labels, and addresses in canonical text.

import type { Party } from '../model/evidence.ts';
import { EVERYTHING, type Labels, type Selector, selects } from '../model/selector.ts';
import { parseAddress, parseCidr, printCidrs } from '../sets/ip-address.ts';
import { type IpSet, singleAddress, unionAll } from '../sets/ip-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import type { State } from '../state.ts';
import type { Component } from './components.ts';

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

/** Reports whether a party by selectors means some pod of a workload. */
export function selectsPodsOf(
  { namespaces: scope, pods }: Party & { type: 'pods' },
  { workload, pods: own }: Component,
  { cluster }: Pick<State, 'cluster'>,
): boolean {
  const { namespace } = workload;
  const labels = cluster.namespaces.get(namespace)?.labels ?? { [NAME_LABEL]: namespace };
  const isHome = 'name' in scope ? scope.name === namespace : selects(scope.selector, labels);
  return isHome && own.some((pod) => selects(pods, pod.labels));
}

/** Every pod of the cluster. */
export const EVERY_POD: Party = {
  type: 'pods',
  namespaces: { selector: EVERYTHING },
  pods: EVERYTHING,
  what: 'every pod of the cluster',
};

/** Addresses and CIDRs as one set; what is neither is left out. */
export function addressSet(texts: Iterable<string>): IpSet {
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
  return unionAll(sets);
}

/** Addresses and CIDRs as the fewest canonical CIDRs that hold just them; undefined where none of the texts is one. */
export function cidrsOf(texts: Iterable<string>): readonly [string, ...string[]] | undefined {
  const [first, ...rest] = printCidrs(addressSet(texts));
  return first === undefined ? undefined : [first, ...rest];
}

/** {@link cidrsOf} as a party. */
export function addressesOf(texts: Iterable<string>, what: string): Party | undefined {
  const cidrs = cidrsOf(texts);
  return cidrs === undefined ? undefined : { type: 'addresses', cidrs, what };
}
