// The one record that --flow means: a line of a log, with all other flows of that log to recognise its ends by, a record given
// as text, or one on standard input.

import { resolve } from 'node:path';
import type { ObservedFlow } from '../../engine/model/flow.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { delimiterOf, splitRow } from '../../flows/csv/split-row.ts';
import { parseFlowColumns, readFlows, threadHelp } from '../../flows/index.ts';
import { openBytes, readPieces } from '../../flows/open-log.ts';
import { createLineSplitter } from '../../flows/split-lines.ts';
import type { Invocation } from '../invocation.ts';

/** A record, and what else its log says. */
export interface ReadRecord {
  readonly flow: ObservedFlow;
  readonly others: readonly ObservedFlow[];
  readonly nodeAddresses: readonly string[];
}

/** Reads what --flow names. Throws UserError for lines and files that do not exist, and for records that are no flow. */
export async function readRecord(invocation: Invocation, text: string): Promise<ReadRecord> {
  const { io, options, progress } = invocation;
  const { flows: logs } = options.generate;
  const place = placeOf(text);
  progress.step('reading flows');
  const lines =
    place === undefined
      ? await givenRecord(text === '-' ? await everything(io.stdin) : text)
      : await linesAt(resolve(io.cwd, place.file), place.file, place.line);
  const where = place ?? { file: text === '-' ? '<stdin>' : '<argument>', line: 1 };
  const flow = await flowOf(invocation, lines, where);
  const context = [...(place === undefined ? [] : [place.file]), ...logs];
  if (context.length === 0) return { flow, others: [], nodeAddresses: [] };
  const { flows, summary } = await readFlows([...new Set(context)], { ...reading(invocation), stdin: io.stdin });
  return { flow, others: flows, nodeAddresses: summary.nodeAddresses };
}

/** `hubble.jsonl.gz:1234`; undefined for a record itself and for standard input. Throws UserError for a file without a line. */
function placeOf(text: string): { readonly file: string; readonly line: number } | undefined {
  if (text === '-' || text.trimStart().startsWith('{')) return undefined;
  const match = /^(.+):(\d+)$/.exec(text);
  const line = Number(match?.[2]);
  if (match !== null && line > 0) return { file: match[1]!, line };
  throw new UserError('usage', `--flow: "${text}" names no record`, {
    hint: 'write FILE:LINE, the record itself as JSON, or - to read it from standard input',
  });
}

async function everything(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

async function givenRecord(text: string): Promise<readonly string[]> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  // A record that was printed over several lines is one all the same.
  if (lines.length > 1 && isJson(text)) return [JSON.stringify(JSON.parse(text))];
  if (lines.length === 1 || (lines.length === 2 && !lines[0]!.trimStart().startsWith('{'))) return lines;
  if (lines.length === 0) throw new UserError('no-input', '--flow: there is no record');
  throw new UserError('usage', `--flow: ${lines.length} lines are more than one record`, {
    hint: 'replay judges whole logs',
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Lines that one row of a table may take. */
const MOST_LINES = 100;

/** A line of a log, with the header before it where the log is a table; there the lines that belong to its row as well. */
async function linesAt(path: string, file: string, wanted: number): Promise<readonly string[]> {
  let header: string | undefined;
  let headerLine = 0;
  let found: string | undefined;
  let isLong = false;
  let last = 0;
  const isWhole = (text: string): boolean => {
    if (header === undefined || header.trimStart().startsWith('{')) return true;
    return last - wanted >= MOST_LINES || splitRow(text, delimiterOf(header)).kind !== 'open';
  };
  const take = (text: string, number: number): void => {
    if (header === undefined && text.trim() !== '') [header, headerLine] = [text.replace(/^\uFEFF/, ''), number];
    if (number === wanted) found = text;
    else if (found !== undefined && !isWhole(found)) found += `\n${text}`;
    last = number;
  };
  const splitter = createLineSplitter({
    line: (bytes, start, end, number) => take(bytes.toString('utf8', start, end), number),
    tooLong(_, number) {
      last = number;
      if (number === wanted) isLong = true;
    },
  });
  try {
    const { pieces } = await openBytes(readPieces(path), file);
    for await (const piece of pieces) {
      splitter.read(piece);
      if (isLong || (found !== undefined && isWhole(found))) break;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') throw new UserError('not-found', `"${file}" does not exist`, { cause: error });
    if (code === 'EISDIR')
      throw new UserError('usage', `"${file}" is a directory`, { hint: 'name the log in it: FILE:LINE' });
    throw error;
  }
  splitter.end((bytes, start, end, number) => take(bytes.toString('utf8', start, end), number));
  if (isLong) throw new UserError('usage', `${file}:${wanted} is longer than any record`);
  if (found === undefined || header === undefined) {
    throw new UserError('not-found', `"${file}" has no line ${wanted}`, { hint: `it has ${last}` });
  }
  if (found.trim() === '') throw new UserError('usage', `${file}:${wanted} is blank`);
  const isTable = !header.trimStart().startsWith('{');
  if (isTable && wanted === headerLine)
    throw new UserError('usage', `${file}:${wanted} holds the names of the columns`, {
      hint: 'records begin below it',
    });
  return isTable ? [header, found] : [found];
}

/** The flow of one record. Throws UserError that says why it is none. */
async function flowOf(
  invocation: Invocation,
  lines: readonly string[],
  where: { readonly file: string; readonly line: number },
): Promise<ObservedFlow> {
  const place = `${where.file}:${where.line}`;
  try {
    const stdin = (async function* () {
      yield Buffer.from(`${lines.join('\n')}\n`);
    })();
    const { flows } = await readFlows(['-'], { ...reading(invocation), stdin });
    return { ...flows[0]!, place: where };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code !== 'no-input') {
      const { hint, message } = error;
      const said = message.replace('"<stdin>"', `the record at ${place}`);
      throw new UserError(error.code, said, { cause: error, ...(hint === undefined ? {} : { hint }) });
    }
    // What the reader leaves aside is said again at another place of the log, or is no connection.
    const why = (error.hint ?? '').replace(/^1 (?=broken;)| \(1\)(?=$|, )/g, '').replace(/<stdin>:\d+: /, '');
    throw new UserError('no-input', `the record at ${place} is no flow to judge: ${why}`, { cause: error });
  }
}

function reading({ io, options }: Invocation): Pick<Parameters<typeof readFlows>[1], 'cwd' | 'columns' | 'help'> {
  const { columns } = options.generate;
  const help = io.logPartWorker && threadHelp(io.logPartWorker);
  return { cwd: io.cwd, help, ...(columns === undefined ? {} : { columns: parseFlowColumns(columns) }) };
}
