// Rewrites ClusterNetworkPolicies v1alpha2 in the kinds of v1alpha1, field by field on plain manifests, with no code of the engine.

import type { Manifest } from './replay.ts';

interface Rule {
  readonly name?: string;
  readonly action: 'Accept' | 'Deny' | 'Pass';
  readonly protocols?: readonly ProtocolEntry[];
  readonly from?: readonly Manifest[];
  readonly to?: readonly Manifest[];
}

interface PortField {
  readonly destinationPort?: {
    readonly number?: number;
    readonly range?: { readonly start: number; readonly end: number };
  };
}

type ProtocolEntry = Readonly<Partial<Record<'tcp' | 'udp' | 'sctp', PortField>>> & {
  readonly destinationNamedPort?: string;
};

/** As much of a ClusterNetworkPolicy as the rewriting looks at. */
export interface ClusterNetworkPolicyManifest extends Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly tier: 'Admin' | 'Baseline';
    readonly priority: number;
    readonly subject: Manifest;
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

/** The same policies, or why v1alpha1 has no words for them. */
export function toAdminNetworkPolicies(
  policies: readonly ClusterNetworkPolicyManifest[],
): { readonly manifests: readonly Manifest[] } | { readonly reason: string } {
  const baseline = policies.filter(({ spec }) => spec.tier === 'Baseline');
  if (baseline.length > 1) return { reason: 'a cluster has one BaselineAdminNetworkPolicy' };
  const passes = baseline.some(({ spec }) =>
    [...(spec.ingress ?? []), ...(spec.egress ?? [])].some(({ action }) => action === 'Pass'),
  );
  if (passes) return { reason: 'BaselineAdminNetworkPolicy has no Pass' };
  return { manifests: policies.map(rewrite) };
}

function rewrite({ metadata, spec }: ClusterNetworkPolicyManifest): Manifest {
  const { tier, priority, subject, ingress, egress } = spec;
  const isAdmin = tier === 'Admin';
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: isAdmin ? 'AdminNetworkPolicy' : 'BaselineAdminNetworkPolicy',
    metadata: isAdmin ? metadata : { ...metadata, name: 'default' },
    spec: {
      ...(isAdmin ? { priority } : {}),
      subject: rewritePods(subject),
      ...(ingress === undefined ? {} : { ingress: ingress.map(rewriteRule) }),
      ...(egress === undefined ? {} : { egress: egress.map(rewriteRule) }),
    },
  };
}

function rewriteRule({ action, protocols, from, to, ...rest }: Rule): Manifest {
  return {
    ...rest,
    action: action === 'Accept' ? 'Allow' : action,
    ...(from === undefined ? {} : { from: from.map(rewritePods) }),
    ...(to === undefined ? {} : { to: to.map(rewritePods) }),
    ...(protocols === undefined ? {} : { ports: protocols.map(rewritePort) }),
  };
}

/** v1alpha1 requires the namespaceSelector that v1alpha2 lets go to mean all namespaces. */
function rewritePods(item: Manifest): Manifest {
  const { pods, ...rest } = item;
  return pods === undefined ? rest : { ...rest, pods: { namespaceSelector: {}, ...(pods as Manifest) } };
}

function rewritePort(entry: ProtocolEntry): Manifest {
  if (entry.destinationNamedPort !== undefined) return { namedPort: entry.destinationNamedPort };
  const [field, protocol] = (['tcp', 'udp', 'sctp'] as const)
    .map((name) => [entry[name], name.toUpperCase()] as const)
    .find(([one]) => one !== undefined)!;
  const { number, range } = field!.destinationPort ?? { range: { start: 1, end: 65535 } };
  return number === undefined ? { portRange: { protocol, ...range } } : { portNumber: { protocol, port: number } };
}
