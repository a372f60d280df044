// Text of manifests in GitHub's and GitLab's Markdown: it can neither mark up, link, mention nor leave its cell. Knows no
// document. https://github.github.com/gfm/

import { GLUE, printable } from '../printable.ts';

/** Longer names and sentences are cut: ours are shorter, and a comment has a bound. */
const LONGEST_NAME = 300;
const LONGEST_SENTENCE = 1000;

function oneLine(text: string, longest: number): string {
  const safe = printable(text.replaceAll(GLUE, ' '));
  return safe.length <= longest ? safe : `${safe.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A name as code: nothing in it is read as Markdown, and nobody is mentioned. Empty text stays empty. */
export function code(text: string): string {
  const safe = oneLine(text, LONGEST_NAME);
  if (safe.trim() === '') return '';
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(safe) || /^ .* $/.test(safe) ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/**
 * A sentence with names in it. Punctuation that marks up is escaped; what code hosts turn into links and mentions after
 * that (`@team`, `#12`, addresses) is cut by an empty comment, which they do not show.
 */
export function plain(text: string): string {
  return oneLine(text, LONGEST_SENTENCE)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]~]/g, '\\$&')
    .replace(/[@#!](?=\w)|:(?=\/\/|[\w+-]+:)|\bwww(?=\.)|\bGH(?=-\d)/g, '$&<!-- -->')
    .replaceAll('$', '&#36;');
}

/** A row of a table; bars in the cells are escaped, as tables are cut before anything else is read. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

/** The line of backticks around a block of code that nothing in its lines can end. */
export function fenceOf(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(runs.reduce((most, length) => Math.max(most, length), 2) + 1);
}

/** `1 connection`, `2 connections`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
