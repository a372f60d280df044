// A snapshot as bytes of a file: one object a line, packed where the name ends in .gz; the file appears whole or not at all.

import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Snapshot } from '../../engine/questions/snapshot-document.ts';
import type { TextSink } from '../io.ts';
import { writeResult } from '../replace-files.ts';

/** Text is handed on in pieces of about this many characters. */
const PIECE = 256 * 1024;

/** The document as text, in pieces; an object is one line, so that versions of it can be compared. */
export function* snapshotText({ items, ...header }: Snapshot): Iterable<string> {
  const start = JSON.stringify(header).slice(0, -1);
  let piece = `${start},\n"items": [`;
  for (const [index, item] of items.entries()) {
    piece += `${index === 0 ? '' : ','}\n${JSON.stringify(item)}`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n]}\n`;
}

/** Prints the snapshot. */
export async function printSnapshot(snapshot: Snapshot, sink: TextSink): Promise<void> {
  for (const piece of snapshotText(snapshot)) await sink.write(piece);
}

/**
 * Writes the snapshot to a file that only its owner may read: environment variables of pods may hold what is no Secret and
 * should be one. Throws UserError `unreadable` for what the system refuses.
 */
export async function writeSnapshot(snapshot: Snapshot, target: string, shown: string): Promise<void> {
  const write = async (file: FileHandle): Promise<void> => {
    const text = Readable.from(snapshotText(snapshot));
    const bytes: AsyncIterable<string | Uint8Array> = shown.endsWith('.gz') ? text.pipe(createGzip()) : text;
    for await (const piece of bytes) await file.writeFile(piece);
  };
  await writeResult({ target, shown, mode: 0o600, write }, 'name a file: snapshot save FILE');
}

/** `prod-2026-06-01.snapshot.json`: the last part of a context's name, which providers make of accounts and regions. */
export function defaultName(context: string | undefined, day: string): string {
  const last = (context ?? 'cluster').split(/[/:]/).at(-1) ?? '';
  const plain = last.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  return `${plain === '' ? 'cluster' : plain.slice(-60)}-${day}.snapshot.json`;
}
