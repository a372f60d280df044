// A helper that reads the second part of a large log in a thread of its own. Where there is no such thread, or it fails,
// there is no help, and the answer is the same.

import { readSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PartOrder, PartReading } from './read-part.ts';

/** What a thread answers: now and then how many bytes it has read, and at last all; undefined: the part is of no use. */
export type PartAnswer = { readonly bytes: number } | { readonly reading: PartReading | undefined };

/** Reads parts of logs beside the reading that asks for it. */
export interface PartHelp {
  /** Where the second part of `size` bytes should begin of which the first `position` are read; undefined: it does not pay. */
  splitAt(position: number, size: number): number | undefined;
  /** Starts to read. One of the functions is called at last, unless `stop` is, which ends when nothing is read any more. */
  run(order: PartOrder, onAnswer: (answer: PartAnswer) => void, onFailure: () => void): { stop(): Promise<void> };
}

/** Bytes from which on a thread pays: to start one takes as long as to read a third of this. */
const MIN_SHARED = 96 * 1024 * 1024;

/** Bytes that the first reader reads more than half: those in the time that a thread takes to start and to learn. */
const HEAD_START = 24 * 1024 * 1024;

/** Help by threads that begin with this script, the compiled part-worker.ts; undefined where there is no second core. */
export function threadHelp(script: URL): PartHelp | undefined {
  if (availableParallelism() < 2) return undefined;
  return {
    splitAt: (position, size) =>
      size - position < MIN_SHARED ? undefined : position + Math.floor((size - position + HEAD_START) / 2),
    run: (order, onAnswer, onFailure) => {
      const worker = new Worker(script, { workerData: order, execArgv: [], stdin: false });
      worker.on('message', onAnswer);
      worker.on('error', onFailure);
      worker.on('exit', onFailure);
      return { stop: async () => void (await worker.terminate()) };
    },
  };
}

/** A part that is being read. */
export interface LogPart {
  /** Where it begins. */
  readonly from: number;
  /** Bytes of it that were read so far. */
  bytes(): number;
  /** Waits for the reading; undefined where it is of no use. */
  finish(): Promise<PartReading | undefined>;
  /** Ends it, whatever it is about. May be called again. */
  stop(): Promise<void>;
}

const LF = 10;
/** Bytes in which the end of a line is looked for. */
const LOOKED_AT = 1024 * 1024;

/** Starts to read the second part of a log, all of which is at hand; undefined where that does not pay or is not possible. */
export function beginPart(
  help: PartHelp,
  order: Omit<PartOrder, 'from'>,
  position: number,
  size: number,
): LogPart | undefined {
  const from = lineFrom(order.descriptor, help.splitAt(position, size) ?? size);
  if (from === undefined || from < position || from >= size) return undefined;
  let settle: (reading: PartReading | undefined) => void = () => {};
  const settled = new Promise<PartReading | undefined>((resolve) => {
    settle = resolve;
  });
  let bytes = 0;
  let running: { stop(): Promise<void> };
  try {
    running = help.run(
      { ...order, from },
      (answer) => {
        if ('reading' in answer) settle(answer.reading);
        else bytes = answer.bytes;
      },
      () => settle(undefined),
    );
  } catch {
    return undefined;
  }
  return {
    from,
    bytes: () => bytes,
    finish: () => settled,
    stop: () => {
      settle(undefined);
      return running.stop();
    },
  };
}

/** The first offset at or behind `from` where a line begins; undefined where none is near. */
function lineFrom(descriptor: number, from: number): number | undefined {
  const bytes = Buffer.allocUnsafe(LOOKED_AT);
  const at = bytes.subarray(0, readSync(descriptor, bytes, 0, LOOKED_AT, from)).indexOf(LF);
  return at < 0 ? undefined : from + at + 1;
}
