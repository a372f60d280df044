// A helper that reads the second part of a long list in a thread of its own. Where there is no such thread, or it fails,
// there is no help, and the answer is the same.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ByteSource, FileState } from './byte-source.ts';
import { addBatch, guessItem, type PodBatch } from './list-part.ts';
import type { PartEnd, PartHelper, PartRequest } from './read-lists.ts';

/** What a thread is told. */
export interface PartOrder {
  readonly state: FileState;
  readonly request: PartRequest;
  readonly piece: number;
}

/** What a thread answers: batches, and at last where its part ends; no end where its part is of no use. */
export type PartAnswer = { readonly batch: PodBatch } | { readonly end: PartEnd | undefined };

/** Bytes of items from which on a thread pays: to start one takes as long as to read a tenth of this. */
const MIN_SHARED = 64 * 1024 * 1024;

/** Bytes that the first reader reads more than half: those in the time that it takes to start a thread. */
const HEAD_START = 24 * 1024 * 1024;

/** Who runs the order; a thread that runs the script, or in tests something simpler. */
export type RunOrder = (
  order: PartOrder,
  onAnswer: (answer: PartAnswer) => void,
  onFailure: () => void,
) => { stop(): void };

/** Runs orders in threads that begin with this script, the compiled part-worker.ts. */
export function threadOf(script: URL): RunOrder {
  return (order, onAnswer, onFailure) => {
    const worker = new Worker(script, { workerData: order, execArgv: [], stdin: false });
    worker.on('message', onAnswer);
    worker.on('error', onFailure);
    worker.on('exit', onFailure);
    return { stop: () => void worker.terminate() };
  };
}

/** A helper for one file; undefined where none pays. `least`: bytes of items from which on it does. */
export function partHelper(
  source: ByteSource,
  piece: number,
  run: RunOrder,
  least: number = MIN_SHARED,
): PartHelper | undefined {
  const { state, size } = source;
  if (state === undefined || size < least || availableParallelism() < 2) return undefined;
  const batches: PodBatch[] = [];
  let count = 0;
  let from = 0;
  let running: { stop(): void } | undefined;
  let settle: (end: PartEnd | undefined) => void = () => {};
  const settled = new Promise<PartEnd | undefined>((resolve) => {
    settle = resolve;
  });
  const onAnswer = (answer: PartAnswer): void => {
    if ('batch' in answer) {
      batches.push(answer.batch);
      count += answer.batch.starts.length;
    } else settle(answer.end);
  };
  return {
    begin: (open, first, members) => {
      if (size - first < least) return undefined;
      const headStart = Math.min(HEAD_START, (size - first) >> 3);
      const guess = guessItem(source, open, first, first + Math.floor((size - first) / 2) + headStart);
      if (guess === undefined) return undefined;
      from = guess;
      try {
        running = run({ state, piece, request: { from, members } }, onAnswer, () => settle(undefined));
      } catch {
        return undefined;
      }
      return guess;
    },
    progress: () => ({ bytes: count === 0 ? 0 : batches.at(-1)!.ends.at(-1)! - from, items: count }),
    finish: async (items) => {
      const end = await settled;
      running?.stop();
      const texts = new Map<unknown, unknown>();
      if (end !== undefined) for (const batch of batches) addBatch(items, batch, texts);
      batches.length = 0;
      return end;
    },
    cancel: () => {
      running?.stop();
      settle(undefined);
      batches.length = 0;
    },
  };
}
