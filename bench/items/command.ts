// What items that measure a whole command share: the program, its input in one file, and the reference over that file.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printObjects } from '../../src/manifests/index.ts';
import { memoryOfCommand, timeCommand, timeOf } from '../measure.ts';
import type { DrawnCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import type { Prepared } from './item.ts';

/** The built program. */
export const PROGRAM: string = fileURLToPath(new URL('../bin/netweir.js', import.meta.url));

/** All objects of a cluster, as a list of manifests has them. */
export function objectsOf({ namespaces, workloads, policies }: DrawnCluster): Json[] {
  return [...namespaces, ...workloads, ...policies];
}

/** Writes everything into one compact List, as `kubectl get -o json | jq -c` prints it; its path. */
export function writeList(drawn: DrawnCluster, folder: string, others: readonly Json[] = []): string {
  const file = join(folder, 'list.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...objectsOf(drawn), ...others] }));
  return file;
}

/** Writes YAML files of so many objects each, as repositories have them; the path of their folder. */
export function writeYaml(objects: readonly Json[], folder: string, objectsPerFile: number): string {
  const manifests = join(folder, 'manifests');
  mkdirSync(manifests);
  for (let from = 0; from < objects.length; from += objectsPerFile) {
    const file = join(manifests, `${String(from).padStart(6, '0')}.yaml`);
    writeFileSync(file, printObjects(objects.slice(from, from + objectsPerFile)));
  }
  return manifests;
}

/** Milliseconds that reading and parsing a file of JSON takes. */
export function timeToParse(file: string): number {
  return timeOf(() => JSON.parse(readFileSync(file, 'utf8')));
}

/** One run of the program; `check` is given what it printed. `code`: how it exits, absent: with 0. */
export function prepareVerb(
  { args, folder, code = 0 }: { readonly args: readonly string[]; readonly folder: string; readonly code?: number },
  check: (text: string, isSmallest: boolean) => string[],
): Omit<Prepared, 'reference'> {
  const output = join(folder, 'output.json');
  const command = { args: [PROGRAM, ...args], output, code };
  return {
    run: () => timeCommand(command),
    memory: () => memoryOfCommand(command, folder),
    check: (isSmallest) => check(readFileSync(output, 'utf8'), isSmallest),
  };
}
