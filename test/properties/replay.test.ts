// Replays judge alike whichever evaluator judges, whatever the cluster and the plugin.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type World, withOwnNode, worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies } from '../../src/engine/evaluate/cases.ts';
import { explainFlow } from '../../src/engine/questions/explain-flow.ts';
import { replay } from '../../src/engine/questions/replay.ts';
import { type AskedPair, judgeCompiled, judgeLiterally } from '../../src/engine/questions/replay-verdicts.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { withPolicies } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { flow, flows } from '../support/arbitrary-flows.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { STATE } from '../support/attributed.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';
import { policy, scenario } from '../support/scenario.ts';
import { validateDocument } from '../support/schemas.ts';

const PORTS = [1, 80, 81, 65_535];

/** Every pair of pods, nodes and outside addresses, at ports at which drawn rules differ, directly and through a Service. */
function everyPair(world: World): AskedPair[] {
  const units = [...world.pods, ...world.nodes(), ...world.outside()].map(withOwnNode);
  const path = { addresses: { v4: [], v6: [] }, changesPort: true };
  return units.flatMap((from) =>
    units.flatMap((to) =>
      commonFamilies(from.endpoint, to.endpoint).flatMap((family) =>
        PORTS.flatMap((port) =>
          PORT_PROTOCOLS.flatMap((protocol) =>
            [{}, ...(port === 80 ? [{ path }] : [])].map((way): AskedPair => {
              const pair = { from, to, families: [family], port, ownNode: from.type === 'node' && port === 81, ...way };
              return { pair, family, protocol };
            }),
          ),
        ),
      ),
    ),
  );
}

describe('verdicts of a replay', () => {
  it('are the same, compiled and literal', () => {
    fc.assert(
      fc.property(manifests, behaviour, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const asked = everyPair(worldOf(state));
        const compiled = judgeCompiled(state, asked);
        const differences = asked.flatMap((one, at) => {
          const literal = judgeLiterally(state, one).verdict;
          if (compiled[at]!.verdict === literal) return [];
          const { pair, family, protocol } = one;
          return [
            `${pair.from.endpoint.key} -> ${pair.to.endpoint.key} ${family} ${pair.port}/${protocol}: ${compiled[at]!.verdict}, literal ${literal}`,
          ];
        });
        expect(differences).toEqual([]);
      }),
      runs(40),
    );
  });
});

const POLICIES = scenario([
  policy('shop/closed', '{podSelector: {}, policyTypes: [Ingress, Egress]}'),
  policy(
    'shop/web',
    '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}, {ports: [{port: http}]}]}',
  ),
  policy(
    'shop/cart',
    '{podSelector: {matchLabels: {app: cart}}, egress: [{to: [{podSelector: {}}], ports: [{port: 50051}]}]}',
  ),
]).state.policies;

describe('any flow', () => {
  const closed = withPolicies(STATE, POLICIES);

  it('is replayed: every connection has one outcome, the document is as its schema says', () => {
    fc.assert(
      fc.property(flows, fc.boolean(), (drawn, isProposal) => {
        const document = replay(closed, drawn, isProposal ? { before: [] } : {});
        expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
        const { unusedRules: _, ...counts } = document.summary;
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(document.observed.length);
        for (const { outcome, verdict, log } of document.observed) {
          if (outcome === 'newly-denied') {
            expect(['denied', 'partly']).toContain(verdict);
            expect(log).not.toBe('refused');
          }
          if (outcome === 'newly-allowed' || outcome === 'still-allowed') expect(verdict).toBe('allowed');
        }
      }),
      runs(150),
    );
  });

  it('does not depend on the order of the records', () => {
    const shuffled = flows.chain((drawn) =>
      fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })),
    );
    fc.assert(
      fc.property(shuffled, ([drawn, again]) => {
        expect(JSON.stringify(replay(closed, again))).toBe(JSON.stringify(replay(closed, drawn)));
      }),
      runs(60),
    );
  });

  it('is explained, and the document is as its schema says', () => {
    fc.assert(
      fc.property(flow, flows, (one, others) => {
        const document = explainFlow(closed, one, { others });
        expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
        const told = [document.from, document.unattributed, document.leftAside].filter((part) => part !== undefined);
        expect(told).toHaveLength(1);
      }),
      runs(100),
    );
  });
});
