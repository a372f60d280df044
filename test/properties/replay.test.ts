// Replays judge alike whichever evaluator judges, whatever the cluster and the plugin.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type World, withOwnNode, worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies } from '../../src/engine/evaluate/cases.ts';
import { type AskedPair, judgeCompiled, judgeLiterally } from '../../src/engine/questions/replay-verdicts.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

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
