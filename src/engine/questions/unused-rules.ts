// Which rules, and which entries of them, no observed connection used. Says nothing of whether they should go.

import { possible } from '../compile/match-set.ts';
import { indexSelectors } from '../compile/selector-index.ts';
import type { World } from '../endpoints/world.ts';
import { isSubject, matchesPeer, matchesPort } from '../evaluate/matching.ts';
import type { Endpoint } from '../model/endpoint.ts';
import {
  DIRECTIONS,
  type Direction,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
  seesHostNetwork,
} from '../model/policy.ts';
import type { Flow } from '../model/verdict.ts';
import { membersOf, unionAll } from '../sets/id-set.ts';
import type { AskedPair } from './replay-verdicts.ts';

/** A rule that allows more than was used. */
export interface UnusedRuleFound {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
  /** Observed connections that it allows, by number. */
  readonly used: ReadonlySet<number>;
  readonly peers: readonly Peer[];
  readonly ports: readonly PortMatch[];
  /** Keys of workloads that its peers name and nobody used, sorted. */
  readonly workloads: readonly string[];
}

/** A pair that was observed, and the number of its connection. */
export type UsedPair = AskedPair & { readonly connection: number };

/** Pairs in which an endpoint is the subject. */
interface Used {
  readonly subject: Endpoint;
  readonly peer: Endpoint;
  readonly destination: Endpoint;
  readonly flow: Flow;
  readonly connection: number;
  readonly peerWorkload?: string;
}

/** The rules that allow something no pair used, in order of policy, direction and rule. */
export function findUnused(world: World, pairs: readonly UsedPair[]): UnusedRuleFound[] {
  const { policies } = world.state.placement;
  const ends = world.pods.map(({ endpoint }) => endpoint);
  const selectors = indexSelectors(ends);
  const idOf = new Map(ends.map(({ key }, id) => [key, id]));
  const used = { egress: new Map<number, Used[]>(), ingress: new Map<number, Used[]>() };
  for (const { pair, family, protocol, connection } of pairs) {
    const flow: Flow = { family, protocol, port: pair.port };
    for (const direction of DIRECTIONS) {
      const [subject, peer] = direction === 'egress' ? [pair.from, pair.to] : [pair.to, pair.from];
      const id = idOf.get(subject.endpoint.key);
      if (id === undefined) continue;
      const workload = peer.type === 'workload' ? { peerWorkload: peer.workload.key } : {};
      const one = {
        subject: subject.endpoint,
        peer: peer.endpoint,
        destination: pair.to.endpoint,
        flow,
        connection,
        ...workload,
      };
      const list = used[direction].get(id);
      if (list === undefined) used[direction].set(id, [one]);
      else list.push(one);
    }
  }
  const workloadAt = (id: number): string => {
    const unit = world.pods[id]!;
    return unit.type === 'workload' ? unit.workload.key : '';
  };

  const found: UnusedRuleFound[] = [];
  const sorted = policies.map(({ policy }) => policy).sort((a, b) => (policyText(a) < policyText(b) ? -1 : 1));
  for (const policy of sorted) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined || !part.listed) continue;
      const sees = seesHostNetwork(policy);
      const subjects = membersOf(possible(selectors.subjects(part.subject.namespaces, part.subject.pods, sees)));
      const theirs = subjects.flatMap((id) => used[direction].get(id) ?? []);
      for (const rule of part.rules) {
        if (rule.action !== 'Accept' || rule.closed !== undefined) continue;
        const one = useOf(policy, direction, rule, theirs);
        const reachable =
          typeof rule.peers === 'string'
            ? []
            : rule.peers.flatMap((peer) =>
                peer.type === 'pods' ? [possible(selectors.pods(peer.namespaces, peer.pods, sees))] : [],
              );
        const named = new Set(membersOf(unionAll(reachable)).map(workloadAt));
        const workloads = [...named].filter((key) => !one.workloads.has(key)).sort();
        if (one.used.size > 0 && one.peers.length + one.ports.length + workloads.length === 0) continue;
        found.push({ ...one, workloads });
      }
    }
  }
  return found;
}

function useOf(policy: Policy, direction: Direction, rule: Rule, theirs: readonly Used[]) {
  const peers = typeof rule.peers === 'string' ? [] : rule.peers;
  const ports = typeof rule.ports === 'string' ? [] : rule.ports;
  const used = new Set<number>();
  const workloads = new Set<string>();
  const [usedPeers, usedPorts] = [new Set<Peer>(), new Set<PortMatch>()];
  for (const { subject, peer, destination, flow, connection, peerWorkload } of theirs) {
    if (rule.subject !== undefined && isSubject(rule.subject, subject, policy).is === 'no') continue;
    if (rule.peers === 'none' || rule.ports === 'none') continue;
    const byPeer = peers.filter((one) => matchesPeer(one, peer, flow, policy).is !== 'no');
    const byPort = ports.filter((one) => matchesPort(one, destination, flow).is !== 'no');
    if ((byPeer.length === 0 && rule.peers !== 'any') || (byPort.length === 0 && rule.ports !== 'any')) continue;
    used.add(connection);
    if (peerWorkload !== undefined) workloads.add(peerWorkload);
    for (const one of byPeer) usedPeers.add(one);
    for (const one of byPort) usedPorts.add(one);
  }
  return {
    policy,
    direction,
    rule,
    used,
    workloads,
    peers: peers.filter((one) => !usedPeers.has(one)),
    ports: ports.filter((one) => !usedPorts.has(one)),
  };
}

function policyText({ ref }: Policy): string {
  return `${ref.namespace ?? ''}/${ref.name}/${ref.kind}`;
}
