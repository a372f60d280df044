// Which peers count for a subject: those that have an address of the family, but for those that reach it whatever policies
// say, since they speak from its own node. Knows no policy.

import { entry } from '../compile/entry.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import { type IdSet, idSet, idSetTable, intersect, subtract, unionAll } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';

/** Peers of a subject in one family; disjoint. */
export interface CountedPeers {
  /** Their whole decision counts. */
  readonly whole: IdSet;
  /** Perhaps they speak from the subject's own node: what is not surely allowed is unknown anyway. */
  readonly surelyOnly: IdSet;
  /** Whether `whole` is every endpoint. */
  readonly isEverybody: boolean;
}

/** Looks up the peers that count. */
export interface PeerCount {
  /** Equal for subjects with the same answers. */
  keyOf(subject: number, direction: Direction): string;
  /** One entry for each family of the subject; equal peers are one object. */
  families(subject: number, direction: Direction): readonly { readonly family: Family; readonly peers: CountedPeers }[];
}

/** Prepares the look-up: the set-based twin of the exemption of the own node in compile/own-node.ts. */
export function countedPeers({
  endpoints,
  knobs,
}: {
  readonly endpoints: readonly Endpoint[];
  readonly knobs: Knobs;
}): PeerCount {
  const speakers = endpoints.flatMap(({ ownNode, nodeName }, id) => (ownNode === undefined ? [] : [{ id, nodeName }]));
  // Families in which everybody has an address are one.
  const sets = idSetTable();
  const byFamily = new Map<Family, IdSet>();
  for (const family of FAMILIES) {
    const members = idSet(endpoints.flatMap((one, id) => (one.families.includes(family) ? [id] : [])));
    byFamily.set(family, sets.intern(members));
  }
  const known = new Map<IdSet, Map<string, CountedPeers>>();
  const isExempt = (direction: Direction) =>
    speakers.length > 0 && (direction === 'ingress' ? knobs.localNodeIngress : knobs.localNodeEgress) === 'allow';

  function peersOf(family: Family, subject: number, direction: Direction): CountedPeers {
    const all = byFamily.get(family)!;
    const own = endpoints[subject]!.nodeName;
    const exempt = isExempt(direction);
    const make = (): CountedPeers => {
      const sure = exempt ? speakers.filter(({ nodeName }) => own !== undefined && own === nodeName) : [];
      const perhaps = exempt ? speakers.filter(({ nodeName }) => own === undefined || nodeName === undefined) : [];
      const [surely, open] = [sure, perhaps].map((list) => idSet(list.map(({ id }) => id)));
      const whole = subtract(all, unionAll([surely!, open!]));
      const surelyOnly = intersect(open!, all);
      return { whole, surelyOnly, isEverybody: whole.length === 2 && whole[0] === 0 && whole[1] === endpoints.length };
    };
    return entry(
      entry(known, all, () => new Map<string, CountedPeers>()),
      exempt ? `on ${JSON.stringify(own ?? 0)}` : '',
      make,
    );
  }

  return {
    keyOf(subject, direction) {
      const { families, nodeName } = endpoints[subject]!;
      return isExempt(direction) ? `${families.join()} ${JSON.stringify(nodeName ?? 0)}` : families.join();
    },
    families: (subject, direction) =>
      endpoints[subject]!.families.map((family) => ({ family, peers: peersOf(family, subject, direction) })),
  };
}
