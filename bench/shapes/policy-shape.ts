// Draws one NetworkPolicy of a cluster shape. Only raw objects; knows nothing of the engine.

import type { Random } from '../random.ts';

/** An object as JSON has it. */
export type Json = { readonly [key: string]: unknown };

/** What policies can refer to in a namespace. */
export interface NamespaceShape {
  readonly name: string;
  readonly team: string;
  readonly apps: readonly string[];
}

/** Tiers of workloads: what peers name where they do not name one workload. */
export const TIERS: readonly string[] = ['frontend', 'backend', 'cache', 'db', 'batch'];

/** Draws policy number `nth` of a namespace. Peers may lie in any of the given namespaces, mostly they are local. */
export function drawPolicy(random: Random, own: NamespaceShape, all: readonly NamespaceShape[], nth: number): Json {
  const directions = random.chance(0.3) ? (random.chance(0.5) ? ['Egress'] : ['Ingress', 'Egress']) : ['Ingress'];
  const denies = random.chance(0.036);
  const spec: Record<string, unknown> = { podSelector: subject(random, own), policyTypes: directions };
  for (const direction of directions) {
    if (denies) continue;
    const key = direction === 'Ingress' ? 'from' : 'to';
    spec[direction.toLowerCase()] = list(random, [1, 1, 1, 2], () => rule(random, own, all, key));
  }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: `policy-${nth}`,
      namespace: own.name,
      labels: { 'app.kubernetes.io/managed-by': 'gitops' },
      annotations: { 'example.com/owner': own.team, 'example.com/reviewed': 'yes' },
    },
    spec,
  };
}

function subject(random: Random, own: NamespaceShape): Json {
  if (random.chance(0.26) || own.apps.length === 0) return { matchLabels: { app: `retired-${random.integer(0, 9)}` } };
  if (random.chance(0.3)) return {};
  if (random.chance(0.4)) return { matchLabels: { tier: random.pick(TIERS) } };
  if (random.chance(0.1)) return { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db', 'cache'] }] };
  return { matchLabels: { app: random.pick(own.apps) } };
}

function rule(random: Random, own: NamespaceShape, all: readonly NamespaceShape[], key: 'from' | 'to'): Json {
  return {
    ...(random.chance(0.02) ? {} : { [key]: list(random, [1, 1, 1, 2, 3], () => peer(random, own, all)) }),
    ...(random.chance(0.25) ? {} : { ports: list(random, [1, 1, 2, 3], () => portEntry(random)) }),
  };
}

function peer(random: Random, own: NamespaceShape, all: readonly NamespaceShape[]): Json {
  const kind = random.fraction();
  const name = random.chance(0.7) ? own : random.pick(all);
  const other = { matchLabels: { 'kubernetes.io/metadata.name': name.name } };
  const app = { matchLabels: { app: random.pick(name.apps.length > 0 ? name.apps : ['web']) } };
  if (kind < 0.4)
    return { podSelector: { matchLabels: { app: random.pick(own.apps.length > 0 ? own.apps : ['web']) } } };
  if (kind < 0.5) return { podSelector: { matchLabels: { tier: random.pick(TIERS) } } };
  if (kind < 0.58) return { podSelector: {} };
  if (kind < 0.75) return { namespaceSelector: other, podSelector: app };
  if (kind < 0.8) return { namespaceSelector: { matchLabels: { 'network.openshift.io/policy-group': 'ingress' } } };
  if (kind < 0.84) return { namespaceSelector: { matchLabels: { team: own.team } }, podSelector: app };
  // Cluster-wide: rare, and most of the pairs.
  if (kind < 0.845) return { namespaceSelector: {} };
  if (kind < 0.86) return { namespaceSelector: {}, podSelector: app };
  return { ipBlock: block(random) };
}

function block(random: Random): Json {
  if (random.chance(0.25)) return { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '192.168.0.0/16'] };
  if (random.chance(0.1)) return { cidr: `10.${random.integer(0, 3)}.${random.integer(0, 255)}.0/24` };
  return { cidr: `203.0.${random.integer(0, 255)}.${random.integer(0, 15) * 16}/28` };
}

function portEntry(random: Random): Json {
  const kind = random.fraction();
  if (kind < 0.15) return { port: random.pick(['http', 'metrics']) };
  if (kind < 0.25) return { protocol: 'UDP', port: 53 };
  if (kind < 0.3) return { protocol: 'TCP', port: 30000, endPort: 32767 };
  return { protocol: 'TCP', port: random.pick([80, 443, 3306, 5432, 6379, 8080, 8443, 9090, 9092]) };
}

function list<T>(random: Random, lengths: readonly number[], draw: () => T): T[] {
  return Array.from({ length: random.pick(lengths) }, draw);
}
