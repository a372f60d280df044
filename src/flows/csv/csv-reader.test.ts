// Tables: what rows say, what is wrong with them, and how they may be written.

import { describe, expect, it } from 'vitest';
import { readText } from '../../../test/support/flow-logs.ts';
import type { ObservedFlow } from '../../engine/model/flow.ts';
import { parseFlowColumns } from '../flow-columns.ts';

const HEADER = 'source_ip,destination_ip,protocol,destination_port';

/** The flow of a table with one row, whose further columns and fields are given. */
function rowOf(columns = '', fields = '', base = '10.0.0.1,10.0.0.2,tcp,80'): ObservedFlow {
  const comma = columns === '' ? '' : ',';
  const { flows, summary } = readText(`${HEADER}${comma}${columns}\n${base}${comma}${fields}\n`);
  if (flows.length !== 1) throw new Error(JSON.stringify(summary.problems));
  return flows[0]!;
}

/** Why such a row is broken. */
function whyBroken(columns: string, fields: string, base = '10.0.0.1,10.0.0.2,tcp,80'): string | undefined {
  const { summary } = readText(`${HEADER},${columns}\n${base},${fields}\n`);
  return summary.problems[0]?.message;
}

describe('a row', () => {
  it('is a connection from its source to its destination, with what its columns say', () => {
    expect(rowOf()).toEqual({
      source: { address: '10.0.0.1' },
      destination: { address: '10.0.0.2' },
      family: 'IPv4',
      protocol: 'TCP',
      port: 80,
      opened: 'known',
      verdict: { kind: 'unknown' },
      count: 1,
      place: { file: 'log', line: 2 },
    });
  });

  it('names ends', () => {
    const columns =
      'source_namespace,source_pod,source_workload,source_workload_kind,destination_namespace,destination_workload,destination_name';
    const found = rowOf(columns, 'shop,web-1,web,Deployment,data,StatefulSet/db,db.example.com.');
    expect(found.source).toEqual({
      address: '10.0.0.1',
      namespace: 'shop',
      pod: 'web-1',
      workload: { kind: 'Deployment', name: 'web' },
    });
    expect(found.destination).toEqual({
      address: '10.0.0.2',
      namespace: 'data',
      workload: { kind: 'StatefulSet', name: 'db' },
      names: ['db.example.com'],
    });
  });

  it('may do without addresses where it says the family', () => {
    const table = [
      'source_namespace,source_workload,destination_namespace,destination_workload,protocol,destination_port,family',
      'shop,Deployment/web,shop,Deployment/cart,TCP,7070,IPv6',
      'shop,Deployment/web,,Deployment/cart,TCP,7070,IPv6',
      'shop,Deployment/web,shop,Deployment/cart,TCP,7070,',
    ];
    const { flows, summary } = readText(table.join('\n'));
    expect(flows).toMatchObject([{ family: 'IPv6', port: 7070, source: { namespace: 'shop' } }]);
    expect(summary.problems.map(({ message }) => message)).toEqual([
      'the destination has neither an address nor a namespace',
      'family is empty',
    ]);
  });

  it.each([
    ['tcp', 'TCP'],
    ['6', 'TCP'],
    ['UDP', 'UDP'],
    ['17', 'UDP'],
    ['132', 'SCTP'],
  ])('has protocol %s', (word, protocol) => {
    expect(rowOf('', '', `10.0.0.1,10.0.0.2,${word},80`).protocol).toBe(protocol);
  });

  it('of ICMP has a type, or nobody knows it', () => {
    expect(rowOf('icmp_type', '8', '10.0.0.1,10.0.0.2,1,')).toMatchObject({
      protocol: 'ICMP',
      port: 8,
      opened: 'known',
    });
    expect(rowOf('icmp_type', '', 'fd00::1,fd00::2,icmp,')).toMatchObject({ protocol: 'ICMPv6', opened: 'unknown' });
    expect(rowOf('icmp_type', '128', 'fd00::1,fd00::2,58,')).toMatchObject({ protocol: 'ICMPv6', port: 128 });
  });

  it('of another protocol is left aside', () => {
    const { summary } = readText(`${HEADER}\n10.0.0.1,10.0.0.2,gre,0\n10.0.0.1,10.0.0.2,47,0\n`);
    expect(summary).toMatchObject({ records: 2, flows: 0, aside: { 'other-protocol': 2 } });
  });

  it.each([
    ['allow', { kind: 'allowed' }],
    ['ACCEPT', { kind: 'allowed' }],
    ['Forwarded', { kind: 'allowed' }],
    ['audit', { kind: 'allowed' }],
    ['deny', { kind: 'denied', by: 'other' }],
    ['DROPPED', { kind: 'denied', by: 'other' }],
    ['reject', { kind: 'denied', by: 'other' }],
    ['unknown', { kind: 'unknown' }],
    ['-', { kind: 'unknown' }],
  ])('says %s', (word, verdict) => expect(rowOf('verdict', word).verdict).toEqual(verdict));

  it('is denied by a policy where it says so', () => {
    expect(rowOf('verdict,reason', 'deny,POLICY_DENIED').verdict).toMatchObject({ by: 'policy' });
    const named = rowOf('verdict,policy_kind,policy_namespace,policy', 'deny,NetworkPolicy,shop,close');
    expect(named.verdict).toMatchObject({ by: 'policy' });
    expect(named.policies).toEqual([
      { dialect: 'network-policy', kind: 'NetworkPolicy', namespace: 'shop', name: 'close' },
    ]);
    expect(rowOf('verdict,policy', 'deny,close').foreignPolicies).toEqual([{ kind: 'policy', name: 'close' }]);
  });

  it('with a source port may be of either way, unless it says which, or the column is left out', () => {
    expect(rowOf('source_port', '41000')).toMatchObject({ opened: 'unknown', sourcePort: 41000 });
    expect(rowOf('source_port', '')).toMatchObject({ opened: 'known', port: 80 });
    expect(rowOf('source_port,is_reply', '41000,false')).toMatchObject({ opened: 'known', port: 80 });
    const turned = rowOf('source_port,is_reply', '41000,true');
    expect(turned).toMatchObject({ opened: 'known', port: 41000, source: { address: '10.0.0.2' } });
    const table = `${HEADER},source_port\n10.0.0.1,10.0.0.2,tcp,80,41000\n10.0.0.1,10.0.0.2,tcp,80,41001\n`;
    const { flows } = readText(table, parseFlowColumns('source_port=-'));
    expect(flows).toMatchObject([{ opened: 'known', count: 2 }]);
  });

  it.each([
    ['egress', 'egress'],
    ['dst', 'ingress'],
    ['Inbound', 'ingress'],
  ])('is seen at %s', (word, direction) => expect(rowOf('direction', word).seenAt).toBe(direction));

  it.each([
    ['2026-11-21T03:25:32Z', 1795231532000],
    ['2026-11-21 03:25:32.25', 1795231532250],
    ['2026-11-21T04:25:32+01:00', 1795231532000],
    ['1795231532', 1795231532000],
    ['1795231532.25', 1795231532250],
    ['1795231532000', 1795231532000],
    ['1795231532000000', 1795231532000],
    ['1795231532000000000', 1795231532000],
  ])('is of the time %s', (text, time) => expect(rowOf('time', text)).toMatchObject({ first: time, last: time }));

  it.each(['0', '0.0', '0001-01-01T00:00:00Z'])('has no time where it says %s', (text) => {
    expect(rowOf('time', text)).not.toHaveProperty('first');
    expect(rowOf('start,end', `1795231532,${text}`)).toMatchObject({ first: 1795231532000, last: 1795231532000 });
  });

  it('has a count, and the end of its time', () => {
    const found = rowOf('count,start,end', '12,1795231532,1795231592');
    expect(found).toMatchObject({ count: 12, first: 1795231532000, last: 1795231592000 });
  });
});

