// Reads a flow log in a process of its own and prints what it found, one connection a line: what P12 measures and compares.

import { readFlowLog } from '../src/flows/index.ts';

const [path] = process.argv.slice(2);
const connections = new Map<string, number>();
const nameOf = (end: { readonly namespace?: string; readonly pod?: string; readonly address?: string }): string =>
  end.pod === undefined ? end.address! : `${end.namespace}/${end.pod}`;
const { records, broken, lostEvents } = await readFlowLog([path!], { cwd: process.cwd() }, (flows) => {
  for (const { source, destination, protocol, port, verdict, seenAt, count } of flows) {
    const key = `${nameOf(source)} -> ${nameOf(destination)} ${protocol} ${port} ${verdict.kind} ${seenAt}`;
    connections.set(key, (connections.get(key) ?? 0) + count);
  }
});
process.stdout.write(`${JSON.stringify({ records, broken, lost: lostEvents })}\n`);
for (const [key, count] of connections) process.stdout.write(`${count} ${key}\n`);
