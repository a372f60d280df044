// Names of namespaces, workloads and Services for completion, from the files of -f where these are quickly read.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import type { Candidate } from './complete.ts';

/** One name that an endpoint can be. */
interface Named {
  readonly namespace: string;
  /** Absent for a Namespace itself. */
  readonly name?: string;
  readonly kind: string;
}

/** A person waits for the answer at the prompt: no file above this size is parsed for it, and no reading takes longer. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_MILLISECONDS = 400;

const KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Service']);
const WORDS: readonly Candidate[] = [
  { word: 'all', about: 'every pod' },
  { word: 'any-pod', about: 'every pod that exists or could exist' },
  { word: 'anything', about: 'also addresses, nodes and pods that could exist' },
  { word: 'internet', about: 'public addresses' },
  { word: 'private', about: 'private addresses' },
  { word: 'link-local', about: 'link-local addresses' },
  { word: 'metadata', about: 'metadata services of clouds' },
  { word: 'cluster', about: 'ranges of pods, nodes and Services' },
  { word: 'node/', about: 'a node by name' },
];

/** Names in the files that the words name with -f; empty where there are none or reading would take too long. */
export async function readNames(words: readonly string[], io: Io): Promise<readonly Named[]> {
  const paths = pathsIn(words);
  const namespace = valuesOfFlag(words, ['-n', '--namespace']).at(-1) ?? 'default';
  if (paths.length === 0) return [];
  for (const path of paths) {
    const stats = await stat(resolve(io.cwd, path));
    if (!stats.isDirectory() && (!stats.isFile() || stats.size > MAX_BYTES)) return [];
  }
  const { readManifests } = await import('../../manifests/index.ts');
  const signal = AbortSignal.timeout(MAX_MILLISECONDS);
  const { objects } = await readManifests(paths, { cwd: io.cwd, signal }).catch(() => ({ objects: [] }));
  return objects.flatMap(({ value }) => namedBy(value, namespace));
}

function pathsIn(words: readonly string[]): readonly string[] {
  return valuesOfFlag(words, ['-f', '--filename']).filter((path) => path !== '-');
}

/** Values of a flag in the forms `-f x`, `--filename x`, `--filename=x`. */
function valuesOfFlag(words: readonly string[], [short = '', long = '']: readonly string[]): readonly string[] {
  return words.flatMap((word, i) => {
    if (word === short || word === long) return words[i + 1] ?? [];
    return word.startsWith(`${long}=`) ? word.slice(long.length + 1) : [];
  });
}

function namedBy(value: Readonly<Record<string, unknown>>, defaultNamespace: string): readonly Named[] {
  const { kind, metadata } = value;
  if (typeof kind !== 'string' || typeof metadata !== 'object' || metadata === null) return [];
  const { name, namespace } = metadata as { name?: unknown; namespace?: unknown };
  if (typeof name !== 'string') return [];
  if (kind === 'Namespace') return [{ namespace: name, kind }];
  if (!KINDS.has(kind)) return [];
  return [{ namespace: typeof namespace === 'string' && namespace !== '' ? namespace : defaultNamespace, name, kind }];
}

/** All namespaces, sorted. */
export function namespaceNames(names: readonly Named[]): string[] {
  return [...new Set(names.map(({ namespace }) => namespace))].sort();
}

/** `shop/` for each namespace while none is typed, then the names in it. */
export function endpointCandidates(names: readonly Named[], current: string): readonly Candidate[] {
  const slash = current.indexOf('/');
  if (slash < 0) {
    return [...namespaceNames(names).map((name) => ({ word: `${name}/`, about: 'a namespace' })), ...WORDS];
  }
  const typed = current.slice(0, slash);
  const found = new Map<string, string>();
  for (const { namespace, name, kind } of names) {
    if (namespace !== typed || name === undefined) continue;
    const word = kind === 'Service' ? `${namespace}/service/${name}` : `${namespace}/${name}`;
    found.set(word, found.has(word) ? 'several kinds' : kind);
  }
  return [...found].map(([word, about]) => ({ word, about })).sort((a, b) => (a.word < b.word ? -1 : 1));
}
