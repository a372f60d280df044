// What always holds for attribution, on flows of any kind: every record is counted once, order does not matter, and no rule
// would name a pod's address or a port that only clients have.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeFlows } from '../../src/engine/attribution/attribute-flows.ts';
import type { ObservedFlow } from '../../src/engine/model/flow.ts';
import { flows } from '../support/arbitrary-flows.ts';
import { STATE } from '../support/attributed.ts';
import { runs } from '../support/runs.ts';

describe('attribution', () => {
  it('counts every record in exactly one place', () => {
    fc.assert(
      fc.property(flows, (drawn) => {
        const { records, evidence, denied, unattributed, leftAside } = attributeFlows(STATE, drawn);
        expect(records.total).toBe(drawn.reduce((sum, { count }) => sum + count, 0));
        expect(records.evidence + records.denied + records.unattributed + records.leftAside).toBe(records.total);
        const sum = (list: readonly { readonly seen?: { readonly count: number } }[]) =>
          list.reduce((total, { seen }) => total + (seen?.count ?? 0), 0);
        expect(sum(unattributed)).toBe(records.unattributed);
        expect(sum(leftAside)).toBe(records.leftAside);
        const places = drawn.map(({ place }) => `${place.file}:${String(place.line).padStart(3, '0')}`).sort();
        const named = [...evidence, ...denied, ...unattributed, ...leftAside].map(({ seen }) => seen!.place);
        const first = named.map(({ file, line }) => `${file}:${String(line).padStart(3, '0')}`).sort()[0];
        // The first record of all is the first of whatever it belongs to.
        if (records.total > 0 && records.denied === sum(denied)) expect(first).toBe(places[0]);
        // Every Service of the cluster leads to one port of one workload.
        expect(sum(evidence)).toBe(records.evidence);
        expect(sum(denied)).toBeLessThanOrEqual(records.denied);
      }),
      runs(300),
    );
  });

  it('does not depend on the order of the records', () => {
    const shuffled = flows.chain((drawn) =>
      fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })),
    );
    fc.assert(
      fc.property(shuffled, ([drawn, again]) => {
        expect(JSON.stringify(attributeFlows(STATE, again))).toBe(JSON.stringify(attributeFlows(STATE, drawn)));
      }),
      runs(300),
    );
  });

  it("never makes a party of a pod's or a Service's address, and no IPv6 address a range", () => {
    fc.assert(
      fc.property(flows, (drawn) => {
        for (const { from, to } of attributeFlows(STATE, drawn).evidence) {
          for (const party of [from, to]) {
            if (party.type !== 'addresses') continue;
            for (const cidr of party.cidrs) {
              expect(cidr).not.toMatch(/^10\.(0|96)\./);
              expect(cidr).toMatch(cidr.includes(':') ? /\/128$/ : /\/32$/);
            }
          }
        }
      }),
      runs(300),
    );
  });

  it('makes no rule of a port that clients are given, unless somebody says that it is served', () => {
    const unsure = flows.map((drawn) => drawn.map((one): ObservedFlow => ({ ...one, opened: 'unknown' })));
    fc.assert(
      fc.property(unsure, (drawn) => {
        for (const { ports, to } of attributeFlows(STATE, drawn).evidence) {
          if (ports[0] < 32_768) continue;
          expect(to).toEqual({ type: 'workload', key: 'shop/Deployment.apps/high' });
          expect(ports[0]).toBe(50_051);
        }
      }),
      runs(300),
    );
  });
});
