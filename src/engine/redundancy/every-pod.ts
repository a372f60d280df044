// Whether something is redundant for every pod that could exist, and not only for those of the snapshot: whatever labels pods
// and namespaces have, others say the same. Says no where selectors alone do not show it. Verdicts are the same; where one is
// unknown for several reasons at once, as of a pod that policies select only perhaps, another of them may be named.

import { entry } from '../compile/entry.ts';
import {
  DIRECTIONS,
  type Direction,
  type NamespaceScope,
  type Peer,
  type Policy,
  type PolicyDirection,
  type Rule,
} from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import * as ips from '../sets/ip-set.ts';
import * as labels from '../sets/label-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { isSamePath } from './gone.ts';

/** A policy as a whole, or one of its rules. */
export interface Covered {
  readonly policy: Policy;
  readonly rule?: Rule;
}

/** What else is known. */
export interface EveryPodInput {
  readonly placement: Placement;
  /** Whether names of ports mean the same to every policy (knob ingressNamedPorts). */
  readonly namesArePerPod: boolean;
}

/**
 * Reports whether the policies say to every pod that could exist what the item says; the policy of a rule may be one of them.
 * Rules of theirs that `isGone` names cover nothing. With `only`, nothing of theirs covers but this rule; absent: all may.
 */
export type CoversEveryPod = (
  item: Covered,
  by: readonly Policy[],
  isGone: (policy: Policy, rule: Rule) => boolean,
  only?: { readonly rule: Rule; readonly direction: Direction },
) => boolean;

/** Parts beyond which a set of labels is not looked at further. */
const MOST_PIECES = 200;

/** Prepares the look-up. */
export function coversEveryPod({ placement, namesArePerPod }: EveryPodInput): CoversEveryPod {
  const placedOf = new Map(placement.policies.map((placed) => [placed.policy, placed]));
  const unordered = placement.chain.tiers.map(
    ({ combine }, tier) =>
      combine !== 'first-match' || placement.policies.every((one) => one.tier !== tier || onlyAccepts(one)),
  );
  return (item, by, isGone, only) => {
    const { policy, rule } = item;
    const placed = placedOf.get(policy)!;
    const others = by.flatMap((one) => placedOf.get(one) ?? []).filter((one) => isAlike(one, placed));
    const { unisolated } = placement.chain.tiers[placed.tier]!;
    // Being selected by itself may count.
    if (!unordered[placed.tier] || (rule === undefined && unisolated !== 'next')) return false;
    return DIRECTIONS.every((direction) => {
      const part = policy[direction];
      if (part === undefined) return true;
      const own = rulesOfItem(item, part);
      if (rule === undefined && speaks(part) && !isFramed(part, others, direction)) return false;
      const claims = others.flatMap((other) => {
        const rules =
          only === undefined ? (other.policy[direction]?.rules ?? []) : only.direction === direction ? [only.rule] : [];
        const left = rules.filter(
          (one) =>
            !isGone(other.policy, one) &&
            !(other === placed && (rule === undefined || isSamePath(one.path, rule.path))),
        );
        return left.flatMap((one) => claimsOf(one, other.policy[direction]!));
      });
      return own.every((one) => {
        if (one.peers === 'none' || one.ports === 'none') return true;
        if (!namesArePerPod && hasNames(one)) return false;
        const said = claimsOf(one, part);
        return said.length > 0 && said.every((claim) => isClaimed(claim, claims));
      });
    });
  };
}

/** The rules that the item is. One item is compared with each of many rules. */
function rulesOfItem(item: Covered, part: PolicyDirection): readonly Rule[] {
  const { rule } = item;
  if (rule === undefined) return part.rules;
  const known = ownRules.get(item) ?? new Map<PolicyDirection, readonly Rule[]>();
  ownRules.set(item, known);
  return entry(known, part, () => part.rules.filter(({ path }) => isSamePath(path, rule.path)));
}

const ownRules = new WeakMap<Covered, Map<PolicyDirection, readonly Rule[]>>();

