// Clusters that are hard on an engine: what could be shared is different everywhere, or what could be small is everything.
// Only raw objects; knows nothing of the engine.

import { randomFrom } from '../random.ts';
import { addressOf, emptyCluster, type Labels, namespaceOf, podOf, policyOf } from './bare-objects.ts';
import type { DrawnCluster } from './cluster-shape.ts';
import type { Json } from './policy-shape.ts';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';

/** One label value per pod, and a policy for each, that admits one other pod by its label: classes do not help. */
export function labelPerPod(pods: number): DrawnCluster {
  const cluster = emptyCluster();
  const namespaces = 10;
  for (let index = 0; index < namespaces; index++) cluster.namespaces.push(namespaceOf(`ns-${index}`, {}));
  for (let index = 0; index < pods; index++) {
    const namespace = `ns-${index % namespaces}`;
    cluster.workloads.push(
      podOf(namespace, `db-${index}`, { app: 'db', [POD_NAME]: `db-${index}` }, [addressOf(index)]),
    );
    cluster.policies.push(
      policyOf(namespace, `np-${index}`, {
        podSelector: { matchLabels: { [POD_NAME]: `db-${index}` } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { [POD_NAME]: `db-${(index + namespaces) % pods}` } } }],
            ports: [{ port: 5432 }],
          },
        ],
      }),
    );
  }
  return cluster;
}

const FLAGS = 12;
const PODS_PER_NAMESPACE = 100;

/** As many policies as pods, and hardly two that name pods by the same selector: a table of selectors and pods is square. */
export function selectorPerPolicy(pods: number, seed: number): DrawnCluster {
  const random = randomFrom(seed);
  const cluster = emptyCluster();
  const selector = (): Json => ({
    matchExpressions: Array.from({ length: random.integer(2, 4) }, (_, nth) => {
      const key = `flag-${random.integer(0, FLAGS - 1)}`;
      if (nth === 0 && random.chance(0.2)) return { key, operator: 'NotIn', values: [`v${random.integer(0, 2)}`] };
      return { key, operator: 'In', values: [`v${random.integer(0, 2)}`, `w${random.integer(0, 99_999)}`] };
    }),
  });
  for (let index = 0; index < pods; index++) {
    const namespace = `ns-${Math.floor(index / PODS_PER_NAMESPACE)}`;
    if (index % PODS_PER_NAMESPACE === 0) cluster.namespaces.push(namespaceOf(namespace, {}));
    const labels: Labels = Object.fromEntries(
      Array.from({ length: FLAGS }, (_, flag) => [`flag-${flag}`, `v${random.integer(0, 2)}`]),
    );
    cluster.workloads.push(podOf(namespace, `pod-${index}`, labels, [addressOf(index)]));
    cluster.policies.push(
      policyOf(namespace, `np-${index}`, {
        podSelector: selector(),
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: selector() }, { podSelector: selector() }], ports: [{ port: 8080 }] }],
      }),
    );
  }
  return cluster;
}

/** Every policy selects all pods of its namespace and admits all pods of all, each on a port of its own. */
export function allSelectAll(pods: number): DrawnCluster {
  const cluster = emptyCluster();
  const namespaces = 10;
  for (let index = 0; index < namespaces; index++) cluster.namespaces.push(namespaceOf(`ns-${index}`, {}));
  for (let index = 0; index < pods; index++) {
    const namespace = `ns-${index % namespaces}`;
    cluster.workloads.push(podOf(namespace, `pod-${index}`, { app: `app-${index % 7}` }, [addressOf(index)]));
    const ports = [{ port: 1000 + 2 * Math.floor(index / namespaces) }];
    cluster.policies.push(
      policyOf(namespace, `np-${index}`, {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ namespaceSelector: {} }], ports }],
        egress: [{ to: [{ namespaceSelector: {} }], ports }],
      }),
    );
  }
  return { ...cluster, probes: [1000, 1001, 1100, 2000].map((port) => ({ protocol: 'TCP', port })) };
}

/** Every policy names one pod, and one address outside, by a block that holds nothing else. */
export function blockPerPod(pods: number, seed: number): DrawnCluster {
  const random = randomFrom(seed);
  const cluster = emptyCluster();
  for (let index = 0; index < pods; index++) {
    const namespace = `ns-${Math.floor(index / PODS_PER_NAMESPACE)}`;
    if (index % PODS_PER_NAMESPACE === 0) cluster.namespaces.push(namespaceOf(namespace, {}));
    cluster.workloads.push(podOf(namespace, `pod-${index}`, { app: `app-${index % 5}` }, [addressOf(index)]));
    const outside = `203.0.${index >>> 8}.${index & 255}/32`;
    cluster.policies.push(
      policyOf(namespace, `np-${index}`, {
        podSelector: { matchLabels: { app: `app-${index % 5}` } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [
              { ipBlock: { cidr: `${addressOf(random.integer(0, pods - 1))}/32` } },
              { ipBlock: { cidr: outside } },
            ],
            ports: [{ port: 8080 }],
          },
        ],
        egress: [{ to: [{ ipBlock: { cidr: `${addressOf(random.integer(0, pods - 1))}/32` } }] }],
      }),
    );
  }
  return cluster;
}

/** Pods of one family or both, and blocks of both families with exceptions, some of them around pods. */
export function dualStack(pods: number, seed: number): DrawnCluster {
  const random = randomFrom(seed);
  const cluster = emptyCluster();
  const perNamespace = 20;
  const six = (index: number) => `fd00:10::${(index >>> 16).toString(16)}:${(index & 0xffff).toString(16)}`;
  const block = (): Json => {
    const kind = random.fraction();
    const pod = random.integer(0, pods - 1);
    if (kind < 0.2) return { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] };
    if (kind < 0.4) return { cidr: '::/0', except: ['fd00:10::/32'] };
    if (kind < 0.55) return { cidr: `2001:db8:${random.integer(0, 255).toString(16)}::/48` };
    if (kind < 0.7) return { cidr: `203.0.${random.integer(0, 255)}.0/24` };
    if (kind < 0.85) return { cidr: `${addressOf(pod & ~15)}/28`, except: [`${addressOf(pod)}/32`] };
    return { cidr: `${six(pod & ~15)}/124`, except: [`${six(pod)}/128`] };
  };
  for (let index = 0; index < pods; index++) {
    const namespace = `ns-${Math.floor(index / perNamespace)}`;
    if (index % perNamespace === 0) cluster.namespaces.push(namespaceOf(namespace, { team: `team-${index % 7}` }));
    const ips = index % 3 === 0 ? [addressOf(index)] : index % 3 === 1 ? [six(index)] : [addressOf(index), six(index)];
    cluster.workloads.push(podOf(namespace, `pod-${index}`, { app: `app-${random.integer(0, 4)}` }, ips));
    const direction = random.chance(0.5) ? 'ingress' : 'egress';
    const app = () => ({ matchLabels: { app: `app-${random.integer(0, 4)}` } });
    const peers = [
      { ipBlock: block() },
      random.chance(0.5)
        ? { podSelector: app() }
        : { podSelector: app(), namespaceSelector: { matchLabels: { team: `team-${random.integer(0, 6)}` } } },
    ];
    cluster.policies.push(
      policyOf(namespace, `np-${index}`, {
        podSelector: app(),
        policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
        [direction]: [
          { [direction === 'ingress' ? 'from' : 'to']: peers, ports: [{ port: random.pick([8080, 5432, 9090]) }] },
        ],
      }),
    );
  }
  return cluster;
}
