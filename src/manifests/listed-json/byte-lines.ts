// From an offset in bytes to line and column, which count the characters of the text. Measured when it is asked first: most
// files are read without a question about a place.

import { isAscii } from 'node:buffer';
import type { LineColumn } from '../line-index.ts';
import type { ByteSource } from './byte-source.ts';
import { endOfWhole } from './byte-window.ts';

/** A lookup costs no more than decoding so many bytes. */
const PIECE = 16 * 1024;

/** Looks up an offset in the source, that of the first byte of a character. */
export type ByteLines = (offset: number) => LineColumn;

/** A piece of the source, and the place of its first character. */
interface Piece extends LineColumn {
  readonly start: number;
}

/** The lookup for one source, whose text begins at `from`, behind a byte-order mark. */
export function indexByteLines(source: ByteSource, from: number): ByteLines {
  let pieces: readonly Piece[] | undefined;
  return (offset) => {
    pieces ??= measure(source, from);
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low]!;
    return placeBehind(piece, source.slice(piece.start, offset));
  };
}

function measure(source: ByteSource, from: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let place: LineColumn = { line: 1, column: 1 };
  for (let start = from; start < source.size; ) {
    pieces.push({ start, ...place });
    const end = Math.min(start + PIECE, source.size);
    const part = source.slice(start, end);
    const whole = end === source.size ? part.length : endOfWhole(part, 0, part.length);
    place = placeBehind(place, part.subarray(0, whole));
    start += whole;
  }
  return pieces.length === 0 ? [{ start: from, ...place }] : pieces;
}

/** The place of what follows some bytes of known place. Bytes that are no UTF-8 count as the characters that stand in for them. */
function placeBehind(place: LineColumn, bytes: Uint8Array): LineColumn {
  // Buffers search natively, which other arrays of bytes do not.
  const last = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(LINE_END);
  if (last === -1) return { line: place.line, column: place.column + lengthOf(bytes) };
  let line = place.line + 1;
  for (let at = 0; at < last; at++) if (bytes[at] === LINE_END) line++;
  return { line, column: 1 + lengthOf(bytes.subarray(last + 1)) };
}

const LINE_END = 10;

/** In UTF-16 code units, as columns are counted. */
function lengthOf(bytes: Uint8Array): number {
  return isAscii(bytes) ? bytes.length : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).length;
}