function onlyAccepts({ policy }: PlacedPolicy): boolean {
  return DIRECTIONS.every(
    (direction) =>
      policy[direction]?.rules.every(({ action, conditions }) => action === 'Accept' && conditions.length === 0) ??
      true,
  );
}

/** Reports whether both stand in one tier and leave the same protocols open. */
function isAlike(a: PlacedPolicy, b: PlacedPolicy): boolean {
  return a.tier === b.tier && a.coversOtherProtocols === b.coversOtherProtocols;
}

/** Reports whether the part does something to its subjects even where no rule matches: it isolates, or leaves protocols open. */
function speaks({ isolates, rules }: PolicyDirection): boolean {
  return isolates || rules.length > 0;
}

/** Reports whether others do the same to all subjects that the part could have. */
function isFramed(part: PolicyDirection, others: readonly PlacedPolicy[], direction: Direction): boolean {
  let left = subjectsOf(part);
  for (const { policy } of others) {
    const other = policy[direction];
    if (other === undefined || left === undefined || !(part.isolates ? other.isolates : speaks(other))) continue;
    left = labels.subtract(left, subjectsOf(other) ?? labels.NO_LABEL_SETS);
    if (left.length > MOST_PIECES) return false;
  }
  return left !== undefined && labels.isEmpty(left);
}

/** What one peer of a rule says: for which subjects and peers, on which ports. */
interface Claim {
  readonly action: Rule['action'];
  /** Labels of the subject; those of the peer too where it is a pod or a node. */
  readonly ends: labels.LabelSet;
  readonly peer: 'any' | 'pods' | 'nodes' | { readonly block: ips.IpSet } | { readonly names: readonly string[] };
  readonly ports: traffic.TrafficSet;
  /** Names of ports with their protocols, as texts. */
  readonly named: readonly string[];
}

/** The claims of a rule that makes them surely; none where it does not, or where they cannot be told by labels. */
function claimsOf(rule: Rule, part: PolicyDirection): readonly Claim[] {
  let claims = known.get(rule);
  if (claims === undefined) {
    claims = makeClaims(rule, part);
    known.set(rule, claims);
  }
  return claims;
}

/** Rules never change, and one is compared with many. */
const known = new WeakMap<Rule, readonly Claim[]>();

function makeClaims(rule: Rule, part: PolicyDirection): Claim[] {
  if (rule.conditions.length > 0 || rule.perhaps !== undefined || rule.closed !== undefined) return [];
  const own = subjectsOf(part);
  if (own === undefined || rule.subject !== undefined || rule.peers === 'none') return [];
  const common = { action: rule.action, ...portsOf(rule) };
  if (rule.peers === 'any') return [{ ...common, ends: own, peer: 'any' }];
  // Blocks of one rule count together.
  const blocks = rule.peers.flatMap((peer) => (peer.type === 'addresses' ? [peer.addresses] : []));
  const claims: Claim[] = blocks.length === 0 ? [] : [{ ...common, ends: own, peer: { block: ips.unionAll(blocks) } }];
  for (const peer of rule.peers) {
    const claim = claimOf(peer, own);
    if (claim === undefined) return [];
    if (claim !== 'block') claims.push({ ...common, ...claim });
  }
  return claims;
}

function claimOf(peer: Peer, own: labels.LabelSet): Pick<Claim, 'ends' | 'peer'> | 'block' | undefined {
  switch (peer.type) {
    case 'addresses':
      return 'block';
    case 'domains':
      return { ends: own, peer: { names: peer.names } };
    case 'pods': {
      const set = endSet('peer', peer.namespaces, peer.pods);
      return set === undefined ? undefined : { ends: labels.intersect(own, set), peer: 'pods' };
    }
    case 'nodes': {
      const set = labels.labelSetOf(prefixed('node', peer.nodes));
      return set === undefined ? undefined : { ends: labels.intersect(own, set), peer: 'nodes' };
    }
  }
}

