// Many addresses as fewer blocks: exactly, or wider within a budget that is never exceeded silently. Knows no policy.

import { parseCidr, printAddress, printCidrs } from '../sets/ip-address.ts';
import { FAMILIES, type Family, type IpSet, intersect, isEmpty, ofFamily, subtract, unionAll } from '../sets/ip-set.ts';

/** What widening may do. */
export interface AddressBudget {
  /** Blocks of one rule beyond which widening is tried at all, at least 1. */
  readonly blocks: number;
  /** How many times as many addresses as were needed the blocks may hold, at least 1; 1 never widens. */
  readonly factor: number;
}

/** Exact covers only. */
export const EXACT: AddressBudget = { blocks: Number.POSITIVE_INFINITY, factor: 1 };

/** A cover of some addresses. */
export interface AddressCover {
  /** Canonical CIDRs, IPv4 first, ascending; empty for no addresses. */
  readonly cidrs: readonly string[];
  /** Addresses beside those that were asked for; the empty set where the cover is exact. */
  readonly added: IpSet;
  /** Addresses held, as a multiple of those asked for, by family; 1 where the cover is exact. */
  readonly factor: Readonly<Record<Family, number>>;
}

interface Block {
  readonly start: bigint;
  readonly size: bigint;
}

/**
 * The fewest CIDRs that hold exactly the set; where they are more than the budget's blocks, neighbours are joined, those
 * first that add least, as long as the factor allows it and nothing of `never` gets in. Each family has its own factor.
 */
export function coverAddresses(set: IpSet, budget: AddressBudget, never: IpSet): AddressCover {
  const parts = FAMILIES.map((family) => {
    const own = ofFamily(set, family);
    const cidrs = printCidrs(own);
    const joined = cidrs.length > budget.blocks && budget.factor > 1 ? join(cidrs, family, budget, never) : cidrs;
    return { family, own, cidrs: joined, held: setOf(joined) };
  });
  const added = unionAll(parts.map(({ own, held }) => subtract(held, own)));
  const factor = Object.fromEntries(
    parts.map(({ family, own, held }) => [family, isEmpty(own) ? 1 : Number(countOf(held)) / Number(countOf(own))]),
  ) as Record<Family, number>;
  return { cidrs: parts.flatMap(({ cidrs }) => cidrs), added, factor };
}

/** The set of some CIDRs, which must be valid. */
export function setOf(cidrs: readonly string[]): IpSet {
  return unionAll(
    cidrs.flatMap((text) => {
      const parsed = parseCidr(text);
      return parsed.ok ? [parsed.set] : [];
    }),
  );
}

/** How many addresses a set holds, over both families. */
export function countOf({ v4, v6 }: IpSet): bigint {
  let count = 0n;
  for (let i = 0; i < v4.length; i += 2) count += BigInt(v4[i + 1]! - v4[i]!);
  for (let i = 0; i < v6.length; i += 2) count += v6[i + 1]! - v6[i]!;
  return count;
}

function join(cidrs: readonly string[], family: Family, budget: AddressBudget, never: IpSet): string[] {
  const bits = family === 'IPv4' ? 32n : 128n;
  const blocks: Block[] = cidrs.map((text) => {
    const parsed = parseCidr(text);
    const bounds = parsed.ok ? (family === 'IPv4' ? parsed.set.v4 : parsed.set.v6) : [];
    return { start: BigInt(bounds[0]!), size: BigInt(bounds[1]!) - BigInt(bounds[0]!) };
  });
  const needed = blocks.reduce((sum, { size }) => sum + size, 0n);
  let held = needed;
  const textOf = ({ start, size }: Block): string =>
    `${printAddress(family, family === 'IPv4' ? Number(start) : start)}/${bits - log2(size)}`;
  const isForbidden = (block: Block): boolean => !isEmpty(intersect(setOf([textOf(block)]), never));
  const refused = new Set<string>();
  while (blocks.length > budget.blocks) {
    let best: { at: number; until: number; block: Block; cost: bigint } | undefined;
    for (let at = 0; at + 1 < blocks.length; at++) {
      const block = enclosing(blocks[at]!, blocks[at + 1]!);
      if (refused.has(textOf(block))) continue;
      let until = at + 1;
      let inside = blocks[at]!.size;
      while (until < blocks.length && blocks[until]!.start < block.start + block.size) inside += blocks[until++]!.size;
      const cost = block.size - inside;
      if (best === undefined || cost < best.cost) best = { at, until, block, cost };
    }
    if (best === undefined || Number(held + best.cost) > Number(needed) * budget.factor) break;
    if (isForbidden(best.block)) {
      refused.add(textOf(best.block));
      continue;
    }
    // Blocks before the pair may lie in the enclosing block too.
    let from = best.at;
    while (from > 0 && blocks[from - 1]!.start >= best.block.start) from--;
    const gone = blocks.slice(from, best.until).reduce((sum, { size }) => sum + size, 0n);
    held += best.block.size - gone;
    blocks.splice(from, best.until - from, best.block);
  }
  return blocks.map(textOf);
}

/** The smallest CIDR that holds both blocks. */
function enclosing(a: Block, b: Block): Block {
  const end = b.start + b.size - 1n;
  let size = a.size;
  while (a.start / size !== end / size) size *= 2n;
  return { start: (a.start / size) * size, size };
}

function log2(size: bigint): bigint {
  let bits = 0n;
  for (let rest = size; rest > 1n; rest >>= 1n) bits++;
  return bits;
}
