// The isolation of each namespace as a whole: which of its pods are closed by default, and whether new ones are.

import type { Namespace } from '../../model/cluster.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import { EVERYTHING, isEverything } from '../../model/selector.ts';
import { EMPTY, type IdSet, idSet, intersect, membersOf, subtract, unionAll } from '../../sets/id-set.ts';
import { acceptRules, subjectsOf } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { isolatedPods } from '../isolation-sets.ts';
import { oncePerRun } from '../once.ts';

/** What holds for the pods of one namespace in one direction. */
export interface NamespacePart {
  /** Isolated; for egress without those under a rule that allows everything, which is the usual way to leave it open. */
  readonly restricted: IdSet;
  /** Neither isolated, surely or perhaps, nor under a rule that denies something. */
  readonly open: IdSet;
  /** Some policy closes whatever comes into the namespace, or some rule of another tier denies something there. */
  readonly closesNew: boolean;
}

/** One namespace that has pods. */
export type NamespaceIsolation = { readonly name: string; readonly namespace: Namespace | undefined } & Readonly<
  Record<Direction, NamespacePart>
>;

/** Namespaces in which the cluster itself runs: to close them by default is a danger of its own. */
export function isSystemNamespace(name: string): boolean {
  return /^(kube|openshift)-/.test(name);
}

/** Every namespace with pods that policies can select, in order of names. */
export const namespaceIsolation: (context: CheckContext) => readonly NamespaceIsolation[] = oncePerRun((context) => {
  const byName = new Map<string, number[]>();
  context.pods.forEach(({ endpoint: { pod } }, id) => {
    if (pod === undefined) return;
    const list = byName.get(pod.namespace);
    if (list === undefined) byName.set(pod.namespace, [id]);
    else list.push(id);
  });
  const isolation = isolatedPods(context);
  const free = { ingress: EMPTY, egress: freePods(context, 'egress') };
  const closing = { ingress: closedByDefault(context, 'ingress'), egress: closedByDefault(context, 'egress') };
  return [...byName.keys()].sort().map((name) => {
    const pods = idSet(byName.get(name)!);
    const partOf = (direction: Direction): NamespacePart => ({
      restricted: subtract(intersect(isolation[direction].isolated, pods), free[direction]),
      open: subtract(pods, isolation[direction].touched),
      closesNew: closing[direction].names.has(name) || intersect(closing[direction].pods, pods).length > 0,
    });
    return {
      name,
      namespace: context.state.cluster.namespaces.get(name),
      ingress: partOf('ingress'),
      egress: partOf('egress'),
    };
  });
});

/** Pods under a rule that allows everything. */
function freePods(context: CheckContext, direction: Direction): IdSet {
  return unionAll(
    acceptRules(context)
      .filter((one) => one.direction === direction && one.rule.peers === 'any' && one.rule.ports === 'any')
      .map((one) => subjectsOf(context, one).yes),
  );
}

/** Namespaces that a policy isolates whole, and pods of those in which a rule of another tier denies something. */
function closedByDefault(
  context: CheckContext,
  direction: Direction,
): { readonly names: ReadonlySet<string>; readonly pods: IdSet } {
  const names = new Set<string>();
  const pods: IdSet[] = [];
  for (const { policy } of context.state.placement.policies) {
    const part = policy[direction];
    if (part === undefined) continue;
    const { namespaces } = part.subject;
    if (!part.isolates) {
      if (part.rules.some(({ action }) => action === 'Deny')) pods.push(wholeScope(context, policy, direction));
    } else if (isEverything(part.subject.pods)) {
      if ('name' in namespaces) names.add(namespaces.name);
      else pods.push(wholeScope(context, policy, direction));
    }
  }
  return { names, pods: unionAll(pods) };
}

function wholeScope(context: CheckContext, policy: Policy, direction: Direction): IdSet {
  const set = context.select(policy[direction]!.subject.namespaces, EVERYTHING, policy);
  return unionAll([set.yes, ...set.maybe.values()]);
}

/** Keys of workloads, each once, in order of the pods. */
export function workloadsOf({ pods }: CheckContext, ids: IdSet): string[] {
  const keys = membersOf(ids).flatMap((id) => {
    const unit = pods[id]!;
    return unit.type === 'workload' ? [unit.workload.key] : [];
  });
  return [...new Set(keys)];
}

/** Reports whether a pod, by position, declares a port at all. */
export function declaresPort({ pods }: CheckContext, id: number): boolean {
  const unit = pods[id]!;
  return unit.type === 'workload' && unit.pods.some(({ ports }) => ports.length > 0);
}
