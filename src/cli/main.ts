#!/usr/bin/env node
// The program `netweir`, also as `kubectl netweir`.

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processIo } from './io.ts';
import { run } from './run.ts';

export { run };

if (isEntryPoint()) process.exitCode = await run(process.argv.slice(2), processIo());

/** Whether this file is what Node was started with; imported by a test or another program, nothing runs. */
function isEntryPoint(): boolean {
  const [, script] = process.argv;
  if (script === undefined) return false;
  try {
    return realpathSync(script) === fileURLToPath(import.meta.url);
  } catch {
    return false;
  }
}
