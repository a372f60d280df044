// P12: a flow log read from its first line to its last, by a command of its own, against JSON.parse of a part of it.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryOfCommand, timeCommand, timeOf } from '../measure.ts';
import { type LogSize, writeFlowLog } from '../shapes/flow-log.ts';
import type { Item, ItemSize, Prepared } from './item.ts';

const SEED = 20261121;
const MIB = 2 ** 20;
/** Bytes of the log that the reference parses. */
const SAMPLE = 16 * MIB;
const READER = fileURLToPath(new URL('./read-log.js', import.meta.url));

/** Reading a log; sizes for which there is no room on disk are left out. */
export const FLOW_LOG_ITEM: Item = {
  id: 'P12',
  title: "Hubble's JSON lines to counted connections, whole command",
  reference: 'JSON.parse of as many bytes',
  sizes: [128, 512, 2048].filter(hasRoom).map((size) => sized({ bytes: size * MIB, workloads: 400 })),
  smokeSizes: [4, 16].map((size) => sized({ bytes: size * MIB, workloads: 20 })),
  margin: 10,
};

function hasRoom(mebibytes: number): boolean {
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize > mebibytes * MIB * 1.2;
}

function sized(size: LogSize): ItemSize {
  return {
    text: `${size.bytes / MIB} MiB of ${size.workloads} workloads`,
    amount: size.bytes,
    size,
    prepare: (folder) => prepareLog(size, folder),
  };
}

function prepareLog(size: LogSize, folder: string): Prepared {
  const [log, output] = [join(folder, 'hubble.jsonl'), join(folder, 'output.txt')];
  const lines = writeFlowLog(log, size, SEED);
  const bytes = statSync(log).size;
  const command = { args: [READER, log], output };
  const sample = linesOf(log, Math.min(SAMPLE, bytes));
  return {
    run: () => timeCommand(command),
    reference: () => (timeOf(() => parseAll(sample)) * bytes) / sample.length,
    memory: () => memoryOfCommand(command, folder),
    handled: lines,
    speed: (milliseconds) => {
      const [flows, mebibytes] = [lines / milliseconds, bytes / MIB / (milliseconds / 1000)];
      return `${Math.round(flows)},000 flows/s, ${Math.round(mebibytes)} MiB/s`;
    },
    check: () => compareLog(log, output),
  };
}

/** The lines of the beginning of a log, as one text. */
function linesOf(file: string, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  const open = openSync(file, 'r');
  readSync(open, buffer, 0, bytes, 0);
  closeSync(open);
  return buffer.subarray(0, buffer.lastIndexOf(10) + 1);
}

/** JSON.parse of each line, and nothing else. */
function parseAll(lines: Buffer): number {
  let parsed = 0;
  for (let start = 0, end = lines.indexOf(10); end >= 0; start = end + 1, end = lines.indexOf(10, start)) {
    try {
      JSON.parse(lines.toString('utf8', start, end));
      parsed++;
    } catch {
      // The log has broken lines in it.
    }
  }
  return parsed;
}

/** Every line of the log by JSON.parse and the plainest rules, in a process of its own, against what the reader printed. */
function compareLog(log: string, output: string): string[] {
  const naive = fileURLToPath(new URL('./naive-flows.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [naive, log], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${naive}: exit code ${status}\n${stderr}`);
  const [expected, found] = [stdout, readFileSync(output, 'utf8')].map((text) => text.trimEnd().split('\n'));
  const [wanted, given] = [new Set(expected), new Set(found)];
  return [
    ...expected!.filter((line) => !given.has(line)).map((line) => `not found: ${line}`),
    ...found!.filter((line) => !wanted.has(line)).map((line) => `not in the log: ${line}`),
  ];
}
