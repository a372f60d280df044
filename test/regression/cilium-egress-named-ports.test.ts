// Cilium 1.15 reads the name of a port in an egress rule as one number for the whole cluster (seen on a node): where the
// pods disagree on the number the entry opens nothing, and where they agree it opens that number on every peer.

import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario } from '../support/scenario.ts';

const egress = (port: string, to = '') =>
  policy('x/p', `{podSelector: {}, policyTypes: [Egress], egress: [{${to}ports: [${port}]}]}`);
const ingress = policy('w/p', '{podSelector: {}, ingress: [{ports: [{port: web}]}]}');

const WORLD = [
  namespace('x'),
  namespace('w'),
  pod('x/a'),
  pod('w/a', { ports: 'web=80,api=81,mix=82' }),
  pod('w/b', { ports: 'web=8080,mix=83/UDP' }),
  pod('w/c', { ports: 'api=81' }),
  pod('w/d'),
];

const PAIRS = [
  'w/a:80',
  'w/b:8080',
  'w/a:81',
  'w/c:81',
  'w/d:81',
  '192.0.2.1:81',
  'w/d:82',
  'w/d:83/udp',
  'w/d:82/udp',
];

const opened = (port: string, cni: string, assume: readonly string[] = []): string[] => {
  const s = scenario([...WORLD, egress(port)], { cni, assume });
  return PAIRS.filter((to) => s.can('x/a', to) === 'allowed');
};

describe.each([
  ['{port: web}', []],
  ['{port: api}', ['w/a:81', 'w/c:81', 'w/d:81', '192.0.2.1:81']],
  ['{port: api, protocol: UDP}', []],
  ['{port: mix}', ['w/d:82']],
  ['{port: mix, protocol: UDP}', ['w/d:83/udp']],
  ['{port: nobody}', []],
])('egress %s', (port, expected) => {
  it.each(['cilium@1.15', 'cilium@1.16', 'cilium@1.18'])('on %s', (cni) => {
    expect(opened(port, cni)).toEqual(expected);
  });

  it('by its knob', () => {
    expect(opened(port, 'default', ['egressNamedPorts=clusterWide'])).toEqual(expected);
  });
});

it('other entries of the same rule still open what they open', () => {
  expect(opened('{port: web}, {port: 81}', 'cilium@1.15')).toEqual(['w/a:81', 'w/c:81', 'w/d:81', '192.0.2.1:81']);
});

it('peers still narrow the rule', () => {
  const s = scenario([...WORLD, egress('{port: api}', 'to: [{podSelector: {}}], ')], { cni: 'cilium@1.15' });
  expect(['w/a:81', 'w/d:81', '192.0.2.1:81'].map((to) => s.can('x/a', to))).toEqual(['denied', 'denied', 'denied']);
});

it('on ingress a name stays that of the selected pod', () => {
  const s = scenario([...WORLD, ingress], { cni: 'cilium@1.15' });
  expect(['w/a:80', 'w/b:8080', 'w/b:80', 'w/d:80'].map((to) => s.can('x/a', to))).toEqual([
    'allowed',
    'allowed',
    'denied',
    'denied',
  ]);
});

it('names of init containers and of hostNetwork pods do not count', () => {
  const s = scenario(
    [
      ...WORLD,
      pod('w/sidecar', { sidecar: 'api=90' }),
      pod('w/host', { ports: 'api=91', hostNetwork: true }),
      egress('{port: api}'),
    ],
    { cni: 'cilium@1.15' },
  );
  expect(s.can('x/a', 'w/d:81')).toBe('allowed');
});

it('elsewhere a name is that of the pod at the other end', () => {
  for (const cni of ['default', 'calico', 'cilium@1.20']) {
    expect(opened('{port: web}', cni)).toEqual(['w/a:80', 'w/b:8080']);
    expect(opened('{port: api}', cni)).toEqual(['w/a:81', 'w/c:81']);
  }
});
