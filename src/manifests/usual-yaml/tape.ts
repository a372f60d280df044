// What a scan of usual YAML writes down: one number after the other, what begins and ends where. Read in order, as nothing
// in it points anywhere.

/** Entries of a tape; each is followed by offsets in the text. */
export const TAPE = {
  /** A block mapping: start. Keys and values follow in turn, then {@link TAPE.end}. */
  map: 0,
  /** A block sequence: start. Items follow, then {@link TAPE.end}. */
  sequence: 1,
  /** A mapping in braces: start. */
  flowMap: 2,
  /** A sequence in brackets: start. */
  flowSequence: 3,
  /** The end of a mapping or sequence: offset behind it; for a block nobody asks. */
  end: 4,
  /** A plain scalar: start, end. */
  plain: 5,
  /** A scalar in single quotes: start, end, with the quotes. */
  single: 6,
  /** A scalar in double quotes: start, end, with the quotes. */
  double: 7,
  /** Literal text: start of its sign, end, start of its first line, indentation, and 1 where the last line end counts. */
  literal: 8,
  /** A value that was left out: where it would stand. */
  empty: 9,
} as const;

/** A scanned document. */
export type Tape = readonly number[];
