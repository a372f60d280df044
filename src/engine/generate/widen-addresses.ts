// Many addresses as fewer blocks: exactly, or wider within a budget that is never exceeded silently. Knows no policy.

import { parseCidr, printCidrs } from '../sets/ip-address.ts';
import { FAMILIES, type Family, type IpSet, isEmpty, ofFamily, overlaps, subtract, unionAll } from '../sets/ip-set.ts';

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

/** A block that may stand for the blocks within it. */
interface Joint {
  readonly block: Block;
  /** Addresses that it adds once all blocks within it that may be joined have been. */
  readonly cost: bigint;
  /** The highest cost in it, its own included: it can come no earlier. */
  readonly turn: bigint;
}

/**
 * Joins neighbours, those first that add least and of those the lowest. The smallest blocks that hold neighbours are a tree,
 * and each can be joined when all within it are.
 */
function join(cidrs: readonly string[], family: Family, budget: AddressBudget, never: IpSet): string[] {
  const blocks = cidrs.map((text) => blockOf(text, family));
  const needed = blocks.reduce((sum, { size }) => sum + size, 0n);
  const joints = jointsOf(blocks, (block) => overlaps(blockSet(block, family), never));
  const chosen: Block[] = [];
  let held = needed;
  // Sorting is stable: what is equal stays in order of addresses, and inner blocks before outer ones.
  for (const { block, cost } of joints.sort((a, b) => (a.turn < b.turn ? -1 : a.turn > b.turn ? 1 : 0))) {
    held += cost;
    if (blocks.length - chosen.length <= budget.blocks || Number(held) > Number(needed) * budget.factor) break;
    chosen.push(block);
  }
  return printCidrs(unionAll([...blocks, ...chosen].map((block) => blockSet(block, family))));
}

/** All joints of ascending blocks, inner before outer; none that is forbidden, since what holds it would be forbidden too. */
function jointsOf(blocks: readonly Block[], isForbidden: (block: Block) => boolean): Joint[] {
  const joints: Joint[] = [];
  const within = (from: number, to: number): Joint | undefined => {
    if (to - from === 1) return { block: blocks[from]!, cost: 0n, turn: 0n };
    const block = enclosing(blocks[from]!, blocks[to - 1]!);
    const half = block.start + block.size / 2n;
    let [low, high] = [from, to - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (blocks[middle]!.start < half) low = middle + 1;
      else high = middle;
    }
    const [left, right] = [within(from, low), within(low, to)];
    if (left === undefined || right === undefined || isForbidden(block)) return undefined;
    const cost = block.size - left.block.size - right.block.size;
    const turn = [left.turn, right.turn].reduce((a, b) => (a > b ? a : b), cost);
    const joint = { block, cost, turn };
    joints.push(joint);
    return joint;
  };
  within(0, blocks.length);
  return joints;
}

function blockOf(cidr: string, family: Family): Block {
  const parsed = parseCidr(cidr);
  const bounds = parsed.ok ? (family === 'IPv4' ? parsed.set.v4 : parsed.set.v6) : [];
  return { start: BigInt(bounds[0]!), size: BigInt(bounds[1]!) - BigInt(bounds[0]!) };
}

function blockSet({ start, size }: Block, family: Family): IpSet {
  const end = start + size;
  return family === 'IPv4' ? { v4: [Number(start), Number(end)], v6: [] } : { v4: [], v6: [start, end] };
}

/** The smallest CIDR that holds both blocks. */
function enclosing(a: Block, b: Block): Block {
  const end = b.start + b.size - 1n;
  let size = a.size;
  while (a.start / size !== end / size) size *= 2n;
  return { start: (a.start / size) * size, size };
}
