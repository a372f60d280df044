// What is remembered of folds against folding anew, for any selections of a subject and any of their contributions.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { everyId } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { PeerContribution } from './contributions.ts';
import { decisionTable } from './decision.ts';
import { fold } from './fold.ts';
import { appliedPart, foldMemo } from './fold-memo.ts';
import { inOrder, type Selection } from './selections.ts';

const UNIVERSE = traffic.allTraffic(traffic.PROTOCOLS);
const ICMP = [{ traffic: traffic.allTraffic(['ICMP']), reason: 'icmp' as const }];

/** One row of switches for each subject: which policies select it, surely or not, and which rules match the peer. */
const subjects = fc.array(
  fc.record({
    selected: fc.array(fc.constantFrom('yes', 'yes', 'yes', 'no', 'maybe'), { minLength: 6, maxLength: 6 }),
    matches: fc.array(fc.boolean(), { minLength: 18, maxLength: 18 }),
    ports: fc.array(fc.nat(3), { minLength: 18, maxLength: 18 }),
    elsewhere: fc.array(fc.constantFrom('no' as const, 'pod-labels' as const, 'yes' as const), {
      minLength: 3,
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Few kinds of traffic, so that rules overlap. */
const OPENED = [UNIVERSE, traffic.traffic('TCP', 80), traffic.traffic('TCP', 1, 90), traffic.allTraffic(['ICMP'])];

describe('remembered folds', () => {
  it('decide as folding anew does', () => {
    let certain = 0;
    fc.assert(
      fc.property(placement, subjects, (drawn, list) => {
        const context = { chain: drawn.chain, universe: UNIVERSE };
        const table = decisionTable();
        const open = (placed: { readonly coversOtherProtocols: boolean }) => (placed.coversOtherProtocols ? [] : ICMP);
        const memo = foldMemo(context, table, open);
        for (const { selected, matches, ports, elsewhere } of list) {
          const own = inOrder(drawn).flatMap((placed, position): Selection[] => {
            const part = placed.policy.ingress;
            if (part === undefined || selected[position] === 'no') return [];
            const reason = selected[position] === 'maybe' ? ({ reason: 'pod-labels' } as const) : {};
            const key = `${position}${selected[position]}`;
            return [
              { placed, part, position, key, hasNames: false, hasBlocks: false, namesOnlyPods: false, ...reason },
            ];
          });
          const contributions = own.flatMap((selection) =>
            selection.part.rules.flatMap((rule, index): PeerContribution[] => {
              const nth = 3 * selection.position + index;
              if (!matches[nth]) return [];
              const { action, conditions } = rule;
              return [{ action, conditions, traffic: OPENED[ports[nth]!]!, peers: everyId(1), selection }];
            }),
          );
          const parts = own.map((selection) => {
            const matching = contributions.filter((one) => one.selection === selection);
            return appliedPart(selection, open(selection.placed), matching);
          });
          const decided = table.get(memo.subject(own, elsewhere)(contributions));
          expect(decided).toEqual(fold(parts, { ...context, selected: elsewhere }));
          if (decided.unknown.length === 0) certain++;
        }
      }),
      runs(1000),
    );
    expect(certain).toBeGreaterThan(0);
  });
});
