// Writes sections one after the other, with a checksum for each page and a table at the end. Knows no sections.

import { digest, END_MARK, FORMAT_VERSION, HEAD_BYTES, MAGIC, PAGE_BYTES, SUM_BYTES, TRAILER_BYTES } from './format.ts';

/** Takes bytes, in order. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/** A compiled snapshot that is being written. */
export interface PageWriter {
  /** Adds a section; its bytes come in pieces. Returns how long it is. */
  section(name: string, pieces: Iterable<Uint8Array>): Promise<number>;
  /** Writes what stands behind the sections; nothing may be added then. */
  end(program: string): Promise<void>;
}

/** Begins a file. Bytes are handed on once a page is full. */
export async function beginPages(sink: Sink): Promise<PageWriter> {
  const head = Buffer.alloc(HEAD_BYTES);
  head.set(MAGIC);
  head.writeUInt32LE(FORMAT_VERSION, MAGIC.length);
  await sink(head);
  const sections: Record<string, [number, number]> = {};
  const sums: Uint8Array[] = [];
  const page = Buffer.alloc(PAGE_BYTES);
  let filled = 0;
  let length = 0;

  const flush = async (): Promise<void> => {
    if (filled === 0) return;
    const bytes = Buffer.from(page.subarray(0, filled));
    sums.push(digest(SUM_BYTES, bytes));
    filled = 0;
    await sink(bytes);
  };
  const add = async (piece: Uint8Array): Promise<void> => {
    length += piece.length;
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + PAGE_BYTES - filled);
      page.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === PAGE_BYTES) await flush();
    }
  };
  return {
    section: async (name, pieces) => {
      const start = length;
      for (const piece of pieces) await add(piece);
      sections[name] = [start, length];
      return length - start;
    },
    end: async (program) => {
      await flush();
      const allSums = Buffer.concat(sums);
      const table = Buffer.from(JSON.stringify({ program, sections }));
      const trailer = Buffer.alloc(TRAILER_BYTES);
      const sumsAt = HEAD_BYTES + length;
      const tableAt = sumsAt + allSums.length;
      trailer.writeDoubleLE(sumsAt, 0);
      trailer.writeDoubleLE(tableAt, 8);
      trailer.writeDoubleLE(tableAt + table.length + TRAILER_BYTES, 16);
      trailer.set(digest(16, head, allSums, table, trailer.subarray(0, 24)), 24);
      trailer.set(END_MARK, 40);
      await sink(Buffer.concat([allSums, table, trailer]));
    },
  };
}
