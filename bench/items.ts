// What is measured: each item with its inputs, its reference, and how its answer is read for the check.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  behaviourOf,
  type ConnectivityMap,
  type Exposure,
  loadState,
  type ManifestObject,
} from '../src/engine/index.ts';
import { mapUnits, type UnitMap } from '../src/engine/questions/map.ts';
import { PORT_PROTOCOLS } from '../src/engine/sets/traffic-set.ts';
import { printObjects } from '../src/manifests/index.ts';
import { answerOfDocument, answerOfUnits } from './answers.ts';
import { type ClusterSize, type DrawnCluster, drawCluster } from './cluster-shape.ts';
import { type DeclaringCluster, declareNeeds } from './evidence-shape.ts';
import { type Answered, compareCounts, compareSamples } from './exactness.ts';
import { FLOW_LOG_ITEM } from './flow-log-item.ts';
import { memoryOfCommand, timeCommand, timeOf } from './measure.ts';
import { compareExposure } from './naive-exposure.ts';
import { compareFindings, type PrintedFinding } from './naive-findings.ts';
import { compareGenerated, type PrintedPolicies } from './naive-generated.ts';
import type { Json } from './policy-shape.ts';

/** One item of the benchmark. */
export interface Item {
  readonly id: string;
  readonly title: string;
  /** The reference that every time is divided by. */
  readonly reference: string;
  /** Three sizes, a factor of four apart; the target is given for the last (P1: for the first). */
  readonly sizes: readonly ItemSize[];
  readonly smokeSizes: readonly ItemSize[];
  /** Growth from one smoke size to the next, fourfold, that only a change of complexity class exceeds. */
  readonly margin: number;
}

/** One size of an item. */
export interface ItemSize {
  /** As the table prints it. */
  readonly text: string;
  /** What grows fourfold from one size to the next. */
  readonly amount: number;
  /** As the results keep it. */
  readonly size: unknown;
  prepare(folder: string): Prepared;
}

/** One item at one size, ready to run. */
export interface Prepared {
  /** One run; milliseconds. */
  run(): number;
  /** The reference once; milliseconds. */
  reference(): number;
  /** Resident memory in MiB, after `run`. */
  memory(): number;
  /** What a run of so many milliseconds is in the item's own terms; absent: the time says it all. */
  speed?(milliseconds: number): string;
  /** Differences between the answer of the last run and the naive one; empty: none. `isSmallest`: every pair may be counted. */
  check(isSmallest: boolean): string[];
}

const SEED = 20240607;
const SAMPLED_PAIRS = 2000;
const PROGRAM = fileURLToPath(new URL('../bin/netweir.js', import.meta.url));

/** Of the published shape; the largest is the published size. */
const AS_OPENSHIFT = {
  sizes: times([1, 4, 16], { namespaces: 37.5, workloads: 337.5, policies: 825 }),
  smokeSizes: times([1, 4], { namespaces: 37.5, workloads: 337.5, policies: 825 }),
  margin: 10,
} as const;

/** An item whose sizes are those of clusters. */
interface ClusterItem extends Omit<Item, 'sizes' | 'smokeSizes'> {
  readonly sizes: readonly ClusterSize[];
  readonly smokeSizes: readonly ClusterSize[];
  prepare(size: ClusterSize, folder: string): Prepared;
}

