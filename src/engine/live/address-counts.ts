// Whether the plan of addresses stays as it is when pods and Services of some namespaces change: mostly it does, and then
// nobody has to look at all addresses again.

import type { Behaviour } from '../model/behaviour.ts';
import type { AddressPlan } from '../model/cluster.ts';
import { isSameValue } from '../model/same-value.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { contains, FAMILIES, type Family } from '../sets/ip-set.ts';
import { planAddresses } from '../snapshot/address-plan.ts';
import type { ClusterParts, Part } from './cluster-parts.ts';

/** The plan of a snapshot, and what it takes to know that it stays. */
export interface KnownPlan {
  readonly plan: AddressPlan;
  /** The same without pods: an address within it shows nothing new. */
  readonly bare: AddressPlan;
  /** How many addresses pods of the cluster's own network have. */
  readonly counts: Readonly<Record<Family, number>>;
}

/** Plans the addresses of a whole snapshot; `known` is kept where it says the same. */
export function planOf({ byName, nodes }: ClusterParts, { knobs }: Behaviour, known?: AddressPlan): KnownPlan {
  const parts = [...byName.values()];
  const all = {
    pods: parts.flatMap(({ pods }) => [...pods]),
    services: parts.flatMap(({ services }) => [...services]),
    nodes,
  };
  const made = planAddresses(all, knobs);
  const plan = known !== undefined && isSameValue(known, made) ? known : made;
  const bare = planAddresses({ ...all, pods: [] }, { ...knobs, families: plan.families });
  return { plan, bare, counts: countAddresses(parts) };
}

/** The plan after some namespaces changed. */
export function planAfter(
  known: KnownPlan,
  before: ClusterParts,
  after: ClusterParts,
  touched: Iterable<string>,
  behaviour: Behaviour,
): KnownPlan {
  const names = [...touched];
  const [were, are] = [before, after].map(({ byName }) => names.flatMap((name) => byName.get(name) ?? []));
  const [left, right] = [countAddresses(were!), countAddresses(are!)];
  const counts = {
    IPv4: known.counts.IPv4 - left.IPv4 + right.IPv4,
    IPv6: known.counts.IPv6 - left.IPv6 + right.IPv6,
  };
  const stays =
    before.nodes === after.nodes &&
    FAMILIES.every((family) => known.counts[family] > 0 === counts[family] > 0) &&
    serviceAddresses(were!) === serviceAddresses(are!) &&
    isWithin(were!, are!, known.bare);
  return stays ? { ...known, counts } : planOf(after, behaviour, known.plan);
}

function countAddresses(parts: readonly Part[]): Record<Family, number> {
  const counts = { IPv4: 0, IPv6: 0 };
  for (const { pods } of parts) {
    for (const { hostNetwork, addresses } of pods) {
      if (hostNetwork) continue;
      for (const text of addresses) counts[text.includes(':') ? 'IPv6' : 'IPv4']++;
    }
  }
  return counts;
}

function serviceAddresses(parts: readonly Part[]): string {
  const texts = parts.flatMap(({ services }) =>
    services.flatMap(({ clusterIPs, ipFamilies }) => [...clusterIPs, ...ipFamilies]),
  );
  return [...new Set(texts)].sort().join();
}

/** Reports whether addresses that only one side has show nothing that is not known without pods. */
function isWithin(were: readonly Part[], are: readonly Part[], bare: AddressPlan): boolean {
  const [left, right] = [were, are].map(
    (parts) =>
      new Set(
        parts.flatMap(({ pods }) =>
          pods.flatMap(({ hostNetwork, addresses }) =>
            addresses.map((text) => `${hostNetwork ? 'node' : 'pod'} ${text}`),
          ),
        ),
      ),
  );
  const others = [...[...left!].filter((one) => !right!.has(one)), ...[...right!].filter((one) => !left!.has(one))];
  return others.every((one) => {
    const [kind, text] = one.split(' ');
    const address = parseAddress(text!);
    return address.ok && contains(kind === 'node' ? bare.nodes : bare.pods, address);
  });
}
