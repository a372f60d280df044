import { expect, it } from 'vitest';
import { decisionTable } from '../compile/decision.ts';
import { PROTOCOLS, type Protocol, traffic, union } from '../sets/traffic-set.ts';
import { portVerdicts } from './port-verdicts.ts';
import { VERDICTS } from './verdict-codes.ts';

it('is what the decision says of a port, first and last ports included', () => {
  const table = decisionTable();
  const decision = table.intern({
    allowed: union(traffic('TCP', 80), traffic('UDP', 1, 65535)),
    unknown: [{ traffic: traffic('TCP', 81, 90), reason: 'pod-ports', policies: [] }],
    conditional: [{ traffic: union(traffic('TCP', 95), traffic('ICMP', 2048)), conditions: [] }],
  });
  const ports = portVerdicts(table);
  const said = (protocol: Protocol, ...asked: readonly number[]) =>
    asked.map((port) => VERDICTS[ports.at(decision, PROTOCOLS.indexOf(protocol), port)]);
  expect(said('TCP', 79, 80, 81, 90, 91, 94, 95, 96, 65535)).toEqual([
    'denied',
    'allowed',
    'unknown',
    'unknown',
    'denied',
    'denied',
    'conditional',
    'denied',
    'denied',
  ]);
  expect(said('UDP', 1, 65535)).toEqual(['allowed', 'allowed']);
  expect(said('SCTP', 1, 65535)).toEqual(['denied', 'denied']);
  expect(said('ICMP', 2047, 2048, 2049)).toEqual(['denied', 'conditional', 'denied']);
  expect(PROTOCOLS.map((_, protocol) => VERDICTS[ports.at(0, protocol, 80)])).toEqual(PROTOCOLS.map(() => 'denied'));
});
