// Help as text, from the tables. Knows no terminal: lines are at most 100 columns.

import { VERBS, type Verb } from './command-table.ts';
import type { Flag, FlagGroup } from './flags.ts';

const GROUPS: readonly FlagGroup[] = ['Input', 'Question', 'Platform', 'Behaviour', 'Output', 'Cluster', 'Other'];
const WIDTH = 100;

/** What `netweir` alone prints: the verbs and where to go on. */
export function shortHelp(program: string): string {
  return [
    'See, check and prove what Kubernetes network policies allow.',
    '',
    `Usage: ${program} VERB [flags]`,
    '',
    ...columns(VERBS.map((verb) => [`${verb.name}`, verb.summary])),
    '',
    `Try:   ${program} map -f k8s/`,
    `       ${program} can shop/web shop/db:5432 -f k8s/`,
    `Help:  ${program} VERB --help`,
    '',
  ].join('\n');
}

/** What `netweir --help` prints: examples first, then the verbs with their operands and the exit codes. */
export function fullHelp(program: string): string {
  return [
    'See, check and prove what Kubernetes network policies allow.',
    '',
    'Examples:',
    ...VERBS.flatMap(({ examples }) => examples.slice(0, 1).map(({ command }) => `  ${program} ${command}`)),
    '',
    `Usage: ${program} VERB [flags]`,
    '',
    'Verbs:',
    ...columns(VERBS.map((verb) => [`${verb.name} ${verb.operands}`.trimEnd(), verb.summary])),
    '',
    'Exit codes:',
    ...columns([
      ['0', 'yes, or nothing found'],
      ['1', 'no, or something found'],
      ['2', 'no answer: usage, unknown names, incomplete input'],
      ['130', 'stopped with Ctrl-C'],
      ['141', 'whoever read the output stopped before its end'],
    ]),
    '',
    `Flags of a verb: ${program} VERB --help`,
    '',
  ].join('\n');
}

/** What `netweir VERB --help` prints: examples first. `formats` are those that the verb prints; empty: none are listed. */
export function verbHelp(verb: Verb, program: string, formats: readonly string[] = []): string {
  const lines = [`${capital(verb.summary)}.`, ''];
  if (verb.examples.length > 0) {
    lines.push('Examples:');
    for (const { command, what } of verb.examples) lines.push(`  # ${what}`, `  ${program} ${command}`);
    lines.push('');
  }
  lines.push(`Usage: ${program} ${verb.name} ${verb.operands}`.trimEnd().concat(' [flags]'), '');
  for (const paragraph of verb.details) lines.push(...paragraph.split('\n').flatMap((line) => wrap(line, WIDTH)), '');
  for (const group of GROUPS) {
    const flags = verb.flags.filter((flag) => flag.group === group);
    if (flags.length === 0) continue;
    lines.push(`${group}:`, ...columns(flags.map((flag) => [flagForm(flag), flagSummary(flag, formats)])), '');
  }
  lines.push(...wrap(`Exit code: ${exitSentence(verb)}`, WIDTH), '');
  return lines.join('\n');
}

/** `-f, --filename PATH`, long names aligned. */
export function flagForm({ short, name, value }: Flag): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** The summary with legal values (`formats` where it takes a format and they are given) and whether it may be repeated. */
export function flagSummary({ summary, words, completes, repeatable }: Flag, formats: readonly string[] = []): string {
  const all = completes === 'formats' ? formats : (words ?? []);
  const values = all.length === 0 ? '' : ` [${all.join(', ')}]`;
  return `${summary}${values}${repeatable === true ? '; repeatable' : ''}`;
}

/** When the verb exits with which code. */
export function exitSentence({ exitsOne, document }: Verb): string {
  const one =
    exitsOne === undefined
      ? ''
      : `, 1 where ${exitsOne === 'denied or partly' ? 'it is denied or partly allowed' : exitsOne}`;
  const two = document === undefined ? 'usage is wrong' : 'there is no answer or input is incomplete';
  return `0${one}, 2 where ${two}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrap(right, WIDTH - width - 5);
    return [`  ${left.padEnd(width)}   ${first}`, ...more.map((line) => `${' '.repeat(width + 5)}${line}`)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
