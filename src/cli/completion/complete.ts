// What may stand where the cursor is: the answer to `__complete WORDS…`, in the form that cobra programs print, so that
// kubectl understands it too. Never fails: without candidates it prints none.

import { type OperandKind, VERBS, type Verb } from '../command-table.ts';
import type { Flag } from '../flags.ts';
import type { Io } from '../io.ts';
import { endpointCandidates, namespaceNames, readNames } from './names.ts';

/** What the shell does besides offering the candidates: cobra's ShellCompDirective bits. */
const DEFAULT = 0;
const NO_SPACE = 2;
const NO_FILES = 4;

/** One candidate, with what it is. */
export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

const none: Completion = { candidates: [], directive: NO_FILES };

/** Candidates for the last of the words, one a line, and the directive. */
export async function complete(words: readonly string[], io: Io): Promise<string> {
  const current = words.at(-1) ?? '';
  const { candidates, directive } = await candidatesFor(words.slice(0, -1), current, io).catch(() => none);
  const lines = candidates
    .filter(({ word }) => word.startsWith(current))
    .map(({ word, about }) => `${word}${about === undefined ? '' : `\t${about}`}\n`);
  return `${lines.join('')}:${directive}\n`;
}

async function candidatesFor(before: readonly string[], current: string, io: Io): Promise<Completion> {
  const { verb, operands, open } = readLine(before);
  if (open !== undefined) return valuesOf(open, current, '', verb, before, io);
  const assigned = /^--([\w-]+)=/.exec(current);
  if (verb === undefined) {
    if (current.startsWith('-'))
      return offer([
        { word: '--help', about: 'show help' },
        { word: '--version', about: 'print the version' },
      ]);
    return offer(VERBS.map(({ name, summary }) => ({ word: name, about: summary })));
  }
  if (assigned !== null) {
    const flag = verb.flags.find(({ name, value }) => name === assigned[1] && value !== undefined);
    const rest = current.slice(assigned[0].length);
    return flag === undefined ? none : valuesOf(flag, rest, assigned[0], verb, before, io);
  }
  if (current.startsWith('-'))
    return offer(verb.flags.map(({ name, summary }) => ({ word: `--${name}`, about: summary })));
  if (operands >= verb.maximum) return none;
  const kind = verb.completes[Math.min(operands, verb.completes.length - 1)];
  return kind === undefined ? none : operandsOf(kind, current, before, io);
}

/** The verb, how many operands stand before the cursor, and the flag whose value comes next. */
function readLine(before: readonly string[]): { verb?: Verb; operands: number; open?: Flag } {
  let verb: Verb | undefined;
  let operands = 0;
  let open: Flag | undefined;
  for (const word of before) {
    if (open !== undefined) open = undefined;
    else if (word.startsWith('-') && word !== '-') open = openFlag(word, verb);
    else if (verb === undefined) verb = VERBS.find(({ name }) => name === word);
    else operands++;
  }
  return { operands, ...(verb === undefined ? {} : { verb }), ...(open === undefined ? {} : { open }) };
}

/** The flag that the word is, if its value is the next word. */
function openFlag(word: string, verb: Verb | undefined): Flag | undefined {
  const flags = verb?.flags ?? VERBS.flatMap((one) => one.flags);
  return flags.find(({ name, short, value }) => value !== undefined && (word === `--${name}` || word === `-${short}`));
}

async function valuesOf(
  flag: Flag,
  current: string,
  prefix: string,
  verb: Verb | undefined,
  before: readonly string[],
  io: Io,
): Promise<Completion> {
  const words = (list: readonly string[], directive = NO_FILES): Completion => ({
    candidates: list.map((word) => ({ word: `${prefix}${word}` })),
    directive,
  });
  if (flag.words !== undefined) return words(flag.words);
  switch (flag.completes) {
    case 'files':
      return { candidates: [], directive: DEFAULT };
    case 'namespaces':
      return words(namespaceNames(await readNames(before, io)));
    case 'endpoints': {
      const { candidates, directive } = await operandsOf('endpoint', current, before, io);
      return { candidates: candidates.map((one) => ({ ...one, word: `${prefix}${one.word}` })), directive };
    }
    case 'contexts':
    case 'clusters':
    case 'users': {
      const { namesInKubeconfig } = await import('./kubeconfig-names.ts');
      return words(await namesInKubeconfig(flag.completes, before, io));
    }
    case 'formats': {
      if (verb?.document === undefined) return none;
      const { formatsOf } = await import('../../report/index.ts');
      return words(formatsOf(verb.document));
    }
    case 'behaviours': {
      const { listBehaviours } = await import('../../engine/index.ts');
      const names = listBehaviours().map(({ behaviour }) => behaviour.name);
      return words([...new Set(['list', ...names.map((name) => name.split('@')[0]!), ...names])]);
    }
    case 'knobs': {
      const { KNOB_NAMES } = await import('../../engine/index.ts');
      return words(
        KNOB_NAMES.map((knob) => `${knob}=`),
        NO_FILES + NO_SPACE,
      );
    }
    case 'checks': {
      const { allChecks } = await import('../linting/describe-check.ts');
      return {
        candidates: allChecks().map(({ id, summary }) => ({ word: `${prefix}${id}`, about: summary })),
        directive: NO_FILES,
      };
    }
    default:
      return none;
  }
}

async function operandsOf(kind: OperandKind, current: string, before: readonly string[], io: Io): Promise<Completion> {
  if (kind === 'file') return { candidates: [], directive: DEFAULT };
  if (kind !== 'endpoint' && kind !== 'destination') return offer(kind.map((word) => ({ word })));
  const candidates = endpointCandidates(await readNames(before, io), current);
  const isOpen = candidates.some(({ word }) => word.endsWith('/') && word.startsWith(current));
  return { candidates, directive: isOpen ? NO_FILES + NO_SPACE : NO_FILES };
}

function offer(candidates: readonly Candidate[]): Completion {
  return { candidates, directive: NO_FILES };
}
