// Clusters whose namespaces all have the same policies, as those that are set up from one template: a default deny, DNS,
// monitoring, and what five workloads need of one another, of their team and of one range outside.

import {
  addressOf,
  emptyCluster,
  type Labels,
  namespaceOf,
  type OpenCluster,
  podOf,
  policyOf,
} from './bare-objects.ts';
import type { DrawnCluster } from './cluster-shape.ts';
import type { Json } from './policy-shape.ts';

/** Workloads of a namespace; the first two are its front. */
const APPS = ['web', 'api', 'worker', 'db', 'cache'] as const;
const FRONT = 2;
const TEAMS = 500;

/** Namespaces of five workloads and ten policies each, with so many pods of each workload. */
export function regularCluster(namespaces: number, replicas: number): DrawnCluster {
  const cluster = emptyCluster();
  for (let index = 0; index < namespaces; index++) {
    const name = nameOf(index);
    cluster.namespaces.push(
      namespaceOf(name, {
        'kubernetes.io/metadata.name': name,
        team: `team-${index % TEAMS}`,
        env: ['prod', 'stage', 'dev'][index % 3]!,
      }),
    );
    APPS.forEach((app, nth) => {
      addPods(cluster, name, app, replicas, { tier: nth < FRONT ? 'front' : 'back', version: `v${index % 5}` });
    });
    for (const [policy, spec] of policiesOf(index)) cluster.policies.push(policyOf(name, policy, spec));
  }
  return cluster;
}

function nameOf(index: number): string {
  return `ns-${index}`;
}

/** One workload in five has pods with names of their own, as a StatefulSet's have. */
function addPods(cluster: OpenCluster, namespace: string, app: string, replicas: number, labels: Labels): void {
  for (let pod = 0; pod < replicas; pod++) {
    const index = cluster.workloads.length;
    const name = `${app}-${pod}`;
    const own: Labels =
      app === 'db' ? { 'statefulset.kubernetes.io/pod-name': name } : { 'pod-template-hash': `${app}7d4f` };
    const all = { app, 'app.kubernetes.io/instance': `${app}-${namespace}`, ...labels, ...own };
    cluster.workloads.push(podOf(namespace, name, all, [addressOf(index)]));
  }
}

/** The ten policies of a namespace, by name. */
function policiesOf(index: number): readonly (readonly [name: string, spec: Json])[] {
  const ofTeam = (labels: Labels): Json => ({
    namespaceSelector: { matchLabels: { team: `team-${index % TEAMS}` } },
    podSelector: { matchLabels: labels },
  });
  const ofNamespace = (name: string): Json => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
  const dns = { namespaceSelector: ofNamespace(nameOf(0)), podSelector: { matchLabels: { app: 'cache' } } };
  const block = { cidr: `203.${index % 255}.0.0/16`, except: [`203.${index % 255}.9.0/24`] };
  return [
    ['default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }],
    ['allow-dns', egress({}, [dns], [udp(53), tcp(53)])],
    ['allow-monitoring', ingress({}, [{ namespaceSelector: ofNamespace(nameOf(1)) }], [tcp(9090)])],
    ['web-from-all', ingress({ app: 'web' }, [{ namespaceSelector: {} }], [tcp(8080)])],
    ['web-to-api', egress({ app: 'web' }, [pods('api')], [tcp(8443)])],
    ['api-from-web', ingress({ app: 'api' }, [pods('web')], [tcp(8443)])],
    ['db-from-api', ingress({ app: 'db' }, [pods('api'), pods('worker')], [tcp(5432)])],
    ['api-from-team', ingress({ app: 'api' }, [ofTeam({ tier: 'front' })], [tcp(8443)])],
    [
      'front-to-team',
      egress({ tier: 'front' }, [ofTeam({ app: 'api' }), pods('db'), pods('cache')], [tcp(8443), tcp(5432)]),
    ],
    ['worker-to-outside', egress({ app: 'worker' }, [{ ipBlock: block }], [tcp(443)])],
  ];
}

function pods(app: string): Json {
  return { podSelector: { matchLabels: { app } } };
}

function tcp(port: number): Json {
  return { port };
}

function udp(port: number): Json {
  return { protocol: 'UDP', port };
}

function ingress(subject: Labels, from: readonly Json[], ports: readonly Json[]): Json {
  return { podSelector: selecting(subject), policyTypes: ['Ingress'], ingress: [{ from, ports }] };
}

function egress(subject: Labels, to: readonly Json[], ports: readonly Json[]): Json {
  return { podSelector: selecting(subject), policyTypes: ['Egress'], egress: [{ to, ports }] };
}

function selecting(labels: Labels): Json {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: labels };
}
