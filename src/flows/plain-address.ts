// Addresses as bytes that stand there as they would be printed, which nearly all of a log do: told without making a text.
// What is not sure here is parsed. Knows no format.

import type { Family } from '../engine/sets/ip-set.ts';

const DOT = 46;
const COLON = 58;
const [DIGIT_0, DIGIT_9] = [48, 57];
const [LETTER_A, LETTER_F] = [97, 102];

/** The family of an address in canonical text; undefined: it is none, or written in another way, or hard to tell. */
export function plainFamilyOf(bytes: Uint8Array, start: number, end: number): Family | undefined {
  const length = end - start;
  if (length < 2 || length > 39) return undefined;
  for (let at = start; at < start + 5 && at < end; at++) {
    if (bytes[at] === DOT) return isPlainV4(bytes, start, end) ? 'IPv4' : undefined;
    if (bytes[at] === COLON) return isPlainV6(bytes, start, end) ? 'IPv6' : undefined;
  }
  return undefined;
}

/** Four numbers up to 255 without leading zeros. */
function isPlainV4(bytes: Uint8Array, start: number, end: number): boolean {
  let octets = 0;
  let at = start;
  for (;;) {
    const first = at;
    let value = 0;
    while (at < end && bytes[at]! >= DIGIT_0 && bytes[at]! <= DIGIT_9) value = value * 10 + bytes[at++]! - DIGIT_0;
    const digits = at - first;
    if (digits === 0 || digits > 3 || value > 255 || (digits > 1 && bytes[first] === DIGIT_0)) return false;
    octets++;
    if (at === end) return octets === 4;
    if (octets === 4 || bytes[at++] !== DOT) return false;
  }
}

/**
 * Groups as RFC 5952 prints them: small letters, no leading zeros, `::` for the first of the longest runs of zeros, never
 * for a single one. Whatever begins as an IPv4-mapped address does is not sure.
 */
function isPlainV6(bytes: Uint8Array, start: number, end: number): boolean {
  let groups = 0;
  /** Groups before `::`; -1: there is none yet. */
  let gap = -1;
  /** The longest runs of zeros that are written out, before `::` and after, and the run that is being read. */
  let [before, after, run] = [0, 0, 0];
  let at = start;
  const isGap = (): boolean => at + 1 < end && bytes[at] === COLON && bytes[at + 1] === COLON;
  if (isGap()) {
    gap = 0;
    at += 2;
  }
  while (at < end) {
    const value = groupAt(bytes, at, end);
    if (value === -1 || groups === 8) return false;
    at += value < 0x10 ? 1 : value < 0x100 ? 2 : value < 0x1000 ? 3 : 4;
    groups++;
    const isMappedPrefix = value === 0xffff && gap === 0 && groups === 1;
    if (isMappedPrefix) return false;
    // A zero beside `::` would belong to it.
    if (value === 0 && gap !== -1 && groups === gap + 1) return false;
    run = value === 0 ? run + 1 : 0;
    if (gap === -1) before = Math.max(before, run);
    else after = Math.max(after, run);
    if (at === end) break;
    if (isGap()) {
      if (gap !== -1 || value === 0) return false;
      gap = groups;
      at += 2;
      run = 0;
    } else if (bytes[at++] !== COLON || at === end) return false;
  }
  if (gap === -1) return groups === 8 && before < 2;
  const missing = 8 - groups;
  return missing >= 2 && before < missing && after <= missing;
}

/** The group of four digits at most that begins at the place; -1: none, or one with a leading zero. */
function groupAt(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  let digits = 0;
  for (; at + digits < end; digits++) {
    const byte = bytes[at + digits]!;
    if (byte >= DIGIT_0 && byte <= DIGIT_9) value = value * 16 + byte - DIGIT_0;
    else if (byte >= LETTER_A && byte <= LETTER_F) value = value * 16 + byte - LETTER_A + 10;
    else break;
  }
  if (digits === 0 || digits > 4 || (digits > 1 && bytes[at] === DIGIT_0)) return -1;
  return value;
}
