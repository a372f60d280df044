// What policies ask about pods and addresses. Pods that agree on all of it are one endpoint, addresses one class.

import type { Service } from '../model/cluster.ts';
import { DIRECTIONS, type Peer, type Rule } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import { type IpSet, ipSetKey } from '../sets/ip-set.ts';

/** Everything that the policies of a placement can tell apart. */
export interface Relevance {
  /** Label keys of pods with the values that are named; `raw` where a selector looks into the value. */
  readonly labels: ReadonlyMap<string, { readonly values: ReadonlySet<string>; readonly raw: boolean }>;
  /** Names of container ports that a policy or a Service names. */
  readonly portNames: ReadonlySet<string>;
  /** Distinct blocks, excepts already taken out. */
  readonly blocks: readonly IpSet[];
  /** Whether some rule names nodes. */
  readonly nodes: boolean;
}

/** Collects what matters from policies and Services. */
export function findRelevance(placement: Placement, services: readonly Service[]): Relevance {
  const labels = new Map<string, { values: Set<string>; raw: boolean }>();
  const portNames = new Set<string>();
  const blocks = new Map<string, IpSet>();
  let nodes = false;

  // No iterators where there are a hundred thousand rules: this runs once, before V8 has optimised it.
  const visit = (selector: Selector): void => {
    if (selector.op === 'and' || selector.op === 'or') {
      for (let i = 0; i < selector.of.length; i++) visit(selector.of[i]!);
      return;
    }
    if (selector.op === 'not') {
      visit(selector.of);
      return;
    }
    let known = labels.get(selector.key);
    if (known === undefined) {
      known = { values: new Set(), raw: false };
      labels.set(selector.key, known);
    }
    if (selector.op === 'in' || selector.op === 'not-in') {
      for (let i = 0; i < selector.values.length; i++) known.values.add(selector.values[i]!);
    }
    if (selector.op === 'contains' || selector.op === 'starts-with' || selector.op === 'ends-with') known.raw = true;
  };
  const visitPeer = (peer: Peer): void => {
    if (peer.type === 'pods') visit(peer.pods);
    else if (peer.type === 'addresses') blocks.set(ipSetKey(peer.addresses), peer.addresses);
    else if (peer.type === 'nodes') nodes = true;
  };
  const visitRule = (rule: Rule): void => {
    if (rule.subject !== undefined) visit(rule.subject.pods);
    const { peers, ports } = rule;
    if (typeof peers !== 'string') for (let i = 0; i < peers.length; i++) visitPeer(peers[i]!);
    if (typeof ports === 'string') return;
    for (let i = 0; i < ports.length; i++) {
      const port = ports[i]!;
      if (port.type === 'named') portNames.add(port.name);
    }
  };
  for (const { policy } of placement.policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined) continue;
      visit(part.subject.pods);
      for (let i = 0; i < part.rules.length; i++) visitRule(part.rules[i]!);
    }
  }
  for (const service of services) {
    for (const port of service.ports) if (typeof port.target === 'string') portNames.add(port.target);
  }
  const sorted = [...blocks.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, block]) => block);
  return { labels, portNames, blocks: sorted, nodes };
}

/** What either of two tells apart. */
export function mergeRelevance(a: Relevance, b: Relevance): Relevance {
  const labels = new Map([...a.labels]);
  for (const [key, other] of b.labels) {
    const own = labels.get(key);
    labels.set(key, {
      values: new Set([...(own?.values ?? []), ...other.values]),
      raw: (own?.raw ?? false) || other.raw,
    });
  }
  return {
    labels,
    portNames: new Set([...a.portNames, ...b.portNames]),
    blocks: [...a.blocks, ...b.blocks],
    nodes: a.nodes || b.nodes,
  };
}
