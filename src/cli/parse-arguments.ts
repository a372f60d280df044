// The words after the program's name to a verb, its operands and the values of its flags. Reads no files and asks nothing.

import { Command, CommanderError } from 'commander';
import { nearestNames } from '../engine/model/nearest-names.ts';
import { UserError } from '../engine/model/user-error.ts';
import { LATER_VERBS, VERBS, type Verb } from './command-table.ts';
import { type Flag, LATER_FLAGS } from './flags.ts';
import type { Options } from './invocation.ts';

/** What was typed, understood. */
export interface ParsedArguments {
  readonly verb: Verb;
  readonly operands: readonly string[];
  readonly options: Options;
  /** Whether -h or --help was among the flags; operands and values are not checked then. */
  readonly wantsHelp: boolean;
  /** Verb first, as typed, without flags that choose a cluster: what a suggested command repeats. */
  readonly typed: readonly string[];
}

const ALL_FLAGS: readonly Flag[] = VERBS.flatMap(({ flags }) => flags);
const CLUSTER_FLAGS = ALL_FLAGS.filter(({ group }) => group === 'Cluster');

/** Letters of flags that take a value. */
const WITH_VALUE = new Set(
  ALL_FLAGS.flatMap(({ short, value }) => (short === undefined || value === undefined ? [] : [short])),
);

/** Reads the words. Flags may stand before the verb, as kubectl allows. Throws UserError `usage` or `not-available`. */
export function parseArguments(words: readonly string[]): ParsedArguments {
  const [name, ...rest] = verbFirst(words);
  const verb = findVerb(name);
  const command = commandOf(verb);
  try {
    command.parse(rest, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw asUserError(error, verb);
    throw error;
  }
  const values = command.opts<Record<string, unknown>>();
  const wantsHelp = values.help === true;
  if (!wantsHelp) checkOperands(verb, command.args);
  const typed = [verb.name, ...withoutClusterFlags(rest)];
  return { verb, operands: command.args, options: optionsOf(values), wantsHelp, typed };
}

/** The verb of a name. Throws UserError with the nearest names, or that it comes later. */
export function findVerb(name: string | undefined): Verb {
  const verb = VERBS.find((one) => one.name === name);
  if (verb !== undefined) return verb;
  const listed = `verbs: ${VERBS.map((one) => one.name).join(', ')}`;
  if (name === undefined || name.startsWith('-')) {
    throw new UserError(
      'usage',
      `a verb is missing${name === undefined ? '' : `, and "${name}" is no flag without one`}`,
      { hint: /^-[vV]$/.test(name ?? '') ? 'the version is printed by --version' : listed },
    );
  }
  if (LATER_VERBS.includes(name)) {
    throw new UserError('not-available', `"${name}" is not available in this version`, { hint: listed });
  }
  const near = nearestNames(
    name,
    VERBS.map((one) => one.name),
  );
  throw new UserError('usage', `there is no verb "${name}"`, { hint: near.length > 0 ? didYouMean(near) : listed });
}

/** The words with the verb in front: the first that is neither a flag nor the value of one. */
function verbFirst(words: readonly string[]): readonly string[] {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('-') || word === '-') return [word, ...words.slice(0, i), ...words.slice(i + 1)];
    if (takesNextWord(word)) i++;
  }
  return words;
}

/** Whether a flag's value is the word after it. */
function takesNextWord(word: string): boolean {
  if (word.startsWith('--')) return ALL_FLAGS.some(({ name, value }) => value !== undefined && `--${name}` === word);
  // In a group such as -Rf only the last letter may take the next word; what follows an earlier one is its value.
  const first = [...word.slice(1)].findIndex((letter) => WITH_VALUE.has(letter));
  return first >= 0 && first === word.length - 2;
}

function withoutClusterFlags(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const flag = CLUSTER_FLAGS.find(({ name, short }) =>
      short !== undefined && !word.startsWith('--')
        ? word.startsWith(`-${short}`)
        : word === `--${name}` || word.startsWith(`--${name}=`),
    );
    if (flag === undefined) kept.push(word);
    else if (flag.value !== undefined && (word === `--${flag.name}` || word === `-${flag.short}`)) i++;
  }
  return kept;
}

function commandOf(verb: Verb): Command {
  const command = new Command(verb.name)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .helpOption(false)
    .showSuggestionAfterError(false)
    .argument('[operands...]');
  for (const flag of verb.flags) {
    const form = `${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}${flag.value === undefined ? '' : ' <value>'}`;
    if (flag.repeatable === true) {
      command.option(form, flag.summary, (value: string, before: string[]) => [...before, value], [] as string[]);
    } else if (flag.value !== undefined) command.option(form, flag.summary, onlyOne(flag));
    else command.option(form, flag.summary);
  }
  return command;
}

/** Keeps the value of a flag that takes one. Two different ones are an error: the last would win, and nobody would see it. */
function onlyOne({ name, short }: Flag): (value: string, before: string | undefined) => string {
  return (value, before) => {
    if (before === undefined || before === value) return value;
    const flag = short === undefined ? `--${name}` : `-${short}`;
    throw new UserError('usage', `${flag} takes one value, and was given "${before}" and "${value}"`, {
      hint: name === 'namespace' ? 'ask about one after the other, or about all without -n' : 'leave one of them out',
    });
  };
}

