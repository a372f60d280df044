// A stretch of a source in memory, moved along it: what was read stays until it is let go. Bytes behind the stretch are 0.
// Finds bytes that are no UTF-8 on the way; knows nothing of JSON.

import { isUtf8 } from 'node:buffer';
import { findInvalidByte } from '../decode-text.ts';
import type { ByteSource } from './byte-source.ts';

/** The stretch. */
export interface ByteWindow {
  /** A byte of the source stands here at its offset less `base`; valid until `advance` is called. */
  readonly bytes: Buffer;
  /** Offset in the source of the first byte. */
  readonly base: number;
  /** How many bytes there are; the byte behind them is 0. */
  readonly end: number;
  /** Whether the last byte of the source is among them. */
  readonly isLast: boolean;
  /** Offset in the source of the first byte so far that is no UTF-8; absent: there is none. */
  readonly invalidAt: number | undefined;
  /** Lets go of what stands before `from`, and reads on: at least one byte more, unless `isLast`. */
  advance(from: number): void;
}

/** Opens a window on the bytes of a source from an offset on, `length` of them where nothing longer must be kept. */
export function openWindow(source: ByteSource, length: number, from: number = 0): ByteWindow {
  let bytes = Buffer.alloc(length + 1);
  let base = from;
  let end = 0;
  let invalidAt: number | undefined;
  /** Offset in the source up to which bytes are known to be UTF-8. */
  let checked = from;

  const check = (): void => {
    if (invalidAt !== undefined) return;
    const start = checked - base;
    const whole = base + end === source.size ? end : endOfWhole(bytes, start, end);
    const part = bytes.subarray(start, whole);
    if (!isUtf8(part)) invalidAt = checked + findInvalidByte(part);
    checked = base + whole;
  };
  const read = (): void => {
    end += source.copy(bytes.subarray(0, bytes.length - 1), end, base + end);
    bytes[end] = 0;
    check();
  };
  read();
  return {
    get bytes() {
      return bytes;
    },
    get base() {
      return base;
    },
    get end() {
      return end;
    },
    get isLast() {
      return base + end === source.size;
    },
    get invalidAt() {
      return invalidAt;
    },
    advance: (from) => {
      const isFull = from === 0 && end === bytes.length - 1;
      const target = isFull ? Buffer.alloc(2 * bytes.length) : bytes;
      target.set(bytes.subarray(from, end));
      bytes = target;
      base += from;
      end -= from;
      read();
    },
  };
}

/** Where the last character between these offsets that is there in full ends: up to three bytes before `end`. */
export function endOfWhole(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= Math.max(start, end - 3); at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return at + (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > end ? at : end;
  }
  return end;
}
