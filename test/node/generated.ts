// Policies generated for a running application, on a real node: observed, generated, applied in the bundle's order while the
// application goes on calling. Everything that it needs must go on working, and nothing else may.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  APPLICATION,
  type Call,
  callFrom,
  keepFlows,
  type RunningPod,
  removeStandIn,
  runningPods,
  standInForCronJob,
  startApplication,
  stopApplication,
  trueCalls,
} from './boutique.ts';
import { KUBECONFIG_ARGS, KUBECTL, kubectl, run } from './kubectl.ts';

/** Seconds of observation: the application's slowest loop takes 30, its CronJob runs every minute. */
const OBSERVED = 75;

/** Problems of one sentence that are printed. */
const MOST_SHOWN = 20;

const NETWEIR = fileURLToPath(new URL('../bin/netweir.js', import.meta.url));

/** What passed and what did not. */
export interface Outcome {
  passed: number;
  failed: number;
}

/** Runs the whole story. Each sentence of it is one test. Throws an Error where it cannot go on. */
export async function testGenerated(): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: 0 };
  const check = (what: string, problems: readonly string[]): void => {
    if (problems.length === 0) outcome.passed++;
    else outcome.failed++;
    console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}  generated: ${what}`);
    for (const problem of problems.slice(0, MOST_SHOWN)) console.log(`        ${problem}`);
    if (problems.length > MOST_SHOWN) console.log(`        … and ${problems.length - MOST_SHOWN} more`);
  };
  const directory = await mkdtemp(join(tmpdir(), 'netweir-generated-'));
  try {
    await startApplication();
    await new Promise((done) => setTimeout(done, OBSERVED * 1000));
    const bundle = await generate(directory, check);
    await applyWhileCalling(bundle, check);
    const standIn = await standInForCronJob();
    try {
      check('nothing beside what is needed gets through', await forbiddenThatOpen([...(await runningPods()), standIn]));
      check('a pod of the CronJob that stays reaches what it needs', await neededThatFail(standIn));
    } finally {
      await removeStandIn(standIn);
    }
    check('the CronJob still reaches what it needs', await runCronJob());
    check('undo.sh takes every policy away', await undo(bundle));
  } finally {
    await rm(directory, { recursive: true, force: true });
    await stopApplication().catch((error: Error) => console.log(error.message));
  }
  return outcome;
}

type Check = (what: string, problems: readonly string[]) => void;

/** Generates from the cluster itself and the log of the node. */
async function generate(directory: string, check: Check): Promise<string> {
  const flows = join(directory, 'flows');
  await keepFlows(flows);
  const bundle = join(directory, 'policies');
  const args = [
    'generate',
    '--cni',
    'cilium@1.15',
    ...KUBECONFIG_ARGS,
    '--flows',
    flows,
    '--bundle',
    bundle,
    '-o',
    'json',
  ];
  const { code, out, err } = await run(process.execPath, [NETWEIR, ...args]);
  if (code !== 0 && code !== 1) throw new Error(`netweir generate failed with exit code ${code}: ${err.trim()}`);
  const { proof, namespaces, needs } = JSON.parse(out);
  const unsound = needs
    .filter(({ verdict }: { verdict: string }) => verdict !== 'allowed')
    .map(
      (need: { from: { name: string }; to: { name: string }; ports: number[]; verdict: string; reason?: string }) =>
        `${need.from.name} -> ${need.to.name}:${need.ports[0]} is ${need.verdict}: ${need.reason ?? ''}`,
    );
  check('the proof says sound', proof.sound ? [] : unsound);
  check(
    'the proof says tight',
    proof.unjustified.map((one: object) => JSON.stringify(one)),
  );
  check('the proof says that the order is safe', proof.safeOrder ? [] : [JSON.stringify(proof.unsafeSteps)]);
  check(
    'every namespace of the application gets policies',
    APPLICATION.filter((name) => !namespaces.includes(name)),
  );
  return bundle;
}

/** Every pod calls what it needs, again and again, while the policies come. */
async function applyWhileCalling(bundle: string, check: Check): Promise<void> {
  const pods = await runningPods();
  const calls = await trueCalls();
  const callers = pods.filter(({ owner, hostNetwork }) => !hostNetwork && calls.some(({ from }) => from === owner));
  const calling = callers.map(async (pod) => {
    const failed = await callFrom(pod, targetsOf(pod, calls, pods), { rounds: 12, ...serverOf(pod) });
    return failed.map((line) => `${pod.owner}: ${line}`);
  });
  const applied = await run('sh', [join(bundle, 'apply.sh'), ...KUBECONFIG_ARGS], '', { KUBECTL });
  check('apply.sh applies every policy', applied.code === 0 ? [] : [applied.err.trim()]);
  check('no call of the application fails on the way', (await Promise.all(calling)).flat());
  // The first round after everything is in place, alone: what the way there hid.
  const after = await Promise.all(
    callers.map(async (pod) =>
      (await callFrom(pod, targetsOf(pod, calls, pods), { rounds: 1, ...serverOf(pod) })).map(
        (line) => `${pod.owner}: ${line}`,
      ),
    ),
  );
  check('every call of the application works in the end', after.flat());
  const ready = await Promise.all(
    // Pods of Jobs come and go.
    ['boutique', 'monitoring'].map((name) => kubectl(['--namespace', name, 'get', 'pods', '--output=json'])),
  );
  const unready = ready.flatMap((text) =>
    JSON.parse(text).items.flatMap(
      (pod: { metadata: { name: string }; status: { phase: string; containerStatuses?: { ready: boolean }[] } }) =>
        pod.status.phase === 'Running' && pod.status.containerStatuses?.some((one) => !one.ready)
          ? [pod.metadata.name]
          : [],
    ),
  );
  check('probes go on: every pod is ready', unready);
}

function targetsOf(pod: RunningPod, calls: readonly Call[], pods: readonly RunningPod[]) {
  return calls
    .filter(({ from, protocol }) => from === pod.owner && (protocol === 'TCP' || serverOf(pod).server !== undefined))
    .flatMap(({ to, port, protocol }) =>
      pods
        .filter((other) => other.owner === to && other.name !== pod.name)
        // Names are looked up by the TCP port too: what answers UDP there answers no question of a test server.
        .filter(({ owner }) => !(protocol === 'UDP' && owner.endsWith('/coredns')))
        .map(({ address }) => ({ address, port, protocol })),
    );
}

/** The port of the pod's own test server, which sends UDP on its behalf. */
function serverOf({ owner }: RunningPod): { readonly server?: number } {
  return owner === 'boutique/Deployment/checkoutservice' ? { server: 5050 } : {};
}

/** Pairs of workloads that need nothing of each other, and that connect all the same. */
async function forbiddenThatOpen(pods: readonly RunningPod[]): Promise<readonly string[]> {
  const calls = await trueCalls();
  const servers = new Map<string, Set<number>>();
  for (const { to, protocol, port } of calls) {
    if (protocol === 'TCP') servers.set(to, new Set([...(servers.get(to) ?? []), port]));
  }
  const sources = pods.filter(({ hostNetwork, namespace }) => !hostNetwork && namespace !== 'kube-system');
  let tried = 0;
  const opened: string[] = [];
  // One pod after the other: hundreds of processes at once would look like denial.
  for (const pod of sources) {
    const forbidden = pods.flatMap((other) =>
      other.name === pod.name || other.hostNetwork
        ? []
        : [...(servers.get(other.owner) ?? []), 9102]
            .filter(
              (port) => !calls.some((call) => call.from === pod.owner && call.to === other.owner && call.port === port),
            )
            .map((port) => ({ address: other.address, port, protocol: 'TCP' as const, owner: other.owner })),
    );
    tried += forbidden.length;
    const failed = await callFrom(pod, forbidden, { rounds: 1 });
    const shut = new Set(failed.filter((line) => line.endsWith('TIMEOUT')).map((line) => line.split(' ')[0]));
    for (const { owner, address, port } of forbidden) {
      if (!shut.has(`${address}:${port}/TCP`)) opened.push(`${pod.owner} -> ${owner}:${port}`);
    }
  }
  console.log(`        ${tried} connections that nothing needs were tried`);
  return tried === 0 ? ['nothing was tried'] : opened;
}

/** Calls of one pod that its workload needs, and that fail. */
async function neededThatFail(pod: RunningPod): Promise<readonly string[]> {
  const targets = targetsOf(pod, await trueCalls(), await runningPods());
  return targets.length === 0 ? ['nothing was tried'] : callFrom(pod, targets, { rounds: 1 });
}

/** A run of the CronJob under the policies: its container fails where it gets no answer. */
async function runCronJob(): Promise<readonly string[]> {
  const job = ['--namespace', 'batch'];
  await kubectl([...job, 'create', 'job', 'by-hand', '--from=cronjob/catalog-export']);
  return kubectl([...job, 'wait', '--for=condition=Complete', 'job/by-hand', '--timeout=60s']).then(
    () => [],
    (error: Error) => [error.message],
  );
}

async function undo(bundle: string): Promise<readonly string[]> {
  const { code, err } = await run('sh', [join(bundle, 'undo.sh'), ...KUBECONFIG_ARGS], '', { KUBECTL });
  if (code !== 0) return [err.trim()];
  const left = await kubectl([
    'get',
    'networkpolicies',
    '--all-namespaces',
    '--selector=app.kubernetes.io/managed-by=netweir',
    '--output=name',
  ]);
  return left.trim() === '' ? [] : [`left over: ${left.trim()}`];
}
