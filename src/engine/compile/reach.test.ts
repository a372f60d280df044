import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, knobs, partSizes, placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { commonFamilies, evaluatePorts } from '../evaluate/cases.ts';
import type { Decision, Verdict } from '../model/verdict.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import { contains, PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { compileReach } from './reach.ts';
import type { Rectangle } from './rectangle.ts';

function verdictAt(decision: Decision, protocol: Protocol, port: number): Verdict {
  if (contains(decision.allowed, protocol, port)) return 'allowed';
  if (decision.unknown.some((part) => contains(part.traffic, protocol, port))) return 'unknown';
  return decision.conditional.some((part) => contains(part.traffic, protocol, port)) ? 'conditional' : 'denied';
}

describe('the compiled evaluator', () => {
  it('agrees with the literal one on every pair, family, protocol and port', () => {
    fc.assert(
      fc.property(placement, endpoints, knobs, partSizes, (drawn, ends, chosen, sizes) => {
        const rules = { placement: drawn, knobs: { ...chosen, selfTraffic: 'plainRules' as const } };
        const reach = compileReach(rules, ends, PROTOCOLS, { sizes });
        for (const [s, from] of ends.entries()) {
          for (const [d, to] of ends.entries()) {
            const decisions = reach.decide(s, d);
            expect(Object.keys(decisions)).toEqual(commonFamilies(from, to));
            for (const family of commonFamilies(from, to)) {
              for (const protocol of PROTOCOLS) {
                for (const one of evaluatePorts(rules, { from, to }, family, protocol)) {
                  for (const port of new Set([one.first, one.last])) {
                    const compiled = verdictAt(decisions[family]!, protocol, port);
                    expect([from.key, to.key, family, protocol, port, compiled]).toEqual([
                      from.key,
                      to.key,
                      family,
                      protocol,
                      port,
                      one.trace.verdict,
                    ]);
                  }
                }
              }
            }
          }
        }
      }),
      { numRuns: Number(globalThis.process?.env['NETWEIR_RUNS'] ?? 400) },
    );
  });

  it('gives rectangles that hold every pair once, with the decision of that pair', () => {
    fc.assert(
      fc.property(placement, endpoints, knobs, partSizes, (drawn, ends, chosen, sizes) => {
        const reach = compileReach({ placement: drawn, knobs: chosen }, ends, PROTOCOLS, { sizes });
        const seen = new Map<string, unknown>();
        for (const { sources, destinations, decisions } of reach.rectangles()) {
          for (const s of sources) {
            for (const d of destinations) {
              expect(seen.has(`${s},${d}`)).toBe(false);
              seen.set(`${s},${d}`, decisions);
            }
          }
        }
        const outside = (id: number) => ends[id]!.type === 'addresses' || ends[id]!.type === 'entry';
        for (const s of ends.keys()) {
          for (const d of ends.keys()) {
            if (outside(s) && outside(d)) continue;
            const decisions = reach.decide(s, d);
            const open = FAMILIES.some((family) => {
              const one = decisions[family];
              return (
                one !== undefined &&
                (Object.keys(one.allowed).length > 0 || one.unknown.length + one.conditional.length > 0)
              );
            });
            expect(seen.get(`${s},${d}`)).toEqual(open ? decisions : undefined);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds rectangles of the same pairs where rows are kept in parts', () => {
    const many = fc
      .array(endpoints, { minLength: 3, maxLength: 6 })
      .map((lists) => lists.flat().map((one, index) => ({ ...one, key: `e${index}`, name: `e${index}` })));
    const pairsOf = (rectangles: readonly Rectangle[]) => {
      const pairs = new Map<string, unknown>();
      for (const { sources, destinations, decisions } of rectangles) {
        for (const s of sources) {
          for (const d of destinations) {
            expect(pairs.has(`${s},${d}`)).toBe(false);
            pairs.set(`${s},${d}`, decisions);
          }
        }
      }
      return pairs;
    };
    fc.assert(
      fc.property(placement, many, knobs, partSizes, (drawn, ends, chosen, sizes) => {
        const rules = { placement: drawn, knobs: chosen };
        const [whole, parts] = [undefined, sizes].map((one) =>
          compileReach(rules, ends, PROTOCOLS, one && { sizes: one }),
        );
        const some = [...ends.keys()].filter((id) => id % 3 > 0);
        expect(pairsOf(parts!.rectangles())).toEqual(pairsOf(whole!.rectangles()));
        expect(pairsOf(parts!.rectangles(some))).toEqual(pairsOf(whole!.rectangles(some)));
        expect(pairsOf(parts!.rectangles(undefined, some))).toEqual(pairsOf(whole!.rectangles(undefined, some)));
      }),
      runs(200),
    );
  });
});
