// What a reporter is. Reporters turn documents into text and do nothing else: no files, no terminal, no clock.

import type { CheckInfo } from '../engine/checks/list-checks.ts';
import type { Severity } from '../engine/model/finding.ts';
import type { Document } from '../engine/questions/documents.ts';
import type { Style } from './style.ts';

/** The formats of `-o`. */
export type Format =
  | 'table'
  | 'wide'
  | 'json'
  | 'yaml'
  | 'csv'
  | 'jsonl'
  | 'dot'
  | 'sarif'
  | 'junit'
  | 'github'
  | 'gitlab'
  | 'md'
  | 'mermaid';

/** A document's kind, as its `kind` field says. */
export type DocumentKind = Document['kind'];

/** What formats for CI systems print beside the document. What is absent is left out of the output. */
export interface RunFacts {
  /** Of the program. */
  readonly version?: string;
  /** The command that made the document, as a shell reads it. */
  readonly command?: string;
  /** Every check that could have spoken, for formats that describe them. Absent: those of the engine. */
  readonly checks?: readonly CheckInfo[];
  /**
   * Where relative file names start, and the root of the repository around it; both absolute, in the manner of the
   * machine. Absent: file names are taken to start at the root.
   */
  readonly place?: { readonly cwd: string; readonly root: string };
  /** The severity from which findings fail the run. Absent: `high`. */
  readonly failOn?: Severity;
  /** True where input that was not read or understood does not fail the run. */
  readonly allowIncomplete?: boolean;
}

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
  /** Objects as YAML documents, for formats that hold manifests. Absent: those formats cannot be printed. */
  readonly printObjects?: (values: readonly unknown[]) => string;
  /** For formats that CI systems read. Absent: nothing is known of the run. */
  readonly run?: RunFacts;
}

/** Text in pieces, in order, so that a big answer can be written while it is made. The last piece ends with a newline. */
export type Reporter<D extends Document = Document> = (document: D, options: ReportOptions) => Iterable<string>;
