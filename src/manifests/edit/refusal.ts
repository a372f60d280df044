// Why an edit cannot be written into a text. A refusal is an answer, not an error: the file stays as it is.

/** What stands in the way. */
export type RefusalReason =
  /** The text holds no such object: it is another text than the one that was read. */
  | 'not-found'
  /** What is to be changed has an anchor, and an alias elsewhere stands for the same words. */
  | 'shared'
  /** There is no place for a new object: a JSON file with one object, or a list of another kind. */
  | 'no-place'
  /** There is no file to write: a live object, standard input, or a file that cannot be read as text. */
  | 'no-file'
  /** The new text would not say what the edits say. */
  | 'mismatch';

/** Why nothing was written. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Lower-case start, no full stop. */
  readonly message: string;
  /** What a person can do. */
  readonly hint?: string;
}

/** The text is another one than the one that was read. */
export const NOT_FOUND: Refusal = {
  reason: 'not-found',
  message: 'the file no longer holds the object that is to be changed',
  hint: 'run the command again',
};

/** What was written does not read back as it should. */
export const MISMATCH: Refusal = {
  reason: 'mismatch',
  message: 'the edit cannot be written into this file without changing something else',
  hint: 'change the file by hand',
};
