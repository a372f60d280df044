// The one line that `can` answers with, and what differs from it. Knows nothing of how it was found out.

import type { Answer } from '../engine/questions/documents.ts';
import { GAP } from './columns.ts';
import { connectionTable, plainNames } from './connection-table.ts';
import { portsText } from './ports-text.ts';
import { GLUE, printable, wrapWords } from './printable.ts';
import { REASONS, reasonText } from './reasons.ts';
import type { ReportOptions } from './reporter.ts';
import { signs, verdictMark } from './style.ts';

/** `✓ allowed   shop/web → shop/db   5432/TCP`, the reason of an unknown in words, the exceptions of a partly; marked where unread input could change it. */
export function* answerText(document: Answer, options: ReportOptions): Iterable<string> {
  const { style, ascii } = options;
  const { sign, paint } = verdictMark(document.verdict, style, ascii);
  const pair = `${printable(document.from)} ${signs(ascii).arrow} ${printable(document.to)}`;
  // "All" of a destination with a port is that port, which the headline has already.
  const isSaid = document.ports === 'all' && document.to.includes(':');
  const ports = isSaid ? '' : portsText(document.ports).replaceAll(GLUE, ' ');
  const mark = document.endpoints.some(({ incomplete }) => incomplete === true) ? `${GAP}(incomplete)` : '';
  yield `${paint(`${sign} ${document.verdict}`)}${GAP}${style.bold(pair)}${ports === '' ? '' : `${GAP}${ports}`}${mark}\n`;
  if (document.reason !== undefined) yield* reasonLines(document.reason, options, '  ');
  if (document.exceptions.length === 0) return;
  yield '\n';
  yield* connectionTable(document.exceptions, plainNames(document.endpoints, options), options, '  ');
}

/**
 * What a document gives as its reason: the words of {@link REASONS}, joined by commas, each with what settles it, or a
 * sentence that stands for itself.
 */
export function* reasonLines(reason: string, options: ReportOptions, indent: string): Iterable<string> {
  const words = reason.split(', ');
  if (!words.every((word) => Object.hasOwn(REASONS, word))) return yield* paragraph(printable(reason), options, indent);
  for (const word of words) {
    const { sentence, settle } = reasonText(word);
    yield* paragraph(`${sentence} (${word})`, options, indent);
    if (settle !== undefined) yield* paragraph(`to settle it: ${settle}`, options, indent);
  }
}

/** Text broken at the width, with the same indent on every line. */
export function* paragraph(text: string, options: ReportOptions, indent: string): Iterable<string> {
  const lines =
    options.width === undefined
      ? [text.replaceAll(GLUE, ' ')]
      : wrapWords(text, Math.max(20, options.width - indent.length));
  for (const line of lines) yield `${indent}${line}\n`;
}
