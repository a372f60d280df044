// Ways to let in what isolation keeps out: a peer for a rule that has the port, a port for a rule that has the peer, a rule
// for a policy that selects the subject, a policy of its own.

import { matchesPeer, matchesPorts } from '../evaluate/matching.ts';
import type { Edit } from '../model/edit.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { isEverything } from '../model/selector.ts';
import { policyName } from '../questions/describe.ts';
import * as traffic from '../sets/traffic-set.ts';
import { peersFor, portEntries, portsFor } from './authored.ts';
import type { Cause } from './cause.ts';
import { peerOf } from './cause.ts';
import type { Draft } from './draft.ts';
import { type Move, move, present } from './move.ts';
import { type Need, needsOf } from './need.ts';
import { newPolicy } from './new-policy.ts';
import type { RepairContext } from './repair-context.ts';
import type { UnmetFlow } from './unmet.ts';
import { appendItem, placeIn, type Written, writtenPolicy } from './written.ts';

/** The moves that may answer isolation. `flows` share the cause. */
export function openIsolated(
  context: RepairContext,
  draft: Draft,
  cause: Extract<Cause, { is: 'isolated' }>,
  flows: readonly UnmetFlow[],
): readonly Move[] {
  const isolating = cause.by.flatMap((policy) => writtenPolicy(context, draft, policy) ?? []);
  return needsOf(cause, flows).flatMap((need) => [
    ...isolating.flatMap((target) => [
      ...addPeers(context, target, need),
      ...addPorts(target, cause, need),
      ...present([addRule(context, target, need)]),
    ]),
    ...present([addPolicy(context, draft, cause.by, need)]),
  ]);
}

/** A policy without requirements is about pods that are made later, too. */
function reachOf({ policy }: Written, { direction }: Need): { readonly adds: true; readonly isForAll: boolean } {
  const subject = policy[direction]?.subject;
  return { adds: true, isForAll: subject !== undefined && isEverything(subject.pods) };
}

function rulesOf({ policy }: Written, { direction }: Need): readonly Rule[] {
  return (policy[direction]?.rules ?? []).filter(({ action }) => action === 'Accept');
}

/** For rules that open all of the ports already. */
function addPeers(context: RepairContext, target: Written, need: Need): readonly Move[] {
  const place = placeIn(target, need.direction);
  const peers = peersFor(context, need.peers, place.namespace);
  if (peers === undefined) return [];
  const moves = rulesOf(target, need).map((rule) => {
    if (typeof rule.peers === 'string' || !opensPorts(rule, need)) return undefined;
    const list = [...rule.path, target.writer.peersField(need.direction)];
    const edits = peers.map((peer) => {
      const item = target.writer.peer(peer, place);
      return item === undefined ? undefined : appendItem(target, list, item);
    });
    return move(`add ${count(edits, 'peer')} to ${policyName(target.policy)}`, 0, edits, reachOf(target, need));
  });
  return present(moves);
}

function opensPorts(rule: Rule, { flows }: Need): boolean {
  return flows.every((flow) => matchesPorts(rule.ports, flow.wanted.to.unit.endpoint, pointOf(flow)).is === 'yes');
}

/** Any port stands for its stretch: no rule in play tells the ports of a stretch apart. */
function pointOf({ family, protocol, first }: UnmetFlow): {
  family: UnmetFlow['family'];
  protocol: UnmetFlow['protocol'];
  port: number;
} {
  return { family, protocol, port: first };
}

/** For rules that name all of the peers already. */
function addPorts(target: Written, cause: Cause, need: Need): readonly Move[] {
  const moves = rulesOf(target, need).map((rule) => {
    if (typeof rule.ports === 'string' || !namesPeers(rule, target.policy, cause, need)) return undefined;
    const missing = need.flows
      .filter((flow) => matchesPorts(rule.ports, flow.wanted.to.unit.endpoint, pointOf(flow)).is !== 'yes')
      .reduce<traffic.TrafficSet>(
        (sum, { protocol, first, last }) => traffic.union(sum, traffic.traffic(protocol, first, last)),
        traffic.NO_TRAFFIC,
      );
    const list = [...rule.path, target.writer.portsField];
    const edits = portEntries(missing).map((port) => {
      const item = target.writer.port(port);
      return item === undefined ? undefined : appendItem(target, list, item);
    });
    return move(`add ${count(edits, 'port')} to ${policyName(target.policy)}`, 0, edits, reachOf(target, need));
  });
  return present(moves);
}

function namesPeers(rule: Rule, policy: Policy, cause: Cause, { flows }: Need): boolean {
  const { peers } = rule;
  if (typeof peers === 'string') return peers === 'any';
  return flows.every((flow) => {
    const { endpoint } = peerOf(cause, flow);
    return peers.some((peer) => matchesPeer(peer, endpoint, pointOf(flow), policy).is === 'yes');
  });
}

function count(edits: readonly (Edit | undefined)[], word: string): string {
  return edits.length === 1 ? `a ${word}` : `${edits.length} ${word}s`;
}

function addRule(context: RepairContext, target: Written, need: Need): Move | undefined {
  const place = placeIn(target, need.direction);
  const peers = peersFor(context, need.peers, place.namespace);
  if (peers === undefined) return undefined;
  const rule = target.writer.rule({ action: 'Accept', peers, ports: portsFor(need.traffic) }, place);
  if (rule === undefined) return undefined;
  const edit = appendItem(target, ['spec', need.direction], rule);
  return move(`add a rule to ${policyName(target.policy)}`, 1, [edit], reachOf(target, need));
}

/** A NetworkPolicy for the subjects alone. */
function addPolicy(context: RepairContext, draft: Draft, beside: readonly Policy[], need: Need): Move | undefined {
  const namespace = need.subjects[0]?.endpoint.pod?.namespace;
  if (namespace === undefined) return undefined;
  const peers = peersFor(context, need.peers, namespace);
  if (peers === undefined) return undefined;
  const rule = { action: 'Accept' as const, peers, ports: portsFor(need.traffic) };
  return newPolicy(context, draft, need, { namespace, isolates: false, rules: [rule], beside });
}
