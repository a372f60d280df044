#!/usr/bin/env node
// Leaves the compiled code of a bundled program beside it, for src/cli/launch.ts: code-cache PROGRAM.cjs WORD…
// The words are a run of the program whose functions are worth keeping.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Script } from 'node:vm';

const [program, ...words] = process.argv.slice(2);
const path = resolve(program);
const script = new Script(readFileSync(path, 'utf8'), { filename: path });
const module = { exports: {} };
script.runInThisContext()(createRequire(path), module);
process.argv.splice(1, Number.POSITIVE_INFINITY, path, ...words);
await module.exports.main();
writeFileSync(`${path}.cache.new`, script.createCachedData());
renameSync(`${path}.cache.new`, `${path}.cache`);
