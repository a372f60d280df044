// docs/benchmarks.md as text: results beside targets. Knows nothing of how they were measured.

import type { Figure } from './measure-size.ts';
import { digits, duration } from './print.ts';
import type { ItemResult, Results, SizeResult } from './results.ts';
import type { Target } from './targets.ts';

/** The page. A target without a figure says why it has none. */
export function benchmarksPage({ machine, results }: Results, targets: readonly Target[]): string {
  const dates = [...new Set(results.map(({ date }) => date))].sort();
  const when = dates.length > 1 ? `from ${dates[0]} to ${dates.at(-1)}` : `on ${dates[0] ?? 'no day'}`;
  return `# Benchmarks

\`npm run bench -- --write-docs\` writes this page from what was measured; nobody types it. What is measured and how answers
are checked first: [performance.md](performance.md).

Measured ${when} with ${machine.cpus} cores of ${machine.model}, Node ${machine.node.replace(/^v/, '')}.${loadText(results)}

## Targets

Targets are for 2 cores and Node 20. The fastest run counts, since others share the machine; beside it how many times as long
as the reference it takes, and the exponent of its growth over sizes a factor of four apart: 1 is linear. For what runs in
one process that is the growth of the time of processors, which others on the machine disturb less.

| | work | target | measured | ratio | growth | |
|---|---|---|---|---|---|---|
${targets.map((target) => targetRow(target, results)).join('\n')}

## Figures

Of each size the first run, then minimum, median and maximum of all, the peak of resident memory with what the inputs take
before the first run, and the minimum as a multiple of the reference's. What runs in one process has the least time of
processors as well, which is what others on the machine disturb least. Only figures of right answers are here.

| item | size | first | minimum | median | maximum | processors | memory | ratio of minima | growth |
|---|---|---|---|---|---|---|---|---|---|
${results.flatMap(figureRows).join('\n')}
`;
}

/** Says how busy the machine was: times of a busy one are too long. */
function loadText(results: readonly ItemResult[]): string {
  if (results.length === 0) return '';
  const loads = results.map(({ load }) => load);
  return `
The machine was wanted by ${digits(Math.min(...loads))} to ${digits(Math.max(...loads))} processes at a time, the benchmark's own among them.`;
}

function targetRow(target: Target, results: readonly ItemResult[]): string {
  const { id, work, of, limit } = target;
  const aim = `${of === 'rate' ? '≥' : '≤'} ${amount(target, limit)}`;
  const item = results.find((one) => one.id === target.item);
  const size = item?.sizes.at(target.size ?? -1);
  if (item === undefined || size === undefined) return row([id, work, aim, '', '', '', 'not measured']);
  if (!('figure' in size)) return row([id, work, aim, '', '', growth(item), `not measured: ${size.notMeasured}`]);
  const value = measured(of, size.figure);
  if (value === undefined) return row([id, work, aim, '', '', '', 'not measured']);
  const missed = of === 'rate' ? limit / value : value / limit;
  const verdict = missed <= 1 ? 'met' : `missed by ${digits(missed)} ×`;
  const ratio = of === 'memory' ? '' : `${ratioOf(size.figure)} × ${item.reference}`;
  return row([id, work, aim, amount(target, value), ratio, of === 'memory' ? '' : growth(item), verdict]);
}

function measured(of: Target['of'], figure: Figure): number | undefined {
  switch (of) {
    case 'time':
      return figure.time.min;
    case 'cold':
      return figure.cold;
    case 'memory':
      return figure.memory;
    case 'rate':
      return figure.rate;
    case 'ratio':
      return figure.time.min / figure.reference.min;
  }
}

function amount({ of, things = '' }: Target, value: number): string {
  switch (of) {
    case 'memory':
      return `${value.toFixed(0)} MiB`;
    case 'rate':
      return `${value >= 1_000_000 ? `${digits(value / 1_000_000)} M` : value.toFixed(0)} ${things}/s`;
    case 'ratio':
      return `${digits(value)} ×`;
    default:
      return duration(value);
  }
}

function figureRows(item: ItemResult): string[] {
  return item.sizes.map((size, index) => {
    const name = index === 0 ? item.id : '';
    const last = index === item.sizes.length - 1 ? growth(item) : '';
    return row([name, size.text, ...figureCells(size, item.reference), last]);
  });
}

function figureCells(size: SizeResult, reference: string): string[] {
  if (!('figure' in size)) return [`not measured: ${size.notMeasured}`, '', '', '', '', '', ''];
  const { cold, time, cpu, memory, inputs } = size.figure;
  const held = inputs === undefined ? '' : `, inputs ${inputs.toFixed(0)}`;
  const times = [cold, time.min, time.median, time.max].map(duration);
  return [
    ...times,
    cpu === undefined ? '' : duration(cpu),
    `${memory.toFixed(0)} MiB${held}`,
    `${ratioOf(size.figure)} × ${reference}`,
  ];
}

function ratioOf({ time, reference }: Figure): string {
  return digits(time.min / reference.min);
}

function growth({ exponent }: ItemResult): string {
  return exponent === undefined ? '' : `size^${exponent.toFixed(2)}`;
}

function row(cells: readonly string[]): string {
  return `|${cells.map((cell) => (cell === '' ? ' |' : ` ${cell} |`)).join('')}`;
}