const CLUSTER_ITEMS: readonly ClusterItem[] = [
  {
    id: 'P1',
    title: 'map from YAML files, whole command',
    reference: 'Node alone',
    sizes: times([1, 4, 16], { namespaces: 2, workloads: 10, policies: 20 }),
    smokeSizes: times([1, 4], { namespaces: 2, workloads: 10, policies: 20 }),
    margin: 9,
    prepare: prepareFiles,
  },
  {
    id: 'P2',
    title: 'map -o json of an OpenShift shape from one JSON file, whole command',
    reference: 'JSON.parse',
    ...AS_OPENSHIFT,
    prepare: prepareList,
  },
  {
    id: 'P2/lint',
    title: 'lint -o json of the same, whole command',
    reference: 'JSON.parse',
    ...AS_OPENSHIFT,
    prepare: prepareLint,
  },
  {
    id: 'P2/exposure',
    title: 'exposure -o json of the same, whole command',
    reference: 'JSON.parse',
    ...AS_OPENSHIFT,
    prepare: prepareExposure,
  },
  {
    id: 'P2/generate',
    title: 'generate -o json of the same with Services and variables that name them, whole command',
    reference: 'JSON.parse',
    ...AS_OPENSHIFT,
    prepare: (size, folder) => prepareGenerate(declareNeeds(drawCluster(size, SEED), SEED), folder),
  },
  {
    id: 'P2/generate-first',
    title: 'generate -o json where there are no policies yet, whole command',
    reference: 'JSON.parse',
    ...AS_OPENSHIFT,
    prepare: (size, folder) =>
      prepareGenerate({ ...declareNeeds(drawCluster(size, SEED), SEED), policies: [] }, folder),
  },
  {
    id: 'P3',
    title: 'map -o json of the shape of P2 from YAML files of thirty objects, whole command',
    reference: 'JSON.parse',
    ...AS_OPENSHIFT,
    prepare: prepareYaml,
  },
  {
    id: 'P4/10',
    title: 'all pairs of real pods, objects parsed already, in process',
    reference: 'JSON.parse',
    sizes: times([1, 4, 16], { namespaces: 62.5, workloads: 312.5, policies: 625, pods: 937.5 }),
    smokeSizes: times([0.5, 2], { namespaces: 62.5, workloads: 312.5, policies: 625, pods: 937.5 }),
    margin: 10,
    prepare: prepareObjects,
  },
];

/** All items, in the order of the table. */
export const ITEMS: readonly Item[] = [...CLUSTER_ITEMS.map(ofClusters), FLOW_LOG_ITEM];

function ofClusters({ prepare, sizes, smokeSizes, ...item }: ClusterItem): Item {
  const sized = (size: ClusterSize): ItemSize => ({
    text: sizeText(size),
    amount: size.policies,
    size,
    prepare: (folder) => prepare(size, folder),
  });
  return { ...item, sizes: sizes.map(sized), smokeSizes: smokeSizes.map(sized) };
}

function sizeText({ namespaces, workloads, policies, pods }: ClusterSize): string {
  const ends = pods === undefined ? `${workloads} workloads` : `${pods} pods of ${workloads} workloads`;
  return `${namespaces} namespaces, ${ends}, ${policies} policies`;
}

function times(factors: readonly number[], { namespaces, workloads, policies, pods }: ClusterSize): ClusterSize[] {
  return factors.map((factor) => ({
    namespaces: Math.round(namespaces * factor),
    workloads: Math.round(workloads * factor),
    policies: Math.round(policies * factor),
    ...(pods === undefined ? {} : { pods: Math.round(pods * factor) }),
  }));
}

function objectsOf({ namespaces, workloads, policies }: DrawnCluster): Json[] {
  return [...namespaces, ...workloads, ...policies];
}

/** One YAML file an object, as people keep them. */
function prepareFiles(size: ClusterSize, folder: string): Prepared {
  const drawn = drawCluster(size, SEED);
  const manifests = join(folder, 'manifests');
  mkdirSync(manifests);
  objectsOf(drawn).forEach((object, index) => {
    writeFileSync(join(manifests, `${String(index).padStart(6, '0')}.yaml`), printObjects([object]));
  });
  const output = join(folder, 'output.json');
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  return {
    ...prepareCommand(drawn, ['-f', manifests], folder),
    reference: () => timeCommand({ args: [empty], output }),
  };
}

/** YAML files of thirty objects each, as repositories have them. The reference parses the same objects as JSON. */
function prepareYaml(size: ClusterSize, folder: string): Prepared {
  const drawn = drawCluster(size, SEED);
  const objects = objectsOf(drawn);
  const manifests = join(folder, 'manifests');
  mkdirSync(manifests);
  for (let from = 0; from < objects.length; from += 30) {
    const file = join(manifests, `${String(from).padStart(6, '0')}.yaml`);
    writeFileSync(file, printObjects(objects.slice(from, from + 30)));
  }
  const list = writeList(drawn, folder);
  return { ...prepareCommand(drawn, ['-f', manifests], folder), reference: () => timeToParse(list) };
}

/** Everything in one compact List, as `kubectl get -o json | jq -c` prints it. */
function prepareList(size: ClusterSize, folder: string): Prepared {
  const drawn = drawCluster(size, SEED);
  const file = writeList(drawn, folder);
  return { ...prepareCommand(drawn, ['-f', file], folder), reference: () => timeToParse(file) };
}

