// Reads flow logs of any size: finds, unpacks and recognises each, hands its bytes to the format's reader, and the flows to
// whoever asked, in bounded memory. Knows no format by itself.

import type { ObservedFlow } from '../engine/model/flow.ts';
import { UserError } from '../engine/model/user-error.ts';
import { type FlowLog, findLogs } from './find-logs.ts';
import type { FlowColumns } from './flow-columns.ts';
import type { FlowReader } from './flow-format.ts';
import { FORMATS_HINT, recogniseFormat } from './flow-formats.ts';
import { beginFile, createRecorder, type FlowRecorder, reportProblem, summarise } from './flow-recorder.ts';
import { ASIDE_SAYS, type FlowSummary } from './flow-summary.ts';
import { addReading } from './log-part/packed-reading.ts';
import { beginPart, type LogPart, type PartHelp } from './log-part/part-thread.ts';
import { type OpenLog, openBytes, readPieces, type SeekableFile } from './open-log.ts';

/** How flow logs are read. */
export interface ReadFlowsOptions {
  /** Where relative paths begin, absolute. */
  readonly cwd: string;
  /** Read where a path is `-`. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Names of columns, for tables whose own say something else; see {@link parseFlowColumns}. */
  readonly columns?: FlowColumns;
  /** Told now and then how far it is. `total` is absent where nobody knows. */
  readonly onProgress?: (progress: FlowProgress) => void;
  /** Ends the reading with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Distinct flows and ends beyond which flows are handed over early; absent: {@link HELD_FLOWS}. */
  readonly held?: number;
  /** Reads the second half of large logs at the same time; absent: all is read by one. What is found is the same. */
  readonly help?: PartHelp | undefined;
  /** Bytes of a file that are read at once; absent: {@link PIECE}. */
  readonly piece?: number;
}

/** How far a reading is, in bytes of what lies on disk. */
export interface FlowProgress {
  readonly file: string;
  readonly done: number;
  readonly total?: number;
}

/** Distinct flows and ends that a reading holds; with more, the flows are handed over early. Some hundred bytes each. */
export const HELD_FLOWS = 120_000;

/** Bytes of a file that are read at once. */
const PIECE = 1024 * 1024;

/** Flows of a batch: few enough for their objects to be gone before anybody has moved them to where old objects are. */
const MOST_HANDED = 2000;

/** Takes flows; the next are made when it has taken these. */
export type FlowSink = (flows: readonly ObservedFlow[]) => void | Promise<void>;

const UTF8_MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads the logs at the paths (files, `-`, folders). Flows are handed to `sink` in batches: all of them at the end, and
 * earlier where there are more than can be held, so that the sink may see a flow again, with what was counted since. Each
 * batch is sorted, and so are batches that follow one another with nothing read in between.
 *
 * Throws UserError for paths that do not exist, for a log that is none, and where there is not a single flow; an abort is
 * thrown as it is. Whatever is wrong with single records or ends of files is counted in the summary.
 */
export async function readFlowLog(
  paths: readonly string[],
  options: ReadFlowsOptions,
  sink: FlowSink,
): Promise<FlowSummary> {
  const logs = findLogs(paths, options.cwd);
  const recorder = createRecorder();
  const sizes = logs.map(({ size }) => size);
  const total = sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
  let done = 0;
  for (const log of logs) {
    await readLog(log, recorder, options, sink, (read) =>
      options.onProgress?.({ file: log.file, done: done + read, ...(total === undefined ? {} : { total }) }),
    );
    done += log.size ?? 0;
  }
  if (recorder.flows === 0) throw noFlows(recorder);
  await handOver(recorder, sink);
  return summarise(recorder);
}

