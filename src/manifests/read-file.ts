// The bytes of one file or stream to objects: bounds on size, encodings, and what cannot be read as finding and gap.

import { createReadStream, readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeText } from './decode-text.ts';
import { MAX_FILE_BYTES, MAX_HELD_BYTES, MAX_KEPT_BYTES, MIN_LISTED_BYTES } from './limits.ts';
import { fileSource, memorySource } from './listed-json/byte-source.ts';
import { partHelper, type RunOrder } from './listed-json/part-thread.ts';
import { type ListedResult, type ReadListedOptions, readListed } from './listed-json/read-listed.ts';
import { appendReading, type Reading, report } from './problem.ts';
import { readTextInto } from './read-text.ts';

/** What stands in the place of a large file in a repository, and in a folder where git-lfs is not installed. */
const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?\noid /;

/** How a file is named and opened. */
export interface OpenFile {
  /** What sources name. */
  readonly file: string;
  /** What the system opens. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  /** Whether Pods of large files may keep only what a snapshot reads of them; see {@link ManifestObject.brief}. */
  readonly abridges: boolean;
  /** Who reads parts of large files in another thread; absent: nobody. */
  readonly runPart?: RunOrder | undefined;
  /** Called now and then while a large file is read; `total` is its size in bytes, `items` are those of its lists so far. */
  readonly onBytes?: ((done: number, total: number, items: number) => void) | undefined;
}

/** Bytes of a large file that are read at once: they stay near the processor. */
const PIECE = 512 * 1024;

/** Pieces between which whatever else waits gets its turn: about a tenth of a second. */
const TURN_PIECES = 100;

/**
 * Reads a file; one that cannot be read is a finding and a gap. An abort is thrown. Regular files are read synchronously:
 * for many small files the thread pool costs more than the parser. Returns the number of bytes.
 */
export async function readFileInto(reading: Reading, opened: OpenFile): Promise<number> {
  const { file, path, signal, abridges } = opened;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      const stream = createReadStream(path, signal === undefined ? {} : { signal });
      await readStreamInto(reading, stream, file, { abridges });
    } else if (stats.size > MAX_KEPT_BYTES && (await readLargeInto(reading, opened))) return stats.size;
    else if (stats.size > MAX_FILE_BYTES) reportTooLarge(reading, file);
    else readBytesInto(reading, readFileSync(path), file, { abridges });
    return stats.size;
  } catch (error) {
    signal?.throwIfAborted();
    reportUnreadable(reading, file, error);
    return 0;
  }
}

/** Reads a file as lists in JSON, without holding it; false where it is something else. */
async function readLargeInto(reading: Reading, opened: OpenFile): Promise<boolean> {
  const { file, path, signal, abridges, runPart, onBytes } = opened;
  const source = fileSource(path, file);
  const helper = runPart && partHelper(source, PIECE, runPart);
  try {
    const isAlone = source.size > MAX_FILE_BYTES;
    // What cannot be held as text keeps no more than it must.
    const steps = readListed(source, file, { abridges: abridges || isAlone, piece: PIECE, isAlone, helper });
    for (let turn = 1; ; turn++) {
      const step = steps.next();
      if (step.done === true) return addListed(reading, file, step.value);
      onBytes?.(step.value.bytes, source.size, step.value.items);
      signal?.throwIfAborted();
      if (step.value.wait !== undefined) await step.value.wait;
      else if (turn % TURN_PIECES === 0) await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    helper?.cancel();
    source.close();
  }
}

/** How bytes are read. */
export interface ByteOptions {
  /** See {@link OpenFile}; false if absent. */
  readonly abridges?: boolean;
  /** Cuts the text into parts with names of their own; absent: it is one. */
  readonly split?: (text: string) => readonly { readonly file: string; readonly text: string }[];
}

/** Reads a stream to its end, or to the bound on size. Errors of the stream are thrown. */
export async function readStreamInto(
  reading: Reading,
  stream: AsyncIterable<Uint8Array>,
  file: string,
  options: ByteOptions = {},
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    chunks.push(chunk);
    const limit = options.split === undefined && beginsLikeList(chunks[0]!) ? MAX_HELD_BYTES : MAX_FILE_BYTES;
    if (size > limit) return reportTooLarge(reading, file);
  }
  if (size > MAX_FILE_BYTES) {
    if (!readHeldInto(reading, chunks, file, { abridges: true, isAlone: true })) reportTooLarge(reading, file);
  } else readBytesInto(reading, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size), file, options);
}

