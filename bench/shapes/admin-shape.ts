// A cluster with thousands of rules of the Admin tier, half as AdminNetworkPolicies and half as ClusterNetworkPolicies, above
// NetworkPolicies and a Baseline. Only raw objects; knows nothing of the engine.

import { type Random, randomFrom } from '../random.ts';
import { addressOf, emptyCluster, namespaceOf, podOf, policyOf } from './bare-objects.ts';
import type { DrawnCluster } from './cluster-shape.ts';
import type { Json } from './policy-shape.ts';

const NAMESPACES = 100;
const PODS_PER_NAMESPACE = 20;
const TEAMS = 10;
const APPS = 8;
const PORTS = [80, 443, 5432, 8080, 9090];

/** Draws 2,000 pods and so many rules of the Admin tier: a hundred a policy, the most that OVN-Kubernetes supports, or fifty. */
export function adminRules(rules: number, seed: number): DrawnCluster {
  return draw(rules, randomFrom(seed), 0);
}

/**
 * The same where nobody knows the addresses behind one egress rule in ten of the newer policies, which name a domain, nor the
 * labels of pods of a namespace that is not among the objects.
 */
export function adminRulesInDoubt(rules: number, seed: number): DrawnCluster {
  const cluster = draw(rules, randomFrom(seed), 0.1);
  const unknown = podOf('elsewhere', 'pod-0', { app: 'app-0' }, [addressOf(NAMESPACES * PODS_PER_NAMESPACE)]);
  return { ...cluster, workloads: [...cluster.workloads, unknown] };
}

function draw(rules: number, random: Random, domains: number): DrawnCluster {
  const cluster = emptyCluster();
  for (let index = 0; index < NAMESPACES; index++) {
    const name = `ns-${index}`;
    cluster.namespaces.push(
      namespaceOf(name, { team: `team-${index % TEAMS}`, env: index % 3 === 0 ? 'prod' : 'test' }),
    );
    for (let pod = 0; pod < PODS_PER_NAMESPACE; pod++) {
      const labels = { app: `app-${random.integer(0, APPS - 1)}` };
      cluster.workloads.push(podOf(name, `pod-${pod}`, labels, [addressOf(index * PODS_PER_NAMESPACE + pod)]));
    }
    cluster.policies.push(
      policyOf(name, 'allow-own', {
        podSelector: { matchLabels: { app: `app-${index % APPS}` } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: {} }] }],
        egress: [
          { to: [{ namespaceSelector: { matchLabels: { team: `team-${index % TEAMS}` } } }], ports: [{ port: 8080 }] },
        ],
      }),
    );
  }
  // No two have the same priority: what those do together is not defined.
  for (let priority = 0, left = rules; left > 0; priority++) {
    const isOlder = priority % 3 === 0;
    const count = Math.min(left, isOlder ? 100 : 50);
    left -= count;
    cluster.policies.push(
      isOlder ? olderPolicy(random, priority, count) : newerPolicy(random, priority, count, domains),
    );
  }
  cluster.policies.push({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'BaselineAdminNetworkPolicy',
    metadata: { name: 'default' },
    spec: {
      subject: { namespaces: { matchLabels: { env: 'prod' } } },
      ingress: [{ action: 'Deny', from: [{ namespaces: { matchLabels: { env: 'test' } } }] }],
    },
  });
  const probes = [...PORTS, 7].map((port) => ({ protocol: 'TCP', port }));
  return { ...cluster, probes: [...probes, { protocol: 'UDP', port: 53 }] };
}

/** An AdminNetworkPolicy, half of its rules for each direction. */
function olderPolicy(random: Random, priority: number, rules: number): Json {
  const rule = (key: 'from' | 'to'): Json => ({
    action: random.pick(['Allow', 'Deny', 'Pass']),
    [key]: [peer(random, key)],
    ...(random.chance(0.1)
      ? {}
      : { ports: [random.chance(0.8) ? { portNumber: { protocol: 'TCP', port: random.pick(PORTS) } } : RANGE] }),
  });
  return adminPolicy('AdminNetworkPolicy', 'v1alpha1', `older-${priority}`, {
    priority,
    subject: subject(random),
    ...directions(rules, rule),
  });
}

const RANGE = { portRange: { protocol: 'TCP', start: 5000, end: 8100 } };

/** A ClusterNetworkPolicy of the Admin tier, half of its rules for each direction, some of egress to a domain. */
function newerPolicy(random: Random, priority: number, rules: number, domains: number): Json {
  const rule = (key: 'from' | 'to'): Json => {
    // Without domains nothing is drawn for them.
    if (key === 'to' && domains > 0 && random.chance(domains)) {
      return { action: 'Accept', to: [{ domainNames: [`service-${random.integer(0, 9)}.example.com`] }] };
    }
    return plainRule(random, key);
  };
  return adminPolicy('ClusterNetworkPolicy', 'v1alpha2', `newer-${priority}`, {
    tier: 'Admin',
    priority,
    subject: subject(random),
    ...directions(rules, rule),
  });
}

function plainRule(random: Random, key: 'from' | 'to'): Json {
  return {
    action: random.pick(['Accept', 'Deny', 'Pass']),
    [key]: [peer(random, key)],
    ...(random.chance(0.1) ? {} : { protocols: [{ tcp: { destinationPort: { number: random.pick(PORTS) } } }] }),
  };
}

function adminPolicy(kind: string, version: string, name: string, spec: Json): Json {
  return { apiVersion: `policy.networking.k8s.io/${version}`, kind, metadata: { name }, spec };
}

function directions(rules: number, rule: (key: 'from' | 'to') => Json): Json {
  return {
    ingress: Array.from({ length: Math.ceil(rules / 2) }, () => rule('from')),
    egress: Array.from({ length: Math.floor(rules / 2) }, () => rule('to')),
  };
}

function subject(random: Random): Json {
  return random.chance(0.5) ? { namespaces: team(random) } : { pods: pods(random) };
}

function peer(random: Random, key: 'from' | 'to'): Json {
  const kind = random.fraction();
  if (key === 'to' && kind < 0.1) return { networks: [`203.0.${random.integer(0, 63)}.0/24`] };
  return kind < 0.4 ? { namespaces: team(random) } : { pods: pods(random) };
}

function team(random: Random): Json {
  return { matchLabels: { team: `team-${random.integer(0, TEAMS - 1)}` } };
}

function pods(random: Random): Json {
  return {
    namespaceSelector: team(random),
    podSelector: { matchLabels: { app: `app-${random.integer(0, APPS - 1)}` } },
  };
}
