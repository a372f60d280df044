// The program `netweir`, also as `kubectl netweir`, as one value: launch.ts loads its bundle and calls it.

import { processIo, type Workers } from './io.ts';
import { run } from './run.ts';

export { run };

/** Runs the program on the process's own words and streams, and sets its exit code. `workers`: see io.ts. */
export async function main(workers?: Workers): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), processIo(workers));
}
