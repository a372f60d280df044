// Which rules, and which entries of them, no observed connection used; connections come in parts. Says nothing of whether
// they should go.

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
  /** How many observed connections it allows. */
  readonly used: number;
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

/** What of a rule was used so far. */
interface RuleUse {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
  connections: number;
  readonly peers: Set<Peer>;
  readonly ports: Set<PortMatch>;
  /** Keys of the workloads that were its peers. */
  readonly workloads: Set<string>;
}

/** Looks for rules that nobody uses. */
export interface UnusedRules {
  /** Some pairs that were observed; those of one connection come together. */
  use(pairs: readonly UsedPair[]): void;
  /** The rules that allow something no pair used, in order of policy, direction and rule. */
  found(): UnusedRuleFound[];
}

/** Begins with nothing used. */
export function unusedRules(world: World): UnusedRules {
  const ends = world.pods.map(({ endpoint }) => endpoint);
  const selectors = indexSelectors(ends);
  const idOf = new Map(ends.map(({ key }, id) => [key, id]));
  const uses = usesOf(world);
  const subjectsOf = ({ policy, direction }: RuleUse): readonly number[] => {
    const { namespaces, pods } = policy[direction]!.subject;
    return membersOf(possible(selectors.subjects(namespaces, pods, seesHostNetwork(policy))));
  };
  const workloadAt = (id: number): string => {
    const unit = world.pods[id]!;
    return unit.type === 'workload' ? unit.workload.key : '';
  };
  return {
    use(pairs) {
      const used = bySubject(pairs, idOf);
      for (const rules of uses) {
        const theirs = subjectsOf(rules[0]!).flatMap((id) => used[rules[0]!.direction].get(id) ?? []);
        for (const one of rules) addUse(one, theirs);
      }
    },
    found: () =>
      uses.flat().flatMap(({ policy, direction, rule, connections, ...used }) => {
        const sees = seesHostNetwork(policy);
        const reachable = listed(rule.peers).flatMap((peer) =>
          peer.type === 'pods' ? [possible(selectors.pods(peer.namespaces, peer.pods, sees))] : [],
        );
        const named = new Set(membersOf(unionAll(reachable)).map(workloadAt));
        const workloads = [...named].filter((key) => !used.workloads.has(key)).sort();
        const peers = listed(rule.peers).filter((one) => !used.peers.has(one));
        const ports = listed(rule.ports).filter((one) => !used.ports.has(one));
        if (connections > 0 && peers.length + ports.length + workloads.length === 0) return [];
        return [{ policy, direction, rule, used: connections, peers, ports, workloads }];
      }),
  };
}

/** Rules that allow something, by policy and direction, in order. */
function usesOf({ state }: World): RuleUse[][] {
  const policies = state.placement.policies.map(({ policy }) => policy);
  const sorted = policies.sort((a, b) => (policyText(a) < policyText(b) ? -1 : 1));
  return sorted
    .flatMap((policy) =>
      DIRECTIONS.map((direction) => {
        const part = policy[direction];
        const rules = part?.listed === true ? part.rules : [];
        return rules
          .filter(({ action, closed }) => action === 'Accept' && closed === undefined)
          .map((rule) => ({
            policy,
            direction,
            rule,
            connections: 0,
            peers: new Set<Peer>(),
            ports: new Set<PortMatch>(),
            workloads: new Set<string>(),
          }));
      }),
    )
    .filter((rules) => rules.length > 0);
}

/** Pairs by direction and the number of their subject among the pods of the world. */
function bySubject(
  pairs: readonly UsedPair[],
  idOf: ReadonlyMap<string, number>,
): Readonly<Record<Direction, ReadonlyMap<number, readonly Used[]>>> {
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
  return used;
}

function addUse(use: RuleUse, theirs: readonly Used[]): void {
  const { policy, rule } = use;
  if (rule.peers === 'none' || rule.ports === 'none') return;
  const connections = new Set<number>();
  for (const { subject, peer, destination, flow, connection, peerWorkload } of theirs) {
    if (rule.subject !== undefined && isSubject(rule.subject, subject, policy).is === 'no') continue;
    const byPeer = listed(rule.peers).filter((one) => matchesPeer(one, peer, flow, policy).is !== 'no');
    const byPort = listed(rule.ports).filter((one) => matchesPort(one, destination, flow).is !== 'no');
    if ((byPeer.length === 0 && rule.peers !== 'any') || (byPort.length === 0 && rule.ports !== 'any')) continue;
    connections.add(connection);
    if (peerWorkload !== undefined) use.workloads.add(peerWorkload);
    for (const one of byPeer) use.peers.add(one);
    for (const one of byPort) use.ports.add(one);
  }
  use.connections += connections.size;
}

/** The entries of a rule; none where it says anybody or nobody. */
function listed<Entry>(entries: readonly Entry[] | 'any' | 'none'): readonly Entry[] {
  return typeof entries === 'string' ? [] : entries;
}

function policyText({ ref }: Policy): string {
  return `${ref.namespace ?? ''}/${ref.name}/${ref.kind}`;
}
