// Ends of flows as numbers: what an end is, and its address, each held once however many ends have it. Objects of ends are
// made when they are asked for. Knows no format.

import type { FlowEnd } from '../engine/model/flow.ts';
import { type ByteTable, createByteTable, type PackedTexts } from './byte-table.ts';
import { endKeyAround } from './flow-key.ts';
import { createNumberTable } from './number-table.ts';
import { placesIn, type Rank, ranksOf, sortByRanks } from './ranks.ts';

/** Distinct ends. */
export interface FlowEnds {
  /** Canonical texts of the addresses that ends have. */
  readonly addresses: ByteTable;
  /** The number of what an end is but for its address, whether it has one or not. */
  roleOf(end: FlowEnd): number;
  /** The number of an end; an address of 0: it has none. */
  endOf(role: number, address: number): number;
  /** The same of an end as an object. */
  of(end: FlowEnd): number;
  count(): number;
  /** Where each end stands in the order of their keys. */
  ranks(): Int32Array;
  /** An end as an object, a new one each time where it has an address. */
  objectOf(end: number): FlowEnd;
  /** All ends. */
  pack(): PackedEnds;
  /** Adds all ends of somebody else's; by their number there, the number here. */
  addPacked(packed: PackedEnds): Int32Array;
  clear(): void;
}

/** Ends as they go from thread to thread. */
export interface PackedEnds {
  readonly addresses: PackedTexts;
  /** An end of each role, whatever its address. */
  readonly roles: readonly FlowEnd[];
  /** Two fields for each end: its role and its address. */
  readonly ends: Int32Array;
}

/** Fields of a role: numbers of what stands before and after the address in its key. */
const [BEFORE, AFTER] = [0, 1];
/** Fields of an end. */
const [ROLE, ADDRESS] = [0, 1];

/** No ends. */
export function createFlowEnds(): FlowEnds {
  const addresses = createByteTable();
  const roles = createNumberTable(2);
  const ends = createNumberTable(2);
  const befores = new Map<string, number>();
  const afters = new Map<string, number>();
  /** By role: an end of it, whose address stands first and is any. */
  let examples: FlowEnd[] = [];
  /** By role: the end without address, where there is one. */
  let bare: FlowEnd[] = [];

  const roleOf = (end: FlowEnd): number => {
    const { before, after } = endKeyAround(end);
    roles.row[BEFORE] = numberIn(befores, before);
    roles.row[AFTER] = numberIn(afters, after);
    const known = roles.find();
    if (known !== -1) return known;
    examples.push({ address: '', ...end });
    return roles.add();
  };
  const endOf = (role: number, address: number): number => {
    ends.row[ROLE] = role;
    ends.row[ADDRESS] = address;
    const known = ends.find();
    return known === -1 ? ends.add() : known;
  };
  const bareEnd = (role: number): FlowEnd => {
    const known = bare[role];
    if (known !== undefined) return known;
    const { address: _, ...rest } = examples[role]!;
    bare[role] = rest;
    return rest;
  };
  return {
    addresses,
    roleOf,
    endOf,
    of(end) {
      const bytes = end.address === undefined ? undefined : Buffer.from(end.address);
      return endOf(roleOf(end), bytes === undefined ? 0 : addresses.add(bytes, 0, bytes.length));
    },
    count: ends.count,
    ranks() {
      const [first, middle, last] = [
        ranksOf([...befores.keys()]),
        placesIn(addresses.order()),
        ranksOf([...afters.keys()]),
      ];
      const roleAt = (end: number): number => ends.fieldOf(end, ROLE);
      const ranks: Rank[] = [
        { of: (end) => first[roles.fieldOf(roleAt(end), BEFORE)]!, count: first.length },
        {
          of: (end) => (ends.fieldOf(end, ADDRESS) === 0 ? 0 : middle[ends.fieldOf(end, ADDRESS) - 1]! + 1),
          count: middle.length + 1,
        },
        { of: (end) => last[roles.fieldOf(roleAt(end), AFTER)]!, count: last.length },
      ];
      return placesIn(sortByRanks(ends.count(), ranks));
    },
    objectOf(end) {
      const [role, address] = [ends.fieldOf(end, ROLE), ends.fieldOf(end, ADDRESS)];
      return address === 0 ? bareEnd(role) : { ...examples[role]!, address: addresses.textOf(address) };
    },
    pack: () => ({ addresses: addresses.pack(), roles: examples, ends: ends.rows() }),
    addPacked(packed) {
      const addressOf = addresses.addPacked(packed.addresses);
      const roleNumbers = packed.roles.map(roleOf);
      const rows = packed.ends;
      return Int32Array.from({ length: rows.length / 2 }, (_, end) =>
        endOf(roleNumbers[rows[end * 2 + ROLE]!]!, addressOf[rows[end * 2 + ADDRESS]!]!),
      );
    },
    clear() {
      addresses.clear();
      roles.clear();
      ends.clear();
      befores.clear();
      afters.clear();
      examples = [];
      bare = [];
    },
  };
}

/** The number of a text among those of the map; new ones are added. */
export function numberIn(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}
