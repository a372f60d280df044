#!/usr/bin/env node
// What `netweir` starts. It loads the bundled program together with the compiled code that the build left beside it: a
// quarter of the time of a small question would otherwise be spent on compiling. Knows nothing of the program.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** Put in by the build, which says why (scripts/build.mjs). */
declare const V8_FLAGS: string;

/** What the bundle of main.ts exports. */
interface Program {
  main(workers: { readonly partWorker: URL; readonly logPartWorker: URL }): Promise<void>;
}

// Flags of V8 are no stable interface: versions of Node that nobody tried go without. They have to be those that the
// compiled code was made with, or V8 does not take it.
if (/^(20|22|24)\./.test(process.versions.node)) setFlagsFromString(V8_FLAGS);

const path = fileURLToPath(new URL('./program.cjs', import.meta.url));
const script = new Script(readFileSync(path, 'utf8'), { filename: path, ...compiledCode() });
const load = script.runInThisContext() as (require: NodeJS.Require, module: { exports: Program }) => void;
const module = { exports: {} as Program };
load(createRequire(path), module);
await module.exports.main({
  partWorker: new URL('./read-part.js', import.meta.url),
  logPartWorker: new URL('./read-log-part.js', import.meta.url),
});

/** Another version of Node does not take it, and compiles; so does one that finds none. Only time depends on it. */
function compiledCode(): { readonly cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(`${path}.cache`) };
  } catch {
    return {};
  }
}
