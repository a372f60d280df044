// Addresses of lines as they are counted: family, canonical text, number among the addresses of flows; found once for each.

import { parseAddress, printAddress } from '../../engine/sets/ip-address.ts';
import type { Family } from '../../engine/sets/ip-set.ts';
import { type ByteTable, enlarged } from '../byte-table.ts';
import { plainFamilyOf } from '../plain-address.ts';
import type { LineMemory } from './line-memory.ts';

/** What there is to know about addresses of lines, by their numbers in the memory of lines. */
export interface LineAddresses {
  /** Undefined: the text is no address. */
  familyOf(address: number): Family | undefined;
  /** In canonical form; empty where the text is no address. */
  textOf(address: number): string;
  /** The number in the table that flows are counted with. The text must be an address. */
  numberOf(address: number): number;
  /** The table of flows was emptied, and the memory of lines too where `isForgotten`. */
  drop(isForgotten: boolean): void;
}

/** What is known of a text; 0: nothing yet. A family alone: the text is canonical. */
const [NONE, PLAIN_V4, PLAIN_V6, OTHER_V4, OTHER_V6] = [1, 2, 3, 4, 5];

/** Nothing known yet. `counted` are the addresses that flows are counted with. */
export function createLineAddresses(memory: LineMemory, counted: ByteTable): LineAddresses {
  let codes = new Uint8Array(1024);
  /** Numbers among the counted; 0: not yet one of them. */
  let numbers = new Int32Array(1024);

  const codeOf = (address: number): number => {
    if (address >= codes.length) {
      const [oldCodes, length] = [codes, Math.max(address + 1, codes.length * 2)];
      codes = new Uint8Array(length);
      codes.set(oldCodes);
      numbers = enlarged(numbers, length);
    }
    if (codes[address] === 0) codes[address] = readCode(memory, address);
    return codes[address]!;
  };
  const textOf = (address: number): string => {
    const text = memory.addressOf(address);
    const code = codeOf(address);
    if (code === PLAIN_V4 || code === PLAIN_V6) return text;
    const parsed = parseAddress(text);
    return parsed.ok ? printAddress(parsed.family, parsed.value) : '';
  };
  return {
    familyOf(address) {
      const code = codeOf(address);
      if (code === NONE) return undefined;
      return code === PLAIN_V4 || code === OTHER_V4 ? 'IPv4' : 'IPv6';
    },
    textOf,
    numberOf(address) {
      const code = codeOf(address);
      if (numbers[address] !== 0) return numbers[address]!;
      const isPlain = code === PLAIN_V4 || code === PLAIN_V6;
      const text = isPlain ? undefined : Buffer.from(textOf(address));
      numbers[address] =
        text === undefined ? memory.readAddress(address, counted.add) : counted.add(text, 0, text.length);
      return numbers[address]!;
    },
    drop(isForgotten) {
      numbers.fill(0);
      if (isForgotten) codes.fill(0);
    },
  };
}

function readCode(memory: LineMemory, address: number): number {
  const plain = memory.readAddress(address, plainFamilyOf);
  if (plain !== undefined) return plain === 'IPv4' ? PLAIN_V4 : PLAIN_V6;
  const parsed = parseAddress(memory.addressOf(address));
  if (!parsed.ok) return NONE;
  return parsed.family === 'IPv4' ? OTHER_V4 : OTHER_V6;
}
