// One whole value of a variable or a flag: the first of the known forms that it has. Knows no cluster and no variable.

import { looksLikeDomain, printHost, readHostAndPort } from './host-syntax.ts';
import { hideTemplates } from './markers.ts';
import type { Mention } from './mention.ts';
import { readCalledDsn, readKeyedDsn } from './read-dsn.ts';
import { readJdbc } from './read-jdbc.ts';
import { readUrls } from './read-urls.ts';

/** Longer than any list of addresses: keys, certificates, documents. */
const MAX_LENGTH = 16_384;

/** The addresses that a value names, in order; empty where it is none. Lists separated by commas, semicolons or blanks count. */
export function readValue(written: string): readonly Mention[] {
  if (written.length > MAX_LENGTH) return [];
  const text = hideTemplates(written.trim().replace(/^(["'])(.*)\1$/s, '$2'));
  const jdbc = readJdbc(text);
  const urls = readUrls(text);
  if (jdbc.length > 0 || urls.taken.length > 0) return [...jdbc, ...urls.mentions];
  const called = readCalledDsn(text);
  if (called.length > 0) return called;
  if (text.includes('=')) {
    const keyed = readKeyedDsn(text);
    if (keyed.length > 0) return keyed;
  }
  return readList(text);
}

/** Hosts and ports of a list; what is neither is passed over, as a list may hold options (`redis:6379,ssl=false`). */
function readList(text: string): readonly Mention[] {
  const found: Mention[] = [];
  let at = 0;
  const items = text.split(/[,;\s|]/);
  for (const item of items) {
    found.push(...readItem(item, at, items.length === 1));
    at += item.length + 1;
  }
  return areNamesOfOne(found) ? [] : found;
}

/** `hook,hook.shop.svc`: several names of one Service and no port are what a certificate is made out for, not whom to call. */
function areNamesOfOne(found: readonly Mention[]): boolean {
  if (found.length < 2 || found.some(({ port }) => port !== undefined)) return false;
  const [shortest, ...others] = found.map(({ host }) => host).sort((a, b) => a.length - b.length);
  return others.every((host) => host === shortest || host.startsWith(`${shortest}.`));
}

/** `cart:7070`, `1@kafka-0.kafka:9093`, `node-1=db:5432`, `web:8080/health`, `zk-0.zk:2888:3888` (two ports). */
function readItem(item: string, at: number, isWhole: boolean): readonly Mention[] {
  const [, host, ports] = /^(?:[\w.-]+=)?(?:[^@/]*@)?([^/:@=]+|\[[^\]]*\])((?::\d{1,5})*)(?:[/?].*)?$/.exec(item) ?? [];
  if (host === undefined) {
    // An IPv6 address without brackets has no port.
    const address = isWhole ? readHostAndPort(item) : undefined;
    return address?.host.includes(':') ? [asMention(address, at)] : [];
  }
  const numbers = ports!.split(':').slice(1);
  // A member of a list has a name and a port; any other key with a value is an option, perhaps a password.
  const key = /^([\w.-]+)=/.exec(item)?.[1];
  if (key !== undefined && (numbers.length === 0 || /pass|secret|token|key|auth|user/i.test(key))) return [];
  const texts = numbers.length === 0 ? [host] : numbers.map((number) => `${host}:${number}`);
  return texts.flatMap((text) => {
    const read = readHostAndPort(text);
    return read === undefined ? [] : [asMention(read, at)];
  });
}

function asMention(read: { readonly host: string; readonly port?: number }, at: number): Mention {
  const form =
    /\.svc(?:\.|$)/.test(read.host) && looksLikeDomain(read.host) ? 'url' : read.port === undefined ? 'host' : 'pair';
  return { ...read, form, text: printHost(read), at };
}
