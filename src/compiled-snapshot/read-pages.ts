// Reads parts of a compiled snapshot: only the pages that are asked for, each checked before a byte of it is believed. Knows no
// sections.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  beginsLikeCompiled,
  cutOff,
  damaged,
  digest,
  END_MARK,
  HEAD_BYTES,
  MAGIC,
  PAGE_BYTES,
  SUM_BYTES,
  type Table,
  TRAILER_BYTES,
  wrongVersion,
} from './format.ts';

/** A compiled snapshot that is open. Whatever reads throws UserError `unreadable` where bytes are not those that were written. */
export interface Pages {
  /** As errors name it. */
  readonly file: string;
  readonly table: Table;
  /** Bytes of a section, from an offset in it up to another; absent: to its end. */
  read(section: string, from?: number, to?: number): Buffer;
  /** How many bytes a section has; 0 where there is none. */
  lengthOf(section: string): number;
  close(): void;
}

/** Reports whether the path is a file that begins as a compiled snapshot does. False for what cannot be read. */
export function isCompiledSnapshot(path: string): boolean {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    return fstatSync(handle).isFile() && beginsLikeCompiled(readAt(handle, 0, MAGIC.length));
  } catch {
    return false;
  } finally {
    closeSync(handle);
  }
}

/** Opens a compiled snapshot, which {@link isCompiledSnapshot} knows to be one. Throws UserError `unreadable`. */
export function openPages(path: string, file: string): Pages {
  const handle = openSync(path, 'r');
  try {
    return pagesOf(handle, file);
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

function pagesOf(handle: number, file: string): Pages {
  const { size } = fstatSync(handle);
  if (size < HEAD_BYTES) throw cutOff(file);
  const head = readAt(handle, 0, HEAD_BYTES);
  const wrong = wrongVersion(file, head.readUInt32LE(MAGIC.length));
  if (wrong !== undefined) throw wrong;
  if (size < HEAD_BYTES + TRAILER_BYTES) throw cutOff(file);
  const trailer = readAt(handle, size - TRAILER_BYTES, TRAILER_BYTES);
  if (!END_MARK.every((byte, at) => trailer[40 + at] === byte)) throw cutOff(file);
  const [sumsAt, tableAt, end] = [0, 8, 16].map((at) => trailer.readDoubleLE(at)) as [number, number, number];
  const areWhole = Number.isSafeInteger(sumsAt) && Number.isSafeInteger(tableAt) && end === size;
  if (!areWhole || HEAD_BYTES > sumsAt || sumsAt > tableAt || tableAt > size - TRAILER_BYTES) throw damaged(file);
  const rest = readAt(handle, sumsAt, size - TRAILER_BYTES - sumsAt);
  const [sums, tableBytes] = [rest.subarray(0, tableAt - sumsAt), rest.subarray(tableAt - sumsAt)];
  const isWhole = digest(16, head, sums, tableBytes, trailer.subarray(0, 24)).every(
    (byte, at) => trailer[24 + at] === byte,
  );
  if (!isWhole) throw damaged(file);
  const table: Table = JSON.parse(tableBytes.toString());
  const bodyEnd = sumsAt - HEAD_BYTES;

  const known = new Map<number, Buffer>();
  const page = (number: number, isKept: boolean): Buffer => {
    const own = known.get(number);
    if (own !== undefined) return own;
    const start = number * PAGE_BYTES;
    const bytes = readAt(handle, HEAD_BYTES + start, Math.min(PAGE_BYTES, bodyEnd - start));
    const sum = sums.subarray(number * SUM_BYTES, (number + 1) * SUM_BYTES);
    if (!digest(SUM_BYTES, bytes).every((byte, at) => sum[at] === byte)) throw damaged(file);
    if (isKept) known.set(number, bytes);
    return bytes;
  };
  const read: Pages['read'] = (section, from = 0, to) => {
    const [start, sectionEnd] = table.sections[section] ?? [0, 0];
    const [first, last] = [start + from, to === undefined ? sectionEnd : start + to];
    if (!(start <= first && first <= last && last <= sectionEnd)) throw damaged(file);
    const found = Buffer.allocUnsafe(last - first);
    // Few bytes are soon followed by others of the same page, many are read once.
    const isKept = last - first < PAGE_BYTES;
    for (let at = first; at < last; ) {
      const number = Math.floor(at / PAGE_BYTES);
      const within = at - number * PAGE_BYTES;
      const part = page(number, isKept).subarray(within, within + last - at);
      found.set(part, at - first);
      at += part.length;
    }
    return found;
  };
  const lengthOf = (section: string): number => {
    const [start, sectionEnd] = table.sections[section] ?? [0, 0];
    return sectionEnd - start;
  };
  return { file, table, read, lengthOf, close: () => closeSync(handle) };
}

/** Bytes of a file; fewer where it ends before. */
function readAt(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(handle, bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
