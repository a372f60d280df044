// Mappings as a person writes them.

import { expect, it } from 'vitest';
import { parseFlowColumns } from './flow-columns.ts';

it.each([
  ['source_ip=a,destination-port=b', { source_ip: 'a', destination_port: 'b' }],
  ['src=a, dst = b,dport=c,proto=d', { source_ip: 'a', destination_ip: 'b', destination_port: 'c', protocol: 'd' }],
  ['source_ip="a, b=c",', { source_ip: 'a, b=c' }],
  ['source_ip=a=b', { source_ip: 'a=b' }],
  ['', {}],
])('%s', (text, columns) => expect(parseFlowColumns(text)).toEqual(columns));

it.each([
  ['sorce_ip=a', 'a flow has no "sorce_ip"', 'did you mean source_ip?'],
  ['constructor=a', 'a flow has no "constructor"', undefined],
  ['source_ip', 'no column is named by "source_ip"', undefined],
  ['=a', 'no column is named by "=a"', undefined],
  ['source_ip=', 'no column is named by "source_ip="', undefined],
  ['src=a,source_ip=b', '"source_ip" is given two columns', undefined],
])('%s is refused', (text, message, hint) => {
  expect(() => parseFlowColumns(text)).toThrow(
    expect.objectContaining({ name: 'UserError', message, ...(hint === undefined ? {} : { hint }) }),
  );
});
