// Commands and outputs in documentation: ```console blocks are read, run and compared. Knows nothing of what the program does.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './shared.ts';

/** A fenced block. `info` is what follows the backticks; `line` counts from 1 and is the fence's. */
export interface Block {
  readonly info: string;
  readonly line: number;
  readonly text: string;
}

/** One `$ command` and the lines printed below it. */
export interface Example {
  readonly command: string;
  readonly expected: readonly string[];
}

/** What a command did: both streams as a terminal shows them, and the exit code (null: killed). */
export interface Outcome {
  readonly output: string;
  readonly code: number | null;
}

/** All fenced blocks of a Markdown text, list indentation removed. An unclosed fence runs to the end, as in CommonMark. */
export function fencedBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; indent: number; info: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, indent = '', fence = '', info = ''] = /^(\s*)(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { fence, indent: indent.length, info: info.trim(), line: index + 1, lines: [] };
    } else if (fence.length >= open.fence.length && info.trim() === '') {
      blocks.push({ info: open.info, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    } else open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
  }
  if (open !== undefined) blocks.push({ info: open.info, line: open.line, text: open.lines.join('\n') });
  return blocks;
}

/** The examples of one block. Lines before the first `$` are an error of the document and come back as a command ''. */
export function examplesIn(text: string): readonly Example[] {
  const examples: { command: string; expected: string[] }[] = [];
  for (const line of text.split('\n')) {
    const last = examples.at(-1);
    if (line.startsWith('$ ')) examples.push({ command: line.slice(2).trim(), expected: [] });
    else if (last !== undefined) last.expected.push(line);
    else if (line.trim() !== '') examples.push({ command: '', expected: [line] });
  }
  return examples.map(({ command, expected }) => ({ command, expected: withoutBlankEnds(expected) }));
}

/** Splits a command as a shell would, quotes only; undefined where it needs more of a shell than that. */
export function splitCommand(command: string): readonly string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*((?:'[^']*'|"[^"$`\\]*"|[^\s'"|&;<>()$`\\*?])+)/y;
  while (pattern.lastIndex < command.length) {
    const match = pattern.exec(command);
    if (match?.[1] === undefined) return undefined;
    words.push(
      match[1].replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
    );
  }
  return words;
}

/** Runs the built program from the root, without colour and without a cluster; both streams land in one, in order. */
export function runBuilt(args: readonly string[]): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'netweir-'));
  const file = join(folder, 'output');
  const stream = openSync(file, 'a');
  try {
    const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/bin/netweir.js'), ...args], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', KUBECONFIG: devNull },
      stdio: ['ignore', stream, stream],
    });
    return { output: readFileSync(file, 'utf8'), code: status };
  } finally {
    closeSync(stream);
    rmSync(folder, { recursive: true });
  }
}

/** Reports whether lines are as printed; a line `…` stands for any number of lines, none included. */
export function matchesElided(actual: readonly string[], expected: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  // The last `…` seen, and where the lines begin that it does not (yet) stand for.
  let elision = -1;
  let resume = 0;
  while (at < actual.length) {
    const line = expected[next]?.trimEnd();
    if (line?.trim() === '…') {
      elision = next++;
      resume = at;
    } else if (line === actual[at]?.trimEnd()) {
      at++;
      next++;
    } else if (elision >= 0) {
      next = elision + 1;
      at = ++resume;
    } else return false;
  }
  return expected.slice(next).every((line) => line.trim() === '…');
}

/** Lines without blank ones at either end. */
export function withoutBlankEnds(lines: readonly string[]): string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]?.trim() === '') start++;
  while (end > start && lines[end - 1]?.trim() === '') end--;
  return lines.slice(start, end);
}
