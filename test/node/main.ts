// Policies on a real node: draws policy sets, applies each, asks Netweir for the map of what the API server then has, and
// tries every connection between the pods. Then policies are generated for a running application and applied while it runs.
// Ends with `N passed, N failed, N skipped`; one policy set counts as one, and so does each sentence of the second part.
//
//   test:node [--seed N] [--sets N] [--groups N]   seeds N, N + 1, … (default 1), 100 sets, 3 at a time
//   test:node --part sets|generated                one of the two parts (default: both)

import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { CONNECTIONS, type Connections, predict, tryConnections } from './connections.ts';
import { drawSet, EXCLUSIONS, type PolicySet, SEEDS_PER_LABELS } from './draw.ts';
import { testGenerated } from './generated.ts';
import { absence, apply, kubectl } from './kubectl.ts';
import { GROUP_LABEL, NAMESPACES, namespaceName, PODS, topology } from './topology.ts';

/**
 * Policies take effect within a second, and so do labels of pods, mostly: a busy node takes much longer to give pods new
 * identities. What differs is asked this often, a second apart; a wrong answer of Netweir's stays wrong.
 */
const TRIES = 40;

const options = readOptions();
const count = { passed: 0, failed: 0, open: 0, tried: 0, retried: 0 };
const begun = performance.now();
const stop = new AbortController();
let isInterrupted = false;
let next = options.seed;

const reason = await absence();
if (reason !== undefined) {
  console.log(`skipped: policies on a real node: ${reason}`);
  console.log('0 passed, 0 failed, 1 skipped');
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void interrupt(signal));
  if (options.part !== 'generated') await main();
  if (options.part !== 'sets' && !isInterrupted) await generated();
  console.log(`${count.passed} passed, ${count.failed} failed, 0 skipped`);
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
}

async function generated(): Promise<void> {
  try {
    const { passed, failed } = await testGenerated();
    count.passed += passed;
    count.failed += failed;
  } catch (error) {
    count.failed++;
    console.log(error instanceof Error ? error.message : String(error));
  }
}

async function main(): Promise<void> {
  const groups = Array.from({ length: Math.min(options.groups, options.sets) }, (_, index) => index + 1);
  console.log(
    `${options.sets} policy sets, seeds ${options.seed} to ${options.seed + options.sets - 1}, ${groups.length} at a time`,
  );
  for (const exclusion of EXCLUSIONS) console.log(`left out: ${exclusion}`);
  let trouble: unknown;
  try {
    // What a run that was killed left behind.
    await kubectl(['delete', 'namespace', '--selector', GROUP_LABEL, '--timeout=120s']);
    const outcomes = await Promise.allSettled(groups.map(testGroup));
    trouble = outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
  } catch (error) {
    trouble = error;
  }
  if (isInterrupted) return;
  if (trouble !== undefined) {
    count.failed++;
    console.log(trouble instanceof Error ? trouble.message : String(trouble));
  }
  await kubectl(['delete', 'namespace', '--selector', GROUP_LABEL, '--timeout=120s']).catch((error: Error) => {
    console.log(`the namespaces could not be removed: ${error.message}`);
  });
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(
    `${count.tried} connections, of which ${count.open} opened; ${count.retried} sets were tried again; ${seconds} s`,
  );
}

/** One group of pods: takes seeds until there are none left. */
async function testGroup(group: number): Promise<void> {
  try {
    const addresses = await bringUp(group);
    const end = options.seed + options.sets;
    while (!stop.signal.aborted && next < end) {
      // All seeds that share their labels go to one group.
      const first = next;
      const beyond = Math.min(end, Math.ceil(first / SEEDS_PER_LABELS) * SEEDS_PER_LABELS + 1);
      next = beyond;
      for (let seed = first; seed < beyond && !stop.signal.aborted; seed++) await testSet(seed, group, addresses);
    }
  } catch (error) {
    stop.abort();
    throw error;
  }
}

/** Starts the pods of a group and returns their addresses. Without policies every connection has to open. */
async function bringUp(group: number): Promise<ReadonlyMap<string, string>> {
  await apply(topology(group, { namespaces: {}, pods: {} }));
  const addresses = new Map<string, string>();
  for (const short of NAMESPACES) {
    const namespace = ['--namespace', namespaceName(group, short)];
    await kubectl([...namespace, 'wait', '--for=condition=Ready', 'pod', '--all', '--timeout=120s']);
    const list = JSON.parse(await kubectl([...namespace, 'get', 'pods', '--output=json']));
    for (const pod of list.items) addresses.set(`${short}/${pod.metadata.name}`, pod.status.podIP);
  }
  const missing = PODS.filter((pod) => !addresses.has(pod));
  if (missing.length > 0) throw new Error(`pods without an address: ${missing.join(', ')}`);
  const predicted: Connections = new Map(CONNECTIONS.map(({ key }) => [key, 'open']));
  const { differing } = await compare(predicted, addresses, group);
  if (differing.length > 0) throw new Error(`without policies these do not open: ${differing.join(', ')}`);
  return addresses;
}

