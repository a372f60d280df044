// Headers: names that are understood, mappings, and what a person is told where a column is missing or said twice.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/model/user-error.ts';
import { parseFlowColumns } from '../flow-columns.ts';
import { understandHeader } from './csv-columns.ts';

const PLAIN = ['source_ip', 'destination_ip', 'protocol', 'destination_port'];

function failure(names: readonly string[], columns?: string): UserError {
  try {
    understandHeader(names, columns === undefined ? undefined : parseFlowColumns(columns), 'f');
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('no error');
}

describe('names', () => {
  it.each([
    [['SrcAddr', 'Dst_IP', 'proto', 'dstPort']],
    [['source IP', 'destination-address', 'ip.protocol', 'dport']],
    [['sourceIP', 'destinationIP', 'protocolIdentifier', 'destinationTransportPort']],
  ])('%s', (names) => {
    expect(understandHeader(names, undefined, 'f').places).toEqual({
      source_ip: 0,
      destination_ip: 1,
      protocol: 2,
      destination_port: 3,
    });
  });

  it('that say nothing are listed', () => {
    expect(understandHeader([...PLAIN, 'bytes', 'Bytes sent'], undefined, 'f').ignored).toEqual([
      'bytes',
      'Bytes sent',
    ]);
  });

  it('that say the same are an error, with the mapping that decides', () => {
    expect(failure([...PLAIN, 'port'])).toMatchObject({
      code: 'unreadable',
      message: '"f": the columns "destination_port" and "port" both say destination_port',
      hint: 'name the right one: --columns destination_port=port',
    });
  });
});

describe('a mapping', () => {
  it('comes before names', () => {
    const columns = parseFlowColumns('source_ip=destination_ip,destination_ip=source_ip');
    expect(understandHeader(PLAIN, columns, 'f').places).toMatchObject({ source_ip: 1, destination_ip: 0 });
  });

  it('can leave a column out', () => {
    const { places, ignored } = understandHeader([...PLAIN, 'source_port'], parseFlowColumns('source_port=-'), 'f');
    expect(places.source_port).toBeUndefined();
    expect(ignored).toEqual(['source_port']);
  });

  it('to a column that is not there offers those that are', () => {
    expect(failure(PLAIN, 'verdict=acton')).toMatchObject({ message: '"f" has no column "acton"' });
    expect(failure([...PLAIN, 'action'], 'verdict=acton').hint).toBe('did you mean "action"?');
  });
});

describe('a missing column', () => {
  it.each([
    [['destination_ip', 'protocol', 'destination_port'], 'source_ip, source_pod or source_workload'],
    [['source_ip', 'destination_ip', 'destination_port'], 'protocol'],
    [['source_ip', 'destination_ip', 'protocol'], 'destination_port'],
    [['source_pod', 'destination_pod', 'protocol', 'destination_port'], 'source_ip, destination_ip or family'],
  ])('%s', (names, missing) => {
    expect(failure(names).message).toBe(`"f" has no column ${missing}`);
  });

  it('is looked for under names like it', () => {
    const names = ['source_ip', 'destination_ip', 'protocol', 'destination_porte'];
    expect(failure(names).hint).toBe(
      'if a column says so under another name: --columns destination_port=destination_porte',
    );
  });
});
