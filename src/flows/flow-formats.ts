// The formats of flow logs that are read, and which of them a log is. A further format is one more entry.

import { UserError } from '../engine/model/user-error.ts';
import { CSV } from './csv/csv-format.ts';
import type { FlowColumns } from './flow-columns.ts';
import type { FlowFormat } from './flow-format.ts';
import { HUBBLE } from './hubble/hubble-format.ts';

/** All formats, in the order in which they are tried. */
export const FLOW_FORMATS: readonly FlowFormat[] = [HUBBLE, CSV];

/** Bytes at the beginning of a log that its format is told by. */
export const HEAD_BYTES: number = 64 * 1024;

/** What a person is told wherever a log is none that is known. */
export const FORMATS_HINT: string = `known are ${FLOW_FORMATS.map(({ title }) => title).join('; ')}`;

/** What is not read, and what would make it so; each by how it begins. */
const NEAR_MISSES: readonly { readonly beginning: RegExp; readonly what: string; readonly hint: string }[] = [
  {
    beginning: /^\s*\[\s*[{[]/,
    what: 'is one JSON list',
    hint: 'one record a line is read: jq -c ".[]" FILE | netweir … -',
  },
  {
    beginning: /^\s*\{\s*\n/,
    what: 'is JSON whose records take several lines each',
    hint: 'one record a line is read: jq -c . FILE | netweir … -',
  },
  {
    beginning: /^[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d\.\d+: .* (?:->|<-|<>) /,
    what: "is Hubble's text for people",
    hint: 'write it with hubble observe -o jsonpb',
  },
];

/** The format of a log that begins with these bytes. Throws UserError where it is none that is read. */
export function recogniseFormat(head: Uint8Array, file: string, columns: FlowColumns | undefined): FlowFormat {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, HEAD_BYTES));
  if (isWide(bytes))
    throw new UserError('unreadable', `"${file}" is UTF-16 text`, {
      hint: 'write it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE | netweir … -',
    });
  const text = bytes.toString('utf8');
  const format = FLOW_FORMATS.find((one) => one.recognise(text, columns));
  if (format !== undefined) return format;
  if (bytes.includes(0)) throw new UserError('unreadable', `"${file}" is no text`, { hint: FORMATS_HINT });
  const near = NEAR_MISSES.find(({ beginning }) => beginning.test(text));
  if (near !== undefined) throw new UserError('unreadable', `"${file}" ${near.what}`, { hint: near.hint });
  throw new UserError('unreadable', `"${file}" is no flow log that is known`, { hint: FORMATS_HINT });
}

function isWide(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