function optionsOf(values: Record<string, unknown>): Options {
  const text = <K extends string>(name: K): { [P in K]?: string } => {
    const value = values[name];
    return (typeof value === 'string' ? { [name]: value } : {}) as { [P in K]?: string };
  };
  const list = (name: string): readonly string[] => (Array.isArray(values[name]) ? values[name] : []);
  return {
    filename: list('filename'),
    recursive: values.recursive !== false,
    kustomize: list('kustomize'),
    helm: list('helm'),
    ...text('helmRelease'),
    helmValues: list('helmValues'),
    helmSet: list('helmSet'),
    ...text('namespace'),
    allNamespaces: values.allNamespaces === true,
    ...text('selector'),
    from: list('from'),
    to: list('to'),
    ...text('port'),
    ...text('protocols'),
    portable: values.portable === true,
    ...text('cni'),
    assume: list('assume'),
    allowIncomplete: values.allowIncomplete === true,
    ...text('failOn'),
    only: list('only'),
    ...text('baseline'),
    close: values.close === true,
    fix: values.fix === true,
    suggested: values.suggested === true,
    dryRun: values.dryRun === true,
    rbac: values.rbac === true,
    guarantee: list('guarantee'),
    existingNamespaces: values.existingNamespaces === true,
    generate: {
      flows: list('flows'),
      ...text('columns'),
      ...text('since'),
      ...text('until'),
      ...text('include'),
      allow: list('allow'),
      forbid: list('forbid'),
      ...text('confidence'),
      ...text('maxBlocks'),
      ...text('widen'),
      platform: {
        ...text('platform'),
        apiServer: list('apiServer'),
        apiServerClients: list('apiServerClients'),
        dns: list('dns'),
        nodeDns: list('nodeDns'),
        metadata: list('metadata'),
      },
      strict: values.strict === true,
      requireReady: values.requireReady === true,
      diff: values.diff === true,
      ...text('bundle'),
      ...text('layout'),
    },
    replay: { proposed: list('with'), ...record(values) },
    ...text('with'),
    list: values.list === true,
    ...text('describe'),
    output: list('output'),
    expand: values.expand === true,
    headers: values.headers !== false,
    ...(typeof values.color === 'boolean' ? { color: values.color } : {}),
    ...text('context'),
    ...text('kubeconfig'),
    ...text('cluster'),
    ...text('user'),
    ...text('server'),
    ...text('token'),
    ...text('as'),
    asGroup: list('asGroup'),
    ...text('asUid'),
    insecureSkipTlsVerify: values.insecureSkipTlsVerify === true,
    ...text('certificateAuthority'),
    ...text('clientCertificate'),
    ...text('clientKey'),
    ...text('tlsServerName'),
    ...text('requestTimeout'),
    debug: values.debug === true,
  };
}

/** --flow, which explain has; --flows is a list of logs. */
function record({ flow }: Record<string, unknown>): { readonly record?: string } {
  return typeof flow === 'string' ? { record: flow } : {};
}

function checkOperands(verb: Verb, operands: readonly string[]): void {
  const usage = `usage: ${verb.name} ${verb.operands}`.trimEnd();
  if (operands.length < verb.minimum) {
    throw new UserError('usage', `${verb.name} needs ${verb.operands}`, {
      hint: `netweir ${verb.name} --help shows examples`,
    });
  }
  if (operands.length <= verb.maximum) return;
  const extra = operands[verb.maximum]!;
  if (verb.maximum === 0 && verb.flags.some(({ name }) => name === 'filename')) {
    throw new UserError('usage', `"${extra}" is one word too many`, {
      hint: `manifests are named with -f: ${verb.name} -f ${extra}`,
    });
  }
  throw new UserError('usage', `"${extra}" is one word too many`, { hint: usage });
}

/** Commander's complaints in our words. */
function asUserError(error: CommanderError, verb: Verb): UserError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.optionMissingArgument') {
    const flag = /--[\w-]+/.exec(quoted)?.[0] ?? quoted;
    const known = verb.flags.find(({ name }) => `--${name}` === flag);
    return new UserError('usage', `${flag} needs a value`, { hint: `write ${flag} ${known?.value ?? 'VALUE'}` });
  }
  if (error.code !== 'commander.unknownOption') {
    return new UserError('usage', error.message.replace(/^error: /, ''), { cause: error });
  }
  const flag = quoted.replace(/=.*$/s, '');
  const name = flag.replace(/^-+/, '');
  if (verb.flags.some((one) => name === one.name || name === `no-${one.name}`)) {
    return new UserError('usage', `${flag} takes no value`, { hint: `write ${flag} alone` });
  }
  if (LATER_FLAGS.includes(name) || flag === '-w') {
    return new UserError('not-available', `${flag} is not available in this version`);
  }
  if (verb.operands.includes('[:PORT]') && (flag === '--port' || flag === '-p')) {
    return new UserError('usage', `${verb.name} has no flag ${flag}`, {
      hint: 'write the port behind the destination: DST:PORT',
    });
  }
  const elsewhere = ALL_FLAGS.some((one) => flag === `--${one.name}` || flag === `-${one.short}`);
  if (elsewhere) {
    const verbs = VERBS.filter(({ flags }) =>
      flags.some((one) => flag === `--${one.name}` || flag === `-${one.short}`),
    );
    return new UserError('usage', `${verb.name} has no flag ${flag}`, {
      hint: `${verbs.length === 1 ? 'a verb that has it is' : 'verbs that have it:'} ${verbs.map((one) => one.name).join(', ')}`,
    });
  }
  const near = nearestNames(
    name,
    verb.flags.map((one) => one.name),
    1,
  ).filter(() => flag.startsWith('--'));
  const hint =
    near.length > 0 ? didYouMean(near.map((one) => `--${one}`)) : `netweir ${verb.name} --help lists its flags`;
  return new UserError('usage', `${verb.name} has no flag ${flag}`, { hint });
}

function didYouMean(names: readonly string[]): string {
  return `did you mean ${names.join(' or ')}?`;
}
