import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../behaviours/behaviour-of.ts';
import type { ManifestObject } from '../model/source.ts';
import { exposure } from '../questions/exposure.ts';
import { mapConnectivity } from '../questions/map.ts';
import { loadState } from '../state.ts';
import { POD_FIELDS, type Wanted } from './pod-fields.ts';

/** A Pod with everything that a server lists. */
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1-a',
    generateName: 'web-1-',
    namespace: 'shop',
    uid: 'u',
    creationTimestamp: '2026-01-01T00:00:00Z',
    deletionTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', 'pod-template-hash': '1' },
    annotations: { a: 'b' },
    finalizers: ['f'],
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true }],
    managedFields: [{ manager: 'kubelet' }],
  },
  spec: {
    containers: [{ name: 'a', image: 'i', ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }], env: [] }],
    initContainers: [{ name: 'b', image: 'i', ports: [{ containerPort: 81 }], restartPolicy: 'Always' }],
    ephemeralContainers: [{ name: 'c', ports: [{ containerPort: 82 }] }],
    volumes: [],
    hostNetwork: false,
    hostname: 'h',
    subdomain: 's',
    hostAliases: [],
    nodeName: 'n',
    nodeSelector: {},
    serviceAccountName: 'sa',
    serviceAccount: 'sa',
    restartPolicy: 'Always',
    tolerations: [],
  },
  status: {
    phase: 'Running',
    reason: '',
    conditions: [],
    containerStatuses: [],
    hostIP: '192.168.0.1',
    hostIPs: [{ ip: '192.168.0.1' }],
    podIP: '10.0.0.1',
    podIPs: [{ ip: '10.0.0.1' }],
  },
};

/** The value, with every field of an object noted that somebody asks for and that is not wanted. */
function watched(value: unknown, wanted: Wanted, path: string, asked: Set<string>): unknown {
  if (typeof value !== 'object' || value === null || wanted.type === 'whole') return value;
  if (wanted.type === 'elements') {
    return (value as unknown[]).map((item, index) => watched(item, wanted.of, `${path}[${index}]`, asked));
  }
  const wantedAt = (key: string | symbol): Wanted | undefined => {
    const own = typeof key === 'string' ? wanted.fields[key] : undefined;
    if (own === undefined) asked.add(`${path}.${String(key)}`);
    return own;
  };
  return new Proxy(value, {
    get: (target, key) => {
      const own = wantedAt(key);
      return own === undefined ? undefined : watched(Reflect.get(target, key), own, `${path}.${String(key)}`, asked);
    },
    getOwnPropertyDescriptor: (target, key) =>
      wantedAt(key) === undefined ? undefined : Reflect.getOwnPropertyDescriptor(target, key),
  });
}

describe('POD_FIELDS', () => {
  it.each([
    ['a pod of a ReplicaSet', POD],
    [
      'a pod of nobody on the network of its node',
      {
        ...POD,
        metadata: { ...POD.metadata, ownerReferences: [] },
        spec: { ...POD.spec, hostNetwork: true },
        status: { phase: 'Running' },
      },
    ],
    ['a pod with a generated name', { ...POD, metadata: { generateName: 'x-', namespace: 'shop', labels: {} } }],
    ['a pod that has ended', { ...POD, status: { phase: 'Succeeded' } }],
  ])('are all that answers ask of %s', (_, pod) => {
    const asked = new Set<string>();
    const brief = watched(pod, POD_FIELDS, 'pod', asked) as ManifestObject['value'];
    const object: ManifestObject = {
      get value(): never {
        throw new Error('the whole value was asked for');
      },
      brief,
      locate: () => ({ path: '' }),
    };
    const policy: ManifestObject = {
      value: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'a', namespace: 'shop' },
        spec: {
          podSelector: {},
          ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 'http' }] }],
        },
      },
      locate: () => ({ path: '' }),
    };
    const state = loadState({
      objects: [object, policy],
      behaviour: behaviourOf('default', []),
      defaultNamespace: 'default',
    });
    const context = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] } as const;
    JSON.stringify([mapConnectivity(state, { protocols: context.protocols }, context), exposure(state, {}, context)]);
    expect([...asked]).toEqual([]);
    expect(state.findings).toEqual([]);
  });

  it('name nothing that is in no Pod', () => {
    const missing = (wanted: Wanted, value: unknown, path: string): string[] => {
      if (wanted.type === 'whole') return value === undefined ? [path] : [];
      if (wanted.type === 'elements') return missing(wanted.of, (value as unknown[])[0], `${path}[0]`);
      return Object.entries(wanted.fields).flatMap(([name, of]) =>
        missing(of, (value as Record<string, unknown>)[name], `${path}.${name}`),
      );
    };
    expect(missing(POD_FIELDS, POD, 'pod')).toEqual([]);
  });
});
