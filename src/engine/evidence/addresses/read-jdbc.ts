// JDBC URLs, which are no URLs: lists of hosts, options after semicolons, Oracle's forms. Knows no cluster.

import { portOf } from '../json-fields.ts';
import { printHost, readHostAndPort } from './host-syntax.ts';
import type { Mention } from './mention.ts';
import { schemeOf } from './schemes.ts';

/** All JDBC URLs of the text, in order. */
export function readJdbc(text: string): readonly Mention[] {
  if (!/jdbc:/i.test(text)) return [];
  return [...text.matchAll(/jdbc:([a-z0-9]+):([^\s"'`<>|]*)/gi)].flatMap((match) =>
    readOne(match[1]!.toLowerCase(), match[2]!, match.index),
  );
}

function readOne(database: string, rest: string, at: number): readonly Mention[] {
  const mention = (text: string, fallback: number | undefined): Mention[] => {
    const read = readHostAndPort(text);
    if (read === undefined) return [];
    const port = read.port ?? fallback;
    const shown = `jdbc:${database}://${printHost(read)}`;
    return [{ host: read.host, ...(port === undefined ? {} : { port }), form: 'url', text: shown, at }];
  };
  const fallback = schemeOf(database)?.port;
  if (database === 'oracle') {
    // (DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1521)) …)
    const described = [...rest.matchAll(/\(HOST\s*=\s*([^)]+)\)\s*\(PORT\s*=\s*(\d+)\)/gi)];
    if (described.length > 0) return described.flatMap((one) => mention(`${one[1]!.trim()}:${one[2]}`, fallback));
    const [, hosts] = /@(?:\/\/|tcps?:\/\/)?([^/?]+)/i.exec(rest) ?? [];
    // The older form is host:port:sid.
    return (hosts ?? '').split(',').flatMap((one) => mention(one.replace(/^([^:[\]]+:\d+):\w+$/, '$1'), fallback));
  }
  const [, authority, after] = /^(?:[a-z0-9+-]+:)*\/\/([^/;?]*)(.*)$/is.exec(rest) ?? [];
  if (authority === undefined) return [];
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  // MySQL's long form: address=(host=db)(port=3306), or (host=db,port=3306).
  if (/host\s*=/i.test(hosts)) {
    return [...hosts.matchAll(/host\s*=\s*([^,()]+)(?:\)\s*\(|\s*,\s*)port\s*=\s*(\d+)/gi)].flatMap((one) =>
      mention(`${one[1]!.trim()}:${one[2]}`, fallback),
    );
  }
  const named = /;\s*(?:serverName|server)\s*=\s*([^;]+)/i.exec(after ?? '')?.[1];
  const port = portOf(/;\s*port(?:Number)?\s*=\s*(\d+)/i.exec(after ?? '')?.[1]) ?? fallback;
  // sqlserver: host\instance
  return (hosts === '' ? (named ?? '') : hosts)
    .split(',')
    .flatMap((one) => mention(one.trim().replace(/\\[\w$]+/, ''), port));
}
