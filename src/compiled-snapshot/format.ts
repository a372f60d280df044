// What a compiled snapshot looks like from outside: its first and last bytes, its pages, and what is said of one that cannot be
// read. Knows nothing of what is in it.

import { createHash } from 'node:crypto';
import { UserError } from '../engine/model/user-error.ts';

/** The first bytes: no text begins so, and a transfer that rewrites line ends is noticed. */
export const MAGIC: Uint8Array = Uint8Array.from([0x8e, 0x4e, 0x57, 0x53, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The last bytes: a file that was cut off has others. */
export const END_MARK: Uint8Array = Uint8Array.from([0x0a, 0x4e, 0x57, 0x53, 0x20, 0x65, 0x6e, 0x64]);

/** The one version that this program writes and reads. It grows with every change of what the bytes mean. */
export const FORMAT_VERSION = 1;

/** Bytes of the head: the magic, the version, and four that are zero. */
export const HEAD_BYTES = 16;

/** Bytes of the trailer: where sums, table and file end, a checksum of all but the pages, and the end mark. */
export const TRAILER_BYTES: number = 3 * 8 + 16 + 8;

/** Bytes of which each has a checksum of its own, so that whoever needs few bytes need not check all. */
export const PAGE_BYTES: number = 64 * 1024;

/** Bytes of the checksum of a page. */
export const SUM_BYTES = 8;

/** Where each section begins and ends, in bytes from the head; in the order of the file. */
export interface Table {
  /** Version of the program that wrote the file. */
  readonly program: string;
  readonly sections: Readonly<Record<string, readonly [start: number, end: number]>>;
}

/** The first bytes of the SHA-256 of some bytes, one after the other. */
export function digest(length: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest().subarray(0, length);
}

/** Reports whether bytes begin as a compiled snapshot does; too few of them do not. */
export function beginsLikeCompiled(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte);
}

/** The error for a file that begins as a snapshot and ends otherwise. */
export function cutOff(file: string): UserError {
  return new UserError('unreadable', `"${file}" is a compiled snapshot that was cut off`, WRITE_ANEW);
}

/** The error for a file whose bytes are not those that were written. */
export function damaged(file: string): UserError {
  return new UserError(
    'unreadable',
    `"${file}" is a compiled snapshot that was damaged: its checksums do not fit`,
    WRITE_ANEW,
  );
}

/** The error for a version that this program does not know; undefined for its own. */
export function wrongVersion(file: string, version: number): UserError | undefined {
  if (version === FORMAT_VERSION) return undefined;
  const message = `"${file}" is a compiled snapshot of format ${version}, and this program reads format ${FORMAT_VERSION}`;
  const hint = version > FORMAT_VERSION ? 'a newer program reads it' : WRITE_ANEW.hint;
  return new UserError('unreadable', message, { hint });
}

const WRITE_ANEW = { hint: 'write it anew: snapshot compile FILE -f MANIFESTS' };
