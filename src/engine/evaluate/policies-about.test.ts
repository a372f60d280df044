// Flows judged by the policies about their ends alone, against flows judged by all policies.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, knobs, placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { commonFamilies, evaluatePorts } from './cases.ts';
import { policiesAbout } from './policies-about.ts';

describe('the policies about some ends', () => {
  it('judge them as all policies do, with the same traces', () => {
    let left = 0;
    fc.assert(
      fc.property(placement, endpoints, knobs, (drawn, ends, chosen) => {
        for (const from of ends) {
          for (const to of ends) {
            const about = policiesAbout(drawn, [from, to]);
            left += drawn.policies.length - about.policies.length;
            for (const family of commonFamilies(from, to)) {
              const [all, few] = [drawn, about].map((one) =>
                evaluatePorts({ placement: one, knobs: chosen }, { from, to }, family, 'TCP'),
              );
              const port = 80;
              const at = (list: NonNullable<typeof all>) =>
                list.find(({ first, last }) => first <= port && port <= last);
              expect(at(few!)?.trace).toEqual(at(all!)?.trace);
            }
          }
        }
      }),
      runs(100),
    );
    expect(left).toBeGreaterThan(0);
  });
});