describe('a row is broken', () => {
  it.each([
    ['verdict', 'perhaps', 'verdict "perhaps" is no word that is known'],
    ['direction', 'up', 'direction "up" is neither ingress nor egress'],
    ['count', '0', 'count "0" is no number from 1 on'],
    ['count', '1.5', 'count "1.5" is no number from 1 on'],
    ['time', 'today', 'time "today" is no time'],
    ['time', '9'.repeat(23), `time "${'9'.repeat(23)}" is no time`],
    ['is_reply', 'maybe', 'is_reply "maybe" is neither true nor false'],
    ['source_port', '70000', 'source_port "70000" is no port'],
    ['source_workload', 'web', 'source_workload "web" does not say its kind, as Deployment/web would'],
    ['bytes', '1,2', '6 fields where the header has 5'],
    ['bytes', '"1"2', 'field 5 goes on after its closing quote'],
  ])('by its %s %s', (column, value, message) => expect(whyBroken(column, value)).toBe(message));

  it.each([
    ['10.0.0,10.0.0.2,tcp,80', 'source_ip "10.0.0" is not'],
    ['fd00::1%eth0,fd00::2,tcp,80', 'source_ip "fd00::1%eth0" has a zone'],
    [',10.0.0.2,tcp,80', 'nothing says who the source is'],
    ['10.0.0.1,fd00::1,tcp,80', 'the two addresses are of different families'],
    ['10.0.0.1,10.0.0.2,,80', 'protocol is empty'],
    ['10.0.0.1,10.0.0.2,quic,80', 'protocol "quic" is neither a name nor a number that is known'],
    ['10.0.0.1,10.0.0.2,tcp,0', 'destination_port is empty'],
    ['10.0.0.1,10.0.0.2,tcp,http', 'destination_port "http" is no port'],
  ])('%s', (base, message) => expect(whyBroken('bytes', '1', base)).toContain(message));
});

