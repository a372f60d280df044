// Port names in rules that none of the pods has, and names that a plugin cannot read.

import { countedPorts } from '../../behaviours/egress-names.ts';
import type { ContainerPort } from '../../model/cluster.ts';
import type { Fix } from '../../model/edit.ts';
import { nearestNames } from '../../model/nearest-names.ts';
import type { Policy, PortMatch } from '../../model/policy.ts';
import { type IdSet, membersOf } from '../../sets/id-set.ts';
import { acceptingRules, type PlacedRule, podPeers, podsOf } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { subjectOf } from '../isolation.ts';
import { oncePerRun } from '../once.ts';

type NamedPort = Extract<PortMatch, { readonly type: 'named' }>;

/**
 * Rule 83 of the catalogue. A name that pods give different numbers is what names are for; only where the plugin reads a
 * name as one number for the whole cluster, that is a problem.
 */
export const PORT_NAME_UNKNOWN: Check = {
  id: 'port-name-unknown',
  severity: 'high',
  scope: 'input',
  summary: 'a port name that none of the pods has, or that the plugin cannot read',
  *find(context) {
    const isClusterWide = context.state.behaviour.knobs.egressNamedPorts === 'clusterWide';
    // As written: a plugin that reads names as numbers has replaced them.
    for (const placed of acceptingRules(context.state.policies)) {
      const { direction, rule } = placed;
      if (typeof rule.ports === 'string') continue;
      for (const port of rule.ports) {
        if (port.type !== 'named') continue;
        const problem =
          isClusterWide && direction === 'egress' ? ambiguous(context, placed, port) : missing(context, placed, port);
        if (problem !== undefined) yield problem;
      }
    }
  },
};

function missing(context: CheckContext, { policy, direction, rule }: PlacedRule, port: NamedPort): Problem | undefined {
  const pods =
    direction === 'ingress' ? subjectOf(context, policy, direction) : podsOf(context, podPeers(rule), policy).yes;
  if (pods.length === 0) return undefined;
  const all = portsOf(context, pods);
  const counted = all.filter(({ counts }) => counts).map(({ own }) => own);
  if (counted.some((own) => own.name === port.name && hasProtocol(port, own))) return undefined;
  const impact = countPods(context, pods);
  const other = counted.find(({ name }) => name === port.name);
  const names = [...new Set(counted.flatMap(({ name }) => name ?? []))].sort();
  const near = nearestNames(port.name, names);
  const fix = other === undefined ? undefined : writeProtocol(policy, port, other);
  return {
    object: policy.object,
    policy,
    path: port.path,
    message: messageOf(
      port,
      other,
      all.some(({ own, counts }) => !counts && own.name === port.name),
    ),
    hint:
      near.length > 0
        ? `did you mean ${near.join(', ')}?`
        : names.length > 0
          ? `they have ${names.join(', ')}`
          : 'name the port in the containers, or write its number',
    effect: `opens nothing on ${printImpact(impact)}`,
    impact,
    ...(fix === undefined ? {} : { fix }),
  };
}

function messageOf({ name, protocol }: NamedPort, other: ContainerPort | undefined, isUncounted: boolean): string {
  if (other !== undefined) {
    return `the port "${name}" of the pods is one of ${other.protocol}, so this entry for ${protocol} opens nothing`;
  }
  return isUncounted
    ? `only init containers name a port "${name}", and their names do not count, so this entry opens nothing`
    : `none of the pods has a port named "${name}", so this entry opens nothing`;
}

/** Ports of all the pods, with whether their names count. */
function portsOf(
  { pods, state }: CheckContext,
  ids: IdSet,
): readonly { readonly own: ContainerPort; readonly counts: boolean }[] {
  return membersOf(ids).flatMap((id) => {
    const unit = pods[id]!;
    const [pod] = unit.type === 'workload' ? unit.pods : [];
    if (pod === undefined) return [];
    const counted = countedPorts(pod, state.behaviour.knobs);
    return pod.ports.map((own) => ({ own, counts: counted.includes(own) }));
  });
}

function hasProtocol({ protocol }: NamedPort, own: ContainerPort): boolean {
  return protocol === 'any' || protocol === own.protocol;
}

function writeProtocol(policy: Policy, { path, protocol }: NamedPort, other: ContainerPort): Fix | undefined {
  if (policy.ref.dialect !== 'network-policy') return undefined;
  return {
    title: `write ${other.protocol} in place of ${protocol}`,
    edits: [{ op: 'set', object: policy.object, path: [...path, 'protocol'], value: other.protocol }],
    announced: 'changes',
    safe: false,
  };
}

/** The numbers of each name and protocol over all pods of the pod network. */
const numbersOfNames = oncePerRun(({ state }) => {
  const numbers = new Map<string, Set<number>>();
  for (const pod of state.cluster.pods) {
    if (pod.hostNetwork) continue;
    for (const { name, protocol, number } of countedPorts(pod, state.behaviour.knobs)) {
      const key = `${protocol} ${name ?? ''}`;
      const known = numbers.get(key);
      if (known === undefined) numbers.set(key, new Set([number]));
      else known.add(number);
    }
  }
  return numbers;
});

function ambiguous(context: CheckContext, { policy }: PlacedRule, port: NamedPort): Problem | undefined {
  const protocol = port.protocol === 'any' ? 'TCP' : port.protocol;
  const numbers = [...(numbersOfNames(context).get(`${protocol} ${port.name}`) ?? [])].sort((a, b) => a - b);
  if (numbers.length === 1) return undefined;
  const impact = countPods(context, subjectOf(context, policy, 'egress'));
  return {
    object: policy.object,
    policy,
    path: port.path,
    message:
      numbers.length === 0
        ? `no pod has a port named "${port.name}", so this entry opens nothing`
        : `${context.state.behaviour.name} reads a port name in egress as one number for the whole cluster, and pods give "${port.name}" several, so this entry opens nothing`,
    hint: 'write the number',
    effect: `opens nothing for ${printImpact(impact)}${numbers.length === 0 ? '' : `: ${numbers.join(', ')}`}`,
    impact,
  };
}
