// Connection strings that are neither URLs nor lists: protocol(host:port), and keys with values. Knows no cluster.

import { portOf } from '../json-fields.ts';
import { printHost, readHostAndPort } from './host-syntax.ts';
import type { Mention } from './mention.ts';

/** `user:password@tcp(db:3306)/shop`, as drivers for Go have it. */
export function readCalledDsn(text: string): readonly Mention[] {
  if (!text.includes('(')) return [];
  return [...text.matchAll(/\b(tcp|udp)[46]?\(([^()\s]+)\)/gi)].flatMap((match): Mention[] => {
    const read = readHostAndPort(match[2]!);
    if (read === undefined) return [];
    const protocol = match[1]!.toLowerCase() === 'udp' ? 'UDP' : 'TCP';
    const shown = `${match[1]!.toLowerCase()}(${printHost(read)})`;
    const at = match.index;
    return [{ ...read, ...(read.port === undefined ? { port: 3306 } : {}), protocol, form: 'url', text: shown, at }];
  });
}

const HOST_KEYS: ReadonlySet<string> = new Set(
  'host hostaddr hostname server servername datasource addr address networkaddress endpoint endpoints'.split(' '),
);

/** Longer than any connection string. */
const MAX_LENGTH = 4096;

/** `host=db port=5432 user=shop`, `Server=tcp:db,1433;Database=shop`: libpq's, ADO's and their like. */
export function readKeyedDsn(text: string): readonly Mention[] {
  if (text.length > MAX_LENGTH) return [];
  const pairs = text.includes(';') ? text.split(';') : text.split(/\s+/);
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    const [, key, value] = /^\s*([A-Za-z][A-Za-z _]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (key !== undefined) fields.set(key.toLowerCase().replace(/[ _]/g, ''), value!.replace(/^['"]|['"]$/g, ''));
  }
  // One pair alone is a setting, not a connection string.
  if (fields.size < 2) return [];
  const ports = (fields.get('port') ?? '').split(',').map(portOf);
  const found: Mention[] = [];
  for (const [key, value] of fields) {
    if (!HOST_KEYS.has(key)) continue;
    // ADO writes the port after a comma, libpq a list of hosts.
    const ado = /^(?:tcp:|np:)?([^,:\\]+)(?:\\[^,]*)?,\s*(\d+)$/i.exec(value);
    const texts = ado === null ? value.replace(/^tcp:/i, '').split(',') : [`${ado[1]}:${ado[2]}`];
    texts.forEach((one, index) => {
      const read = readHostAndPort(one.trim());
      if (read === undefined) return;
      const port = read.port ?? ports[index] ?? ports[0];
      const shown = `${key}=${printHost({ host: read.host, ...(port === undefined ? {} : { port }) })}`;
      found.push({ host: read.host, ...(port === undefined ? {} : { port }), form: 'url', text: shown, at: 0 });
    });
  }
  return found;
}
