// Numbers by address, for millions of look-ups: IPv4 in two flat arrays, where a text or a map would cost more than the
// verdict that is asked for. Knows no endpoints.

/** A table of numbers by address. */
export interface AddressTable {
  /** An IPv4 address as a number from 0 to 2^32 - 1. -1: it is not in the table. */
  ipv4(address: number): number;
  /** An IPv6 address as a number. -1: it is not in the table. */
  ipv6(address: bigint): number;
}

/** One address and the number it leads to, which is -1 or greater. */
export interface NumberedAddress {
  readonly address: number | bigint;
  readonly number: number;
}

/** A stretch of addresses, both bounds of one family, the end excluded. */
export interface NumberedStretch<N extends number | bigint> {
  readonly start: N;
  readonly end: N;
  readonly number: number;
}

/** Addresses that the list does not hold are looked up in the stretches, which must be disjoint. A later entry of a list wins. */
export function addressTable(
  addresses: readonly NumberedAddress[],
  stretches: { readonly v4: readonly NumberedStretch<number>[]; readonly v6: readonly NumberedStretch<bigint>[] },
): AddressTable {
  const v4 = addresses.filter(({ address }) => typeof address === 'number');
  let size = 16;
  while (size < 2 * v4.length) size *= 2;
  const keys = new Int32Array(size);
  /** The number + 2; 0: nothing stands there. */
  const values = new Int32Array(size);
  const slotOf = (key: number): number => {
    const mixed = Math.imul(key, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & (size - 1);
    while (values[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (size - 1);
    return slot;
  };
  for (const { address, number } of v4) {
    const key = Number(address) | 0;
    const slot = slotOf(key);
    keys[slot] = key;
    values[slot] = number + 2;
  }
  const v6 = new Map(
    addresses.flatMap(({ address, number }) => (typeof address === 'bigint' ? [[address, number] as const] : [])),
  );
  const [elsewhere4, elsewhere6] = [stretchFinder(stretches.v4), stretchFinder(stretches.v6)];
  return {
    ipv4(address) {
      const value = values[slotOf(address | 0)]!;
      return value === 0 ? elsewhere4(address) : value - 2;
    },
    ipv6: (address) => v6.get(address) ?? elsewhere6(address),
  };
}

/** Finds the stretch that holds an address. */
function stretchFinder<N extends number | bigint>(stretches: readonly NumberedStretch<N>[]): (address: N) => number {
  const sorted = [...stretches].sort((a, b) => (a.start < b.start ? -1 : 1));
  return (address) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]!.start <= address) low = middle + 1;
      else high = middle;
    }
    const found = sorted[low - 1];
    return found !== undefined && address < found.end ? found.number : -1;
  };
}
