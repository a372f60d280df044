// Questions about few ends look only at the policies that select one of them: answers must be those of all policies, to the
// last step of a trace.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileReach } from '../../src/engine/compile/reach.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, evaluatePorts } from '../../src/engine/evaluate/cases.ts';
import { nearPlacement } from '../../src/engine/evaluate/near-policies.ts';
import { judgeAll, judgePair } from '../../src/engine/questions/judge.ts';
import { allTraffic, PROTOCOLS, traffic } from '../../src/engine/sets/traffic-set.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

describe('the policies that select one of two ends', () => {
  it('decide between them as all policies do, in both evaluators', () => {
    fc.assert(
      fc.property(manifests, behaviour, fc.nat(), fc.nat(), (drawn, chosen, first, second) => {
        const state = stateOf(drawn, chosen);
        const world = worldOf(state);
        const units = [...world.pods, ...world.nodes(), ...world.outside(), ...world.entries()];
        if (units.length === 0) return;
        const ends = [first, second].map((nth) => units[nth % units.length]!.endpoint);
        const [from, to] = [ends[0]!, ends[1]!];
        const all = { placement: state.placement, knobs: chosen.knobs };
        const near = { ...all, placement: nearPlacement(state.placement, ends) };
        const decided = [all, near].map((rules) => compileReach(rules, ends, PROTOCOLS).decide(0, 1));
        expect(decided[1]).toEqual(decided[0]);
        for (const family of commonFamilies(from, to)) {
          for (const protocol of PROTOCOLS) {
            const [wide, narrow] = [all, near].map((rules) => evaluatePorts(rules, { from, to }, family, protocol));
            expect(narrow).toEqual(wide);
          }
        }
      }),
      runs(300),
    );
  });

  it('give one plain pair the judgement of compiled policies, to the byte', () => {
    const context = { defaultNamespace: 'default', protocols: PROTOCOLS };
    const asked = fc.oneof(
      fc.constant(allTraffic(PROTOCOLS)),
      fc.constant(allTraffic(['TCP', 'UDP'])),
      fc
        .tuple(
          fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const),
          fc.constantFrom(53, 80, 81, 8080),
          fc.nat(9000),
        )
        .map(([protocol, first, more]) => traffic(protocol, first, first + (more % 3 === 0 ? more : 0))),
    );
    let plain = 0;
    fc.assert(
      fc.property(manifests, behaviour, fc.nat(), fc.nat(), asked, (drawn, chosen, first, second, about) => {
        const world = worldOf(stateOf(drawn, chosen));
        const units = [...world.pods, ...world.pods, ...world.nodes(), ...world.outside(), ...world.entries()];
        if (units.length === 0) return;
        const [from, to] = [first, second].map((nth) => ({ unit: units[nth % units.length]!, asked: about }));
        const judged = judgePair(world, from!, to!);
        if (judged === undefined) return;
        plain++;
        const { units: own, ...all } = judgeAll(world, [from!], [to!], context);
        const { units: ends, ...pairs } = judged;
        expect(ends).toEqual(own);
        expect(JSON.stringify(pairs)).toBe(JSON.stringify(all));
      }),
      runs(400),
    );
    expect(plain).toBeGreaterThan(0);
  });
});
