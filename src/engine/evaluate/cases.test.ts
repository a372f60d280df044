import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, knobs, placement } from '../../../test/support/arbitrary.ts';
import { outsideEnd, placedPolicy, podEnd, port, rule, tier } from '../../../test/support/model.ts';
import { DEFAULT_KNOBS } from '../behaviours/index.ts';
import type { PortMatch } from '../model/policy.ts';
import { PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { commonFamilies, evaluatePorts } from './cases.ts';
import { evaluateFlow, type Rules } from './evaluate.ts';

const rulesOf = (...ports: [PortMatch, ...PortMatch[]]): Rules => ({
  placement: {
    chain: { tiers: [tier('union')], tail: 'allow' },
    policies: [placedPolicy('p', [rule('Accept', { ports })], { isolates: true })],
    notEnforced: [],
  },
  knobs: DEFAULT_KNOBS,
});

const WEB = podEnd('web', { ports: [{ name: 'http', protocol: 'TCP', number: 8080, from: 'container' }] });

/** Stretches as `first-last verdict`. */
function stretches(rules: Rules, protocol: Protocol, within?: { first: number; last: number }): string[] {
  const pair = { from: outsideEnd('192.0.2.1/32'), to: WEB };
  return evaluatePorts(rules, pair, 'IPv4', protocol, within).map(
    ({ first, last, trace }) => `${first}-${last} ${trace.verdict}`,
  );
}

describe('evaluatePorts', () => {
  it('cuts where a range begins and has ended, and merges what is the same', () => {
    expect(stretches(rulesOf(port('TCP', 80, 81), port('TCP', 82)), 'TCP')).toEqual([
      '1-79 denied',
      '80-82 allowed',
      '83-65535 denied',
    ]);
  });

  it('cuts at the numbers that names resolve to', () => {
    expect(stretches(rulesOf(port('TCP', 'http')), 'TCP')).toEqual([
      '1-8079 denied',
      '8080-8080 allowed',
      '8081-65535 denied',
    ]);
    expect(stretches(rulesOf(port('UDP', 'http')), 'UDP')).toEqual(['1-65535 denied']);
  });

  it('reaches the last port', () => {
    expect(stretches(rulesOf(port('TCP', 65535)), 'TCP')).toEqual(['1-65534 denied', '65535-65535 allowed']);
    expect(stretches(rulesOf(port('TCP', 1, 65535)), 'TCP')).toEqual(['1-65535 allowed']);
  });

  it('keeps to what is asked', () => {
    expect(stretches(rulesOf(port('TCP', 80, 90)), 'TCP', { first: 85, last: 95 })).toEqual([
      '85-90 allowed',
      '91-95 denied',
    ]);
    expect(stretches(rulesOf(port('TCP', 80)), 'TCP', { first: 95, last: 85 })).toEqual([]);
    expect(stretches(rulesOf(port('TCP', 80)), 'TCP', { first: 0, last: 1 })).toEqual(['1-1 denied']);
  });

  it('an empty range matches nothing', () => {
    expect(stretches(rulesOf(port('TCP', 81, 80)), 'TCP')).toEqual(['1-65535 denied']);
  });

  it('covers every port once, and within a stretch every port has the same verdict', () => {
    fc.assert(
      fc.property(
        placement,
        endpoints,
        knobs,
        fc.constantFrom(...PROTOCOLS),
        fc.integer({ min: 78, max: 85 }),
        (drawn, ends, chosen, protocol, probe) => {
          const rules = { placement: drawn, knobs: chosen };
          const [from, to] = [ends[0]!, ends[1]!];
          for (const family of commonFamilies(from, to)) {
            const cases = evaluatePorts(rules, { from, to }, family, protocol);
            cases.slice(1).forEach((one, i) => {
              expect(one.first).toBe(cases[i]!.last + 1);
            });
            const found = cases.filter(({ first, last }) => first <= probe && probe <= last);
            expect(found).toHaveLength(1);
            expect(found[0]!.trace.verdict).toBe(
              evaluateFlow(rules, { from, to }, { family, protocol, port: probe }).verdict,
            );
          }
        },
      ),
    );
  });
});

describe('commonFamilies', () => {
  it.each([
    [['IPv4'], ['IPv4'], ['IPv4']],
    [['IPv4', 'IPv6'], ['IPv6'], ['IPv6']],
    [
      ['IPv6', 'IPv4'],
      ['IPv4', 'IPv6'],
      ['IPv4', 'IPv6'],
    ],
    [['IPv4'], ['IPv6'], []],
  ] as const)('%j and %j: %j', (one, other, expected) => {
    expect(commonFamilies(podEnd('a', { families: one }), podEnd('b', { families: other }))).toEqual(expected);
  });
});
