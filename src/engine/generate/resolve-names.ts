// DNS names outside of the cluster at the addresses that the log saw them resolve to. Only names that evidence names already:
// what else was looked up is nobody's need.

import type { AddressPlan } from '../model/cluster.ts';
import type { Evidence } from '../model/evidence.ts';
import { parseAddress, printCidrs } from '../sets/ip-address.ts';
import { NO_ADDRESSES, singleAddress, subtract, unionAll } from '../sets/ip-set.ts';
import { NAMED_RANGES } from '../sets/named-ranges.ts';

/** A name and the addresses that DNS answers gave for it. */
export interface ResolvedName {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** The evidence with addresses in place of names that are known, and the names that were replaced, sorted. */
export function withResolvedNames(
  evidence: readonly Evidence[],
  resolved: readonly ResolvedName[],
  plan: AddressPlan,
): { readonly evidence: readonly Evidence[]; readonly names: readonly string[] } {
  const known = new Map(resolved.map(({ name, addresses }) => [plainName(name), addressesOf(addresses, plan)]));
  const names = new Set<string>();
  const replaced = evidence.map((one): Evidence => {
    if (one.to.type !== 'domain') return one;
    const { name } = one.to;
    const [first, ...rest] = known.get(plainName(name)) ?? [];
    if (first === undefined) return one;
    names.add(name);
    return { ...one, to: { type: 'addresses', cidrs: [first, ...rest], what: name } };
  });
  return { evidence: replaced, names: [...names].sort() };
}

/** Names are the same in any case, and with a dot at the end. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** As CIDRs; a name that leads to the cloud's metadata or into the cluster is not believed. */
function addressesOf(texts: readonly string[], { pods, services, nodes, assumed }: AddressPlan): readonly string[] {
  const set = unionAll(
    texts.flatMap((text) => {
      const address = parseAddress(text);
      return address.ok ? [singleAddress(address)] : [];
    }),
  );
  const inside = unionAll([
    NAMED_RANGES.metadata,
    NAMED_RANGES['link-local'],
    services,
    assumed.includes('podCIDRs') ? NO_ADDRESSES : pods,
    assumed.includes('nodeCIDRs') ? NO_ADDRESSES : nodes,
  ]);
  return printCidrs(subtract(set, inside));
}
