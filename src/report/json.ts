// Documents as JSON: fields in their own order, every element of a list on its own line, so that two outputs can be
// compared line by line and a big one stays compact. Writes in pieces. Knows of fields only which hold connections.

import type { ConnectionDocument, Document } from '../engine/questions/documents.ts';
import { elementPrinter } from './json-elements.ts';
import { expand } from './pairs.ts';
import { printableJson } from './printable.ts';
import type { ReportOptions } from './reporter.ts';

/** Fields whose elements are rectangles, and are expanded on request. */
const RECTANGLES: readonly string[] = ['connections', 'exceptions', 'added', 'removed', 'changed', 'differences'];

/** So many characters are joined before they are handed on. */
const PIECE = 1 << 16;

/** The document itself; with `expand` one rectangle per pair. Undefined fields are left out. */
export function* json(document: Document, options: ReportOptions): Iterable<string> {
  let piece = '{';
  let isFirst = true;
  for (const [name, value] of Object.entries(document)) {
    if (value === undefined) continue;
    piece += `${isFirst ? '' : ','}\n  ${JSON.stringify(name)}: `;
    isFirst = false;
    if (!Array.isArray(value)) {
      piece += JSON.stringify(value);
      continue;
    }
    const elements: Iterable<unknown> =
      options.expand === true && RECTANGLES.includes(name) ? expand(value as ConnectionDocument[]) : value;
    const print = elementPrinter();
    let isFirstElement = true;
    piece += '[';
    for (const element of elements) {
      piece += isFirstElement ? '\n    ' : ',\n    ';
      piece += print(element);
      isFirstElement = false;
      if (piece.length > PIECE) {
        yield printableJson(piece);
        piece = '';
      }
    }
    piece += isFirstElement ? ']' : '\n  ]';
  }
  yield printableJson(`${piece}\n}\n`);
}
