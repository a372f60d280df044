// The results file: what was measured, when and where. Results of several runs on one machine stand side by side.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import type { Item, ItemSize } from './items/item.ts';
import { growthExponent } from './measure.ts';
import type { Figure } from './measure-size.ts';

/** Where something was measured. */
export interface Machine {
  readonly cpus: number;
  readonly model: string;
  readonly node: string;
}

/** An item at one size: a figure whose answer was right, or why there is none. */
export type SizeResult = { readonly text: string; readonly amount: number; readonly size: unknown } & (
  | { readonly figure: Figure }
  /** As it is printed: `over 300 s`. */
  | { readonly notMeasured: string }
);

/** An item with its sizes, smallest first. */
export interface ItemResult {
  readonly id: string;
  readonly title: string;
  readonly reference: string;
  /** When it was measured, as `2026-01-31`. */
  readonly date: string;
  /** How many processes wanted the machine when it began, on average over a minute. */
  readonly load: number;
  /**
   * Of the minima: of the time of processors where a size runs in one process, which others on the machine disturb less, else
   * of wall time. Absent: fewer than two sizes have a figure.
   */
  readonly exponent?: number;
  readonly sizes: readonly SizeResult[];
}

/** The whole file. */
export interface Results {
  readonly machine: Machine;
  readonly results: readonly ItemResult[];
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
}

/** Puts an item together; `sizes` smallest first. */
export function itemResult(
  { id, title, reference }: Item,
  sizes: readonly SizeResult[],
  when: Pick<ItemResult, 'date' | 'load'>,
): ItemResult {
  const points = sizes.flatMap((one) =>
    'figure' in one ? [{ size: one.amount, time: one.figure.cpu ?? one.figure.time.min }] : [],
  );
  const exponent = points.length < 2 ? {} : { exponent: growthExponent(points) };
  return { id, title, reference, ...when, ...exponent, sizes };
}

/** One size of it. */
export function sizeResult(
  { text, amount, size }: ItemSize,
  result: { readonly figure: Figure } | { readonly notMeasured: string },
): SizeResult {
  return { text, amount, size, ...result };
}

/** Reads a results file; absent where there is none. */
export function readResults(file: string): Results | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : undefined;
}

/** Writes results into the file: items measured before stay, if on the same machine, in the order of `ids`. */
export function writeResults(file: string, { machine, results }: Results, ids: readonly string[]): void {
  const before = readResults(file);
  const isSame = before !== undefined && JSON.stringify(before.machine) === JSON.stringify(machine);
  const byId = new Map([...(isSame ? before.results : []), ...results].map((one) => [one.id, one]));
  const kept = ids.flatMap((id) => byId.get(id) ?? []);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine, results: kept }, undefined, 2)}\n`);
}