function portsOf({ ports }: Rule): Pick<Claim, 'ports' | 'named'> {
  if (ports === 'any') return { ports: traffic.allTraffic(traffic.PROTOCOLS), named: [] };
  let set = traffic.NO_TRAFFIC;
  const named: string[] = [];
  for (const port of ports === 'none' ? [] : ports) {
    const protocols = port.protocol === 'any' ? traffic.PORT_PROTOCOLS : [port.protocol];
    for (const protocol of protocols) {
      if (port.type === 'all') set = traffic.union(set, traffic.allTraffic([protocol]));
      else if (port.type === 'range') set = traffic.union(set, traffic.traffic(protocol, port.first, port.last));
      else named.push(`${protocol} ${port.name}`);
    }
  }
  return { ports: set, named };
}

function hasNames({ ports }: Rule): boolean {
  return typeof ports !== 'string' && ports.some(({ type }) => type === 'named');
}

/** Ends and what of the ports is still to be claimed for them. */
interface Piece {
  readonly ends: labels.LabelSet;
  readonly ports: traffic.TrafficSet;
  readonly named: readonly string[];
}

/** Reports whether the others together claim all of it. */
function isClaimed(claim: Claim, others: readonly Claim[]): boolean {
  let left: Piece[] = [claim];
  for (const other of others) {
    if (other.action !== claim.action || !holdsPeer(other.peer, claim.peer)) continue;
    left = left.flatMap((piece): Piece[] => {
      const both = labels.intersect(piece.ends, other.ends);
      if (labels.isEmpty(both)) return [piece];
      const ports = traffic.subtract(piece.ports, other.ports);
      const named = piece.named.filter((name) => !other.named.includes(name) && !holdsName(other.ports, name));
      const apart = labels.subtract(piece.ends, other.ends);
      return [
        ...(labels.isEmpty(apart) ? [] : [{ ...piece, ends: apart }]),
        ...(traffic.isEmpty(ports) && named.length === 0 ? [] : [{ ends: both, ports, named }]),
      ];
    });
    if (left.length === 0) return true;
    if (left.reduce((sum, { ends }) => sum + ends.length, 0) > MOST_PIECES) return false;
  }
  return false;
}

/** Reports whether a peer holds another, whatever labels say. */
function holdsPeer(wide: Claim['peer'], narrow: Claim['peer']): boolean {
  if (wide === 'any') return true;
  if (typeof wide === 'string' || typeof narrow === 'string') return wide === narrow;
  if ('block' in wide) return 'block' in narrow && ips.isSubset(narrow.block, wide.block);
  return 'names' in narrow && narrow.names.every((name) => wide.names.includes(name));
}

/** Whatever number a name stands for, every port of its protocol holds it. */
function holdsName(ports: traffic.TrafficSet, name: string): boolean {
  const protocol = traffic.PORT_PROTOCOLS.find((one) => name.startsWith(`${one} `))!;
  return traffic.isSubset(traffic.allTraffic([protocol]), ports);
}

/** The subjects of a part as a set of labels; undefined where its selectors look into values. */
function subjectsOf(part: PolicyDirection): labels.LabelSet | undefined {
  if (!subjects.has(part)) subjects.set(part, endSet('subject', part.subject.namespaces, part.subject.pods));
  return subjects.get(part);
}

/** Parts never change either. */
const subjects = new WeakMap<PolicyDirection, labels.LabelSet | undefined>();

/** Labels of one end and of its namespace in one set: keys say whose they are. */
function endSet(end: 'subject' | 'peer', scope: NamespaceScope, pods: Selector): labels.LabelSet | undefined {
  const namespace: Selector =
    'name' in scope
      ? { op: 'in', key: `${end} namespace ${NAME_LABEL}`, values: [scope.name] }
      : prefixed(`${end} namespace`, scope.selector);
  return labels.labelSetOf({ op: 'and', of: [namespace, prefixed(end, pods)] });
}

function prefixed(end: string, selector: Selector): Selector {
  switch (selector.op) {
    case 'and':
    case 'or':
      return { op: selector.op, of: selector.of.map((part) => prefixed(end, part)) };
    case 'not':
      return { op: 'not', of: prefixed(end, selector.of) };
    default:
      return { ...selector, key: `${end} ${selector.key}` };
  }
}
