// Bytes that can be read again: a large file on the disk, or what came through a pipe and stays in memory. Knows nothing of
// what they say.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../engine/model/user-error.ts';

/** A file as it was when it was opened first: another thread that opens it can tell whether it is still that one. */
export interface FileState {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
}

/** Bytes by their offset. */
export interface ByteSource {
  /** The file that holds them; absent: they are in memory. */
  readonly state?: FileState;
  /** How many there are. */
  readonly size: number;
  /** Copies bytes from offset `from` on into `target` from `at` on, as many as fit and exist; returns how many. */
  copy(target: Uint8Array, at: number, from: number): number;
  /** Bytes from `start` to before `end`, which must exist. Not to be written to. */
  slice(start: number, end: number): Uint8Array;
  /** Says that nothing more is copied. Slices may be asked for ever after. */
  close(): void;
}

/** Bytes that are in memory, one piece behind the other. */
export function memorySource(pieces: readonly Uint8Array[]): ByteSource {
  let size = 0;
  const starts = pieces.map((piece) => {
    size += piece.length;
    return size - piece.length;
  });
  /** The last piece that begins at or before an offset. */
  const pieceAt = (offset: number): number => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const copy = (target: Uint8Array, at: number, from: number): number => {
    let done = at;
    for (let index = pieceAt(from); index < pieces.length && done < target.length; index++) {
      const start = from + done - at - starts[index]!;
      const part = pieces[index]!.subarray(start, start + target.length - done);
      target.set(part, done);
      done += part.length;
    }
    return done - at;
  };
  return {
    size,
    copy,
    slice: (start, end) => {
      const index = pieceAt(start);
      const [piece, from] = [pieces[index], starts[index]!];
      if (piece !== undefined && end - from <= piece.length) return piece.subarray(start - from, end - from);
      const joined = new Uint8Array(end - start);
      copy(joined, 0, start);
      return joined;
    },
    close: () => {},
  };
}

/** What is read at once where something is looked up: what stands beside it is often asked for next. */
const BLOCK = 256 * 1024;

/**
 * A regular file, named `file` in messages. `copy` reads through one descriptor, which `close` closes; `slice` opens the
 * file anew. Both throw UserError `changed` where it is no longer what it was when it was opened first.
 */
export function fileSource(path: string, file: string): ByteSource {
  const first = openSync(path, 'r');
  const opened = fstatSync(first);
  let block: Uint8Array = new Uint8Array(0);
  let blockStart = 0;

  const fill = (descriptor: number, target: Uint8Array, at: number, from: number): number => {
    const wanted = Math.max(0, Math.min(target.length - at, opened.size - from));
    for (let done = 0; done < wanted; ) {
      const read = readSync(descriptor, target, at + done, wanted - done, from + done);
      if (read === 0) throw changed(file);
      done += read;
    }
    const { size, mtimeMs, ino } = fstatSync(descriptor);
    if (size !== opened.size || mtimeMs !== opened.mtimeMs || ino !== opened.ino) throw changed(file);
    return wanted;
  };
  const { size, mtimeMs, ino } = opened;
  return {
    size,
    state: { path, size, mtimeMs, ino },
    copy: (target, at, from) => fill(first, target, at, from),
    slice: (start, end) => {
      if (start < blockStart || end > blockStart + block.length) {
        const again = openSync(path, 'r');
        try {
          const wanted = new Uint8Array(Math.min(Math.max(BLOCK, end - start), opened.size - start));
          fill(again, wanted, 0, start);
          [block, blockStart] = [wanted, start];
        } finally {
          closeSync(again);
        }
      }
      return block.subarray(start - blockStart, end - blockStart);
    },
    close: () => closeSync(first),
  };
}

function changed(file: string): UserError {
  return new UserError('changed', `"${file}" was changed while it was being read`, { hint: 'run it again' });
}
