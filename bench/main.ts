#!/usr/bin/env node
// Measures the product against its targets and checks every answer first. Usage: docs/performance.md.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ITEMS, type Item, type ItemSize } from './items.ts';
import { growthExponent, summarise, type Timing } from './measure.ts';

const RUNS = 7;
const SMOKE_RUNS = 3;
const RESULTS = fileURLToPath(new URL('../../bench/results', import.meta.url));

/** An item at one size; the times are there only if the answer was right. */
interface Figure {
  readonly size: ItemSize;
  readonly failures: readonly string[];
  readonly time: Timing;
  readonly reference: Timing;
  readonly memory: number;
  /** In the item's own terms; absent: it has none. */
  readonly speed?: string;
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { isSmoke, items } = parse(process.argv.slice(2));
let passed = 0;
let failed = 0;
const results = items.map((item) => {
  print(`${item.id} ${item.title}`);
  const figures = (isSmoke ? item.smokeSizes : item.sizes).map((size, index) => {
    const figure = measure(size, index === 0);
    report(`${size.text}: answers`, figure.failures);
    if (!isSmoke && figure.failures.length === 0) printFigure(item, figure);
    return figure;
  });
  const right = figures.filter(({ failures }) => failures.length === 0);
  const exponent = growthExponent(right.map(({ size, time }) => ({ size: size.amount, time: time.min })));
  if (isSmoke && right.length === figures.length) checkGrowth(item, right);
  if (!isSmoke && right.length > 1) print(`  growth: size^${exponent.toFixed(2)}`);
  return {
    id: item.id,
    title: item.title,
    reference: item.reference,
    exponent,
    figures: right.map((figure) => ({ ...figure, size: figure.size.size })),
  };
});
if (!isSmoke) {
  mkdirSync(RESULTS, { recursive: true });
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  writeFileSync(join(RESULTS, 'latest.json'), `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
}
print(`${passed} passed, ${failed} failed, ${ITEMS.length - items.length} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

/** Runs an item at one size: all runs, its reference between them, then the check of the last answer. */
function measure(size: ItemSize, isSmallest: boolean): Figure {
  const folder = mkdtempSync(join(tmpdir(), 'netweir-bench-'));
  try {
    const prepared = size.prepare(folder);
    const [times, references]: [number[], number[]] = [[], []];
    for (let run = 0; run < (isSmoke ? SMOKE_RUNS : RUNS); run++) {
      times.push(prepared.run());
      references.push(prepared.reference());
    }
    const memory = prepared.memory();
    const time = summarise(times);
    return {
      size,
      failures: prepared.check(isSmallest),
      time,
      reference: summarise(references),
      memory,
      ...(prepared.speed === undefined ? {} : { speed: prepared.speed(time.min) }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The smallest times of two sizes a factor of four apart: only another complexity class exceeds the margin. */
function checkGrowth(item: Item, figures: readonly Figure[]): void {
  const [small, large] = [figures[0]!, figures.at(-1)!];
  const growth = large.time.min / small.time.min;
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

function printFigure(item: Item, { size, time, reference, memory, speed }: Figure): void {
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9);
  const ratio = `${(time.min / reference.min).toFixed(1)} × ${item.reference} (${reference.min.toFixed(0)} ms)`;
  const cells = [ms(time.min), ms(time.median), ms(time.max), `${memory.toFixed(0)} MiB`.padStart(9)];
  const own = speed === undefined ? '' : `   ${speed}`;
  print(`  ${size.text.padEnd(62)} ${cells.join('')}   ${ratio}${own}`);
}

/** Reads the arguments; a wrong one ends the run. */
function parse(args: readonly string[]): { isSmoke: boolean; items: readonly Item[] } {
  const words = args.filter((word) => word !== '--smoke');
  const only = words[0] === '--only' ? words[1] : undefined;
  const chosen = ITEMS.filter(({ id }) => only === undefined || id === only);
  if (chosen.length === 0 || words.length !== (only === undefined ? 0 : 2)) {
    process.stderr.write(`usage: bench [--smoke] [--only ${ITEMS.map(({ id }) => id).join('|')}]\n`);
    process.exit(2);
  }
  return { isSmoke: words.length < args.length, items: chosen };
}
