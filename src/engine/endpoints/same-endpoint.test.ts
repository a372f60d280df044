import { expect, it } from 'vitest';
import type { ContainerPort } from '../model/cluster.ts';
import type { Endpoint, PodIdentity } from '../model/endpoint.ts';
import { isSameEndpoint } from './same-endpoint.ts';

/** Every field that there may be, and another value for each: a field that is added has to be added here. */
const POD: Required<PodIdentity> = {
  namespace: 'x',
  namespaceLabels: { team: 'a' },
  namespaceDeclared: true,
  labels: { app: 'a' },
  openLabels: ['tier'],
  hostNetwork: false,
  perhapsSubject: 'standalone-pods',
};
const OTHER_POD: Required<PodIdentity> = {
  namespace: 'y',
  namespaceLabels: { team: 'b' },
  namespaceDeclared: false,
  labels: { app: 'a', tier: 'a' },
  openLabels: [],
  hostNetwork: true,
  perhapsSubject: 'host-network',
};
const PORT: Required<ContainerPort> = { name: 'http', protocol: 'TCP', number: 80, from: 'container' };
const OTHER_PORT: Required<ContainerPort> = { name: 'https', protocol: 'UDP', number: 81, from: 'sidecar' };
const END: Required<Endpoint> = {
  key: 'x/Pod/a',
  type: 'pod',
  name: 'x/a',
  pod: POD,
  node: { labels: { zone: 'a' }, certain: true },
  addresses: { v4: [1, 2], v6: [1n, 2n] },
  addressReason: 'pod-address',
  families: ['IPv4', 'IPv6'],
  ports: [PORT],
  matchesBlocks: 'yes',
  nodeName: 'n1',
  ownNode: 'local-node',
  unidentified: 'ingress-controller',
  perhapsSelected: 'host-network',
};
const OTHERS: { readonly [K in keyof Required<Endpoint>]: readonly Endpoint[K][] } = {
  key: ['x/Pod/b'],
  type: ['node'],
  name: ['x/b'],
  pod: (Object.keys(POD) as (keyof PodIdentity)[]).map((key) => ({ ...POD, [key]: OTHER_POD[key] })),
  node: [{ certain: true }, { labels: { zone: 'a' }, certain: false }, { labels: { zone: 'b' }, certain: true }],
  addresses: [
    { v4: [1, 3], v6: [1n, 2n] },
    { v4: [1, 2], v6: [1n, 3n] },
  ],
  addressReason: ['node-address'],
  families: [['IPv4'], ['IPv4', 'IPv4']],
  ports: [
    'unknown',
    [],
    ...(Object.keys(PORT) as (keyof ContainerPort)[]).map((key) => [{ ...PORT, [key]: OTHER_PORT[key] }]),
  ],
  matchesBlocks: ['maybe'],
  nodeName: ['n2'],
  ownNode: ['source-nat'],
  unidentified: ['source-nat'],
  perhapsSelected: ['pod-labels'],
};

it('looks at every field but what an endpoint is called', () => {
  expect(isSameEndpoint(END, structuredClone(END))).toBe(true);
  for (const key of Object.keys(END) as (keyof Endpoint)[]) {
    const isName = key === 'key' || key === 'name';
    for (const other of OTHERS[key]) {
      const changed = { ...structuredClone(END), [key]: other };
      expect([key, other, isSameEndpoint(END, changed)]).toEqual([key, other, isName]);
      expect([key, other, isSameEndpoint(changed, END)]).toEqual([key, other, isName]);
    }
  }
  for (const key of ['pod', 'node', 'nodeName', 'ownNode', 'unidentified', 'perhapsSelected'] as const) {
    const { [key]: _, ...rest } = END;
    expect([key, isSameEndpoint(END, rest), isSameEndpoint(rest, END)]).toEqual([key, false, false]);
  }
});
