// Reads a part of a log that begins with a line, while somebody else reads what stands before. It only reads lines that have
// an end: the last one is for the other reader, and so is what is wrong with the file.

import { readSync } from 'node:fs';
import { FLOW_FORMATS } from '../flow-formats.ts';
import { beginFile, createRecorder } from '../flow-recorder.ts';
import { isFull, type PackedReading, packReading } from './packed-reading.ts';

/** What is to be read. */
export interface PartOrder {
  /** An open file of this process. */
  readonly descriptor: number;
  readonly file: string;
  /** Where a line begins. */
  readonly from: number;
  /** Name of the format. */
  readonly format: string;
  /** Distinct flows and ends beyond which the part ends. */
  readonly held: number;
  /** Bytes that are read at once. */
  readonly piece: number;
}

/** What was read: lines from the beginning of the part up to an offset, where a line begins or the file ends. */
export interface PartReading {
  readonly until: number;
  readonly lines: number;
  readonly read: PackedReading;
}

const LF = 10;
/** Pieces after which the reader tells how far it is. */
const TOLD_AFTER = 8;

/** Reads the part; undefined where its format cannot be read in parts. `onRead` is told how many bytes were read so far. */
export function readPart(order: PartOrder, onRead: (bytes: number) => void): PartReading | undefined {
  const { descriptor, file, from, held, piece } = order;
  const recorder = createRecorder();
  beginFile(recorder, file);
  const reader = FLOW_FORMATS.find(({ name }) => name === order.format)?.open(recorder, undefined);
  if (reader?.lines === undefined) return undefined;
  const buffer = Buffer.allocUnsafeSlow(piece);
  let [position, until] = [from, from];
  for (let turn = 1; !isFull(recorder, held); turn++) {
    const bytes = buffer.subarray(0, readSync(descriptor, buffer, 0, piece, position));
    if (bytes.length === 0) break;
    reader.read(bytes);
    const last = bytes.lastIndexOf(LF);
    if (last >= 0) until = position + last + 1;
    position += bytes.length;
    if (turn % TOLD_AFTER === 0) onRead(position - from);
  }
  return { until, lines: reader.lines.count(), read: packReading(recorder) };
}
