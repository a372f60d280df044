// Questions about few ends look only at the policies that select one of them: answers must be those of all policies, to the
// last step of a trace.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileReach } from '../../src/engine/compile/reach.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, evaluatePorts } from '../../src/engine/evaluate/cases.ts';
import { nearPlacement } from '../../src/engine/evaluate/near-policies.ts';
import { PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
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
});
