// From what -f, -k and --helm name, the operands of diff, or a cluster, to a loaded state. The only place of the CLI that
// reads manifests.

import type { Behaviour, LoadInput, ManifestObject, QuestionContext, State } from '../engine/index.ts';
import { behaviourOf, comparedBehaviours, loadState } from '../engine/index.ts';
import type { Limit, Purpose } from '../engine/model/server-facts.ts';
import { UserError } from '../engine/model/user-error.ts';
import { absentIn, unknownName } from '../engine/questions/unknown-name.ts';
import {
  type ManifestSet,
  type ReadingProgress,
  type ReadOptions,
  readManifests,
  type Skipped,
} from '../manifests/index.ts';
import { printable } from '../report/index.ts';
import {
  askNear,
  isCompiled,
  type NearAnswer,
  type ReadSet,
  readWithCompiled,
  refuseCompiled,
} from './compiled-snapshots.ts';
import { contextOf, type Invocation, type Options } from './invocation.ts';
import { kubectlPipe, noInput } from './kubectl-pipe.ts';
import { type ClusterQuestion, clusterFlagOf, clusterWords, type ReadCluster, readChosen } from './load-cluster.ts';
import { rememberHints } from './plugin-hints.ts';
import { READING, showReading } from './show-reading.ts';

/** A state, and what it was loaded from. */
export interface Loaded {
  readonly state: State;
  readonly input: LoadInput;
  /** What questions about it start from: protocols, and the namespace of names without one. */
  readonly context: QuestionContext;
  /** Files that were no manifests. */
  readonly skipped: readonly Skipped[];
  /** Comments that suppress findings. */
  readonly ignores: ManifestSet['ignores'];
  /** What standard input held, where a patch of it is to be printed. */
  readonly piped?: Uint8Array;
}

/** What a state is loaded for. */
export interface LoadOptions {
  /** What a cluster is read for; answers if absent. */
  readonly purposes?: readonly Purpose[];
  /** Whether every object will be looked at as a whole, and not only what answers are made of; false if absent. */
  readonly isWhole?: boolean;
  /** Whether objects are looked at for more than connections, so that a compiled snapshot does not do; as `isWhole` if absent. */
  readonly needsManifests?: boolean;
}

/**
 * Loads what -f, -k and --helm name, in this order, or the cluster that flags and kubeconfig choose where they name
 * nothing. Throws UserError, `no-input` where there is neither.
 */
export async function loadInput(invocation: Invocation, wanted: LoadOptions = {}): Promise<Loaded> {
  const { purposes = ['answers'] } = wanted;
  const { options } = invocation;
  const operands = inputOperands(options);
  checkHelmFlags(options, operands);
  if (operands.length > 0) {
    refuseClusterFlags(options);
    return loadPaths(invocation, operands, wanted);
  }
  return loadCluster(invocation, { purposes });
}

/**
 * Asks a question about few pods of what {@link loadInput} loads: of a compiled snapshot only what it asks for is read. Throws
 * as that does.
 */
export async function askInput<T>(
  invocation: Invocation,
  ask: (state: State, context: QuestionContext) => T,
): Promise<NearAnswer<T>> {
  const { options, io, progress } = invocation;
  const [operand, ...others] = inputOperands(options);
  if (operand !== undefined && others.length === 0 && isCompiled(io, operand)) {
    checkHelmFlags(options, [operand]);
    refuseClusterFlags(options);
    const found = askNear(io, operand, { behaviour: behaviourFor(invocation), context: contextOf(options) }, ask);
    if (found !== undefined) return found;
  }
  const { state, skipped, context } = await loadInput(invocation);
  progress.step('answering');
  return { state, skipped, context, answer: ask(state, context) };
}

/** Loads one whole cluster. Throws UserError, `no-input` where nothing says which. */
export async function loadCluster(invocation: Invocation, question: ClusterQuestion): Promise<Loaded> {
  const { options, progress, io, typed } = invocation;
  // What is misspelt is said before a long reading, not after it.
  const behaviour = behaviourFor(invocation);
  contextOf(options);
  const found = await readChosen(invocation, question);
  if (found === undefined) throw noInput(io.program, options, typed, io.isPiped);
  // Who pipes manifests and forgets -f - would take the answer for one about them.
  if (io.isPiped && !typed.includes('-') && clusterFlagOf(options) === undefined) {
    progress.end();
    await io.stderr.write(`note: the answer is about ${found.target.title}; standard input is read with -f -\n`);
  }
  progress.step('building the snapshot');
  return { ...stateOf(found, found.reading.objects, behaviour, options), skipped: [], ignores: [] };
}

