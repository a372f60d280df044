#!/usr/bin/env node
// Measures the product against its targets and checks every answer first. Usage: docs/performance.md.

import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArguments } from './arguments.ts';
import { benchmarksPage } from './benchmarks-page.ts';
import { measureInChild, type Outcome } from './child.ts';
import type { Item, ItemSize } from './items/item.ts';
import { ITEMS } from './items/registry.ts';
import { type Figure, measureSize, type Repetition } from './measure-size.ts';
import { duration } from './print.ts';
import {
  type ItemResult,
  itemResult,
  readResults,
  type SizeResult,
  sizeResult,
  thisMachine,
  writeResults,
} from './results.ts';
import { TARGETS } from './targets.ts';

const REPETITION: Repetition = { runs: 7, fewest: 5, slow: 2000 };
const SMOKE_REPETITION: Repetition = { runs: 3, fewest: 3, slow: 2000 };
const SCRIPT = fileURLToPath(import.meta.url);
const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../bench/results/latest.json', import.meta.url));

const request = parseArguments(process.argv.slice(2), ITEMS);
const { isSmoke, items, limits } = request;
const sizesOf = (item: Item) => (isSmoke ? item.smokeSizes : item.sizes);
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
let [passed, failed, skipped] = [0, 0, ITEMS.length - items.length];

if (request.size !== undefined) await measureHere(sizesOf(items[0]!)[request.size]!, request.size === 0);
else await measureAll();

/** The process that measures one size: its figure goes to the parent; without one (a profiler's) it is printed. */
async function measureHere(size: ItemSize, isSmallest: boolean): Promise<void> {
  const figure = await measureSize(size, isSmoke ? SMOKE_REPETITION : REPETITION, isSmallest);
  if (process.send === undefined) print(JSON.stringify(figure, undefined, 2));
  else process.send(figure);
}

async function measureAll(): Promise<void> {
  const results: ItemResult[] = [];
  for (const item of items) {
    print(`${item.id} ${item.title}`);
    const when = { date: new Date().toISOString().slice(0, 10), load: loadavg()[0]! };
    const result = itemResult(item, await measureItem(item), when);
    results.push(result);
    if (isSmoke) checkGrowth(item, result);
    else if (result.exponent !== undefined) print(`  growth: size^${result.exponent.toFixed(2)}`);
    // After each item: a run that is broken off keeps what it has.
    if (!isSmoke) {
      const ids = ITEMS.map(({ id }) => id);
      writeResults(RESULTS, { machine: thisMachine(), results }, ids);
    }
  }
  if (request.writesPage) writePage();
  print(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Writes the page of all results that there are. */
function writePage(): void {
  const all = readResults(RESULTS);
  if (all === undefined) throw new Error(`${RESULTS} does not exist: measure something first`);
  writeFileSync(PAGE, benchmarksPage(all, TARGETS));
}

/** All sizes of an item. After one that exceeds a limit the larger ones are not tried. */
async function measureItem(item: Item): Promise<SizeResult[]> {
  const results: SizeResult[] = [];
  let tooLarge: string | undefined;
  const [tiny] = item.smokeSizes;
  // The smallest size may be too large for counting all pairs one by one.
  if (!isSmoke && tiny !== undefined && tiny.amount < item.sizes[0]!.amount) {
    const outcome = await measureInChild(SCRIPT, ['--only', item.id, '--size', '0', '--smoke'], limits);
    report(`${tiny.text}: answers`, failuresOf(outcome));
  }
  for (const [index, size] of sizesOf(item).entries()) {
    const args = ['--only', item.id, '--size', String(index), ...(isSmoke ? ['--smoke'] : [])];
    const outcome =
      tooLarge === undefined
        ? await measureInChild(SCRIPT, args, limits)
        : ({ type: 'over-limit', reason: tooLarge } as const);
    if (outcome.type === 'over-limit') {
      print(`  ${size.text.padEnd(62)} not measured: ${outcome.reason}`);
      results.push(sizeResult(size, { notMeasured: outcome.reason }));
      tooLarge ??= `a smaller size was ${outcome.reason}`;
      if (isSmoke) failed++;
      else skipped++;
      continue;
    }
    const failures = failuresOf(outcome);
    report(`${size.text}: answers`, failures);
    if (outcome.type === 'broken' || failures.length > 0)
      results.push(sizeResult(size, { notMeasured: 'the answer was wrong' }));
    else {
      if (!isSmoke) printFigure(item, size, outcome.figure);
      results.push(sizeResult(size, { figure: outcome.figure }));
    }
  }
  return results;
}

/** What is wrong with an outcome; empty: nothing. */
function failuresOf(outcome: Outcome): readonly string[] {
  if (outcome.type === 'measured') return outcome.figure.failures;
  return outcome.type === 'broken' ? outcome.message.split('\n') : [outcome.reason];
}

/**
 * The smallest times of two sizes a factor of four apart: only another complexity class exceeds the margin. Wall time or
 * that of processors, whichever grew less: what others do to a run of milliseconds is no growth.
 */
function checkGrowth(item: Item, { sizes }: ItemResult): void {
  const figures = sizes.flatMap((one) => ('figure' in one ? [one.figure] : []));
  if (figures.length < sizes.length) return;
  const [small, large] = [figures[0]!, figures.at(-1)!];
  const wall = large.time.min / small.time.min;
  const growth = small.cpu === undefined || large.cpu === undefined ? wall : Math.min(wall, large.cpu / small.cpu);
  const text = `four times the size takes ${growth.toFixed(1)} times as long, at most ${item.margin}`;
  report('growth', growth <= item.margin ? [] : [text]);
}

function report(what: string, failures: readonly string[]): void {
  if (failures.length === 0) passed++;
  else failed++;
  if (isSmoke || failures.length > 0) print(`  ${failures.length === 0 ? 'ok    ' : 'FAILED'} ${what}`);
  for (const failure of failures.slice(0, 10)) print(`         ${failure}`);
  if (failures.length > 10) print(`         and ${failures.length - 10} more`);
}

function printFigure(item: Item, { text }: ItemSize, { time, reference, memory, speed }: Figure): void {
  const cells = [time.min, time.median, time.max].map((value) => duration(value).padStart(10));
  const ratio = `${(time.min / reference.min).toFixed(1)} × ${item.reference} (${duration(reference.min)})`;
  const own = speed === undefined ? '' : `   ${speed}`;
  print(`  ${text.padEnd(62)} ${cells.join('')} ${`${memory.toFixed(0)} MiB`.padStart(9)}   ${ratio}${own}`);
}
