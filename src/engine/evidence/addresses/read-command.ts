// Addresses in a command line: flags with values, `-h host -p port`, `nc host port`, bare addresses, and shell scripts taken
// to words. Knows no cluster; who is called is decided by whoever resolves the names.

import { portOf } from '../json-fields.ts';
import type { Mention } from './mention.ts';
import { joinedName, nameSays, portNamesFor } from './names.ts';
import { readValue } from './read-value.ts';

/** An address in a command line with the flag before it, empty where there is none, and the index of its word. */
export interface CommandMention extends Mention {
  readonly name: string;
  readonly word: number;
  /** Host and port stand as two words without flags (`nc db 5432`): only an existing Service makes this an address. */
  readonly isLoose?: boolean;
}

interface Flag {
  readonly name: string;
  readonly value: string;
  readonly word: number;
}

/** The short flags of clients: `psql -h db -p 5432`, `redis-cli -h cache`, `kcat -b kafka:9092`. */
const SHORT: Readonly<Record<string, string>> = {
  h: 'host',
  H: 'host',
  p: 'port',
  P: 'port',
  b: 'broker',
  s: 'server',
};

/** Finds the addresses among the words of a command. */
export function readCommand(words: readonly string[]): readonly CommandMention[] {
  const flags = flagsOf(words);
  const taken = new Set<number>();
  const found: CommandMention[] = [];
  for (const { name, value, word } of flags) {
    if (nameSays(name) === 'listen' || nameSays(name) === 'never') {
      taken.add(word);
      continue;
    }
    for (const mention of readValue(value)) {
      const port = mention.port ?? portBeside(flags, name, word);
      // `-z db 5432`: what looks like the value of a flag may be the first of two words.
      if (port !== undefined) taken.add(word);
      found.push({ ...mention, ...(port === undefined ? {} : { port }), name, word });
    }
  }
  words.forEach((text, word) => {
    if (taken.has(word) || text.startsWith('-')) return;
    const socket = /^\/dev\/(tcp|udp)\/([\w.-]+)\/(\d{1,5})$/.exec(text);
    for (const mention of readValue(socket === null ? text : `${socket[1]}://${socket[2]}:${socket[3]}`)) {
      if (mention.form !== 'host') found.push({ ...mention, name: '', word });
      else {
        const port = portOf(words[word + 1]);
        if (port !== undefined) found.push({ ...mention, port, name: '', word, isLoose: true });
      }
    }
  });
  return found.sort((a, b) => a.word - b.word || a.at - b.at);
}

function flagsOf(words: readonly string[]): readonly Flag[] {
  const flags: Flag[] = [];
  words.forEach((text, word) => {
    const joined = /^(?:--?|-D|--set[= ])?([A-Za-z][\w.-]*)=(.*)$/s.exec(text);
    if (joined !== null) {
      flags.push({ name: joined[1]!, value: joined[2]!, word });
      return;
    }
    const next = words[word + 1];
    if (next === undefined || next.startsWith('-')) return;
    const long = /^--?([A-Za-z][\w.-]+)$/.exec(text);
    const short = /^-([A-Za-z])$/.exec(text);
    if (short !== null) flags.push({ name: SHORT[short[1]!] ?? short[1]!, value: next, word: word + 1 });
    else if (long !== null) flags.push({ name: long[1]!, value: next, word: word + 1 });
  });
  return flags;
}

/** The port that a flag beside it gives, the nearest first. */
function portBeside(flags: readonly Flag[], name: string, word: number): number | undefined {
  const names = portNamesFor(name);
  const near = flags
    .filter((one) => names.includes(joinedName(one.name)) && portOf(one.value) !== undefined)
    .sort((a, b) => Math.abs(a.word - word) - Math.abs(b.word - word) || a.word - b.word);
  return near[0] === undefined ? undefined : portOf(near[0].value);
}

/** The words of a shell script: quotes and separators fall away, comments are passed over. */
export function wordsOfScript(script: string): readonly string[] {
  return script
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => line.replace(/\s#\s.*$/, '').split(/[\s'"`;|&()<>]+/))
    .filter((word) => word !== '');
}

/** Variables of a shell with their values; those that are not known stay. `${NAME:-default}` is the default where unset. */
export function expandShell(script: string, lookup: (name: string) => string | undefined): string {
  return script
    .replace(
      /\$\{([A-Za-z_]\w*)(?::?[-=]([^{}]*))?\}/g,
      (whole, name: string, fallback?: string) => lookup(name) ?? fallback ?? whole,
    )
    .replace(/\$([A-Za-z_]\w*)/g, (whole, name: string) => lookup(name) ?? whole);
}
