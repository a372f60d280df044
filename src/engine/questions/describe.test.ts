// Decisions of both families as connections, one for both where they agree.

import { describe, expect, it } from 'vitest';
import type { Decision } from '../model/verdict.ts';
import { allTraffic, NO_TRAFFIC, type TrafficSet, traffic } from '../sets/traffic-set.ts';
import { describeDecisions } from './describe.ts';

const UNIVERSE = allTraffic(['TCP', 'UDP']);
const ENDS = { from: [1], to: [2, 3] };

function allowing(allowed: TrafficSet): Decision {
  return { allowed, unknown: [], conditional: [] };
}

describe('describeDecisions', () => {
  it('gives one connection where both families say the same, in whatever objects', () => {
    const [a, b] = [allowing(traffic('TCP', 80)), allowing(traffic('TCP', 80))];
    const one = [{ ...ENDS, allowed: { TCP: [[80, 80]] } }];
    expect(describeDecisions({ IPv4: a, IPv6: a }, ENDS, UNIVERSE)).toEqual(one);
    expect(describeDecisions({ IPv4: a, IPv6: b }, ENDS, UNIVERSE)).toEqual(one);
    expect(describeDecisions({ IPv6: a }, ENDS, UNIVERSE)).toEqual(one);
    expect(describeDecisions({ IPv6: a }, { ...ENDS, family: 'IPv6' }, UNIVERSE)).toEqual([
      { ...ENDS, family: 'IPv6', allowed: { TCP: [[80, 80]] } },
    ]);
  });

  it('gives one a family where they differ, and none for what is denied', () => {
    const [web, all, none] = [allowing(traffic('TCP', 80)), allowing(UNIVERSE), allowing(NO_TRAFFIC)];
    expect(describeDecisions({ IPv4: web, IPv6: all }, ENDS, UNIVERSE)).toEqual([
      { ...ENDS, family: 'IPv4', allowed: { TCP: [[80, 80]] } },
      { ...ENDS, family: 'IPv6', allowed: 'all' },
    ]);
    expect(describeDecisions({ IPv4: web, IPv6: none }, ENDS, UNIVERSE)).toEqual([
      { ...ENDS, family: 'IPv4', allowed: { TCP: [[80, 80]] } },
    ]);
    expect(describeDecisions({ IPv4: none, IPv6: none }, ENDS, UNIVERSE)).toEqual([]);
    expect(describeDecisions({}, ENDS, UNIVERSE)).toEqual([]);
  });
});
