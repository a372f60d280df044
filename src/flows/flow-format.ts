// What a flow-log format is: how it is recognised, and what reads it. A further format is one value of this shape in
// formats.ts. Knows no format, no file and no compression.

import type { FlowColumns } from './flow-columns.ts';
import type { FlowRecorder } from './flow-recorder.ts';

/** A format of flow logs. */
export interface FlowFormat {
  /** A kebab-case word: `hubble`, `csv`. */
  readonly name: string;
  /** As a sentence calls it: `Hubble's JSON lines`. */
  readonly title: string;
  /** Reports whether a log that begins with this text, without a byte order mark, is of this format. */
  recognise(head: string, columns: FlowColumns | undefined): boolean;
  /** Starts to read one log. Throws UserError where its beginning already says that it cannot be read. */
  open(recorder: FlowRecorder, columns: FlowColumns | undefined): FlowReader;
}

/** Reads one log from its first byte to its last. What it finds goes to the recorder that it was opened with. */
export interface FlowReader {
  /** The next bytes, cut anywhere. They are only valid during the call. */
  read(bytes: Uint8Array): void;
  /** The lines of a log whose lines say all by themselves: a part that begins with one can be read alone. Absent: it is none. */
  readonly lines?: {
    /** Those read so far, without one that has not ended yet. */
    count(): number;
    /** Counts lines as read that somebody else reads. To be called where a line begins. */
    skip(lines: number): void;
  };
  /** The log has ended; `isCut`: not where its writer ended it (a broken compressed stream). */
  end(isCut: boolean): void;
}
