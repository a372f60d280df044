import { describe, expect, it } from 'vitest';
import { diff, findings, hostileMap, SAMPLES, shopMap } from '../../test/support/sample-documents.ts';
import type { Document } from '../engine/questions/documents.ts';
import { formatsOf, reporterFor } from './formats.ts';
import { pairsOf } from './pairs.ts';
import { PLAIN_STYLE } from './style.ts';

/** A reader of RFC 4180 that shares nothing with the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (let at = 0; at < text.length; ) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (at >= text.length) throw new Error('a quote is not closed');
        at += text[at] === '"' ? 1 : 0;
        cell += text[at++];
      }
      at++;
    } else
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        if (text[at] === '"') throw new Error('a quote inside a bare cell');
        cell += text[at++];
      }
    rows.at(-1)?.push(cell);
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      if (at < text.length) rows.push([]);
    } else throw new Error(`neither comma nor end of line at ${at}`);
    if (text[at - 1] === ',' && (at === text.length || text[at] === '\r')) {
      rows.at(-1)?.push('');
      at += 2;
      if (at < text.length) rows.push([]);
    }
  }
  return rows;
}

function records(document: Document): Record<string, string>[] {
  const [header = [], ...rows] = parse(
    [...reporterFor('csv', document.kind)(document, { style: PLAIN_STYLE })].join(''),
  );
  return rows.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, at) => [name, row[at] ?? '']));
  });
}

describe('CSV', () => {
  it.each(Object.entries(SAMPLES).filter(([, { kind }]) => formatsOf(kind).includes('csv')))(
    '%s reads back with as many cells as names',
    (_, document) => {
      expect(() => records(document)).not.toThrow();
    },
  );

  it('has a line for every range of every pair of a map', () => {
    const key = new Map(shopMap.endpoints.map((endpoint) => [endpoint.id, endpoint.key]));
    const expected = [...pairsOf(shopMap.connections)].flatMap(({ from, to, connection }) => {
      const parts = [connection.allowed, ...(connection.unknown ?? []), ...(connection.conditional ?? [])];
      return parts.flatMap((part) => {
        const ports = part === undefined || part === 'all' ? part : 'ports' in part ? part.ports : part;
        const ranges =
          ports === undefined
            ? []
            : ports === 'all'
              ? [['all', '', '']]
              : Object.entries(ports).flatMap(([protocol, list]) =>
                  list.map(([first, last]) => [protocol, `${first}`, `${last}`]),
                );
        return ranges.map((range) => [key.get(from), key.get(to), connection.family ?? '', ...range].join(' '));
      });
    });
    const actual = records(shopMap).map((row) =>
      [row.from, row.to, row.family, row.protocol, row.first_port, row.last_port].join(' '),
    );
    expect(actual.sort()).toEqual(expected.sort());
  });

  it('says verdict, reason, policies and conditions', () => {
    const rows = records(shopMap);
    expect(rows.find(({ verdict }) => verdict === 'unknown')).toMatchObject({
      reason: 'pod-address',
      policies: 'shop/scrape',
      first_port: '9090',
    });
    expect(rows.find(({ verdict }) => verdict === 'conditional')?.conditions).toBe('http method=GET path=/metrics');
  });

  it('holds no formula and no control character', () => {
    for (const row of records(hostileMap))
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@]|\p{Cc}/u);
    expect(records(hostileMap).some(({ from }) => from === "'=1+1")).toBe(true);
  });

  it.each(['=1', '+1', '-1', '@a', ' =1', '\t=1'])('takes the formula out of %j and leaves the text', (message) => {
    const [first] = findings.findings;
    if (first === undefined) throw new Error('no sample');
    const [row] = records({ ...findings, findings: [{ ...first, message }] });
    expect(row?.message).toBe(message.startsWith('\t') ? '\\x09=1' : `'${message}`);
  });

  it('tells added, removed and changed apart', () => {
    const rows = records(diff);
    expect(rows.map(({ change }) => change)).toEqual([
      'added',
      ...Array.from({ length: 5 }, () => 'removed'),
      'changed',
      'changed',
    ]);
    expect(rows.at(-1)).toMatchObject({ before: '80/TCP', after: '80,8080/TCP; ? 53/UDP (domain-name)' });
  });

  it('keeps quotes and commas of messages', () => {
    expect(records(findings).map(({ message }) => message)).toContain('unknown field "port", did you mean "ports"?');
  });
});
