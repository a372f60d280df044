// Sets of addresses as blocks that a policy can name: CIDRs, with exceptions where that is shorter.

import { parseCidr, printAddress, printCidrs } from './ip-address.ts';
import { FAMILIES, type Family, type IpSet, isSubset, ofFamily, subtract } from './ip-set.ts';

/** One block. `except` lies strictly within `cidr`; empty: nothing is left out. */
export interface Block {
  readonly cidr: string;
  readonly except: readonly string[];
}

/** As many plain blocks are easier to read than one with exceptions. */
const FEW = 3;

/** Blocks that hold exactly the set, IPv4 first. None for the empty set. */
export function blocksOf(set: IpSet): readonly Block[] {
  return FAMILIES.flatMap((family) => {
    const own = ofFamily(set, family);
    const plain = printCidrs(own).map((cidr): Block => ({ cidr, except: [] }));
    if (plain.length <= FEW) return plain;
    const { cidr, addresses } = enclosing(own, family);
    const except = printCidrs(subtract(addresses, own));
    return except.length < plain.length ? [{ cidr, except }] : plain;
  });
}

/** The smallest block that holds the set, which is not empty. */
function enclosing(set: IpSet, family: Family): { readonly cidr: string; readonly addresses: IpSet } {
  const start = family === 'IPv4' ? set.v4[0]! : set.v6[0]!;
  for (let prefix = family === 'IPv4' ? 32 : 128; prefix > 0; prefix--) {
    const cidr = parseCidr(`${printAddress(family, start)}/${prefix}`);
    if (cidr.ok && isSubset(set, cidr.set)) return { cidr: cidr.canonical, addresses: cidr.set };
  }
  const everything = family === 'IPv4' ? '0.0.0.0/0' : '::/0';
  const cidr = parseCidr(everything);
  return { cidr: everything, addresses: cidr.ok ? cidr.set : set };
}
