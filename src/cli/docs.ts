// docs/cli.md, from the tables. A test compares; `npm run test:update` writes it.

import { CONTROLS } from '../engine/checks/controls.ts';
import { formatsOf } from '../report/index.ts';
import { VERBS, type Verb } from './command-table.ts';
import type { Flag } from './flags.ts';
import { exitSentence, flagForm, flagSummary } from './help.ts';
import { allChecks } from './linting/describe-check.ts';

/** The whole of docs/cli.md. */
export function cliMarkdown(): string {
  const shared = VERBS[0]!.flags.filter((flag) => isShared(flag));
  return `${[
    '# The command line',
    '',
    'This page is written from `src/cli/command-table.ts` by a test: change the table, then run the tests with `--update`.',
    '',
    '`netweir VERB [flags]`; as a plugin of kubectl, `kubectl netweir VERB [flags]`. Flags mean what they mean to kubectl.',
    '',
    '| verb | question | exits 1 where |',
    '|---|---|---|',
    ...VERBS.map((verb) => row([`[\`${verb.name}\`](#${verb.name})`, verb.summary, verb.exitsOne ?? 'never'])),
    '',
    '## Exit codes and streams',
    '',
    '| code | meaning |',
    '|---|---|',
    '| 0 | yes, or nothing found |',
    '| 1 | no, or something found |',
    '| 2 | no answer: usage, unknown names, incomplete input, an unknown verdict where yes or no was asked |',
    '| 130 | stopped with Ctrl-C |',
    '| 141 | whoever read the output stopped before its end, as in `netweir map -f k8s/ \\| head -1` |',
    '',
    'Where a file could not be read or a policy could not be understood, the verb prints what it knows, marks the answers',
    'that could change, and exits 2. `--allow-incomplete` restores the normal code. A policy that the API server would',
    'reject counts as absent, and makes `test` and `diff` exit 2 too.',
    '',
    'Standard output holds the result and nothing else. Standard error holds everything beside it, one line each: files',
    'that are no manifests, grave findings, notes, assumptions and hints.',
    '',
    '## Flags that most verbs have',
    '',
    ...flagTable(shared),
    '',
    ...VERBS.flatMap(verbSection),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** Whether every verb that asks a question has exactly this flag. */
function isShared(flag: Flag): boolean {
  return VERBS.filter(({ document }) => document !== undefined).every(
    ({ flags, name }) => flags.includes(flag) || (name === 'lint' && flag.name === 'protocols'),
  );
}

function verbSection(verb: Verb): string[] {
  const own = verb.flags.filter((flag) => verb.document !== undefined && !isShared(flag));
  const lines = [
    `## ${verb.name}`,
    '',
    `\`netweir ${`${verb.name} ${verb.operands}`.trimEnd()}\`: ${verb.summary}.`,
    '',
  ];
  for (const paragraph of verb.details) lines.push(paragraph, '');
  lines.push(`Exit code: ${exitSentence(verb)}.`, '');
  if (verb.document !== undefined) {
    const formats = formatsOf(verb.document).map((format) => `\`${format}\``);
    lines.push(`Formats: ${formats.join(', ')} ([formats.md](formats.md)).`, '');
  }
  if (own.length > 0) lines.push(...flagTable(own), '');
  if (verb.examples.length > 0) {
    lines.push(
      '```sh',
      ...verb.examples.flatMap(({ command, what }) => [`# ${what}`, `netweir ${command}`]),
      '```',
      '',
    );
  }
  return lines;
}

function flagTable(flags: readonly Flag[]): string[] {
  return [
    '| flag | meaning |',
    '|---|---|',
    ...flags.map((flag) => row([`\`${flagForm(flag).trim()}\``, flagSummary(flag)])),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The whole of docs/checks.md. */
export function checksMarkdown(): string {
  const rejected = { always: 'yes', sometimes: 'by some servers', never: '' };
  return `${[
    '# Checks',
    '',
    'What `netweir lint` reports; [lint.md](lint.md) says how to mend, suppress and accept findings. Every other verb names on',
    'standard error what is wrong with the input itself. This page is written from the tables of checks by a test.',
    '',
    'A policy that the API server would reject counts as absent: its findings are at least `high`. Scope `object` needs one',
    'object alone, `input` workloads, namespaces and other policies too, `plugin` a plugin that `--cni` or `--assume` names.',
    '',
    '| check | severity | scope | rejected | reports |',
    '|---|---|---|---|---|',
    ...allChecks().map(({ id, severity, scope, rejects, summary }) =>
      row([`[${id}](checks/${id}.md)`, severity, scope, rejected[rejects], summary]),
    ),
    '',
    '## Controls',
    '',
    'Benchmarks and threat matrices that ask for what some checks look for. That nothing is found does not prove a control: it',
    'is evidence for the part that the check looks at.',
    '',
    '| control | by | asks that | checks |',
    '|---|---|---|---|',
    ...Object.entries(CONTROLS).map(([id, { by, title, asks, source }]) => {
      const named = allChecks().filter(({ controls }) => controls.includes(id));
      const links = named.map((check) => `[${check.id}](checks/${check.id}.md)`).join(', ');
      return row([`[${id}](${source}) ${title}`, by, asks, links]);
    }),
  ].join('\n')}\n`;
}
