#!/usr/bin/env node
// Builds dist/: the library with tsc (ESM and declarations) and the programs with esbuild, side by side.
//
//   build            library and programs
//   build --quick    programs only, under a second; what `npm run demo` needs
//   build --bench    programs and the benchmark
//   build --node     programs and the test on a real node
//   build --cluster  programs and the test on a real API server
//
// A missing optional entry is left out; a missing required one fails the build after everything else is built.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const options = new Set(process.argv.slice(2));
for (const option of options) {
  if (['--quick', '--bench', '--node', '--cluster'].includes(option)) continue;
  console.error(`unknown option ${option}; usage: build [--quick] [--bench] [--node] [--cluster]`);
  process.exit(2);
}

// A run takes seconds at most, and much of its code runs once over everything. V8 would optimise it early, having seen
// little of it, and again and again: later costs a small question nothing, and spares a large one up to a fifth.
const V8_FLAGS = '--interrupt-budget=500000';

const programs = [
  { from: 'src/cli/launch.ts', to: 'dist/bin/netweir.js' },
  { from: 'src/cli/main.ts', to: 'dist/bin/program.cjs', warmUp: ['map', '-f', 'examples/01-first-look'] },
  { from: 'src/manifests/listed-json/part-worker.ts', to: 'dist/bin/read-part.js' },
  { from: 'src/flows/log-part/part-worker.ts', to: 'dist/bin/read-log-part.js' },
  { from: 'src/cli/kubectl-complete.ts', to: 'dist/bin/kubectl-complete.js', optional: true },
  { from: 'scripts/demo.ts', to: 'dist/bin/demo.js' },
  ...(options.has('--bench')
    ? [
        { from: 'bench/main.ts', to: 'dist/bench/main.js' },
        { from: 'bench/read-log.ts', to: 'dist/bench/read-log.js' },
        { from: 'bench/judge-flows.ts', to: 'dist/bench/judge-flows.js' },
        { from: 'bench/naive/naive-flows.ts', to: 'dist/bench/naive-flows.js' },
      ]
    : []),
  ...(options.has('--node') ? [{ from: 'test/node/main.ts', to: 'dist/test/node.js' }] : []),
  ...(options.has('--cluster') ? [{ from: 'test/cluster/main.ts', to: 'dist/test/cluster.js' }] : []),
];

const begun = performance.now();
const tasks = [...programs.filter(({ from }) => existsSync(from)).map(bundle)];
if (options.size === 0) tasks.push(library());
const missing = programs.filter(({ from, optional }) => !optional && !existsSync(from));
for (const { from, to } of missing) console.error(`${to}: not built, ${from} does not exist`);

const failures = (await Promise.allSettled(tasks)).filter(({ status }) => status === 'rejected');
// esbuild has printed its errors itself, in full.
for (const { reason } of failures) console.error(reason.errors === undefined ? reason.message : 'a bundle failed');
console.error(`built in ${Math.round(performance.now() - begun)} ms`);
process.exitCode = failures.length + missing.length > 0 ? 1 : 0;

/** A program for launch.ts: one function of require and module, and its compiled code beside it. */
async function bundleProgram({ from, to, warmUp }) {
  await build({
    entryPoints: [from],
    outfile: to,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'inline',
    logLevel: 'warning',
    banner: { js: '(function (require, module) {' },
    footer: { js: '})' },
  });
  await run(process.execPath, [V8_FLAGS, join(root, 'scripts/code-cache.mjs'), to, ...warmUp], 'ignore');
}

/** One program as one file that needs nothing but Node. */
async function bundle({ from, to, warmUp }) {
  if (warmUp !== undefined) return bundleProgram({ from, to, warmUp });
  const hasShebang = readFileSync(from, 'utf8').startsWith('#!');
  await build({
    entryPoints: [from],
    outfile: to,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    legalComments: 'inline',
    logLevel: 'warning',
    define: { V8_FLAGS: JSON.stringify(V8_FLAGS) },
    banner: {
      // CommonJS packages in the bundle (commander, yaml) call require for Node's own modules.
      js: `${hasShebang ? '' : '#!/usr/bin/env node\n'}import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);`,
    },
  });
  chmodSync(to, 0o755);
}

/** dist/engine, dist/manifests, dist/report: what `import 'netweir'` sees. */
async function library() {
  removeStale('dist');
  await run(process.execPath, [packageFile('typescript', 'bin/tsc'), '-b', 'src']);
  writeFileSync('dist/bin-licenses.txt', licences());
}

/** Removes compiled files whose source is gone, which tsc leaves behind. */
function removeStale(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const [, layer] = relative(root, join(root, path)).split(sep);
    if (!entry.isFile() || !['engine', 'manifests', 'flows', 'cluster', 'report', 'cli'].includes(layer)) continue;
    const source = path.replace('dist', 'src').replace(/(\.d\.ts|\.js)$/, '.ts');
    if (!existsSync(source)) rmSync(path);
  }
}

/** Licence texts of the packages that stand inside the bundled programs. */
function licences() {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  return Object.keys(dependencies)
    .sort()
    .map((name) => `${name} ${dependencies[name]}\n\n${readFileSync(packageFile(name, 'LICENSE'), 'utf8').trim()}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** Absolute path of a file of an installed package. */
function packageFile(name, file) {
  return join(root, 'node_modules', name, file);
}

/** Runs a program, with our output unless `stdio` says otherwise; rejects if it fails. */
function run(command, args, stdio = 'inherit') {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio });
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`${args.join(' ')}: exit code ${code}`))));
  });
}
