// A whole text (a configuration file, a script, a document in a variable): every address in it that stands there in a form
// which is nothing else, and keys with values. Comments are passed over. Knows no format fully, and no cluster.

import { portOf } from '../json-fields.ts';
import { hideTemplates } from './markers.ts';
import type { Mention } from './mention.ts';
import { joinedName, nameSays, portNamesFor } from './names.ts';
import { readCalledDsn } from './read-dsn.ts';
import { readJdbc } from './read-jdbc.ts';
import { readUrls } from './read-urls.ts';
import { readValue } from './read-value.ts';

/** An address in a text, with the line that it stands in (from 0) and the key before it, empty where there is none. */
export interface TextMention extends Mention {
  readonly line: number;
  readonly key: string;
}

interface Entry {
  readonly line: number;
  readonly indent: number;
  readonly key: string;
  readonly value: string;
  readonly at: number;
}

/** The last item that starts at the place or before it; items are in order. A line of minified JSON has thousands. */
function lastUpTo<T extends { readonly at: number }>(items: readonly T[], at: number): T | undefined {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}

/** How far a port may stand from its host, in lines. */
const NEAR = 6;

/** Finds the addresses of a text, in order. `\r\n` and `\n` end lines. */
export function scanText(text: string): readonly TextMention[] {
  const lines = hideTemplates(text).split('\n');
  const entries = lines.map((line, index) => (isComment(line) ? [] : entriesOf(line.replace(/\r$/, ''), index)));
  const found: TextMention[] = [];
  lines.forEach((raw, line) => {
    const own = withoutComment(raw.replace(/\r$/, ''));
    if (own.trim() === '') return;
    for (const mention of tokensOf(own)) {
      const key = lastUpTo(entries[line]!, mention.at)?.key ?? '';
      if (nameSays(key) !== 'never') found.push({ ...mention, line, key });
    }
  });
  for (const entry of entries.flat()) {
    if (nameSays(entry.key) !== 'address') continue;
    for (const mention of readValue(entry.value)) {
      if (mention.form !== 'host') continue;
      const port = portBeside(entries, entry);
      const at = entry.at + mention.at;
      found.push({ ...mention, at, ...(port === undefined ? {} : { port }), line: entry.line, key: entry.key });
    }
  }
  return found.sort((a, b) => a.line - b.line || a.at - b.at);
}

/** Lines that are comments in every format that has them; `//` alone begins no URL. */
function isComment(line: string): boolean {
  return /^\s*(?:#|;|\/\/|--\s|<!--|\*\s|\/\*|rem\s)/i.test(line);
}

function withoutComment(line: string): string {
  return isComment(line) ? '' : line.replace(/\s[#;]\s.*$/, '');
}

const ENTRY = /^([\s-]*(?:export\s|set\s)?\s*)["']?([A-Za-z_@][\w.@/-]*)["']?\s*(?::=|=>|[:=]|\s)(.*)$/;

/** `key: value`, `key=value`, `key value` (nginx, toml and shell among them); several in a line where it is JSON. */
function entriesOf(line: string, index: number): readonly Entry[] {
  const indent = /^[\s-]*/.exec(line)![0].length;
  if (/"\s?:/.test(line) && (/^\s*[[{]/.test(line) || line.indexOf('":') !== line.lastIndexOf('":'))) {
    return [...line.matchAll(/"([^"]+)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(\d+))/g)].map((match) => ({
      line: index,
      indent,
      key: match[1]!,
      value: match[2] ?? match[3]!,
      at: match.index,
    }));
  }
  const match = ENTRY.exec(withoutComment(line));
  if (match === null) return [];
  const value = match[3]!
    .trim()
    .replace(/[,;]$/, '')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2');
  return value === '' ? [] : [{ line: index, indent, key: match[2]!, value, at: match[1]!.length }];
}

/** The port in the nearest entry whose name fits the host's: of the same indentation, at most {@link NEAR} lines away. */
function portBeside(entries: readonly (readonly Entry[])[], host: Entry): number | undefined {
  const names = portNamesFor(host.key);
  const near = entries
    .slice(Math.max(0, host.line - NEAR), host.line + NEAR + 1)
    .flat()
    .filter((one) => one.indent === host.indent)
    .filter((one) => names.includes(joinedName(one.key)) && portOf(one.value) !== undefined)
    .sort((a, b) => Math.abs(a.line - host.line) - Math.abs(b.line - host.line) || a.line - b.line || a.at - b.at);
  return near[0] === undefined ? undefined : portOf(near[0].value);
}

/** Hosts with ports and cluster names, wherever they stand in a line. */
const PAIR =
  /(?<![\w.:/@$%-])((?:[a-z0-9_][a-z0-9_-]*\.)*[a-z0-9_][a-z0-9_-]*\.?|\[[0-9a-f:]+\]):(\d{1,5})(?![\w.:-]|\s*\/\s*\d)/gi;
const SVC = /(?<![\w.:/@$%-])((?:[a-z0-9_][a-z0-9_-]*\.){2,}svc(?:\.[a-z0-9][a-z0-9.-]*[a-z0-9])?)(?![\w:.-])/gi;

function tokensOf(line: string): readonly Mention[] {
  if (!/[:(]|\.svc|\/dev\//.test(line)) return [];
  const { mentions, taken } = readUrls(line);
  const found: Mention[] = [...mentions, ...readJdbc(line), ...readCalledDsn(line)];
  const places = taken.map(([at, end]) => ({ at, end }));
  const isFree = (at: number) => (lastUpTo(places, at)?.end ?? 0) <= at;
  if (/jdbc:/i.test(line)) return found;
  for (const match of line.matchAll(PAIR)) {
    if (!isFree(match.index)) continue;
    found.push(...readValue(match[0]).map((mention) => ({ ...mention, at: match.index })));
  }
  for (const match of line.matchAll(SVC)) {
    if (isFree(match.index)) found.push(...readValue(match[1]!).map((mention) => ({ ...mention, at: match.index })));
  }
  for (const match of line.matchAll(/\/dev\/(tcp|udp)\/([\w.-]+)\/(\d{1,5})/g)) {
    found.push(...readValue(`${match[1]}://${match[2]}:${match[3]}`).map((one) => ({ ...one, at: match.index })));
  }
  return found;
}
