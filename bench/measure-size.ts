// One item at one size, measured in this process: all runs, the reference between them, then the check of the last answer.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ItemSize } from './items/item.ts';
import { summarise, type Timing } from './measure.ts';

/** An item at one size. */
export interface Figure {
  /** Where the answer differs from the naive one; empty: nowhere. Other than so, times are not worth printing. */
  readonly failures: readonly string[];
  /** How often it was run. */
  readonly runs: number;
  readonly time: Timing;
  /** The first run, in a process that has done nothing like it before; milliseconds. */
  readonly cold: number;
  readonly reference: Timing;
  /** Time of processors that the run with least of it took, where it runs in this process; absent: it does not. */
  readonly cpu?: number;
  /** Peak resident memory of the runs in MiB. */
  readonly memory: number;
  /** Resident memory in MiB before the first run, where inputs are held in this process; absent: they are not. */
  readonly inputs?: number;
  /** In the item's own terms; absent: it has none. */
  readonly speed?: string;
  /** Things handled a second by the fastest run; absent: the item has no rate. */
  readonly rate?: number;
}

/** How a size is measured. A run of more than `slow` milliseconds is repeated `fewest` times rather than `runs` times. */
export interface Repetition {
  readonly runs: number;
  readonly fewest: number;
  readonly slow: number;
}

/** Measures; the folder that the item works in is gone afterwards. */
export async function measureSize(size: ItemSize, repetition: Repetition, isSmallest: boolean): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'netweir-bench-'));
  try {
    const prepared = await size.prepare(folder);
    const [times, references, cpus]: [number[], number[], number[]] = [[], [], []];
    const enough = () => (Math.min(...times) > repetition.slow ? repetition.fewest : repetition.runs);
    while (times.length < 1 || times.length < enough()) {
      const before = process.cpuUsage();
      times.push(await prepared.run());
      const { user, system } = process.cpuUsage(before);
      cpus.push((user + system) / 1000);
      references.push(await prepared.reference());
    }
    const memory = prepared.memory();
    const time = summarise(times);
    const { handled, inputs, speed } = prepared;
    return {
      failures: prepared.check(isSmallest),
      runs: times.length,
      time,
      cold: times[0]!,
      reference: summarise(references),
      memory,
      ...(inputs === undefined ? {} : { inputs, cpu: Math.min(...cpus) }),
      ...(speed === undefined ? {} : { speed: speed(time.min) }),
      ...(handled === undefined ? {} : { rate: (handled / time.min) * 1000 }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
