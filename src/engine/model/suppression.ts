// What a person said about a finding that is to stay: which check, why, until when, and what it covers. Plain values.

import type { ManifestObject, Source } from './source.ts';

/** The prefix of annotations that suppress: `ignore.netweir.dev/<check-id>: "why; until 2027-01-31"`. */
export const IGNORE_ANNOTATION = 'ignore.netweir.dev/';

/** The word of YAML comments that suppress: `# netweir-ignore <check-id>: why; until 2027-01-31`. */
export const IGNORE_COMMENT = 'netweir-ignore';

/** A comment as a reader found it; what it says is read where findings are judged. */
export interface IgnoreComment {
  readonly file: string;
  /** What stands behind the word, trimmed; may be empty. */
  readonly text: string;
  /** Of the word itself. */
  readonly source: Source;
  /** Lines that it speaks for, both included, from 1. */
  readonly first: number;
  readonly last: number;
}

/** One suppression, understood. */
export interface Suppression {
  readonly check: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`; absent: it has no end. */
  readonly until?: string;
  /** Where it is written. */
  readonly source: Source;
  readonly covers:
    | { readonly object: ManifestObject }
    | { readonly file: string; readonly first: number; readonly last: number };
}
