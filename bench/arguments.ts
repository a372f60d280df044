// The command line of the benchmark. A wrong one ends the run with how it is used.

import type { Limits } from './child.ts';
import type { Item } from './items/item.ts';

/** What is asked for. */
export interface Request {
  /** Small sizes, checks only. */
  readonly isSmoke: boolean;
  /** Whether docs/benchmarks.md is written from the results afterwards. */
  readonly writesPage: boolean;
  /** Empty: nothing is measured. */
  readonly items: readonly Item[];
  readonly limits: Limits;
  /** Set in a process that measures one size: which. */
  readonly size?: number;
}

const USAGE = `usage: bench [--smoke] [--only ID[,ID]]... [--limit SECONDS] [--heap MIB] [--size INDEX] [--write-docs] [--no-run]
  --only        items by id, or by what their ids start with
  --limit       a size that takes longer is not measured (300)
  --size        in this process, one size of one item alone: for profilers
  --heap        a size that needs more memory for its heap is not measured (8192)
  --write-docs  write docs/benchmarks.md from bench/results/latest.json afterwards
  --no-run      measure nothing
`;

/** Reads the arguments. */
export function parseArguments(args: readonly string[], all: readonly Item[]): Request {
  let [isSmoke, writesPage, runs] = [false, false, true];
  let chosen: Item[] | undefined;
  let limits: Limits = { seconds: 300, heap: 8192 };
  let size: number | undefined;
  const words = [...args];
  const number = () => {
    const value = Number(words.shift());
    return Number.isInteger(value) && value >= 0 ? value : usage(all);
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--smoke') isSmoke = true;
    else if (word === '--write-docs') writesPage = true;
    else if (word === '--no-run') runs = false;
    else if (word === '--only') chosen = [...(chosen ?? []), ...named(words.shift() ?? '', all)];
    else if (word === '--limit') limits = { ...limits, seconds: number() };
    else if (word === '--heap') limits = { ...limits, heap: number() };
    else if (word === '--size') size = number();
    else usage(all);
  }
  const items = runs ? all.filter((item) => chosen === undefined || chosen.includes(item)) : [];
  return { isSmoke, writesPage, items, limits, ...(size === undefined ? {} : { size }) };
}

/** Items of these ids; those of an exact id alone, otherwise those that start with it. */
function named(text: string, all: readonly Item[]): Item[] {
  return text.split(',').flatMap((word) => {
    const exact = all.filter(({ id }) => id === word);
    const found = exact.length > 0 ? exact : all.filter(({ id }) => id.startsWith(word));
    return found.length > 0 && word !== '' ? found : usage(all);
  });
}

function usage(all: readonly Item[]): never {
  process.stderr.write(`${USAGE}items: ${all.map(({ id }) => id).join(', ')}\n`);
  process.exit(2);
}
