// What the records of a log say of addresses, over time: whose each was, from when to when. Knows no snapshot.

/** One owner of an address, as long as the log names it. */
interface Tenancy<Owner> {
  owner: Owner;
  first: number;
  last: number;
}

/** A stretch of time in milliseconds; without times any time. */
export interface When {
  readonly first?: number;
  readonly last?: number;
}

/** Owners of addresses by what the log said. */
export interface AddressHistory<Owner> {
  /** Writes down that the address was the owner's; `key` tells owners apart. */
  add(address: string, key: string, owner: Owner, when: When): void;
  /** Whether the log says anything of the address. */
  knows(address: string): boolean;
  /**
   * Whose the address was at that time; undefined where the log never says, `several` where that is open. `current` is
   * the owner by the snapshot, taken at a time that nobody knows.
   */
  ownerAt(address: string, when: When, current?: CurrentOwner<Owner>): Owner | 'several' | undefined;
}

/** Who has an address in the snapshot. `since`: it cannot have had it before, in milliseconds; absent: nobody knows. */
export interface CurrentOwner<Owner> {
  readonly key: string;
  readonly owner: Owner;
  readonly since?: number;
}

/** An empty history. `merge` makes one of two owners with the same key, whichever comes first. */
export function addressHistory<Owner extends object>(merge: (a: Owner, b: Owner) => Owner): AddressHistory<Owner> {
  const byAddress = new Map<string, Map<string, Tenancy<Owner>>>();
  return {
    knows: (address) => byAddress.has(address),
    add(address, key, owner, { first = -Infinity, last = Infinity }) {
      const tenancies = byAddress.get(address) ?? new Map<string, Tenancy<Owner>>();
      byAddress.set(address, tenancies);
      const known = tenancies.get(key);
      if (known === undefined) {
        tenancies.set(key, { owner, first, last });
        return;
      }
      known.owner = merge(known.owner, owner);
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
    },
    ownerAt(address, when, current) {
      const tenancies = byAddress.get(address);
      if (current?.since !== undefined && when.last !== undefined && (when.first ?? when.last) < current.since) {
        if (when.last >= current.since) return 'several';
        const before = [...(tenancies?.entries() ?? [])].filter(([key]) => key !== current.key);
        return before.length <= 1 ? before[0]?.[1].owner : tenantAt(before, when, undefined);
      }
      if (tenancies === undefined) return current?.owner;
      const others = [...tenancies.entries()].filter(([key]) => key !== current?.key);
      if (others.length === 0) return current?.owner;
      if (tenancies.size === 1 && current === undefined) return others[0]![1].owner;
      return tenantAt([...tenancies.entries()], when, current?.key);
    },
  };
}

/** The only tenant within whose time the record lies; after all tenancies the last one, unless the snapshot knows another. */
function tenantAt<Owner>(
  tenancies: readonly (readonly [string, Tenancy<Owner>])[],
  { first, last }: When,
  current: string | undefined,
): Owner | 'several' {
  if (first === undefined || last === undefined) return 'several';
  const overlapping = tenancies.filter(([, one]) => one.first <= last && first <= one.last);
  if (overlapping.length > 1) return 'several';
  const [only] = overlapping;
  if (only !== undefined) return only[1].first <= first && last <= only[1].last ? only[1].owner : 'several';
  const latest = tenancies.reduce((a, b) => (b[1].last > a[1].last ? b : a));
  const isLast = tenancies.every((one) => one === latest || one[1].last < latest[1].first);
  const isCurrent = current === undefined || current === latest[0];
  return isLast && isCurrent && latest[1].last < first ? latest[1].owner : 'several';
}
