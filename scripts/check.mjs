#!/usr/bin/env node
// Everything that can be said about the code without running it, side by side: formatting and lint (biome), types of
// all projects (tsc), and the walls between the layers (the meta tests that need no build). Under 20 s.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const module = (path) => join(root, 'node_modules', path);

/** Meta tests that read sources only; the others need dist/ and run with `npm test`. */
const walls = ['layering', 'file-size', 'comments', 'no-leaks', 'dependencies'];

const checks = [
  { name: 'lint', command: [module('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
  { name: 'types', command: [module('typescript/bin/tsc'), '-b'] },
  { name: 'walls', command: [module('vitest/vitest.mjs'), 'run', ...walls.map((name) => `test/meta/${name}.test.ts`)] },
];

const begun = performance.now();
const results = await Promise.all(checks.map(check));
for (const { name, code, output, seconds } of results) {
  if (code !== 0) process.stdout.write(`\n--- ${name}\n${output}\n`);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} ${seconds} s`);
}
console.log(`checked in ${elapsed(begun)} s`);
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;

/** Runs one check to its end, output kept for later so that checks do not write into each other. */
function check({ name, command }) {
  const start = performance.now();
  return new Promise((done) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => output.push(data));
    child.on('error', (error) => output.push(Buffer.from(error.message)));
    child.on('close', (code) =>
      done({ name, code, output: Buffer.concat(output).toString(), seconds: elapsed(start) }),
    );
  });
}

function elapsed(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}
