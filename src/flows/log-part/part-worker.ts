// The thread of part-thread.ts: reads its part of a log, and says what it found. Whatever goes wrong, the other thread reads
// the part itself.

import { parentPort, workerData } from 'node:worker_threads';
import type { PartAnswer } from './part-thread.ts';
import { type PartOrder, readPart } from './read-part.ts';

const say = (answer: PartAnswer): void => parentPort!.postMessage(answer);
say({ reading: readPart(workerData as PartOrder, (bytes) => say({ bytes })) });
