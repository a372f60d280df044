// Whom a rule lets reach metadata in the end, once rules that deny were asked too; and the edits that leave it out.

import { exceptPath } from '../../dialects/written-fields.ts';
import { singleAddressUnit } from '../../endpoints/outside.ts';
import { evaluateDirection } from '../../evaluate/evaluate.ts';
import type { Edit } from '../../model/edit.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { EMPTY, type IdSet, idSet, membersOf } from '../../sets/id-set.ts';
import { parseCidr } from '../../sets/ip-address.ts';
import { equals } from '../../sets/ip-set.ts';
import { traffic } from '../../sets/traffic-set.ts';
import { type AcceptRule, addressPeers, hasDenials, subjectsOf } from '../accepting-rules.ts';
import type { Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { removeRules } from '../fixes.ts';
import { findOutsideFlow, policiesOfPods } from '../flows.ts';
import { type MetadataOpening, type MetadataTarget, openPorts, opensTarget } from './metadata-openings.ts';

/** What an opening comes to. */
export interface MetadataReach {
  /** Pods of the snapshot that reach one of the targets; empty where the rule is about none of them yet. */
  readonly pods: IdSet;
  /** Those of the asked targets that are reached: by some of the pods, or where there are none by whoever comes. */
  readonly targets: readonly MetadataTarget[];
}

/** Asks which of the targets the pods of the rule really reach: a tier before or behind may deny them. */
export function reachOf(
  context: CheckContext,
  { one }: MetadataOpening,
  targets: readonly MetadataTarget[],
): MetadataReach {
  const subjects = subjectsOf(context, one).yes;
  if (!hasDenials(context) || subjects.length === 0) return { pods: subjects, targets };
  const pods = new Set<number>();
  const reached = targets.filter((target) => {
    const to = singleAddressUnit(context.world.context, target.set).endpoint;
    const port = openPorts(one.rule, target)[0]!;
    const open = membersOf(subjects).filter((id) => isOpen(context, id, to, target, port));
    for (const id of open) pods.add(id);
    return open.length > 0;
  });
  return { pods: pods.size === 0 ? EMPTY : idSet([...pods]), targets: reached };
}

/** In the family of the address, whatever families the pods are known to have. */
function isOpen(
  context: CheckContext,
  id: number,
  to: Endpoint,
  { parsed: { family } }: MetadataTarget,
  port: number,
): boolean {
  const { placement, behaviour } = context.state;
  const rules = { placement: { ...placement, policies: policiesOfPods(context)[id]! }, knobs: behaviour.knobs };
  const pair = { from: context.pods[id]!.endpoint, to };
  return evaluateDirection(rules, 'egress', pair, { family, protocol: 'TCP', port }, false).verdict === 'allowed';
}

/** The parts of a problem that tell whom it concerns, with a flow that is open. */
export function describeReach(
  context: CheckContext,
  { one }: MetadataOpening,
  { pods, targets }: MetadataReach,
): Pick<Problem, 'effect' | 'impact' | 'example'> {
  if (pods.length === 0) return {};
  const impact = countPods(context, pods);
  const ports = [...new Set(targets.flatMap((target) => openPorts(one.rule, target)))].sort((a, b) => a - b);
  const effect = `opens port${ports.length > 1 ? 's' : ''} ${ports.join(' and ')} there to ${printImpact(impact)}`;
  const target = targets.find(({ parsed }) => context.state.plan.families.includes(parsed.family));
  const example =
    target &&
    findOutsideFlow(context, {
      verdict: 'allowed',
      pods,
      direction: 'egress',
      address: target.parsed,
      ports: traffic('TCP', openPorts(one.rule, target)[0]!),
    });
  return { effect, impact, ...(example === undefined ? {} : { example }) };
}

/**
 * Edits that leave the targets out of the rule and everything else in: an exception where the block is larger than the
 * address, otherwise without the peer, or the rule where that was its only one. Undefined where the API has no exceptions,
 * and for a rule without peers: a block of all addresses in its place would be no better.
 */
export function excludeTargets(
  { policy, direction, rule }: AcceptRule,
  targets: readonly MetadataTarget[],
): readonly Edit[] | undefined {
  const { object } = policy;
  if (policy.ref.dialect !== 'network-policy' || rule.peers === 'any') return undefined;
  const whole = addressPeers(rule).filter((peer) => targets.some((target) => isAll(peer.cidr, target)));
  if (typeof rule.peers !== 'string' && whole.length === rule.peers.length) {
    return removeRules(policy, direction, [rule], '').edits;
  }
  return addressPeers(rule).flatMap((peer): Edit[] => {
    if (whole.includes(peer)) return [{ op: 'remove', object, path: peer.path }];
    const path = exceptPath(policy, peer)!;
    const items = targets.filter((target) => opensTarget(peer, target)).map(({ address }) => single(address));
    if (items.length === 0) return [];
    if (peer.except.length === 0) return [{ op: 'set', object, path, value: items }];
    return items.map((value) => ({ op: 'insert', object, path: [...path, peer.except.length], value }));
  });
}

function single(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

function isAll(text: string, { set }: MetadataTarget): boolean {
  const cidr = parseCidr(text);
  return cidr.ok && equals(cidr.set, set);
}
