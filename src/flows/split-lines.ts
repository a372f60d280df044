// Bytes cut anywhere to whole lines, without copying those that lie within one piece. Knows nothing of what a line holds.

/** Longer lines are no records of any flow log; holding one would take the memory that the reading is bounded by. */
export const LONGEST_LINE: number = 4 * 1024 * 1024;

const LF = 10;
const CR = 13;
/** Bytes that are kept of a line that is too long, to show. */
const KEPT_OF_LONG = 256;

/** What becomes of lines. Numbers count from 1; blank lines are numbered too. */
export interface LineHandler {
  /** A line without its end, from `start` to before `end`; the bytes are only valid during the call. */
  line(bytes: Buffer, start: number, end: number, number: number): void;
  /** A line longer than {@link LONGEST_LINE}; `bytes` is its beginning. */
  tooLong(bytes: Buffer, number: number): void;
}

/** Cuts bytes into lines. */
export interface LineSplitter {
  read(bytes: Uint8Array): void;
  /** How many lines were handed over. */
  count(): number;
  /** Counts lines as handed over that somebody else reads. To be called where a line begins. */
  skip(lines: number): void;
  /** Hands over a last line without an end, and says whether there was one. `number` is the line's. */
  end(handle: (bytes: Buffer, start: number, end: number, number: number) => void): void;
}

/** A splitter that has read nothing. Lines end with LF or CR LF. */
export function createLineSplitter(handler: LineHandler): LineSplitter {
  let carried = Buffer.alloc(64 * 1024);
  let length = 0;
  let number = 0;
  let isSkipping = false;

  const give = (bytes: Buffer, start: number, end: number): void => {
    number++;
    const last = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (last - start > LONGEST_LINE) handler.tooLong(bytes.subarray(start, start + KEPT_OF_LONG), number);
    else handler.line(bytes, start, last, number);
  };
  const carry = (bytes: Buffer, start: number, end: number): void => {
    if (isSkipping) return;
    const needed = length + end - start;
    if (needed > LONGEST_LINE + 1) {
      isSkipping = true;
      bytes.copy(carried, length, start, Math.min(end, start + Math.max(0, KEPT_OF_LONG - length)));
      length = Math.min(needed, KEPT_OF_LONG);
      return;
    }
    if (needed > carried.length) {
      const larger = Buffer.alloc(Math.max(needed, carried.length * 2));
      carried.copy(larger, 0, 0, length);
      carried = larger;
    }
    bytes.copy(carried, length, start, end);
    length = needed;
  };
  const finish = (): void => {
    const [end, wasLong] = [length, isSkipping];
    length = 0;
    isSkipping = false;
    if (wasLong) handler.tooLong(carried.subarray(0, end), ++number);
    else give(carried, 0, end);
  };

  return {
    read(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      let start = 0;
      if (length > 0 || isSkipping) {
        const end = bytes.indexOf(LF);
        carry(bytes, 0, end < 0 ? bytes.length : end);
        if (end < 0) return;
        finish();
        start = end + 1;
      }
      for (let end = bytes.indexOf(LF, start); end >= 0; end = bytes.indexOf(LF, start)) {
        give(bytes, start, end);
        start = end + 1;
      }
      if (start < bytes.length) carry(bytes, start, bytes.length);
    },
    count: () => number,
    skip: (lines) => {
      number += lines;
    },
    end(handle) {
      if (isSkipping) finish();
      else if (length > 0) {
        const end = carried[length - 1] === CR ? length - 1 : length;
        length = 0;
        number++;
        if (end > LONGEST_LINE) handler.tooLong(carried.subarray(0, KEPT_OF_LONG), number);
        else handle(carried, 0, end, number);
      }
    },
  };
}
