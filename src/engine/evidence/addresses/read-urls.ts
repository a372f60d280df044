// URLs in a text: any scheme, user and password, lists of hosts in one authority, IPv6 in brackets. Knows no cluster.

import { printHost, readHostAndPort } from './host-syntax.ts';
import type { Mention } from './mention.ts';
import { schemeOf } from './schemes.ts';

/** A scheme and what follows up to what cannot stand in a URL. */
const URL_START = /([a-zA-Z][a-zA-Z0-9+._-]{0,30}):\/\/([^\s"'`<>|\\(){}]*)/g;

/** How far before `//` a JDBC URL starts at most. */
const MAX_JDBC = 60;

/** What {@link readUrls} found: addresses, and which parts of the text are taken. */
export interface FoundUrls {
  readonly mentions: readonly Mention[];
  /** Start and end of each URL, whether it names a host or not. */
  readonly taken: readonly (readonly [start: number, end: number])[];
}

/** All URLs of the text, in order. JDBC URLs are passed over, with their places taken. */
export function readUrls(text: string): FoundUrls {
  const mentions: Mention[] = [];
  const taken: [number, number][] = [];
  if (!text.includes('://')) return { mentions, taken };
  for (const match of text.matchAll(URL_START)) {
    const start = match.index;
    taken.push([start, start + match[0].length]);
    if (/jdbc:(?:[a-z0-9]+:)*$/i.test(text.slice(Math.max(0, start - MAX_JDBC), start)) || /^jdbc$/i.test(match[1]!))
      continue;
    // A list separated by commas, each with its own scheme, is several matches only where blanks stand between.
    for (const part of splitList(match[0])) {
      const [, scheme, rest] = /^([a-zA-Z][a-zA-Z0-9+._-]*):\/\/(.*)$/s.exec(part.text) ?? [];
      if (scheme !== undefined) mentions.push(...readAuthority(scheme, rest!, start + part.at));
    }
  }
  return { mentions, taken };
}

function splitList(text: string): readonly { readonly text: string; readonly at: number }[] {
  const parts: { text: string; at: number }[] = [];
  let at = 0;
  // `a=http://x,b=http://y` is a list, too: what stands before the next scheme is a name.
  for (const piece of text.split(/[,;](?=(?:[\w.-]+=)?[a-zA-Z][a-zA-Z0-9+._-]*:\/\/)/)) {
    const name = /^[\w.-]+=(?=[a-zA-Z][a-zA-Z0-9+._-]*:\/\/)/.exec(piece)?.[0] ?? '';
    parts.push({ text: piece.slice(name.length), at: at + name.length });
    at += piece.length + 1;
  }
  return parts;
}

function readAuthority(scheme: string, rest: string, at: number): readonly Mention[] {
  const known = schemeOf(scheme);
  if (known === undefined) return [];
  // gRPC names a resolver first: dns:///cart:7070, dns://authority/cart:7070, passthrough:///cart:7070.
  const target = /^(?:dns|passthrough)$/i.test(scheme) ? rest.slice(rest.indexOf('/') + 1) : rest;
  // A password with a slash in it, written as it is: what stands before the last @ is no host. Paths of the web have @, too.
  const query = target.split(/[?#]/, 1)[0]!;
  const isWeb = /^(?:https?|wss?)$/i.test(scheme);
  const authority = (isWeb ? query : query.slice(query.lastIndexOf('@') + 1)).split('/', 1)[0]!;
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  return hosts.split(/[,;]/).flatMap((text): Mention[] => {
    const read = readHostAndPort(text.replace(/[.:]+$/, ''));
    if (read === undefined) return [];
    const isSrv = scheme.toLowerCase().endsWith('+srv');
    const port = read.port ?? known.port;
    return [
      {
        host: read.host,
        ...(port === undefined ? {} : { port }),
        ...(read.port === undefined && port !== undefined ? { isDefaultPort: true } : {}),
        ...(known.protocol === undefined || isSrv ? {} : { protocol: known.protocol }),
        form: 'url',
        text: `${scheme}://${printHost(read)}`,
        at,
      },
    ];
  });
}