/** The sentences that matter to a reading for these purposes, each once. */
function limitsFor(limits: readonly Limit[], purposes: readonly Purpose[]): readonly string[] {
  return [...new Set(limits.filter(({ purpose }) => purposes.includes(purpose)).map(({ message }) => message))];
}

/** The state of a cluster with these objects: its own, or those that it would have; `beside`: what else was read. */
export function stateOf(
  { reading, namespace }: ReadCluster,
  objects: readonly ManifestObject[],
  behaviour: Behaviour,
  options: Options,
  beside: Pick<LoadInput, 'findings' | 'gaps'> = {},
): Pick<Loaded, 'state' | 'input' | 'context'> {
  const { gaps, server } = reading;
  const limits = reading.limits.map(({ message }) => message);
  const input: LoadInput = { objects, gaps, limits, server, behaviour, defaultNamespace: namespace, ...beside };
  return { state: loadState(input), input, context: contextOf(options, namespace) };
}

/** What -f, -k and --helm name, each as -f takes it. */
export function inputOperands({ filename, kustomize, helm }: Options): readonly string[] {
  return [
    ...filename,
    ...kustomize.map((directory) => `kustomize:${directory}`),
    ...helm.map((chart) => `helm:${chart}`),
  ];
}

/** Throws UserError `usage` where a flag chooses a cluster and none is read. */
export function refuseClusterFlags(options: Options): void {
  const flag = clusterFlagOf(options);
  if (flag === undefined) return;
  throw new UserError('usage', `${flag} chooses a cluster, and the answer comes from files alone`, {
    hint: `leave ${flag} out, or -f: diff FILE cluster compares both`,
  });
}

/** The flags that name the same input in another command. */
export function inputWords(options: Options): readonly string[] {
  const { helmRelease, helmValues, helmSet } = options;
  const operands = inputOperands(options);
  if (operands.length === 0) return clusterWords(options);
  return [
    ...operands.flatMap((operand) => ['-f', operand]),
    ...(helmRelease === undefined ? [] : ['--helm-release', helmRelease]),
    ...helmValues.flatMap((file) => ['--helm-values', file]),
    ...helmSet.flatMap((pair) => ['--helm-set', pair]),
  ];
}

/** Throws UserError `usage` where flags are about a chart and none of the operands is one. */
export function checkHelmFlags({ helmRelease, helmValues, helmSet }: Options, operands: readonly string[]): void {
  if (operands.some((operand) => operand.startsWith('helm:'))) return;
  const given = [
    ...(helmRelease === undefined ? [] : ['--helm-release']),
    ...(helmValues.length === 0 ? [] : ['--helm-values']),
    ...(helmSet.length === 0 ? [] : ['--helm-set']),
  ];
  const [first] = given;
  if (first === undefined) return;
  throw new UserError('usage', `${first} is about a chart, and none is given`, { hint: 'name it with --helm CHART' });
}

/** Loads one whole state from these paths. Throws UserError. */
export async function loadPaths(
  invocation: Invocation,
  paths: readonly string[],
  { purposes = ['answers'], isWhole = false, needsManifests = isWhole }: LoadOptions = {},
): Promise<Loaded> {
  const { options, progress, io, verb } = invocation;
  const context = contextOf(options);
  // A misspelt plugin is said before a long read, not after it.
  const behaviour = behaviourFor(invocation);
  if (needsManifests || options.fix)
    refuseCompiled(io, paths, `${options.fix ? '--fix' : verb.name} needs the manifests`);
  progress.step(READING);
  const kept = options.fix && options.dryRun && paths.includes('-') ? keepStream(invocation.io.stdin) : undefined;
  const set = await readWithCompiled(io, paths, (operands) =>
    readPaths(invocation, operands, {
      abridges: !isWhole,
      ...(kept === undefined ? {} : { stdin: kept.stream }),
    }),
  );
  progress.step('building the snapshot');
  const input = inputOf(set, purposes, behaviour, context.defaultNamespace);
  const piped = kept === undefined ? {} : { piped: kept.bytes() };
  const state = loadState(input);
  if (set.hints !== undefined) rememberHints(state, set.hints);
  return { state, input, context, skipped: set.skipped, ignores: set.ignores, ...piped };
}

