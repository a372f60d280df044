// Which connections open: as Netweir predicts from a snapshot, and as they really do. Both answers have the same form.

import { fileURLToPath } from 'node:url';
import { kubectl, run } from './kubectl.ts';
import { namespaceName, PODS, TARGETS, type Target } from './topology.ts';

type Answer = 'open' | 'shut' | 'unknown';

/** By the keys of {@link CONNECTIONS}. */
export type Connections = ReadonlyMap<string, Answer>;

/** Every ordered pair of different pods with every target; `key` is like `x/a -> y/b TCP 80`. */
export const CONNECTIONS: readonly { from: string; to: string; target: Target; key: string }[] = PODS.flatMap((from) =>
  PODS.filter((to) => to !== from).flatMap((to) =>
    TARGETS.map((target) => ({ from, to, target, key: `${from} -> ${to} ${target.protocol} ${target.port}` })),
  ),
);

/** The parts of a ConnectivityMap that are read here. */
interface MapDocument {
  readonly endpoints: readonly { id: number; kind?: string; namespace?: string; name?: string }[];
  readonly connections: readonly {
    from: readonly number[];
    to: readonly number[];
    allowed?: Ports;
    unknown?: readonly { ports: Ports }[];
  }[];
}

type Ports = 'all' | Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** The program under test. This file runs as part of dist/test/node.js, beside dist/bin. */
const NETWEIR = fileURLToPath(new URL('../bin/netweir.js', import.meta.url));

/** What `netweir map` says of a snapshot. Throws an Error where it fails, or where the map does not have every pod. */
export async function predict(snapshot: string, group: number): Promise<Connections> {
  const args = [NETWEIR, 'map', '--cni', 'cilium@1.15', '--protocols', 'tcp,udp', '-o', 'json', '-f', '-'];
  const { code, out, err } = await run(process.execPath, args, snapshot);
  if (code !== 0) throw new Error(`netweir map failed with exit code ${code}: ${err.trim()}`);
  const map: MapDocument = JSON.parse(out);
  const ids = new Map<string, number>();
  for (const pod of PODS) {
    const [namespace = '', name] = pod.split('/');
    const found = map.endpoints.filter(
      (one) => one.kind === 'Pod' && one.namespace === namespaceName(group, namespace) && one.name === name,
    );
    if (found.length !== 1) throw new Error(`the map has ${found.length} endpoints for the pod ${pod}`);
    ids.set(pod, found[0]!.id);
  }
  const answers = CONNECTIONS.map(({ from, to, target, key }): [string, Answer] => {
    const ends = map.connections.filter((one) => one.from.includes(ids.get(from)!) && one.to.includes(ids.get(to)!));
    if (ends.some(({ allowed }) => holds(allowed, target))) return [key, 'open'];
    const isOpen = ends.some(({ unknown = [] }) => unknown.some(({ ports }) => holds(ports, target)));
    return [key, isOpen ? 'unknown' : 'shut'];
  });
  return new Map(answers);
}

function holds(ports: Ports | undefined, { protocol, port }: Target): boolean {
  if (ports === undefined) return false;
  if (ports === 'all') return true;
  return (ports[protocol] ?? []).some(([first, last]) => first <= port && port <= last);
}

/** So many connections of one attempt are so little load that it need not wait for its turn. */
const FEW = 40;

/** The end of the last attempt of any group: attempts take turns, so that their load does not look like denial. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Tries connections, all at once: those whose keys are in `wanted`. `addresses` has the IP of each pod, by short name.
 * Throws an Error where a pod cannot be asked.
 */
export async function tryConnections(
  wanted: ReadonlySet<string>,
  addresses: ReadonlyMap<string, string>,
  group: number,
): Promise<Connections> {
  const begin = () => Promise.all(PODS.map((pod) => tryFrom(pod, wanted, addresses, group)));
  const mine = wanted.size <= FEW ? begin() : turn.then(begin);
  if (wanted.size > FEW) turn = mine.catch(() => {});
  const opened = new Set((await mine).flat());
  return new Map([...wanted].map((key) => [key, opened.has(key) ? 'open' : 'shut']));
}

/**
 * Keys of what opens from one pod. The server in the pod opens the connections, so that not each costs a process of many
 * megabytes, and tells the name of the pod that answered. What has no answer within a second is shut.
 */
async function tryFrom(
  from: string,
  wanted: ReadonlySet<string>,
  addresses: ReadonlyMap<string, string>,
  group: number,
): Promise<string[]> {
  const [namespace = '', name = ''] = from.split('/');
  const attempts = CONNECTIONS.filter((one) => one.from === from && wanted.has(one.key));
  if (attempts.length === 0) return [];
  const requests = attempts.map(({ to, target }, index) => {
    const protocol = target.protocol === 'TCP' ? 'http' : 'udp';
    const host = addresses.get(to);
    return `ask ${index} 'dial?host=${host}&port=${target.port}&protocol=${protocol}&request=hostname&tries=1'`;
  });
  // Every wget is a child of the shell, which waits for it: what outlived the shell would stay as a zombie in the pod.
  const script = [
    'busybox rm -rf /answers; busybox mkdir /answers; cd /answers; pids=',
    'ask() { wget -q -O "$1" "http://127.0.0.1:80/$2" 2>/dev/null & pids="$pids $!"; }',
    ...requests,
    'ask self hostname',
    'sleep 1; kill $pids 2>/dev/null; wait',
    'for file in *; do answer=; read -r answer <$file; echo "$file $answer"; done',
  ].join('\n');
  const exec = ['--namespace', namespaceName(group, namespace), 'exec', name, '--container=serve-80', '--', 'sh', '-c'];
  for (let tries = 0; tries < 5; tries++) {
    const lines = new Set((await kubectl([...exec, script])).split('\n'));
    if (!lines.has(`self ${name}`)) continue;
    return attempts
      .filter(({ to }, index) => lines.has(`${index} {"responses":["${to.split('/')[1]}"]}`))
      .map(({ key }) => key);
  }
  throw new Error(`the server in ${from} does not answer itself, so it can try nothing`);
}
