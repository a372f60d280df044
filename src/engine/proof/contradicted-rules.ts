// Rules of policies that were there before, for pods that somebody chose by their labels, and of which nothing would be left.
// Whoever wrote them meant something: it is a question, and never a reason for a rule. Knows no evidence.

import type { PodPeer } from '../checks/accepting-rules.ts';
import { checkContext } from '../checks/context.ts';
import { exampleOf, unmatchedPeers } from '../checks/isolation/unmatched-rule.ts';
import { entry } from '../compile/entry.ts';
import { isOurs } from '../generate/foreign-policies.ts';
import type { OpenQuestion } from '../model/evidence.ts';
import type { Direction, Policy, PolicyDirection, Rule } from '../model/policy.ts';
import type { IdSet } from '../sets/id-set.ts';
import { type State, withPolicies } from '../state.ts';

/** A question about a rule, and the connection that it is about, as it is typed. */
export interface Contradicted {
  readonly question: OpenQuestion;
  readonly connection: string;
}

/**
 * Questions about rules that let something through before, as far as the policies of somebody else decide, and nothing once
 * the plan is in force. In order of places and texts. Empty also where all policies were generated.
 */
export function findContradicted(state: State, after: State): Contradicted[] {
  const foreign = state.policies.filter(({ object }) => !isOurs(object.value));
  if (foreign.length === 0) return [];
  const apart = new Map(foreign.map((policy) => [policy, withPortsApart(policy)]));
  const now = after.policies.map((policy) => apart.get(policy) ?? policy);
  const left = closedPeers(withPolicies(after, now), ({ policy }) => !isOurs(policy.object.value));
  // Nothing else is asked of what was there before.
  const places = new Set(left.map(peerPlace));
  const before = closedPeers(withPolicies(state, [...apart.values()]), (one) => places.has(peerPlace(one)));
  const closedBefore = new Set(before.map(portPlace));
  const asked = left
    .filter((one) => !closedBefore.has(portPlace(one)))
    .flatMap(questionOf)
    .sort((x, y) => (orderOf(x) < orderOf(y) ? -1 : orderOf(x) > orderOf(y) ? 1 : 0));
  // Two rules of a policy may be about the same connection.
  return asked.filter(({ question }, index) => question.says !== asked[index - 1]?.question.says);
}

/** The same with a rule for each port: one that is needed says nothing of the others that stand beside it. */
function withPortsApart(policy: Policy): Policy {
  const split = (part: PolicyDirection | undefined): PolicyDirection | undefined =>
    part === undefined ? undefined : { ...part, rules: part.rules.flatMap(rulesOfPorts) };
  const [ingress, egress] = [split(policy.ingress), split(policy.egress)];
  return { ...policy, ...(ingress === undefined ? {} : { ingress }), ...(egress === undefined ? {} : { egress }) };
}

function rulesOfPorts(rule: Rule): readonly Rule[] {
  const { ports } = rule;
  return typeof ports === 'string' ? [rule] : ports.map((port): Rule => ({ ...rule, ports: [port] }));
}

/** A peer of a rule. */
interface PeerOfRule {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly peer: PodPeer;
}

/** One of which nothing is let through. */
interface ClosedPeer extends PeerOfRule {
  /** A flow that is denied, as it is typed; absent: none can be named, and so nobody can be asked. */
  readonly example?: string;
}

/** Rules that let in come first. */
const SIDES: readonly Direction[] = ['ingress', 'egress'];

/** Those that both checks find, for rules that mean whole namespaces too: nothing may be left of them either. */
function closedPeers(state: State, isAsked: (one: PeerOfRule) => boolean): ClosedPeer[] {
  const context = checkContext(state, state.defaultNamespace, 'all');
  const named = examplesOnce();
  return SIDES.flatMap((direction) => {
    const peers = unmatchedPeers(context, direction, {
      isWide: true,
      isAsked: ({ policy }, peer) => isAsked({ policy, direction, peer }),
    });
    return [...peers].flatMap((unmatched): ClosedPeer[] => {
      const { one, peer, subjects, others, passage } = unmatched;
      if (passage !== 'closed') return [];
      const question = { subjects, others, direction, ports: one.rule.ports };
      const example = named(question, () => exampleOf(context, unmatched));
      return [{ policy: one.policy, direction, peer, ...(example === undefined ? {} : { example }) }];
    });
  });
}

interface Asked {
  readonly subjects: IdSet;
  readonly others: IdSet;
  readonly direction: Direction;
  readonly ports: Rule['ports'];
}

/** Of very many policies that say the same, one flow is judged. */
function examplesOnce(): (asked: Asked, find: () => string | undefined) => string | undefined {
  const known = new Map<IdSet, Map<IdSet, Map<string, { readonly example: string | undefined }>>>();
  return ({ subjects, others, direction, ports }, find) => {
    const words = typeof ports === 'string' ? ports : ports.map(({ path: _path, ...port }) => port);
    const key = JSON.stringify([direction, words]);
    const byOthers = entry(known, subjects, () => new Map());
    return entry(
      entry(byOthers, others, () => new Map()),
      key,
      () => ({ example: find() }),
    ).example;
  };
}

function questionOf({ policy, peer, example }: ClosedPeer): Contradicted[] {
  if (example === undefined) return [];
  const { namespace, name } = policy.ref;
  const question = {
    about: 'existing-rule',
    says: `${namespace === undefined ? name : `${namespace}/${name}`} has a rule for ${example}, and nothing else here says that it is needed: it will be denied`,
    hint: `if it is needed: --allow "${example}"`,
    source: policy.object.locate(peer.path, { key: false }),
  };
  return [{ question, connection: example }];
}

/** A peer of a policy, the same in both states. */
function peerPlace({ policy: { ref }, direction, peer }: PeerOfRule): string {
  return JSON.stringify([direction, ref.namespace, ref.name, ref.kind, peer.path]);
}

/** The same, and a port. */
function portPlace(one: ClosedPeer): string {
  const { example } = one;
  return `${peerPlace(one)} ${example?.slice(example.lastIndexOf(':'))}`;
}

function orderOf({ question: { says, source } }: Contradicted): string {
  return `${says} ${source?.path ?? ''}`;
}