/** What a state is loaded from, of what was read for these purposes. */
export function inputOf(
  { objects, findings, gaps, snapshots }: ReadSet,
  purposes: readonly Purpose[],
  behaviour: Behaviour,
  defaultNamespace: string,
): LoadInput {
  const limits = limitsFor(
    snapshots.flatMap((snapshot) => snapshot.limits),
    purposes,
  );
  const server = snapshots.find((snapshot) => snapshot.server !== undefined)?.server;
  const beside = server === undefined ? { limits } : { limits, server };
  return { objects, findings, gaps, behaviour, defaultNamespace, ...beside };
}

/** A stream, and what went through it. */
function keepStream(stream: AsyncIterable<Uint8Array>): {
  readonly stream: AsyncIterable<Uint8Array>;
  bytes(): Uint8Array;
} {
  const chunks: Uint8Array[] = [];
  async function* through(): AsyncIterable<Uint8Array> {
    for await (const chunk of stream) {
      chunks.push(chunk);
      yield chunk;
    }
  }
  return { stream: through(), bytes: () => Buffer.concat(chunks) };
}

/** Reads manifests without loading them; `more` stands in for what the command line says. Throws UserError. */
export async function readPaths(
  invocation: Invocation,
  paths: readonly string[],
  more: Pick<ReadOptions, 'stdin' | 'wanted' | 'abridges'> = {},
): Promise<ManifestSet> {
  const { options, io, progress, typed, verb, operands } = invocation;
  const what = verb.name === 'snapshot' ? `snapshot ${operands[0]}` : verb.name;
  refuseCompiled(
    io,
    paths,
    more.wanted === undefined ? `${what} needs the manifests` : `${what} needs ${more.wanted.what}s`,
  );
  if (paths.includes('-') && io.isTTY.stdin) {
    const own = typed.filter((word, i) => word !== '-' && !(word === '-f' && typed[i + 1] === '-'));
    throw new UserError('no-input', '- reads standard input, which is a terminal', {
      hint: `pipe manifests into it:\n  ${kubectlPipe(io.program, options, own)}`,
    });
  }
  const { recursive, namespace, helmRelease, helmValues, helmSet } = options;
  const release = helmRelease === undefined ? {} : { release: helmRelease };
  const helm = { ...release, ...(namespace === undefined ? {} : { namespace }), values: helmValues, set: helmSet };
  const said: string[] = [];
  const onProgress = (reading: ReadingProgress): void => showReading(progress, reading);
  const onMessage = (tool: string, line: string) => void said.push(`${tool}: ${printable(line)}\n`);
  try {
    return await readManifests(paths, {
      recursive,
      stdin: io.stdin,
      cwd: io.cwd,
      env: io.env,
      helm,
      partWorker: io.partWorker,
      onProgress,
      onMessage,
      ...more,
    });
  } finally {
    if (said.length > 0) {
      progress.end();
      await io.stderr.write(said.join(''));
    }
  }
}

/** The behaviour that --cni and --assume choose; with --portable the first of those. Throws UserError. */
export function behaviourFor(invocation: Invocation): Behaviour {
  const { options } = invocation;
  if (options.portable) return comparedFor(invocation)[0]!;
  if (options.cni?.includes(',') === true) {
    throw new UserError('usage', `--cni takes one plugin, and "${options.cni}" is several`, {
      hint: 'map --portable and explain --portable compare plugins',
    });
  }
  return behaviourOf(options.cni ?? 'default', options.assume);
}

/** The behaviours that --portable compares, at least two. Throws UserError `invalid-behaviour`. */
export function comparedFor({ options }: Invocation): readonly Behaviour[] {
  return comparedBehaviours(options.cni, options.assume);
}

/** The namespace that -n narrows an answer to; absent: all. Throws UserError with those that exist where it does not exist. */
export function onlyNamespace({ namespace, allNamespaces }: Options, { cluster }: State): string | undefined {
  if (namespace === undefined || allNamespaces) return undefined;
  if (cluster.namespaces.has(namespace)) return namespace;
  const message = absentIn(cluster.gaps, undefined, `there is no namespace "${namespace}"`);
  throw unknownName('namespace', namespace, cluster.namespaces.keys(), message);
}
