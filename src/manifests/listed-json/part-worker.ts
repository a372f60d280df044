// The thread of part-thread.ts: reads its part of a file, and sends what it finds batch by batch. Whatever goes wrong, the
// other thread reads the part itself and says what is wrong.

import { parentPort, workerData } from 'node:worker_threads';
import { fileSource } from './byte-source.ts';
import { readPart } from './list-part.ts';
import type { PartAnswer, PartOrder } from './part-thread.ts';

const order = workerData as PartOrder;
const say = (answer: PartAnswer): void => parentPort!.postMessage(answer);
const source = fileSource(order.state.path, order.state.path);
const { size, mtimeMs, ino } = source.state!;
if (size !== order.state.size || mtimeMs !== order.state.mtimeMs || ino !== order.state.ino) say({ end: undefined });
else {
  const steps = readPart(source, order.request, order.piece);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) say({ batch: step.value });
  say({ end: step.value });
}
