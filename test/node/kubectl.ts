// Runs kubectl against the node of ../shared/cluster, and says whether there is one. Knows nothing of policies.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from './topology.ts';

const home = process.env.NETWEIR_CLUSTER_HOME ?? join(homedir(), '.cache', 'netweir-cluster');
const kubeconfig = join(process.env.NETWEIR_CLUSTER_RUN ?? join(home, 'run'), 'kubeconfig');
const program = join(home, 'bin', 'kubectl');

/** The program, and the flags that make it ask the node, for scripts that call it. */
export const KUBECTL: string = program;
export const KUBECONFIG_ARGS: readonly string[] = ['--kubeconfig', kubeconfig];

/** Runs a program to its end; `input` goes to its standard input, `env` beside what this process has. Never throws for what the program does. */
export function run(
  command: string,
  args: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.on('error', (error) => done({ code: null, out: '', err: error.message }));
    child.on('close', (code) => done({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
    // A program that ends before it has read everything says why on its own.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** What kubectl prints. Throws an Error with the command and what it wrote to standard error where it fails. */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const { code, out, err } = await run(program, ['--kubeconfig', kubeconfig, ...args], input);
  if (code === 0) return out;
  const shown = args.map((arg) => (arg.length > 80 ? `${arg.slice(0, 80)}…` : arg)).join(' ');
  throw new Error(
    `kubectl ${shown}\nfailed with ${code === null ? 'no exit code' : `exit code ${code}`}: ${err.trim()}`,
  );
}

/** `kubectl apply` of all objects at once. */
export async function apply(items: readonly Manifest[]): Promise<void> {
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

/** Why there is no node to test on; undefined where one is ready. */
export async function absence(): Promise<string | undefined> {
  const known = process.env.NETWEIR_NODE_ABSENT;
  if (known !== undefined && known !== '') return known;
  const advice = '../shared/cluster/up --node starts one';
  if (!existsSync(program) || !existsSync(kubeconfig)) return `no node is up; ${advice}`;
  const args = [
    'get',
    'nodes',
    '--request-timeout=10s',
    '--output=jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}',
  ];
  const { code, out, err } = await run(program, ['--kubeconfig', kubeconfig, ...args]);
  if (code !== 0) return `no cluster answers (${err.trim().split('\n').at(-1)}); ${advice}`;
  if (!out.split(' ').includes('True')) return `the cluster has no node that is ready; ${advice}`;
  return undefined;
}