/** Whether bytes may be the beginning of lists in JSON: nothing else is worth to be held where it is so long. */
function beginsLikeList(bytes: Uint8Array): boolean {
  const mark = [0xef, 0xbb, 0xbf].every((byte, i) => bytes[i] === byte) ? 3 : 0;
  const first = bytes.subarray(mark, mark + 1024).find((byte) => byte > 32);
  return first === 123;
}

/** Reads bytes that are in memory as lists in JSON; false where they are something else. */
function readHeldInto(
  reading: Reading,
  pieces: readonly Uint8Array[],
  file: string,
  options: Omit<ReadListedOptions, 'piece'>,
): boolean {
  const steps = readListed(memorySource(pieces), file, { ...options, piece: PIECE });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return addListed(reading, file, step.value);
}

/** A file or directory that is there but cannot be read. */
export function reportUnreadable(reading: Reading, file: string, error: unknown): void {
  report(reading, 'unreadable-file', { file, path: '' }, `cannot be read: ${reasonOf(error)}`, { lost: 'unreadable' });
}

/** Reads the whole of one file. */
export function readBytesInto(
  reading: Reading,
  bytes: Uint8Array,
  file: string,
  { abridges = false, split }: ByteOptions = {},
): void {
  const unpacked = unpack(reading, bytes, file);
  if (unpacked === undefined) return;
  const isAlone = unpacked.length > MAX_FILE_BYTES;
  if (split === undefined && unpacked.length >= MIN_LISTED_BYTES) {
    if (readHeldInto(reading, [unpacked], file, { abridges: abridges || isAlone, isAlone })) return;
  }
  if (isAlone) {
    reportTooLarge(reading, file);
    return;
  }
  const decoded = decodeText(unpacked);
  if ('isBinary' in decoded) {
    reading.skipped.push({ file, reason: 'a binary file' });
    return;
  }
  if (LFS_POINTER.test(decoded.text)) {
    const message = 'a pointer of Git LFS; the file that it stands for is not here';
    report(reading, 'unreadable-file', { file, path: '' }, message, { hint: 'git lfs pull', lost: 'unreadable' });
    return;
  }
  const before = reading.documents;
  for (const part of split?.(decoded.text) ?? [{ file, text: decoded.text }])
    readTextInto(reading, part.text, part.file);
  if (reading.documents > before) reportInvalid(reading, file, decoded.invalidAt);
}

/** Adds what a list came to; false where another reader has to read it. */
export function addListed(reading: Reading, file: string, result: ListedResult | undefined): boolean {
  if (result === undefined) return false;
  appendReading(reading, result.own);
  if (result.own.documents > 0) reportInvalid(reading, file, result.invalidAt);
  return true;
}

/** `at`: offset of the first byte that is no UTF-8; absent: there is none. */
function reportInvalid(reading: Reading, file: string, at: number | undefined): void {
  if (at === undefined) return;
  const message = `byte ${at} is no UTF-8; it is read as U+FFFD, as kubectl does`;
  report(reading, 'invalid-encoding', { file, path: '' }, message, { severity: 'medium' });
}

/** What a gzip file holds; other bytes as they are. Undefined, with a finding, for one that is damaged or too large. */
function unpack(reading: Reading, bytes: Uint8Array, file: string): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_HELD_BYTES });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') reportTooLarge(reading, file);
    else {
      const message = 'cannot be read: a gzip file that is damaged or cut off';
      report(reading, 'unreadable-file', { file, path: '' }, message, { lost: 'unreadable' });
    }
    return undefined;
  }
}

/** Reports a file that is beyond the bound on size. */
export function reportTooLarge(reading: Reading, file: string): void {
  const limit = Math.round(MAX_FILE_BYTES / 1024 / 1024);
  const message = `a file of more than ${limit} MB is not read`;
  report(reading, 'too-large', { file, path: '' }, message, { hint: 'split it', lost: 'unreadable' });
}

/** The word that the system uses for an error: `ENOENT`; empty where it has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function reasonOf(error: unknown): string {
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'a link to nothing, or removed meanwhile',
    ELOOP: 'a link that leads to itself',
    EISDIR: 'a directory',
    ENAMETOOLONG: 'the name is too long',
  };
  const code = codeOf(error);
  if (Object.hasOwn(reasons, code)) return reasons[code]!;
  return code !== '' ? code : error instanceof Error ? error.message : String(error);
}
