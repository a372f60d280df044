import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, selector } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import type { Peer, Policy } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import { matchesPeer, matchesPeers } from './matching.ts';
import { nearPeers } from './near-peers.ts';

const POLICY: Policy = {
  ref: { dialect: 'network-policy', kind: 'NetworkPolicy', namespace: 'x', name: 'p' },
  apiVersion: 'networking.k8s.io/v1',
  object: { value: {}, locate: () => ({ path: '' }) },
  tier: 'NetworkPolicy',
  order: 0,
};

const one = (key: string, value: string): Selector => ({ op: 'and', of: [{ op: 'in', key, values: [value] }] });
const label = fc.constantFrom('a', 'b', 'c', '');
/** Mostly as people write them: one label and one value. */
const usual = (...keys: readonly string[]) =>
  fc.tuple(fc.constantFrom(...keys), label).map(([key, value]) => one(key, value));
const pods = fc.oneof(usual('app', 'tier'), usual('app', 'tier'), usual('app', 'tier'), selector());
const namespaces = fc.oneof(
  fc.constantFrom('x', 'y', 'z').map((name) => ({ name })),
  fc.oneof(usual('team'), selector(['team', 'kubernetes.io/metadata.name'])).map((own) => ({ selector: own })),
);
const peer: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ type: fc.constant('pods' as const), namespaces, pods, path: fc.constant([]) }) },
  {
    weight: 1,
    arbitrary: fc.constant<Peer>({
      type: 'addresses',
      cidr: '0.0.0.0/0',
      except: [],
      addresses: { v4: [0, 2 ** 32], v6: [] },
      path: [],
    }),
  },
);
const list = fc.array(peer, { minLength: 20, maxLength: 40 });

describe('the peers near an end', () => {
  it('are all that match it surely or perhaps, in their order, whatever is open of its labels', () => {
    let [left, looked] = [0, 0];
    fc.assert(
      fc.property(list, endpoints, (peers, ends) => {
        for (const [index, drawn] of ends.entries()) {
          const family = drawn.families[0] ?? 'IPv4';
          const flow = { family, protocol: 'TCP', port: 80 } as const;
          const near = nearPeers(peers, drawn);
          expect(near).toEqual(peers.filter((each) => near.includes(each)));
          const matching = peers.filter((each) => matchesPeer(each, drawn, flow, POLICY).is !== 'no');
          expect(
            matching.filter((each) => !near.includes(each)),
            `${index}`,
          ).toEqual([]);
          looked += peers.length;
          left += near.length;
          const [first, ...rest] = peers as [Peer, ...Peer[]];
          const answers = peers.map((each) => matchesPeer(each, drawn, flow, POLICY).is);
          const { is } = matchesPeers([first, ...rest], drawn, flow, POLICY);
          expect(is).toBe(answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no');
        }
      }),
      runs(300),
    );
    // Something is left out.
    expect(left).toBeLessThan(0.8 * looked);
  });
});