/**
 * What really opens, and the keys where that differs from the prediction. What differs is tried again, alone: it may have
 * come too early, or found the machine busy.
 */
async function compare(
  predicted: Connections,
  addresses: ReadonlyMap<string, string>,
  group: number,
): Promise<{ real: Connections; differing: readonly string[]; attempts: number }> {
  const real = new Map(await tryConnections(new Set(predicted.keys()), addresses, group));
  for (let attempts = 1; ; attempts++) {
    const differing = [...predicted.keys()].filter((key) => predicted.get(key) !== real.get(key));
    if (differing.length === 0 || attempts === TRIES) return { real, differing, attempts };
    await sleep(1000);
    for (const [key, answer] of await tryConnections(new Set(differing), addresses, group)) real.set(key, answer);
  }
}

async function testSet(seed: number, group: number, addresses: ReadonlyMap<string, string>): Promise<void> {
  const set = drawSet(seed, group);
  await kubectl(['delete', 'networkpolicy', '--all-namespaces', '--selector', `${GROUP_LABEL}=${group}`]);
  // A name is never used again: Cilium 1.15 goes on enforcing a policy that is deleted and created again at once.
  const policies = set.policies.map((one) => ({
    ...one,
    metadata: {
      ...(one.metadata as object),
      name: `${(one.metadata as { name: string }).name}-${seed}-${Date.now()}`,
      labels: { [GROUP_LABEL]: String(group) },
    },
  }));
  await apply([...topology(group, set), ...policies]);
  const kinds = 'namespaces,pods,networkpolicies';
  const snapshot = await kubectl([
    'get',
    kinds,
    '--all-namespaces',
    '--selector',
    `${GROUP_LABEL}=${group}`,
    '--output=json',
  ]);
  const [predicted] = await Promise.all([predict(snapshot, group), sleep(1000)]);
  const { real, differing, attempts } = await compare(predicted, addresses, group);
  if (attempts > 1) count.retried++;
  count.tried += real.size;
  for (const answer of real.values()) if (answer === 'open') count.open++;
  if (differing.length === 0) count.passed++;
  else {
    count.failed++;
    report(seed, set, differing, predicted, real);
  }
}

function report(
  seed: number,
  set: PolicySet,
  differing: readonly string[],
  predicted: Connections,
  real: Connections,
): void {
  const { policies, ...labels } = set;
  console.log(`--- seed ${seed}: ${differing.length} of ${real.size} connections differ from what Netweir says`);
  for (const one of [labels, ...policies]) console.log(`---\n${stringify(one).trimEnd()}`);
  console.log('---');
  for (const key of differing)
    console.log(`${key}: Netweir says ${predicted.get(key)}, the node says ${real.get(key)}`);
  console.log(`again: npm run test:node -- --seed ${seed} --sets 1`);
}

/** Leaves nothing running; waiting for it would outlast the patience of whoever ends us. */
async function interrupt(signal: 'SIGINT' | 'SIGTERM'): Promise<never> {
  isInterrupted = true;
  stop.abort();
  console.log(`${signal}: removing the namespaces`);
  await kubectl(['delete', 'namespace', '--selector', GROUP_LABEL, '--wait=false']).catch((error: Error) => {
    console.log(error.message);
  });
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function readOptions(): { seed: number; sets: number; groups: number; part?: string } {
  const defaults = { seed: 1, sets: 100, groups: 3 };
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { seed: text, sets: text, groups: text, part: text } });
    const number = (name: 'seed' | 'sets' | 'groups') => {
      const value = values[name] === undefined ? defaults[name] : Number(values[name]);
      if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1`);
      return value;
    };
    const { part } = values;
    if (part !== undefined && part !== 'sets' && part !== 'generated')
      throw new Error('--part takes sets or generated');
    const numbers = { seed: number('seed'), sets: number('sets'), groups: number('groups') };
    return { ...numbers, ...(part === undefined ? {} : { part }) };
  } catch (error) {
    console.error(
      `${(error as Error).message}\nusage: test:node [--seed N] [--sets N] [--groups N] [--part sets|generated]`,
    );
    process.exit(2);
  }
}