describe('a table', () => {
  it('may have any delimiter, quotes over lines, a mark and ends of lines of Windows', () => {
    const header = '"source_ip";"destination_ip";protocol;"destination_port";"no;te"';
    const rows = [
      '10.0.0.1;10.0.0.2;tcp;80;"a;b\r\nc ""d"""',
      '"10.0.0.1";10.0.0.2;tcp;80;',
      '',
      '10.0.0.1;10.0.0.2;tcp;81;x',
    ];
    const { flows, summary } = readText([header, ...rows].join('\r\n'));
    expect(summary).toMatchObject({ records: 3, flows: 3, broken: 0 });
    expect(flows.map(({ port, count, place }) => [port, count, place.line])).toEqual([
      [80, 2, 2],
      [81, 1, 6],
    ]);
    expect(summary.ignoredColumns).toEqual([{ file: 'log', name: 'no;te' }]);
  });

  it('loses one row by a quote that is never closed', () => {
    const rows = Array.from({ length: 250 }, (_, index) => `10.0.0.1,10.0.0.2,tcp,${index + 1}`);
    rows[3] = '"10.0.0.1,10.0.0.2,tcp,4';
    const { flows, summary } = readText(`${HEADER}\n${rows.join('\n')}\n`);
    expect(flows).toHaveLength(249);
    expect(summary.problems).toMatchObject([{ line: 5, message: 'a quote is opened and never closed' }]);
    rows[3] = '10.0.0.1,10.0.0.2,tcp,4';
    rows[248] = '"10.0.0.1,10.0.0.2,tcp,249';
    expect(readText(`${HEADER}\n${rows.join('\n')}\n`).summary).toMatchObject({ flows: 249, broken: 1 });
  });

  it('may be being written', () => {
    expect(readText(`${HEADER}\n10.0.0.1,10.0.0.2,tcp,80\n10.0.0.1,10.0`).summary).toMatchObject({
      flows: 1,
      broken: 0,
      truncated: 1,
    });
    expect(readText(`${HEADER}\n10.0.0.1,10.0.0.2,tcp,80`).summary).toMatchObject({ flows: 1, truncated: 0 });
  });

  it('that is not UTF-8 has broken rows', () => {
    const bytes = Buffer.from(`${HEADER},note\n10.0.0.1,10.0.0.2,tcp,80,\u00e9\n`, 'latin1');
    expect(readText(bytes).summary.problems).toMatchObject([{ line: 2, message: 'not UTF-8' }]);
  });
});