async function readLog(
  log: FlowLog,
  recorder: FlowRecorder,
  { stdin, columns, signal, held = HELD_FLOWS, help, piece: size = PIECE }: ReadFlowsOptions,
  sink: FlowSink,
  onRead: (bytes: number) => void,
): Promise<void> {
  const { file } = log;
  signal?.throwIfAborted();
  try {
    const place: SeekableFile | undefined =
      log.size === undefined ? undefined : { descriptor: undefined, next: undefined };
    const bytes = log.path === undefined ? (stdin ?? noStdin()) : readPieces(log.path, place, size);
    const open = await openBytes(bytes, file);
    const pieces = open.pieces[Symbol.asyncIterator]();
    let part: LogPart | undefined;
    try {
      let piece = await firstPiece(pieces);
      if (piece === undefined) return emptyLog(log, recorder, open);
      const format = recogniseFormat(piece, file, columns);
      const reader = format.open(startOf(recorder, file), columns);
      if (help !== undefined && place?.descriptor !== undefined && reader.lines !== undefined && !open.isPacked) {
        const order = { descriptor: place.descriptor, file, format: format.name, held, piece: size };
        part = beginPart(help, order, open.bytesRead(), log.size!);
      }
      /** Bytes that the other reader has read, less those that both have. */
      let skipped = 0;
      while (piece !== undefined) {
        signal?.throwIfAborted();
        const beyond: number = part === undefined ? -1 : open.bytesRead() - part.from;
        reader.read(beyond > 0 ? piece.subarray(0, piece.length - beyond) : piece);
        if (part !== undefined && beyond >= 0) {
          place!.next = await joinPart(recorder, reader, part, signal);
          skipped = place!.next - open.bytesRead();
          part = undefined;
        }
        onRead(open.bytesRead() + skipped + (part?.bytes() ?? 0));
        if (recorder.aggregate.size() > held) await handOver(recorder, sink);
        const next: IteratorResult<Uint8Array> = await pieces.next();
        piece = next.done === true ? undefined : next.value;
      }
      const damage = open.damage();
      const { truncated } = recorder;
      reader.end(damage !== undefined);
      if (damage !== undefined) {
        // A log that was cut between two lines is cut all the same.
        recorder.truncated = truncated + 1;
        recorder.unread++;
        reportProblem(recorder, { file, message: damage });
      }
    } finally {
      await part?.stop();
      await pieces.return?.();
    }
  } catch (error) {
    signal?.throwIfAborted();
    const known = asUserError(error, file);
    if (!(known instanceof UserError) || log.isNamed) throw known;
    // What is said how to read is a log; anything may lie beside logs.
    if (known.hint !== FORMATS_HINT) recorder.unread++;
    reportProblem(recorder, { file, message: `not read: ${withoutName(known.message, file)}` });
  }
}

/** Adds what the part says to all before it, where it was read; the offset from which on is still to be read. */
async function joinPart(
  recorder: FlowRecorder,
  reader: FlowReader,
  part: LogPart,
  signal: AbortSignal | undefined,
): Promise<number> {
  const stop = (): void => void part.stop();
  signal?.addEventListener('abort', stop);
  const reading = await part.finish();
  signal?.removeEventListener('abort', stop);
  await part.stop();
  signal?.throwIfAborted();
  if (reading === undefined) return part.from;
  const { count, skip } = reader.lines!;
  addReading(recorder, reading.read, count());
  skip(reading.lines);
  return reading.until;
}

async function handOver({ aggregate }: FlowRecorder, sink: FlowSink): Promise<void> {
  for (const flows of aggregate.takeInParts(MOST_HANDED)) await sink(flows);
}

/** What is wrong with a file, for where its name stands before it. */
function withoutName(message: string, file: string): string {
  const name = `"${file}" `;
  return message.startsWith(name) ? message.slice(name.length).replace(/^(is|cannot be read:) /, '') : message;
}

function startOf(recorder: FlowRecorder, file: string): FlowRecorder {
  beginFile(recorder, file);
  return recorder;
}

/** The first piece that says something, long enough to tell the format by; undefined: the log is empty. */
async function firstPiece(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  let head = Buffer.alloc(0);
  // A pipe may begin with a few bytes: a whole line at least is needed.
  while (!head.includes(10) && head.length < 64 * 1024) {
    const next = await pieces.next();
    if (next.done === true) break;
    if (head.length === 0 && next.value.includes(10)) return withoutMark(next.value);
    head = Buffer.concat([head, next.value]);
  }
  return head.length === 0 ? undefined : withoutMark(head);
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return UTF8_MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes;
}

function emptyLog({ file }: FlowLog, recorder: FlowRecorder, open: OpenLog): void {
  const damage = open.damage();
  beginFile(recorder, file);
  if (damage !== undefined) {
    recorder.truncated++;
    recorder.unread++;
  }
  reportProblem(recorder, { file, message: damage ?? 'empty' });
}

function noStdin(): never {
  throw new UserError('usage', 'there is no standard input to read');
}

function asUserError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof UserError || !/^E[A-Z]+$/.test(code)) return error;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'nothing is there',
  };
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : code;
  return new UserError('unreadable', `"${file}" cannot be read: ${reason}`, { cause: error });
}

function noFlows(recorder: FlowRecorder): UserError {
  const { files, aside, broken, problems } = summarise(recorder);
  // Files that are no logs are not among those that were read.
  const all = new Set([...files, ...problems.map(({ file }) => file)]);
  const names = all.size === 1 ? `"${[...all][0]}"` : `${all.size} files`;
  const reasons = Object.entries(aside).map(
    ([reason, count]) => `${ASIDE_SAYS[reason as keyof typeof aside]} (${count})`,
  );
  const held = [...reasons, ...(broken > 0 ? [`${broken} broken`] : [])];
  const [first] = problems;
  const example =
    first === undefined ? '' : `; ${[first.file, first.line].filter(Boolean).join(':')}: ${first.message}`;
  const hint =
    held.length === 0 && first === undefined ? FORMATS_HINT : `${held.join(', ')}${example}`.replace(/^; /, '');
  return new UserError('no-input', `no flows in ${names}`, { hint });
}
