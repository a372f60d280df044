// Which lines are worth remembering, and where their values stand that change.

import { describe, expect, it } from 'vitest';
import { hubbleLine } from '../../../test/support/flow-logs.ts';
import { PIECE, piecesOfLine } from './line-pieces.ts';

const KINDS = Object.fromEntries(Object.entries(PIECE).map(([name, kind]) => [kind, name]));

/** Values of a line by what they are; undefined: it is not worth remembering. */
function valuesOf(line: string, isWrapped = true): string[] | undefined {
  const bytes = Buffer.from(line);
  const pieces = piecesOfLine(bytes, 0, bytes.length, isWrapped);
  if (pieces === undefined) return undefined;
  const text = pieces.map(({ start, end, valueEnd }, index) => {
    expect(start).toBe(index === 0 ? 0 : pieces[index - 1]!.valueEnd);
    return bytes.toString('utf8', start, end) + bytes.toString('utf8', end, valueEnd);
  });
  expect(text.join('')).toBe(line);
  return pieces.map(({ kind, end, valueEnd }) => `${KINDS[kind]} ${bytes.toString('utf8', end, valueEnd)}`);
}

const FLOW = '"verdict":"FORWARDED","IP":{"source":"10.0.0.1","destination":"10.0.0.2"}';
const END = `{${FLOW},"l4":{"UDP":{"source_port":5,"destination_port":53}}}`;

describe('a line', () => {
  it('has values where records of a connection differ', () => {
    const ends = '"source":{"a":[{"b":"}"}]},"destination":{}';
    const line = `{"flow":{"time":"T","uuid":"U",${FLOW},"l4":{"UDP":{"source_port":5,"destination_port":53}},${ends},"node_name":"n","interface":{"index":4,"name":"lxc"}},"node_name":"w","time":"T"}`;
    expect(valuesOf(line)).toEqual([
      'time T',
      'ignoredText U',
      'sourceAddress 10.0.0.1',
      'destinationAddress 10.0.0.2',
      'sourcePort 5',
      'destinationPort 53',
      'sourceEnd {"a":[{"b":"}"}]}',
      'destinationEnd {}',
      'node n',
      'ignoredNumber 4',
      'ignoredText lxc',
      'ignoredText w',
      'ignoredText T',
      'fixed ',
    ]);
  });

  it('has the time of its wrapper where its flow has none', () => {
    expect(valuesOf(`{"time":"T","flow":${END}}`)![0]).toBe('time T');
  });

  it('may be bare, or have blanks', () => {
    expect(valuesOf(END, false)).toEqual(valuesOf(`{ "flow" : ${END} }`));
  });

  it('keeps what is empty, null or no text as it is', () => {
    expect(valuesOf('{"flow":{"time":"","IP":{"source":""},"source":null,"node_name":5}}')).toEqual(['fixed ']);
  });
});

it.each([
  ['a key twice', `{"flow":{"verdict":"DROPPED",${FLOW}}}`],
  ['a key twice in the wrapper', `{"flow":${END},"flow":${END}}`],
  ['a port twice', '{"flow":{"l4":{"UDP":{"source_port":5,"source_port":6}}}}'],
  ['two protocols', '{"flow":{"l4":{"UDP":{},"TCP":{}}}}'],
  ['a backslash', '{"flow":{"Summary":"a\\u0041"}}'],
  ['a port that is no plain number', '{"flow":{"l4":{"UDP":{"source_port":"5"}}}}'],
  ['a port with a fraction', '{"flow":{"l4":{"UDP":{"source_port":5.0}}}}'],
  ['a port with zeros before it', '{"flow":{"l4":{"UDP":{"source_port":05}}}}'],
  ['what every record has another of', hubbleLine({ l7: { type: 'REQUEST' } })],
])('%s is not worth remembering', (_, line) => expect(valuesOf(line)).toBeUndefined());
