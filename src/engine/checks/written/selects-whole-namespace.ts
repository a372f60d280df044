// Allow rules of policies that select every pod of a namespace, where they open pods that the rule is not about.

import { isNetworkPolicy, SUBJECT_PATH } from '../../dialects/network-policy/written.ts';
import type { Fix } from '../../model/edit.ts';
import type { PortMatch, Rule } from '../../model/policy.ts';
import { isEverything, labelOf } from '../../model/selector.ts';
import { valueAt } from '../../model/source.ts';
import { type IdSet, idSet, membersOf } from '../../sets/id-set.ts';
import { acceptingRules, type PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { portsOf } from '../fixes.ts';
import { isIsolatedAnyway, subjectOf } from '../isolation.ts';
import { flowThrough, portsOfRule, printPeers } from '../rule-flows.ts';

/**
 * Rule 5 of the catalogue. Default denials, rules for the own namespace and egress rules (DNS) are meant for every pod; it
 * speaks where an ingress rule opens port numbers to others that only some of the pods declare, and where the selector is
 * missing altogether.
 */
export const SELECTS_WHOLE_NAMESPACE: Check = {
  id: 'selects-whole-namespace',
  severity: 'medium',
  scope: 'input',
  summary: 'an allow rule for every pod of the namespace that opens pods it is not about',
  *find(context) {
    const missing = new Set<PlacedRule['policy']>();
    for (const placed of acceptingRules(context.state.policies)) {
      const { policy, direction } = placed;
      if (!isNetworkPolicy(policy) || !isEverything(policy[direction]!.subject.pods)) continue;
      const split = direction === 'ingress' && isForOthers(placed) ? splitPods(context, placed) : undefined;
      if (split !== undefined) yield problemOf(context, placed, split);
      else if (valueAt(policy.object, SUBJECT_PATH) == null) missing.add(policy);
      if (split !== undefined) missing.delete(policy);
    }
    for (const policy of missing) yield selectorMissing(context, policy);
  },
};

/** Whether anybody outside of the own namespace is let in. Rules for everybody on every port are a finding of their own. */
function isForOthers({ policy, rule: { peers, ports } }: PlacedRule): boolean {
  if (ports === 'any' || ports === 'none' || peers === 'none') return false;
  if (peers === 'any') return true;
  return peers.some(
    (peer) => peer.type !== 'pods' || !('name' in peer.namespaces && peer.namespaces.name === policy.ref.namespace),
  );
}

/** Pods of the namespace that declare a port of the rule, and those that declare others only. */
interface Split {
  readonly having: IdSet;
  readonly lacking: IdSet;
}

/** Undefined where all pods are alike, or the rule names ports, which only pods with the name have. */
function splitPods(context: CheckContext, { policy, direction, rule }: PlacedRule): Split | undefined {
  const numbers = portNumbers(rule);
  if (numbers === undefined) return undefined;
  const having: number[] = [];
  const lacking: number[] = [];
  for (const id of membersOf(subjectOf(context, policy, direction))) {
    const isMeant = portsOf(context, id).some(({ protocol, number }) =>
      numbers.some((port) => port.protocol === protocol && port.first <= number && number <= port.last),
    );
    (isMeant ? having : lacking).push(id);
  }
  return having.length > 0 && lacking.length > 0 ? { having: idSet(having), lacking: idSet(lacking) } : undefined;
}

type Range = Extract<PortMatch, { type: 'range' }>;

function portNumbers({ ports }: Rule): Range[] | undefined {
  if (typeof ports === 'string') return undefined;
  const ranges = ports.filter((port): port is Range => port.type === 'range');
  return ranges.length === ports.length ? ranges : undefined;
}

function problemOf(context: CheckContext, placed: PlacedRule, { having, lacking }: Split): Problem {
  const { policy, rule } = placed;
  const impact = countPods(context, lacking);
  const example = flowThrough(context, placed, 'allowed', lacking);
  const ports = portsOfRule(rule);
  const fixes = [nameThePort(context, placed, having, lacking), selectThem(context, placed, having, lacking)];
  const [fix, ...alternatives] = fixes.filter((one) => one !== undefined);
  return {
    object: policy.object,
    policy,
    path: rule.path,
    message: `the policy selects every pod of the namespace, so this rule also opens ${ports} of pods that do not declare it`,
    hint: 'select the pods that are meant, or name the port instead of its number',
    effect: `opens ${ports} of ${printImpact(impact)} that do not declare it to ${printPeers(rule)}, beside ${printImpact(countPods(context, having))} that do`,
    impact,
    ...(example === undefined ? {} : { example }),
    ...(fix === undefined ? {} : { fix }),
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
}

/** A port name matches only the pods that have it. Undefined where they call it differently, or others have that name. */
function nameThePort(
  context: CheckContext,
  { policy, rule }: PlacedRule,
  having: IdSet,
  lacking: IdSet,
): Fix | undefined {
  const [port, ...more] = portNumbers(rule) ?? [];
  if (port === undefined || more.length > 0 || port.first !== port.last) return undefined;
  const members = membersOf(having);
  const nameAt = (id: number) =>
    portsOf(context, id).find(({ protocol, number }) => protocol === port.protocol && number === port.first)?.name;
  const name = nameAt(members[0]!);
  if (name === undefined || members.some((id) => nameAt(id) !== name)) return undefined;
  const all = [...members, ...membersOf(lacking)].flatMap((id) => portsOf(context, id));
  if (all.some((one) => one.name === name && one.protocol === port.protocol && one.number !== port.first)) {
    return undefined;
  }
  return {
    title: `write the port by its name, ${name}`,
    edits: [{ op: 'set', object: policy.object, path: [...port.path, 'port'], value: name }],
    announced: 'closes',
    safe: false,
  };
}

/** A label that all pods with the port share and none of the others has. */
function selectThem(context: CheckContext, { policy }: PlacedRule, having: IdSet, lacking: IdSet): Fix | undefined {
  if ((policy.ingress?.rules.length ?? 0) + (policy.egress?.rules.length ?? 0) !== 1) return undefined;
  const labelsAt = (id: number) => context.pods[id]!.endpoint.pod!.labels;
  const [first, ...more] = membersOf(having);
  const others = membersOf(lacking);
  const shared = Object.entries(labelsAt(first!))
    .sort()
    .find(
      ([key, value]) =>
        more.every((id) => labelOf(labelsAt(id), key) === value) &&
        others.every((id) => labelOf(labelsAt(id), key) !== value),
    );
  if (shared === undefined) return undefined;
  const [key, value] = shared;
  return {
    title: `select only pods ${key}=${value}`,
    edits: [{ op: 'set', object: policy.object, path: SUBJECT_PATH, value: { matchLabels: { [key]: value } } }],
    // Pods that are no longer selected open up where nothing else isolates them.
    announced: isIsolatedAnyway(context, policy, 'ingress', policy.ingress!.subject.pods) ? 'closes' : 'changes',
    safe: false,
  };
}

function selectorMissing(context: CheckContext, policy: PlacedRule['policy']): Problem {
  const direction = policy.ingress === undefined ? 'egress' : 'ingress';
  const impact = countPods(context, subjectOf(context, policy, direction));
  return {
    object: policy.object,
    policy,
    path: ['spec'],
    key: true,
    severity: 'low',
    message: 'podSelector is missing, so the policy applies to every pod of its namespace',
    hint: 'write podSelector: {} if that is meant',
    ...(impact.pods === 0 ? {} : { effect: `applies to ${printImpact(impact)}`, impact }),
    fix: {
      title: 'write podSelector: {}',
      edits: [{ op: 'set', object: policy.object, path: SUBJECT_PATH, value: {} }],
      announced: 'same',
      safe: true,
    },
  };
}
