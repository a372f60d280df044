// The reference for the tiers around NetworkPolicy: AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy
// straight from their specifications, on raw objects, one flow at a time. Knows nothing of the engine.

import type { Json } from '../shapes/policy-shape.ts';
import type { Selector } from './naive.ts';

type Pods = { namespaceSelector: Selector; podSelector: Selector };
type Peer = { namespaces?: Selector; pods?: Pods; networks?: string[] };
type Numbers = { number?: number; range?: { start: number; end: number } };
type Port = {
  portNumber?: { protocol: string; port: number };
  portRange?: { protocol: string; start: number; end: number };
};
type Rule = {
  action: string;
  from?: Peer[];
  to?: Peer[];
  ports?: Port[];
  protocols?: { [transport in 'tcp' | 'udp' | 'sctp']?: { destinationPort?: Numbers } }[];
};
type Spec = { tier?: string; priority?: number; subject: Peer; ingress?: Rule[]; egress?: Rule[] };

/** One end, and what is asked of it: the answers differ from one evaluator to the next only there. */
export interface AdminEnd {
  /** Absent for an address outside of the cluster. */
  readonly namespace?: string;
  matchesNamespace(selector: Selector): boolean;
  matchesPod(selector: Selector): boolean;
  isWithin(cidr: string): boolean;
}

/** What a tier makes of a flow; `none`: nothing of it matched, or a Pass did. */
export type AdminVerdict = 'accept' | 'deny' | 'none';

/** The two tiers of a cluster. */
export interface AdminTiers {
  admin(flow: AdminFlow): AdminVerdict;
  baseline(flow: AdminFlow): AdminVerdict;
}

/** One direction of one flow, as the subject sees it. */
export interface AdminFlow {
  readonly side: 'ingress' | 'egress';
  readonly subject: AdminEnd;
  readonly other: AdminEnd;
  readonly protocol: string;
  readonly port: number;
}

/** Reports whether an object is a policy of these tiers. */
export function isAdminPolicy({ kind }: Json): boolean {
  return kind !== 'NetworkPolicy';
}

/** The tiers of these policies; no two of a tier may have the same priority. */
export function adminTiers(policies: readonly Json[]): AdminTiers {
  const specs = policies.map(({ kind, spec }) => {
    const { tier = kind === 'BaselineAdminNetworkPolicy' ? 'Baseline' : 'Admin', ...own } = spec as Spec;
    return { tier, priority: 0, ...own };
  });
  specs.sort((a, b) => a.priority - b.priority);
  const [admin, baseline] = ['Admin', 'Baseline'].map((tier) => specs.filter((spec) => spec.tier === tier));
  return { admin: (flow) => firstMatch(admin!, flow), baseline: (flow) => firstMatch(baseline!, flow) };
}

function firstMatch(specs: readonly Spec[], flow: AdminFlow): AdminVerdict {
  for (const spec of specs) {
    if (!isPeer(spec.subject, flow.subject)) continue;
    for (const rule of spec[flow.side] ?? []) {
      const peers = (flow.side === 'ingress' ? rule.from : rule.to) ?? [];
      if (!peers.some((peer) => isPeer(peer, flow.other)) || !portsMatch(rule, flow)) continue;
      return rule.action === 'Deny' ? 'deny' : rule.action === 'Pass' ? 'none' : 'accept';
    }
  }
  return 'none';
}

function isPeer({ namespaces, pods, networks }: Peer, end: AdminEnd): boolean {
  if (networks !== undefined) return networks.some((cidr) => end.isWithin(cidr));
  if (end.namespace === undefined) return false;
  if (namespaces !== undefined) return end.matchesNamespace(namespaces);
  return end.matchesNamespace(pods!.namespaceSelector) && end.matchesPod(pods!.podSelector);
}

function portsMatch({ ports, protocols }: Rule, { protocol, port }: AdminFlow): boolean {
  if (protocols !== undefined)
    return protocols.some((entry) => {
      const own = entry[protocol.toLowerCase() as 'tcp'];
      if (own === undefined) return false;
      const { number, range } = own.destinationPort ?? {};
      if (range !== undefined) return range.start <= port && port <= range.end;
      return number === undefined || number === port;
    });
  if (ports === undefined) return true;
  return ports.some(({ portNumber, portRange }) =>
    portNumber !== undefined
      ? portNumber.protocol === protocol && portNumber.port === port
      : portRange!.protocol === protocol && portRange!.start <= port && port <= portRange!.end,
  );
}
