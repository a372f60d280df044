// The pods that the test on a real node runs: three namespaces with three pods each, every pod serving TCP and UDP on two
// ports, with names that differ from pod to pod. Knows nothing of policies; nothing here talks to a cluster.

import type { Labels } from '../../src/engine/model/selector.ts';

/** A Kubernetes object as kubectl takes it. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Labels of one set, by `namespace` and by `namespace/pod`; names are short, as in {@link NAMESPACES}. */
export interface DrawnLabels {
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly pods: Readonly<Record<string, Labels>>;
}

/** What is tried between two pods. */
export interface Target {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** Short names; {@link namespaceName} gives those in the cluster. */
export const NAMESPACES = ['x', 'y', 'z'] as const;

/** Every port that every pod serves. */
export const TARGETS: readonly Target[] = [
  { protocol: 'TCP', port: 80 },
  { protocol: 'TCP', port: 81 },
  { protocol: 'UDP', port: 80 },
  { protocol: 'UDP', port: 81 },
];

/**
 * Names of the ports of each pod in the order of {@link TARGETS}, empty for none. `web` and `dns` stand for different
 * numbers on different pods, `api` and `log` for one number that not all pods name, `mix` for either protocol.
 */
const PORT_NAMES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  'x/a': ['web', 'api', 'dns', 'log'],
  'x/b': ['', 'web', 'mix', 'dns'],
  'x/c': ['mix', 'api', '', 'log'],
  'y/a': ['web', '', 'dns', ''],
  'y/b': ['mix', 'web', '', 'log'],
  'y/c': ['', '', '', ''],
  'z/a': ['web', 'api', 'mix', 'dns'],
  'z/b': ['', 'api', 'dns', 'log'],
  'z/c': ['mix', 'web', '', ''],
};

/** All pods as `namespace/pod` with short names, sorted. */
export const PODS: readonly string[] = Object.keys(PORT_NAMES);

/** Port names that a policy may use; the last is a name that no pod has. */
export const PORT_NAME_CHOICES = ['web', 'api', 'dns', 'log', 'mix', 'other'] as const;

/** The label that all objects of one group carry, and nothing else in the cluster. */
export const GROUP_LABEL = 'netweir-test';

/** The name in the cluster of a namespace of a group. */
export function namespaceName(group: number, short: string): string {
  return `netweir-test-${group}-${short}`;
}

/** The name in the cluster of a port of a group: groups share no names, since a plugin may look at all pods at once. */
export function portName(group: number, short: string): string {
  return `${short}-${group}`;
}

/** Namespaces, then pods, of one group with the labels of one set. */
export function topology(group: number, labels: DrawnLabels): readonly Manifest[] {
  const mark = { [GROUP_LABEL]: String(group) };
  const namespaces = NAMESPACES.map((short) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespaceName(group, short), labels: { ...labels.namespaces[short], ...mark } },
  }));
  const pods = PODS.map((pod) => {
    const [namespace = '', name = ''] = pod.split('/');
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: namespaceName(group, namespace),
        name,
        labels: { ...labels.pods[pod], ...mark },
      },
      spec: {
        terminationGracePeriodSeconds: 0,
        automountServiceAccountToken: false,
        containers: [80, 81].map((port) => container(group, pod, port)),
      },
    };
  });
  return [...namespaces, ...pods];
}

/** Serves one number over both protocols and answers "hostname" with the name of the pod. */
function container(group: number, pod: string, port: number): Manifest {
  const names = PORT_NAMES[pod]!;
  return {
    name: `serve-${port}`,
    image: 'localhost/netweir/agnhost:1',
    args: ['netexec', `--http-port=${port}`, `--udp-port=${port}`],
    startupProbe: { httpGet: { path: '/hostname', port }, periodSeconds: 1, failureThreshold: 60 },
    ports: TARGETS.flatMap((target, index) => {
      if (target.port !== port) return [];
      const name = names[index]!;
      const declared = { containerPort: port, protocol: target.protocol };
      return name === '' ? [declared] : [{ ...declared, name: portName(group, name) }];
    }),
  };
}
