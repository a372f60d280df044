// Who is looked up as open to some peers against the rows of everybody, over exchanges of policies and ends.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endpoints, knobs, partSizes, placement, sideSizes } from '../../../test/support/arbitrary.ts';
import { namespaceManifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { runs } from '../../../test/support/runs.ts';
import { toggled } from '../../../test/support/toggled.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS } from '../model/policy.ts';
import { contains, idSet, membersOf } from '../sets/id-set.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { DENIED } from './decision.ts';
import { compileReach } from './reach.ts';
import { decisionOn } from './row.ts';

const step = fc.record({
  policies: fc.array(fc.nat(5), { maxLength: 2 }),
  goes: fc.option(fc.nat(9), { nil: undefined }),
  comes: fc.option(fc.nat(9), { nil: undefined }),
  peers: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
  asks: fc.boolean(),
});

it('finds all who do not surely deny everything to some peers', () => {
  let left = 0;
  fc.assert(
    fc.property(
      placement,
      endpoints,
      knobs,
      partSizes,
      sideSizes,
      fc.array(step, { minLength: 2, maxLength: 8 }),
      (drawn, ends, chosen, sizes, own, steps) => {
        let here = new Set(drawn.policies.filter((_, index) => index % 2 === 0));
        const rules = { placement: { ...drawn, policies: [...here] }, knobs: chosen };
        let reach = compileReach(rules, ends, PORT_PROTOCOLS, { room: 10, sizes, sideSizes: own });
        for (const { policies, goes, comes, peers, asks } of steps) {
          const { removed, added, next } = toggled(drawn.policies, here, policies);
          here = next;
          const going = goes !== undefined && contains(reach.present, goes) ? [goes] : [];
          const coming = comes === undefined ? [] : ends.slice(comes, comes + 1).map(asComing);
          ({ reach } = reach.exchange({ removed, added }, { removed: going, added: coming }));
          if (!asks) continue;
          // Those who came last are the most telling.
          const those = membersOf(reach.present).reverse();
          const asked = idSet([...new Set(peers.flatMap((peer) => those[peer] ?? []))].sort((a, b) => a - b));
          for (const direction of DIRECTIONS) {
            const found = reach.openTo(direction, reach.present, asked);
            left += reach.endpoints.length - membersOf(found).length;
            for (const id of membersOf(reach.present)) {
              const isOpen = reach.endpoints[id]!.families.some((family) => {
                const row = reach.rows.get(family)!.row(id, direction);
                return membersOf(asked).some((peer) => decisionOn(row, peer) !== DENIED);
              });
              if (isOpen) expect(contains(found, id)).toBe(true);
            }
          }
        }
      },
    ),
    runs(400),
  );
  expect(left).toBeGreaterThan(0);
});

it('finds whoever has a rule that names one who came after all were looked through', () => {
  const pod = (name: string, app: string, address: string) =>
    podManifest({ namespace: 'x', name, labels: { app }, ports: [], addresses: [address] });
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name: 'p' },
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] },
  };
  const pods = [pod('a', 'db', '10.0.0.1'), pod('b', 'db', '10.0.0.2'), pod('c', 'web', '10.0.0.3')];
  const { placement, behaviour, ...state } = stateOf([namespaceManifest('x', {}), ...pods, policy]);
  const [a, b, c] = worldOf({ placement, behaviour, ...state }).pods.map(({ endpoint }) => endpoint);
  // Nothing is looked through anew.
  const sideSizes = { block: 1, mostBlocks: 1, mostAsked: 8, mostChanged: 9 };
  const options = { room: 1, sideSizes };
  const reach = compileReach({ placement, knobs: behaviour.knobs }, [a!, b!], PORT_PROTOCOLS, options);
  expect(membersOf(reach.openTo('ingress', reach.present, idSet([0])))).toEqual([]);
  const next = reach.exchange({ removed: [], added: [] }, { removed: [], added: [{ endpoint: c! }] });
  expect(membersOf(next.reach.openTo('ingress', next.reach.present, idSet([2])))).toEqual([0, 1, 2]);
});

function asComing({ ownNode: _, ...endpoint }: Endpoint): { readonly endpoint: Endpoint } {
  return { endpoint };
}
