// Kustomizations and Helm charts to manifests, by the programs that are made for it. Nothing of theirs is known here but how
// they are called.

import { UserError } from '../../engine/model/user-error.ts';
import type { Reading } from '../problem.ts';
import { readStreamInto } from '../read-file.ts';
import { runTool, type ToolCall, type ToolEnd } from './run-tool.ts';
import { splitTemplates } from './split-templates.ts';

/** How a chart is rendered. */
export interface HelmOptions {
  /** Name of the release; absent: helm's own default. */
  readonly release?: string;
  readonly namespace?: string;
  /** Files of values, in order. */
  readonly values: readonly string[];
  /** `KEY=VALUE`, in order. */
  readonly set: readonly string[];
}

/** Where programs run, and who hears what they say. */
export type ToolSurroundings = Pick<ToolCall, 'cwd' | 'env' | 'signal'> & {
  /** Called with each line that a program wrote to its standard error. */
  readonly onMessage?: ((tool: string, line: string) => void) | undefined;
};

/** Reads what `kustomize build DIR` prints, or `kubectl kustomize DIR` where there is no kustomize. Throws UserError. */
export async function readKustomization(reading: Reading, directory: string, around: ToolSurroundings): Promise<void> {
  const calls = [
    { program: 'kustomize', words: ['build', '--', directory] },
    { program: 'kubectl', words: ['kustomize', '--', directory] },
  ];
  const byHand = `kustomize build ${directory} | netweir map -f -`;
  for (const call of calls) {
    const end = await render(call, around, (stdout) => readStreamInto(reading, stdout, `kustomize:${directory}`));
    if (end !== undefined) return check(end, call, directory, byHand);
  }
  throw new UserError(
    'not-available',
    `"${directory}" is a kustomization, and neither kustomize nor kubectl is on PATH`,
    {
      hint: `install one of them, or build it elsewhere: ${byHand}`,
    },
  );
}

/** Reads what `helm template` prints, each template as a file of its own. Throws UserError. */
export async function readChart(
  reading: Reading,
  chart: string,
  options: HelmOptions,
  around: ToolSurroundings,
): Promise<void> {
  const { release, namespace, values, set } = options;
  const words = [
    'template',
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...values.flatMap((file) => ['--values', file]),
    ...set.flatMap((pair) => ['--set', pair]),
    '--',
    ...(release === undefined ? [] : [release]),
    chart,
  ];
  const call = { program: 'helm', words };
  const byHand = `helm template ${release ?? 'RELEASE'} ${chart} | netweir map -f -`;
  const end = await render(call, around, (stdout) =>
    readStreamInto(reading, stdout, `helm:${chart}`, { split: (text) => splitTemplates(text, `helm:${chart}`) }),
  );
  if (end === undefined) {
    throw new UserError('not-available', `"${chart}" is a chart, and helm is not on PATH`, {
      hint: `install helm, or render the chart elsewhere: ${byHand}`,
    });
  }
  check(end, call, chart, byHand);
}

/** Runs a renderer, and passes on what it says. */
async function render(
  call: Pick<ToolCall, 'program' | 'words'>,
  { onMessage, ...around }: ToolSurroundings,
  take: (stdout: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<ToolEnd<void> | undefined> {
  const end = await runTool({ ...call, ...around }, take);
  if (onMessage !== undefined) {
    for (const line of end?.said.split(/\r?\n/) ?? []) if (line.trim() !== '') onMessage(call.program, line);
  }
  return end;
}

function check(
  { isWhole, code, said }: ToolEnd<void>,
  { program }: Pick<ToolCall, 'program'>,
  what: string,
  byHand: string,
): void {
  // What is too large was not read to its end, and is a finding.
  if (code === 0 || !isWhole) return;
  const how = code === undefined ? 'did not end by itself' : `failed with exit code ${code}`;
  const where = said.trim() === '' ? 'it said nothing' : 'what it said stands above';
  throw new UserError('unreadable', `${program} ${how}, so "${what}" was not rendered`, {
    hint: `${where}; with other flags, render it by hand: ${byHand}`,
  });
}
