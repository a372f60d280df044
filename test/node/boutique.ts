// The application of ../shared/corpus/flows-online-boutique on a node: started, observed, and asked to make calls. Knows
// nothing of policies.

import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kubectl } from './kubectl.ts';

/** Where the application and its true calls are written; this file runs as part of dist/test/node.js. */
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/flows-online-boutique/', import.meta.url));

const home = process.env.NETWEIR_CLUSTER_HOME ?? join(homedir(), '.cache', 'netweir-cluster');
const runs = process.env.NETWEIR_CLUSTER_RUN ?? join(home, 'run');

/** Namespaces of the application; the node's own agent is in kube-system. */
export const APPLICATION = ['boutique', 'monitoring', 'batch'] as const;

/** One call that the application really makes, between pods. */
export interface Call {
  /** `namespace/Kind/name`. */
  readonly from: string;
  readonly to: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** A pod that runs. `owner` is as in {@link Call}. */
export interface RunningPod {
  readonly owner: string;
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
  readonly hostNetwork: boolean;
}

/** The calls of truth.json between workloads. Throws an Error where the corpus is absent. */
export async function trueCalls(): Promise<readonly Call[]> {
  const all: readonly Call[] = JSON.parse(await readFile(join(CORPUS, 'truth.json'), 'utf8'));
  return all.filter(({ from, to }) => isWorkload(from) && isWorkload(to));
}

function isWorkload(text: string): boolean {
  return text.split('/').length === 3;
}

/** Starts the application and waits until it is ready and its monitoring knows whom to ask. */
export async function startApplication(): Promise<void> {
  await kubectl(['apply', '-f', join(CORPUS, 'manifests.yaml')]);
  await kubectl(['--namespace', 'boutique', 'wait', '--for=condition=Ready', 'pod', '--all', '--timeout=120s']);
  const asked = (await runningPods()).filter(({ owner }) =>
    /^boutique\/Deployment\/(frontend|emailservice|recommendationservice)$/.test(owner),
  );
  const targets = asked.map(({ address }) => `${address}:8080\n`).join('');
  const patch = JSON.stringify({ data: { targets } });
  await kubectl(['--namespace', 'monitoring', 'patch', 'configmap', 'prometheus-targets', '--patch', patch]);
  // A new pod reads the list at once, a running one after a minute.
  await kubectl(['--namespace', 'monitoring', 'delete', 'pod', '--selector', 'app=prometheus']);
  await kubectl([
    '--namespace',
    'monitoring',
    'wait',
    '--for=condition=Available',
    'deployment',
    '--all',
    '--timeout=90s',
  ]);
}

/** Takes the application away, whatever is left of it. */
export async function stopApplication(): Promise<void> {
  await kubectl([
    'delete',
    '--ignore-not-found',
    '--wait=true',
    '--timeout=120s',
    '-f',
    join(CORPUS, 'manifests.yaml'),
  ]);
}

/** Pods that run, are not being deleted and go on running, of the application and of kube-system: a pod of a Job may end at any moment. */
export async function runningPods(): Promise<readonly RunningPod[]> {
  const list = JSON.parse(
    await kubectl(['get', 'pods', '--all-namespaces', '--field-selector=status.phase=Running', '--output=json']),
  );
  const own: readonly string[] = [...APPLICATION, 'kube-system'];
  return list.items.flatMap((pod: PodObject): RunningPod[] => {
    const { namespace, name, deletionTimestamp, ownerReferences } = pod.metadata;
    const { podIP } = pod.status;
    if (deletionTimestamp !== undefined || podIP === undefined || !own.includes(namespace)) return [];
    const [owner] = ownerReferences ?? [];
    if (owner === undefined || owner.kind === 'Job') return [];
    const top =
      owner.kind === 'ReplicaSet' ? `Deployment/${owner.name.replace(/-[^-]+$/, '')}` : `${owner.kind}/${owner.name}`;
    const hostNetwork = pod.spec.hostNetwork === true;
    return [{ owner: `${namespace}/${top}`, namespace, name, address: podIP, hostNetwork }];
  });
}

/** A pod of the template of the application's CronJob that stays: a stand-in for its own, which live for a second or two. */
export async function standInForCronJob(): Promise<RunningPod> {
  const [namespace, cronJob] = ['batch', 'catalog-export'];
  const own = ['--namespace', namespace];
  const name = `${cronJob}-stand-in`;
  const { spec } = JSON.parse(await kubectl([...own, 'get', 'cronjob', cronJob, '--output=json']));
  const { metadata, spec: template } = spec.jobTemplate.spec.template;
  const containers = template.containers.map((one: object) => ({ ...one, command: ['busybox', 'sleep', '3600'] }));
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec: { ...template, containers } };
  await kubectl([...own, 'apply', '-f', '-'], JSON.stringify(pod));
  await kubectl([...own, 'wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s']);
  const address = await kubectl([...own, 'get', 'pod', name, '--output=jsonpath={.status.podIP}']);
  return { owner: `${namespace}/CronJob/${cronJob}`, namespace, name, address, hostNetwork: false };
}

/** Takes the pod away again that {@link standInForCronJob} made. */
export async function removeStandIn({ namespace, name }: RunningPod): Promise<void> {
  await kubectl(['--namespace', namespace, 'delete', 'pod', name, '--ignore-not-found', '--grace-period=0', '--force']);
}

interface PodObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: { readonly hostNetwork?: boolean };
  readonly status: { readonly podIP?: string };
}

/** Copies what Hubble has written so far into a directory: it keeps few of its files. */
export async function keepFlows(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(runs)) {
    if (/^hubble-flows.*\.json$/.test(name)) await copyFile(join(runs, name), join(directory, name));
  }
}

/**
 * Makes calls from one pod, several rounds, the calls of a round at once, and returns those that ever failed, as
 * `ADDRESS:PORT/PROTOCOL REASON`: TIMEOUT where nothing came back, REFUSED where nobody listens. UDP is asked for through the
 * pod's own server on `server`; a pod without one cannot.
 */
export async function callFrom(
  { namespace, name }: RunningPod,
  calls: readonly { readonly address: string; readonly port: number; readonly protocol: 'TCP' | 'UDP' }[],
  { rounds, server }: { readonly rounds: number; readonly server?: number },
): Promise<readonly string[]> {
  const attempts = calls.map(({ address, port, protocol }) => {
    const label = `${address}:${port}/${protocol}`;
    if (protocol === 'TCP') return `tcp ${label} ${address}:${port}`;
    return `udp ${label} 'http://127.0.0.1:${server}/dial?host=${address}&port=${port}&protocol=udp&request=hostname&tries=1'`;
  });
  const script = [
    'tcp() { reason=$(agnhost connect --timeout 2s --protocol tcp "$2" 2>&1) || echo "$1 $reason"; }',
    'udp() { busybox timeout 3 wget -q -O - "$2" 2>/dev/null | busybox grep -q responses || echo "$1 TIMEOUT"; }',
    `for round in $(busybox seq ${rounds}); do`,
    ...attempts.map((attempt) => `  ${attempt} &`),
    '  wait; busybox sleep 1',
    'done',
  ].join('\n');
  const out = await kubectl(['--namespace', namespace, 'exec', name, '--', 'sh', '-c', script]);
  return [...new Set(out.split('\n').filter((line) => line !== ''))].sort();
}
