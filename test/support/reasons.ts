// Reads a REASONS.md: tables in Markdown that say by hand why a map is what it is. Knows nothing of the engine's answers.

import * as traffic from '../../src/engine/sets/traffic-set.ts';

/** What decides one side: `not isolated`, `outside` (an address), `host` (a hostNetwork pod), or rules as `file:line`. */
export type Side = 'not isolated' | 'outside' | 'host' | readonly string[];

/** One row of "Allowed", for every pair of its ends. */
export interface AllowedRow {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: traffic.TrafficSet;
  readonly egress: Side;
  readonly ingress: Side;
}

/** A word that a place in the manifests must show. */
export interface Named {
  readonly place: string;
  readonly word: string;
}

/** A connection that the application needs, as questions name it. */
export interface Need {
  readonly client: string;
  readonly needs: string;
  readonly named: Named;
}

/** All tables of one file; an absent table is empty. */
export interface Reasons {
  readonly allowed: readonly AllowedRow[];
  readonly unknown: readonly (Pick<AllowedRow, 'from' | 'to' | 'ports'> & { readonly reason: string })[];
  readonly neededAllowed: readonly Need[];
  readonly neededDenied: readonly (Need & {
    /** Plugin that the row is about; absent: as specified. */
    readonly cni?: string;
    readonly sides: readonly string[];
    readonly isolatedBy: readonly string[];
    readonly nearest: string;
  })[];
  readonly neededAbsent: readonly (Need & { readonly message: string })[];
}

type Row = Readonly<Record<string, string>>;

/** Reads the tables. Throws for a table or a word that it does not know: a row that nothing checks would be worth nothing. */
export function parseReasons(text: string): Reasons {
  const sections = new Map<string, string[]>();
  let section = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    else sections.set(section, [...(sections.get(section) ?? []), line]);
  }
  const known = ['', 'Names', 'Allowed', 'Unknown', 'Needed and allowed', 'Needed and denied'];
  for (const name of sections.keys()) {
    if (![...known, 'Needed and not in the input'].includes(name)) throw new Error(`unknown section "${name}"`);
  }
  const names = new Map<string, string>();
  for (const line of sections.get('Names') ?? []) {
    const [, name, value] = /^- (.+?) = (.+)$/.exec(line) ?? [];
    if (name !== undefined) names.set(name, value!);
  }
  const rows = (name: string): Row[] => tableOf(sections.get(name) ?? [], name);
  const ends = (cell: string) => list(cell).flatMap((one) => list(names.get(one) ?? one));
  const need = (row: Row): Need => {
    const [, to, port] = /^(.*?)(:[^:]*)?$/.exec(row['needs']!)!;
    const [place, ...word] = row['named at']!.split(' ');
    return {
      client: names.get(row['client']!) ?? row['client']!,
      needs: `${names.get(to!) ?? to}${port ?? ''}`,
      named: { place: place!, word: word.join(' ') },
    };
  };
  return {
    allowed: rows('Allowed').map((row) => ({
      from: ends(row['from']!),
      to: ends(row['to']!),
      ports: portsOf(row['ports']!),
      egress: sideOf(row['egress']!),
      ingress: sideOf(row['ingress']!),
    })),
    unknown: rows('Unknown').map((row) => ({
      from: ends(row['from']!),
      to: ends(row['to']!),
      ports: portsOf(row['ports']!),
      reason: row['reason']!,
    })),
    neededAllowed: rows('Needed and allowed').map(need),
    neededDenied: rows('Needed and denied').map((row) => ({
      ...need(row),
      ...(row['flags'] === '' ? {} : { cni: row['flags']!.replace(/^--cni /, '') }),
      sides: list(row['side']!),
      isolatedBy: list(row['isolated by']!),
      nearest: row['nearest']!,
    })),
    neededAbsent: rows('Needed and not in the input').map((row) => ({ ...need(row), message: row['message']! })),
  };
}

function tableOf(lines: readonly string[], name: string): Row[] {
  const cells = lines
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split('|'))
    .map((row) => row.map((cell) => cell.trim()));
  const [header, , ...body] = cells;
  return body.map((row) => {
    if (row.length !== header!.length) throw new Error(`${name}: a row with ${row.length} cells: ${row.join(' | ')}`);
    return Object.fromEntries(row.map((cell, i) => [header![i]!, cell]));
  });
}

function list(cell: string): string[] {
  return cell.split(', ');
}

function portsOf(cell: string): traffic.TrafficSet {
  if (cell === 'all') return traffic.allTraffic(traffic.PORT_PROTOCOLS);
  return list(cell).reduce<traffic.TrafficSet>((sum, one) => {
    const [, port, protocol] = /^(\d+)\/(TCP|UDP|SCTP)$/.exec(one) ?? [];
    if (port === undefined) throw new Error(`no port: ${one}`);
    return traffic.union(sum, traffic.traffic(protocol as traffic.Protocol, Number(port)));
  }, traffic.NO_TRAFFIC);
}

function sideOf(cell: string): Side {
  if (cell === 'not isolated' || cell === 'outside' || cell === 'host') return cell;
  const places = list(cell);
  for (const place of places) if (!/^[^ ]+\.yaml:\d+$/.test(place)) throw new Error(`no place: ${place}`);
  return places;
}
