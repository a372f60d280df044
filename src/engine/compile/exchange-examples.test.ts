// Exchanges of policies that drawn ones rarely hit: one family alone, and another version of a policy of which something is
// unknown.

import { describe, expect, it } from 'vitest';
import { namespaceManifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { worldOf } from '../endpoints/world.ts';
import { membersOf } from '../sets/id-set.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { placementOf } from '../state.ts';
import { compileReach } from './reach.ts';
import { reachChanges } from './reach-changes.ts';

const NAMED = namespaceManifest('x', {});

function policy(name: string, from: readonly object[]) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name },
    spec: { podSelector: {}, ingress: [{ from }] },
  };
}

/** The exchange of the one policy of a namespace for another one, with the state that has the latter. */
function exchanged(manifests: readonly Readonly<Record<string, unknown>>[], rules: readonly (readonly object[])[]) {
  const [before, after] = rules.map((from) =>
    stateOf([NAMED, ...manifests, policy('p', from)], { assume: ['families=IPv4,IPv6'] }),
  );
  const world = worldOf(after!);
  const endpoints = [...world.pods, ...world.outside()].map(({ endpoint }) => endpoint);
  const { placement, behaviour } = before!;
  const reach = compileReach({ placement, knobs: behaviour.knobs }, endpoints, PORT_PROTOCOLS);
  const added = placementOf(after!.policies, before!).policies;
  const { reach: next, affected } = reach.exchange({ removed: placement.policies, added });
  return { endpoints, next, changes: reachChanges(reach, next, affected), after: after! };
}

const POD = { namespace: 'x', labels: { app: 'web' }, ports: [{ containerPort: 80 }] };

describe('an exchange of policies', () => {
  it('tells what changes in one family alone', () => {
    const { changes, endpoints } = exchanged(
      [podManifest({ ...POD, name: 'a', addresses: ['10.0.0.1', 'fd00::1'] })],
      [[{ podSelector: {} }], [{ podSelector: {} }, { ipBlock: { cidr: '2001:db8::/32' } }]],
    );
    expect(changes).toHaveLength(1);
    const [{ sources, destinations, before, after }] = changes as [(typeof changes)[0]];
    expect(membersOf(destinations).map((id) => endpoints[id]!.key)).toEqual(['x/Pod/a']);
    expect(membersOf(sources).map((id) => endpoints[id]!.families)).toEqual([['IPv6']]);
    expect([before.IPv6?.allowed, Object.keys(after.IPv6?.allowed ?? {})]).toEqual([{}, ['TCP', 'UDP', 'SCTP']]);
  });

  it('names the version of a policy that is there now', () => {
    // Nobody declares the other namespace, so that its labels are not known.
    const open = [{ namespaceSelector: { matchLabels: { team: 'a' } } }];
    const { changes, next, after, endpoints } = exchanged(
      [
        podManifest({ ...POD, name: 'a', addresses: ['10.0.0.1'] }),
        podManifest({ ...POD, namespace: 'y', name: 'b', addresses: ['10.0.0.2'] }),
      ],
      [open, open],
    );
    const [a, b] = ['x/Pod/a', 'y/Pod/b'].map((key) => endpoints.findIndex((one) => one.key === key));
    const [part] = next.decide(b!, a!).IPv4!.unknown;
    expect(changes).toEqual([]);
    expect(part?.policies.map(({ object }) => object)).toEqual([after.policies[0]!.object]);
  });
});
