// Reads a flow log in a process of its own and prints what it found, one connection a line: what P12 measures and compares.

import { setFlagsFromString } from 'node:v8';
import { readFlowLog, threadHelp } from '../src/flows/index.ts';

/** Put in by the build: the program runs with them (scripts/build.mjs). */
declare const V8_FLAGS: string;
setFlagsFromString(V8_FLAGS);

const help = threadHelp(new URL('../bin/read-log-part.js', import.meta.url));
const [path] = process.argv.slice(2);
const nameOf = (end: { readonly namespace?: string; readonly pod?: string; readonly address?: string }): string =>
  end.pod === undefined ? end.address! : `${end.namespace}/${end.pod}`;
const { records, broken, lostEvents } = await readFlowLog([path!], { cwd: process.cwd(), help }, (flows) => {
  let lines: string[] = [];
  for (const [index, { source, destination, protocol, port, verdict, seenAt, count }] of flows.entries()) {
    lines.push(`${count} ${nameOf(source)} -> ${nameOf(destination)} ${protocol} ${port} ${verdict.kind} ${seenAt}\n`);
    if (lines.length < 10_000 && index < flows.length - 1) continue;
    process.stdout.write(lines.join(''));
    lines = [];
  }
});
process.stdout.write(`${JSON.stringify({ records, broken, lost: lostEvents })}\n`);
