// Sets of IP addresses of both families. IPv4 addresses are numbers below 2^32, IPv6 addresses bigints below 2^128.

import type { IntervalSet } from './interval-set.ts';
import * as intervals from './interval-set.ts';

/** An address family, named as in the JSON output. */
export type Family = 'IPv4' | 'IPv6';

/** Both families in the order in which they are printed. */
export const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** Addresses per family; the families never mix: `0.0.0.0/0` holds no IPv6 address. */
export interface IpSet {
  readonly v4: IntervalSet<number>;
  readonly v6: IntervalSet<bigint>;
}

/** No address. */
export const NO_ADDRESSES: IpSet = { v4: [], v6: [] };

/** Every address of both families. */
export const ALL_ADDRESSES: IpSet = { v4: [0, 2 ** 32], v6: [0n, 1n << 128n] };

/** The set of one address; an address as `parseAddress` reads it. */
export function singleAddress(address: { readonly family: Family; readonly value: number | bigint }): IpSet {
  if (address.family === 'IPv4') return { v4: [Number(address.value), Number(address.value) + 1], v6: [] };
  return { v4: [], v6: [BigInt(address.value), BigInt(address.value) + 1n] };
}

/** The set of these addresses, in any order and as often as they like: a cluster has several hundred thousand. */
export function addressSet(v4: readonly number[], v6: readonly bigint[]): IpSet {
  const numbers = Float64Array.from(v4).sort();
  const result: number[] = [];
  for (const value of numbers) {
    if (result.length > 0 && value <= result[result.length - 1]!) result[result.length - 1] = value + 1;
    else result.push(value, value + 1);
  }
  return { v4: result, v6: intervals.unionAll(v6.map((value) => [value, value + 1n])) };
}

/** Addresses in either set. */
export function union(a: IpSet, b: IpSet): IpSet {
  return { v4: intervals.union(a.v4, b.v4), v6: intervals.union(a.v6, b.v6) };
}

/** Addresses in any of the sets. */
export function unionAll(sets: readonly IpSet[]): IpSet {
  return { v4: intervals.unionAll(sets.map((s) => s.v4)), v6: intervals.unionAll(sets.map((s) => s.v6)) };
}

/** Addresses in both sets. */
export function intersect(a: IpSet, b: IpSet): IpSet {
  return { v4: intervals.intersect(a.v4, b.v4), v6: intervals.intersect(a.v6, b.v6) };
}

/** Addresses in `a` and not in `b`. */
export function subtract(a: IpSet, b: IpSet): IpSet {
  return { v4: intervals.subtract(a.v4, b.v4), v6: intervals.subtract(a.v6, b.v6) };
}

/** Reports whether the address is in the set. */
export function contains(set: IpSet, address: { readonly family: Family; readonly value: number | bigint }): boolean {
  return address.family === 'IPv4'
    ? intervals.contains(set.v4, Number(address.value))
    : intervals.contains(set.v6, BigInt(address.value));
}

/** Reports whether the set holds no address of either family. */
export function isEmpty(set: IpSet): boolean {
  return set.v4.length === 0 && set.v6.length === 0;
}

/** Reports whether the set holds exactly one address. */
export function isSingle({ v4, v6 }: IpSet): boolean {
  if (v4.length + v6.length !== 2) return false;
  return v4.length === 2 ? v4[1]! - v4[0]! === 1 : v6[1]! - v6[0]! === 1n;
}

/** Reports whether both sets hold the same addresses. */
export function equals(a: IpSet, b: IpSet): boolean {
  return intervals.equals(a.v4, b.v4) && intervals.equals(a.v6, b.v6);
}

/** Reports whether every address of `a` is in `b`. */
export function isSubset(a: IpSet, b: IpSet): boolean {
  return intervals.isSubset(a.v4, b.v4) && intervals.isSubset(a.v6, b.v6);
}

/** Reports whether the sets share an address. */
export function overlaps(a: IpSet, b: IpSet): boolean {
  return intervals.overlaps(a.v4, b.v4) || intervals.overlaps(a.v6, b.v6);
}

/** Reports whether every address of `a` in the family is in `b`; true where it has none. */
export function isSubsetIn(family: Family, a: IpSet, b: IpSet): boolean {
  return family === 'IPv4' ? intervals.isSubset(a.v4, b.v4) : intervals.isSubset(a.v6, b.v6);
}

/** Reports whether the sets share an address of the family. */
export function overlapsIn(family: Family, a: IpSet, b: IpSet): boolean {
  return family === 'IPv4' ? intervals.overlaps(a.v4, b.v4) : intervals.overlaps(a.v6, b.v6);
}

/** The part of the set in one family. */
export function ofFamily(set: IpSet, family: Family): IpSet {
  return family === 'IPv4' ? { v4: set.v4, v6: [] } : { v4: [], v6: set.v6 };
}

/** The families of which the set holds an address. */
export function familiesOf(set: IpSet): readonly Family[] {
  return FAMILIES.filter((family) => (family === 'IPv4' ? set.v4.length > 0 : set.v6.length > 0));
}

/** A text equal for equal sets and for no others. */
export function ipSetKey(set: IpSet): string {
  return `${set.v4.join(',')}|${set.v6.join(',')}`;
}

/** Which part of the addresses of `whole` in the family the set holds, from 0 to 1; 0 where `whole` has none. */
export function shareOf(set: IpSet, whole: IpSet, family: Family): number {
  const bounds = (one: IpSet): IntervalSet<number | bigint> => (family === 'IPv4' ? one.v4 : one.v6);
  const size = sizeOf(bounds(whole));
  return size === 0 ? 0 : sizeOf(bounds(intersect(set, whole))) / size;
}

/** The number of addresses; rounded, as shares need no more. */
function sizeOf(bounds: IntervalSet<number | bigint>): number {
  let size = 0;
  for (let i = 0; i < bounds.length; i += 2) size += Number(BigInt(bounds[i + 1]!) - BigInt(bounds[i]!));
  return size;
}
