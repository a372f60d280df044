// The command line on a real API server: all verbs, logins, rights, long lists, and servers that misbehave. Starts a control
// plane of its own and takes it down. Ends with `N passed, N failed, N skipped`.
//
//   test:cluster [PART OF A NAME]   the first case, which fills the cluster, and those with such a name

import { benchOn, type Case } from './case.ts';
import { absence, start } from './control-plane.ts';
import { CASES_OF_FAILURES } from './failures.ts';
import { CASES_OF_LOGINS } from './logins.ts';
import { CASES_OF_PAGING } from './paging.ts';
import { CASES_OF_RIGHTS } from './rights.ts';
import { CASES_OF_VERBS } from './verbs.ts';

/** In this order: verbs find the cluster as the first of them leaves it, and the long lists come last. */
const CASES: readonly Case[] = [
  ...CASES_OF_VERBS,
  ...CASES_OF_RIGHTS,
  ...CASES_OF_LOGINS,
  ...CASES_OF_FAILURES,
  ...CASES_OF_PAGING,
];

const wanted = process.argv[2] ?? '';
const count = { passed: 0, failed: 0 };
const begun = performance.now();
const since = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
let down = async (): Promise<void> => {};
let isStopping = false;

const reason = absence();
if (reason !== undefined) {
  console.log(`skipped: a real API server: ${reason}`);
  console.log(`0 passed, 0 failed, ${CASES.length} skipped`);
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal));
  await main();
}

async function main(): Promise<void> {
  try {
    const plane = await start((takeDown) => {
      down = takeDown;
    });
    console.log(`a control plane is up after ${since(begun)}`);
    const bench = benchOn(plane);
    for (const one of CASES.filter(({ name }, index) => index === 0 || name.includes(wanted))) {
      const from = performance.now();
      try {
        await one.run(bench);
        count.passed++;
        console.log(`ok      ${one.name} (${since(from)})`);
      } catch (error) {
        count.failed++;
        console.log(`FAILED  ${one.name} (${since(from)})\n${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } catch (error) {
    count.failed++;
    console.log(error instanceof Error ? error.message : String(error));
  } finally {
    await down();
  }
  if (isStopping) return;
  console.log(since(begun));
  console.log(`${count.passed} passed, ${count.failed} failed, 0 skipped`);
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  isStopping = true;
  await down();
  process.kill(process.pid, signal);
}
