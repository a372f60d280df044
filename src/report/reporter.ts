// What a reporter is. Reporters turn documents into text and do nothing else: no files, no terminal, no clock.

import type { Document } from '../engine/questions/documents.ts';
import type { Style } from './style.ts';

/** The formats of `-o`. */
export type Format = 'table' | 'wide' | 'json' | 'csv' | 'jsonl' | 'dot';

/** A document's kind, as its `kind` field says. */
export type DocumentKind = Document['kind'];

/** How to print. */
export interface ReportOptions {
  readonly style: Style;
  /** Columns of the terminal. Absent: the output is not for a terminal, and lines are never broken. */
  readonly width?: number;
  /** JSON: one rectangle per pair instead of rectangles of sets. */
  readonly expand?: boolean;
  /** Tables and CSV: leave out the line of column names. */
  readonly noHeaders?: boolean;
  /** Tables: kinds, addresses and policies in full. The format `wide` sets it. */
  readonly wide?: boolean;
  /**
   * Table of a map: true where the document lists every pod of its snapshot, as a map does that no filter narrowed.
   * Only then may a set be called `shop/*` or `all pods`; absent: pods are listed.
   */
  readonly allPods?: boolean;
  /** Tables: only ASCII signs. */
  readonly ascii?: boolean;
}

/** Text in pieces, in order, so that a big answer can be written while it is made. The last piece ends with a newline. */
export type Reporter<D extends Document = Document> = (document: D, options: ReportOptions) => Iterable<string>;
