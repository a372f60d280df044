// What can be a host: names as DNS has them, IPv4 and IPv6 addresses, and hosts with a port. Knows no cluster.

import { parseAddress } from '../../sets/ip-address.ts';
import { portOf } from '../json-fields.ts';

/** One label; underscores are for SRV names, and a star never counts. */
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?$`);

/** Endings of file names that could be taken for domains. */
const FILE_ENDINGS: ReadonlySet<string> = new Set(
  (
    'bak bin bz2 c cc cer cert cfg class conf config cpp crt csr css csv db der dll env exe gif go gz h hcl html ico ini jar ' +
    'java jpeg jpg js json jsonnet jwt key kt lock log lua md mjs p12 pdf pem php pid pl png proto pub py rb rego rules service ' +
    'sh so sock sql svg tar tf tgz tmp tmpl toml tpl ts txt wasm xml yaml yml zip'
  ).split(' '),
);

/** A host, and the port beside it. */
export interface HostAndPort {
  /** In lower case, without brackets and final dot. */
  readonly host: string;
  readonly port?: number;
}

/** The canonical host of a text; undefined for what cannot be one. Numbers alone are none. */
export function readHost(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (lower.startsWith('[') && lower.endsWith(']')) {
    const inner = lower.slice(1, -1).replace(/%.*$/, '');
    return parseAddress(inner).ok ? inner : undefined;
  }
  if (/^[\d.]+$/.test(lower)) return parseAddress(lower).ok ? lower : undefined;
  if (lower.includes(':')) return parseAddress(lower).ok ? lower : undefined;
  if (lower.length > 253 || !NAME.test(lower)) return undefined;
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/**
 * A host with or without a port: `cart:7070`, `[fd00::1]:443`, `10.0.0.1`, `fd00::1` (an address without a port). Undefined
 * for everything else, ports that are none included.
 */
export function readHostAndPort(text: string): HostAndPort | undefined {
  const bracketed = /^(\[[^\]]*\])(?::(\d{1,5}))?$/.exec(text);
  const plain = bracketed ?? /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  if (plain === null) {
    const host = readHost(text);
    return host === undefined ? undefined : { host };
  }
  const host = readHost(plain[1]!);
  if (host === undefined) return undefined;
  if (plain[2] === undefined) return { host };
  const port = portOf(plain[2]);
  return port === undefined ? undefined : { host, port };
}

/** Reports whether a name looks like one of the public DNS rather than a file, a version or a key with dots. */
export function looksLikeDomain(host: string): boolean {
  const labels = host.split('.');
  const last = labels.at(-1)!;
  if (labels.length < 2 || labels.some((label) => label.includes('_'))) return false;
  return /^(?:[a-z]{2,24}|xn--[a-z0-9-]+)$/.test(last) && !FILE_ENDINGS.has(last);
}

/** A host and port for sentences, IPv6 in brackets. */
export function printHost({ host, port }: HostAndPort): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? shown : `${shown}:${port}`;
}