function prepareLint(size: ClusterSize, folder: string): Prepared {
  return prepareVerb('lint', size, folder, (drawn, text) => {
    const { findings } = JSON.parse(text) as { findings: PrintedFinding[] };
    return compareFindings(drawn, findings);
  });
}

function prepareExposure(size: ClusterSize, folder: string): Prepared {
  return prepareVerb('exposure', size, folder, (drawn, text) =>
    compareExposure(drawn, JSON.parse(text) as Exposure, SAMPLED_PAIRS, 1),
  );
}

/** A verb over one List; lint exits 1 where it finds something. */
function prepareVerb(
  verb: 'lint' | 'exposure',
  size: ClusterSize,
  folder: string,
  check: (drawn: DrawnCluster, text: string) => string[],
): Prepared {
  const drawn = drawCluster(size, SEED);
  const file = writeList(drawn, folder);
  const output = join(folder, 'output.json');
  const args = [PROGRAM, verb, '-o', 'json', '-f', file];
  const command = { args, output, ...(verb === 'lint' ? { code: 1 } : {}) };
  return {
    run: () => timeCommand(command),
    memory: () => memoryOfCommand(command, folder),
    check: () => check(drawn, readFileSync(output, 'utf8')),
    reference: () => timeToParse(file),
  };
}

function prepareGenerate(drawn: DeclaringCluster, folder: string): Prepared {
  const file = writeList(drawn, folder, drawn.services);
  const output = join(folder, 'output.json');
  const command = { args: [PROGRAM, 'generate', '-o', 'json', '-f', file], output };
  return {
    run: () => timeCommand(command),
    memory: () => memoryOfCommand(command, folder),
    check: (isSmallest) => {
      const document = JSON.parse(readFileSync(output, 'utf8')) as PrintedPolicies;
      return compareGenerated(drawn, document, { pairs: SAMPLED_PAIRS, seed: 1, isSmallest });
    },
    reference: () => timeToParse(file),
  };
}

function writeList(drawn: DrawnCluster, folder: string, others: readonly Json[] = []): string {
  const file = join(folder, 'list.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...objectsOf(drawn), ...others] }));
  return file;
}

function timeToParse(file: string): number {
  return timeOf(() => JSON.parse(readFileSync(file, 'utf8')));
}

function prepareCommand(drawn: DrawnCluster, files: readonly string[], folder: string): Omit<Prepared, 'reference'> {
  const output = join(folder, 'output.json');
  const command = { args: [PROGRAM, 'map', '-o', 'json', ...files], output };
  return {
    run: () => timeCommand(command),
    memory: () => memoryOfCommand(command, folder),
    check: (isSmallest) => {
      const document = JSON.parse(readFileSync(output, 'utf8')) as ConnectivityMap;
      return compareMap(drawn, answerOfDocument(document), isSmallest);
    },
  };
}

function compareMap(drawn: DrawnCluster, answered: Answered, isSmallest: boolean): string[] {
  const differences = compareSamples(drawn, answered, SAMPLED_PAIRS, 1);
  return isSmallest ? [...differences, ...compareCounts(drawn, answered)] : differences;
}

/** Objects in memory: state and rectangles, nothing read and nothing printed. */
function prepareObjects(size: ClusterSize): Prepared {
  const drawn = drawCluster(size, SEED);
  const text = JSON.stringify(objectsOf(drawn));
  const behaviour = behaviourOf('default', []);
  let last: UnitMap | undefined;
  return {
    run: () => {
      const objects = (JSON.parse(text) as Json[]).map(
        (value): ManifestObject => ({ value, locate: () => ({ path: '' }) }),
      );
      return timeOf(() => {
        const state = loadState({ objects, behaviour, defaultNamespace: 'default' });
        last = mapUnits(
          state,
          { protocols: PORT_PROTOCOLS },
          { defaultNamespace: 'default', protocols: PORT_PROTOCOLS },
        );
      });
    },
    reference: () => timeOf(() => JSON.parse(text)),
    memory: () => process.memoryUsage().rss / 2 ** 20,
    check: (isSmallest) => compareMap(drawn, answerOfUnits(last!), isSmallest),
  };
}
