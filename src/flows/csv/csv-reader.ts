// Reads a table with a header: rows to flows, broken rows to problems. A quoted field may go over several lines; one that is
// never closed costs its own line only.

import { isUtf8 } from 'node:buffer';
import { UserError } from '../../engine/model/user-error.ts';
import type { FlowColumns } from '../flow-columns.ts';
import type { FlowReader } from '../flow-format.ts';
import { countFlow, type FlowRecorder, leaveAside, noteTime, reportBroken, reportTruncated } from '../flow-recorder.ts';
import { createLineSplitter } from '../split-lines.ts';
import { type Header, understandHeader } from './csv-columns.ts';
import { WrongValue } from './csv-values.ts';
import { interpretRow, type KnownEnds } from './interpret-row.ts';
import { type Delimiter, delimiterOf, splitRow } from './split-row.ts';

/** Lines that one row may take. */
const MOST_LINES = 100;

/** Starts to read one table; its header is the first line that is not blank. */
export function openCsv(recorder: FlowRecorder, columns: FlowColumns | undefined): FlowReader {
  let header: Header | undefined;
  let delimiter: Delimiter = ',';
  /** Lines of a row whose quoted field is still open, and the number of the first. */
  let open: string[] = [];
  let openFrom = 0;
  const ends: KnownEnds = new Map();

  const readHeader = (text: string): void => {
    delimiter = delimiterOf(text);
    const row = splitRow(text, delimiter);
    if (row.kind !== 'fields') throw new UserError('unreadable', `"${recorder.file}": its header is no row of a table`);
    header = understandHeader(
      row.fields.map((name) => name.trim()),
      columns,
      recorder.file,
    );
    for (const name of header.ignored)
      if (!recorder.ignoredColumns.has(name)) recorder.ignoredColumns.set(name, recorder.file);
  };
  const readLine = (text: string, number: number): void => {
    if (open.length === 0 && text.trim() === '') return;
    if (header === undefined) {
      readHeader(text);
      return;
    }
    if (open.length === 0) openFrom = number;
    const whole = open.length === 0 ? text : `${open.join('\n')}\n${text}`;
    const row = splitRow(whole, delimiter);
    if (row.kind === 'open') {
      open.push(text);
      if (open.length === MOST_LINES) giveUp();
      return;
    }
    open = [];
    if (row.kind === 'broken') reportBroken(recorder, openFrom, row.why, whole);
    else readRow(recorder, header, row.fields, ends, openFrom, whole);
  };
  /** The first of the open lines is broken; the others may be rows of their own. */
  const giveUp = (): void => {
    const [first, ...others] = open;
    const from = openFrom;
    open = [];
    reportBroken(recorder, from, 'a quote is opened and never closed', first!);
    for (const [index, text] of others.entries()) readLine(text, from + 1 + index);
  };
  const splitter = createLineSplitter({
    line: (bytes, start, end, number) => {
      if (isUtf8(bytes.subarray(start, end))) readLine(bytes.toString('utf8', start, end), number);
      else reportBroken(recorder, number, 'not UTF-8', bytes.toString('latin1', start, end));
    },
    tooLong: (bytes, number) =>
      reportBroken(recorder, number, 'longer than any row of a table', bytes.toString('latin1')),
  });

  return {
    read: (bytes) => splitter.read(bytes),
    end(isCut) {
      splitter.end((bytes, start, end, number) => {
        const text = bytes.toString('utf8', start, end);
        if (header === undefined) readLine(text, number);
        else if (isCut || isBegun(text, header.width)) reportTruncated(recorder, number);
        else readLine(text, number);
      });
      while (open.length > 0) giveUp();
    },
  };

  /** A last line without its end that has too few fields, or stops within quotes, is one that is being written. */
  function isBegun(text: string, width: number): boolean {
    if (open.length > 0 || text.trim() === '') return false;
    const row = splitRow(text, delimiter);
    return row.kind === 'open' || (row.kind === 'fields' && row.fields.length < width);
  }
}

function readRow(
  recorder: FlowRecorder,
  { places, width }: Header,
  fields: readonly string[],
  ends: KnownEnds,
  line: number,
  text: string,
): void {
  try {
    if (fields.length !== width) throw new WrongValue(`${fields.length} fields where the header has ${width}`);
    const row = interpretRow(fields, places, ends);
    if (row.facts === 'other-protocol') leaveAside(recorder, 'other-protocol');
    else {
      const flow = recorder.aggregate.of(row.facts);
      countFlow(recorder, flow, row.count, row.time, line);
      // The end of a row's time is a record's time as well, but no further record.
      recorder.aggregate.count(flow, 0, row.endTime, recorder.file, line);
      if (row.isAudited) recorder.audited++;
    }
    noteTime(recorder, row.time);
    noteTime(recorder, row.endTime);
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    reportBroken(recorder, line, error.message, text);
  }
}
