// A rule that names pods of the other side, and the other side that does not let the connection pass: the two findings
// about it differ in direction only.

import { hasNames } from '../../compile/rule-matches.ts';
import type { Fix } from '../../model/edit.ts';
import type { Direction } from '../../model/policy.ts';
import { isEverything } from '../../model/selector.ts';
import { valueAt } from '../../model/source.ts';
import { type IdSet, membersOf, subtract } from '../../sets/id-set.ts';
import { type AcceptRule, acceptRules, type PodPeer, podPeers, subjectsOf } from '../accepting-rules.ts';
import type { Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { dnsPeer, dnsPorts } from '../dns/dns-peer.ts';
import { dnsReach } from '../dns/dns-reach.ts';
import { countPods, printImpact } from '../effect.ts';
import { addPolicy, isPolicyThere } from '../fixes.ts';
import { findFlow, nameOf, policiesOfPods } from '../flows.ts';
import { namesOfScope, trafficOfRule } from '../rule-flows.ts';
import { isBlockMatchKnown, passageOf } from './closed-pairs.ts';

/** One peer of a rule that none of the pods it means can use as the rule wants it. */
export interface Unmatched {
  readonly one: AcceptRule;
  readonly peer: PodPeer;
  /** Pods that the rule is about. */
  readonly subjects: IdSet;
  /** Pods that the peer means. */
  readonly others: IdSet;
  readonly passage: 'closed' | 'by-block';
}

/**
 * Problems of rules of one direction. A peer that chooses pods by labels is taken as the wish that they talk; one for whole
 * namespaces is not; for {@link unmatchedPeers} with `isWide` one for some other namespaces is, where the rule names ports. Reported is a peer that has no effect at all, over all pods and ports, as the other side isolates
 * every pod and opens nothing: `high`. Where it opens something only by a block of addresses, and nobody has said which
 * plugin there is, it works with some plugins and not with others: `medium`.
 */
export function* unmatchedRules(context: CheckContext, direction: Direction): Generator<Problem> {
  for (const unmatched of unmatchedPeers(context, direction)) yield problemOf(context, unmatched);
}

/** Which peers are looked at; absent: as the checks do. */
export interface Looked {
  readonly isWide?: boolean;
  /** Absent: peers of all policies. */
  readonly isAsked?: (one: AcceptRule, peer: PodPeer) => boolean;
}

/** The peers that {@link unmatchedRules} are about. */
export function* unmatchedPeers(
  context: CheckContext,
  direction: Direction,
  { isWide = false, isAsked = () => true }: Looked = {},
): Generator<Unmatched> {
  for (const one of acceptRules(context)) {
    if (one.direction !== direction) continue;
    for (const peer of podPeers(one.rule)) {
      if (!isAsked(one, peer)) continue;
      if (isEverything(peer.pods) && !(isWide && one.rule.ports !== 'any' && isChosen(peer.namespaces))) continue;
      const others = context.select(peer.namespaces, peer.pods, one.policy).yes;
      if (others.length === 0) continue;
      const subjects = subjectsOf(context, one).yes;
      const passage = passageOf(context, {
        direction: direction === 'ingress' ? 'egress' : 'ingress',
        subjects: others,
        peers: subjects,
        ports: one.rule.ports,
      });
      if (passage === 'closed' || (passage === 'by-block' && !isBlockMatchKnown(context))) {
        yield { one, peer, subjects, others, passage };
      }
    }
  }
}

/** Whether namespaces are meant that somebody chose: not all, and not just the policy's own. */
function isChosen(scope: PodPeer['namespaces']): boolean {
  return 'selector' in scope && !isEverything(scope.selector);
}

function problemOf(context: CheckContext, unmatched: Unmatched): Problem {
  const { one, peer, others, passage } = unmatched;
  const { policy, direction } = one;
  const names = namesOf(context, others);
  const isIngress = direction === 'ingress';
  const isClosed = passage === 'closed';
  const example = exampleOf(context, unmatched);
  const otherSide = isIngress ? 'egress' : 'ingress';
  const impact = countPods(context, others);
  const fix = openOtherSide(context, one, peer, others);
  return {
    object: policy.object,
    policy,
    path: peer.path,
    severity: isClosed ? 'high' : 'medium',
    message: isClosed
      ? `lets ${isIngress ? `${names} in` : `the pods connect to ${names}`}, but the ${otherSide} of ${names} is isolated, and no rule opens it ${isIngress ? 'to these pods' : 'for them'}`
      : `the ${otherSide} of ${names} is open for this only by a block of addresses, which some plugins, such as Cilium, do not compare with pods`,
    hint: `allow the connection in ${otherSide} of ${names} too: both sides must`,
    effect: isClosed
      ? `keeps ${printImpact(impact)} from ${isIngress ? 'connecting' : 'being reached'}`
      : `${printImpact(impact)} ${isIngress ? 'connect' : 'are reached'} with some plugins only`,
    impact,
    ...(example === undefined ? {} : { example }),
    related: relatedOf(context, others, otherSide),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** A flow of the rule that is denied, or that a block alone lets through; undefined: none that a person can name. */
export function exampleOf(
  context: CheckContext,
  { one: { direction, rule }, subjects, others, passage }: Unmatched,
): string | undefined {
  const [from, to] = direction === 'ingress' ? [others, subjects] : [subjects, others];
  const ports = trafficOfRule(rule);
  const verdict = passage === 'closed' ? 'denied' : 'allowed';
  return findFlow(context, { verdict, from, to, ...(ports === undefined ? {} : { ports }) });
}

const SHOWN = 3;

/** A few names, for a sentence; the same however many pods each stands for. */
function namesOf(context: CheckContext, ids: IdSet): string {
  const names = [...new Set(membersOf(ids).map((id) => nameOf(context, id) ?? context.pods[id]!.endpoint.name))];
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and others` : shown;
}

/** The first policies that isolate one of the pods. */
function relatedOf(context: CheckContext, ids: IdSet, direction: Direction): NonNullable<Problem['related']> {
  const [first] = membersOf(ids);
  return policiesOfPods(context)
    [first!]!.filter(({ policy }) => policy[direction]?.isolates === true)
    .slice(0, SHOWN)
    .map(({ policy }) => ({
      object: policy.object,
      path: ['metadata', 'name'],
      message: `isolates ${direction}${(policy[direction]?.rules.length ?? 0) === 0 ? '' : ', and opens other connections'}`,
    }));
}

/**
 * A policy of its own for the pods of the peer, with the ports of the rule: it opens just this connection, as its pods are
 * isolated already, and DNS where they have none. Undefined where the rule is none of a NetworkPolicy, or its peer may mean several namespaces.
 */
function openOtherSide(
  context: CheckContext,
  { policy, direction, rule }: AcceptRule,
  peer: PodPeer,
  pods: IdSet,
): Fix | undefined {
  const { ref, object } = policy;
  const namespaces = namesOfScope(peer.namespaces);
  if (ref.dialect !== 'network-policy' || namespaces?.length !== 1 || ref.namespace === undefined) return undefined;
  const namespace = namespaces[0]!;
  const otherSide = direction === 'ingress' ? 'egress' : 'ingress';
  const name = `${ref.name}-${otherSide}`;
  if (isPolicyThere(context, namespace, name)) return undefined;
  // A name that means one number for the whole cluster may mean none.
  const isClusterWide = context.state.behaviour.knobs.egressNamedPorts === 'clusterWide';
  if (otherSide === 'egress' && isClusterWide && hasNames(rule.ports)) return undefined;
  const own = valueAt(object, ['spec', 'podSelector']) ?? {};
  const ports = valueAt(object, [...rule.path, 'ports']);
  const back = {
    ...(namespace === ref.namespace
      ? {}
      : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ref.namespace } } }),
    podSelector: own,
  };
  // With egress rules, pods need names: without DNS the connection would still fail.
  const dns = otherSide === 'egress' && !hasDns(context, pods) ? dnsPeer(context, policy) : undefined;
  const names = dns === undefined ? [] : [{ to: [dns], ports: dnsPorts(context, policy) }];
  return {
    title: `allow it in ${otherSide} too${dns === undefined ? '' : ', and DNS'}`,
    edits: [
      addPolicy(
        object,
        { name, namespace },
        {
          podSelector: valueAt(object, [...peer.path, 'podSelector']) ?? {},
          policyTypes: [otherSide === 'ingress' ? 'Ingress' : 'Egress'],
          [otherSide]: [
            { [otherSide === 'ingress' ? 'from' : 'to']: [back], ...(ports === undefined ? {} : { ports }) },
            ...names,
          ],
        },
      ),
    ],
    announced: 'opens',
    safe: false,
  };
}

function hasDns(context: CheckContext, pods: IdSet): boolean {
  return subtract(pods, dnsReach(context).udp).length === 0;
}
