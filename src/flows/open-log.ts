// The bytes of one log, unpacked: files, pipes, standard input; gzip by its first bytes. Knows no format.

import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '../engine/model/user-error.ts';

const PIECE = 1024 * 1024;
const UNPACKED_PIECE = 256 * 1024;

/** Compressed forms that Node 20 cannot read, by how they begin. */
const FOREIGN: readonly { readonly magic: readonly number[]; readonly name: string; readonly command: string }[] = [
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: 'zstd', command: 'zstdcat' },
  { magic: [0x42, 0x5a, 0x68], name: 'bzip2', command: 'bzcat' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'xz', command: 'xzcat' },
  { magic: [0x04, 0x22, 0x4d, 0x18], name: 'lz4', command: 'lz4cat' },
  { magic: [0x50, 0x4b, 0x03, 0x04], name: 'zip', command: 'unzip -p' },
];

/** Bytes of a log. */
export interface OpenLog {
  /** Pieces that are valid until the next one is asked for. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** How much was read so far of what {@link FlowLog.size} measures. */
  bytesRead(): number;
  /** Packed bytes are none that could be read from anywhere. */
  readonly isPacked: boolean;
  /** Why the pieces ended early or are not all that was there; undefined: they are. To be asked at the end. */
  damage(): string | undefined;
}

/** Unpacks a stream where that is needed. Throws UserError for other compressed forms. `file` names it in messages. */
export async function openBytes(source: AsyncIterable<Uint8Array>, file: string): Promise<OpenLog> {
  const iterator = source[Symbol.asyncIterator]();
  const counter = { bytes: 0 };
  let first = Buffer.alloc(0);
  let isEnd = false;
  while (first.length < 6 && !isEnd) {
    const next = await iterator.next();
    if (next.done === true) isEnd = true;
    else first = Buffer.concat([first, next.value]);
  }
  counter.bytes = first.length;
  const foreign = FOREIGN.find(({ magic }) => magic.every((byte, index) => first[index] === byte));
  if (foreign !== undefined) {
    await iterator.return?.();
    throw new UserError('unreadable', `"${file}" is compressed with ${foreign.name}, which is not read`, {
      hint: `unpack it first: ${foreign.command} FILE | netweir … -`,
    });
  }
  const pieces = rest(first, isEnd, iterator, counter);
  if (first[0] === 0x1f && first[1] === 0x8b) return unpack(pieces, counter);
  return { pieces, isPacked: false, bytesRead: () => counter.bytes, damage: () => undefined };
}

/** A file of which another place can be read next. */
export interface SeekableFile {
  /** The open file; undefined as long as nothing was read. */
  descriptor: number | undefined;
  /** Where the next piece begins; undefined: where the last one ended. */
  next: number | undefined;
}

/**
 * Bytes of a file. Two buffers in turn: one is filled while the other is looked at. `seekable`: told what there is to know
 * about a regular file, and asked where to read on. `size`: bytes of a piece.
 */
export async function* readPieces(
  path: string,
  seekable?: SeekableFile,
  size: number = PIECE,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  let pending: Promise<{ bytesRead: number }> | undefined;
  let position = 0;
  // A pipe has no places.
  const read = (turn: number) => file.read(buffers[turn]!, 0, size, seekable === undefined ? null : position);
  try {
    if (seekable !== undefined) seekable.descriptor = file.fd;
    pending = read(0);
    for (let turn = 0; ; turn ^= 1) {
      let { bytesRead } = await pending;
      if (seekable?.next !== undefined) {
        position = seekable.next;
        seekable.next = undefined;
        pending = read(turn);
        ({ bytesRead } = await pending);
      }
      if (bytesRead === 0) return;
      position += bytesRead;
      pending = read(turn ^ 1);
      yield buffers[turn]!.subarray(0, bytesRead);
    }
  } finally {
    // A read that is under way must not find its file closed.
    await pending?.catch(() => {});
    await file.close();
  }
}

async function* rest(
  first: Buffer,
  isEnd: boolean,
  iterator: AsyncIterator<Uint8Array>,
  counter: { bytes: number },
): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    while (!isEnd) {
      const next = await iterator.next();
      if (next.done === true) return;
      counter.bytes += next.value.length;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/**
 * Members that follow one another are unpacked one after the other, as gzip does; zeros at the end are padding. Where the
 * data are damaged, zlib keeps the last part of what it unpacked before, at most one piece.
 */
function unpack(packed: AsyncGenerator<Uint8Array>, counter: { bytes: number }): OpenLog {
  let damage: string | undefined;
  let fed = 0;
  /** Bytes up to the last one that is not zero. */
  let meaningful = 0;
  async function* copies(): AsyncGenerator<Uint8Array> {
    // The pieces are used again by who reads the file, and zlib reads in a thread of its own.
    for await (const piece of packed) {
      let end = piece.length;
      while (end > 0 && piece[end - 1] === 0) end--;
      if (end > 0) meaningful = fed + end;
      fed += piece.length;
      yield Buffer.from(piece);
    }
  }
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const source = Readable.from(copies(), { objectMode: false, highWaterMark: PIECE });
    const gunzip = createGunzip({ chunkSize: UNPACKED_PIECE });
    source.on('error', (error) => gunzip.destroy(error));
    source.pipe(gunzip);
    try {
      for await (const piece of gunzip) yield piece as Uint8Array;
      // zlib stops at a zero: padding, unless something comes after it.
      if (gunzip.bytesWritten < meaningful) damage = 'what follows the compressed data was not read';
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!code.startsWith('Z_')) throw error;
      damage = code === 'Z_BUF_ERROR' ? 'the compressed data end early' : 'the compressed data are damaged';
    } finally {
      source.destroy();
    }
  }
  return { pieces: pieces(), isPacked: true, bytesRead: () => counter.bytes, damage: () => damage };
}
