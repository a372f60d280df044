// Runs something several times, in this process or as a command, and sums up how long it took.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds of wall time over all runs. */
export interface Timing {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Sums up; the list must not be empty. */
export function summarise(milliseconds: readonly number[]): Timing {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
}

/** Wall time of one call in milliseconds. */
export function timeOf(run: () => void): number {
  const begun = performance.now();
  run();
  return performance.now() - begun;
}

/**
 * The exponent e of time ~ size^e, by least squares on logarithms: 1 is linear, 2 quadratic, 0 constant. NaN for fewer
 * than two sizes.
 */
export function growthExponent(points: readonly { readonly size: number; readonly time: number }[]): number {
  const logs = points.map(({ size, time }) => [Math.log(size), Math.log(time)] as const);
  const mean = (of: 0 | 1) => logs.reduce((sum, point) => sum + point[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return slope / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/** A command that runs in a process of its own, its output in a file. */
export interface Command {
  /** Arguments for Node: a script and its own arguments. */
  readonly args: readonly string[];
  /** Where standard output goes. */
  readonly output: string;
  /** How it must exit; absent: with 0. */
  readonly code?: number;
}

/** Runs the command once; wall time from before it starts until it has ended. Throws unless it exits as it must. */
export function timeCommand({ args, output, code = 0 }: Command): number {
  const file = openSync(output, 'w');
  try {
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', file, 'pipe'] });
    const elapsed = performance.now() - begun;
    if (status !== code) throw new Error(`${args.join(' ')}: exit code ${status}\n${stderr}`);
    return elapsed;
  } finally {
    closeSync(file);
  }
}

/** Peak resident memory of the command in MiB. One more run, with a hook that tells it at exit. */
export function memoryOfCommand(command: Command, folder: string): number {
  const [hook, told] = [join(folder, 'tell-memory.cjs'), join(folder, 'memory.txt')];
  const tell = `require('node:fs').writeFileSync(${JSON.stringify(told)}, String(process.resourceUsage().maxRSS))`;
  writeFileSync(hook, `process.on('exit', () => { ${tell}; });\n`);
  timeCommand({ ...command, args: ['--require', hook, ...command.args] });
  return Number(readFileSync(told, 'utf8')) / 1024;
}

/** Forgets the peak of this process's resident memory so far, after a collection of garbage where Node was told to offer one. */
export function forgetPeak(): void {
  globalThis.gc?.();
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Another system: the peak is that of the whole process.
  }
}

/** Peak resident memory of this process in MiB, since {@link forgetPeak} where the system can tell. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** Resident memory of this process in MiB, now. */
export function residentMemory(): number {
  return process.memoryUsage().rss / 2 ** 20;
}

/** The time within which this part of all lies. */
export function nearest(times: readonly number[], part: number): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(part * times.length) - 1]!;
}
