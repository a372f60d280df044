// What a person has to know beside the result, one sentence each: what is a note on the map and never an edge.

import type { World } from '../endpoints/world.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import { DIRECTIONS, type NamespaceScope, type Policy } from '../model/policy.ts';
import { isEverything, type Selector, selects } from '../model/selector.ts';
import { briefOf } from '../model/source.ts';
import { whyUnknown } from '../model/unknown-reasons.ts';
import type { Decision } from '../model/verdict.ts';
import { operatorPodLabels } from '../snapshot/operators.ts';
import { policyName } from './describe.ts';
import { entryRemarks } from './entry-notes.ts';

/** Notes that hold for the state whatever is asked. `who`: what to call its behaviour; absent: by its name. */
export function stateNotes(world: World, who: string = world.state.behaviour.name): string[] {
  const { placement, behaviour } = world.state;
  const notes: string[] = [];
  if (placement.policies.length > 0 && behaviour.knobs.localNodeIngress === 'allow') {
    const hosts = world.pods.filter((unit) => unit.endpoint.type === 'pod' && unit.endpoint.pod === undefined);
    const who =
      hosts.length === 0 ? '' : `, hostNetwork pods among them (${list(hosts.map((unit) => unit.endpoint.name))})`;
    notes.push(`from its own node a pod can always be reached, whatever the policies${who}: that is not listed`);
  }
  if (placement.policies.length > 0 && world.state.cluster.nodes.length > 0) {
    notes.push('connections of the nodes of the input are not listed: ask with node/NAME');
  }
  for (const note of [...homelessNote(world), ...operatorNotes(world)]) notes.push(note);
  for (const { sentence, items } of entryRemarks(world)) notes.push(`${sentence}: ${list(items)}`);
  if (placement.notEnforced.length > 0) {
    const names = placement.notEnforced.map(policyName);
    notes.push(`${who} does not enforce ${plural(names.length, 'policy', 'policies')}: ${list(names)}`);
  }
  if (world.pods.length === 0 && world.state.policies.length > 0) {
    notes.push('the input holds policies and no workloads: add the manifests of the workloads to see connections');
  }
  return notes;
}

/** Policies that select or name pods which only an operator makes, from a custom resource that carries no pod template. */
function operatorNotes(world: World): string[] {
  const { cluster, policies } = world.state;
  const notes: string[] = [];
  for (const object of cluster.operatorObjects) {
    const labels = operatorPodLabels(object.object);
    const isMeant = (scope: NamespaceScope, pods: Selector): boolean => {
      if (isEverything(pods) || !selects(pods, labels)) return false;
      if ('name' in scope) return scope.name === object.namespace;
      return selects(scope.selector, cluster.namespaces.get(object.namespace)?.labels ?? {});
    };
    const parts = (policy: Policy) => DIRECTIONS.flatMap((direction) => policy[direction] ?? []);
    const selecting = policies.filter((policy) =>
      parts(policy).some(({ subject }) => isMeant(subject.namespaces, subject.pods)),
    );
    const naming = policies.filter((policy) =>
      parts(policy).some(({ rules }) =>
        rules.some(
          ({ peers }) =>
            typeof peers !== 'string' &&
            peers.some((peer) => peer.type === 'pods' && isMeant(peer.namespaces, peer.pods)),
        ),
      ),
    );
    const roles = [
      ...(selecting.length > 0 ? [`${list(selecting.map(policyName))} selects them`] : []),
      ...(naming.length > 0 ? [`peers of ${list(naming.map(policyName))} name them`] : []),
    ];
    if (roles.length === 0) continue;
    const made = `${object.kind} ${object.namespace}/${object.name}`;
    notes.push(`the pods of ${made} are made by its operator and not in the input; ${roles.join(', ')}`);
  }
  return notes;
}

/** Objects that name no namespace go to the default one, which may not be the one they are meant for. */
function homelessNote({ state: { cluster, policies } }: World): string[] {
  const objects = [
    ...[...cluster.workloads.values()].flatMap(({ object, namespace }) =>
      object === undefined ? [] : [{ object, namespace }],
    ),
    ...policies.flatMap(({ object, ref }) =>
      ref.namespace === undefined ? [] : [{ object, namespace: ref.namespace }],
    ),
  ];
  const homeless = objects.filter(({ object }) => {
    const { metadata } = briefOf(object);
    return typeof metadata === 'object' && metadata !== null && !Object.hasOwn(metadata, 'namespace');
  });
  if (homeless.length === 0) return [];
  const what = plural(homeless.length, 'workload or policy names', 'workloads and policies name');
  return [
    `${what} no namespace and ${homeless.length === 1 ? 'counts' : 'count'} as in "${homeless[0]!.namespace}"; -n says which it is`,
  ];
}

/** One note for each reason why connections are unknown: the policies concerned, and the flag that settles it. */
export function unknownNotes(decisions: Iterable<Decision>): string[] {
  const byReason = new Map<UnknownReason, Set<string>>();
  for (const decision of decisions) {
    for (const part of decision.unknown) {
      const policies = byReason.get(part.reason) ?? new Set<string>();
      for (const policy of part.policies) policies.add(policyName(policy));
      byReason.set(part.reason, policies);
    }
  }
  return [...byReason.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, policies]) => {
      const about = policies.size === 0 ? '' : ` (${list([...policies].sort())})`;
      return `unknown: ${reason}${about}: ${whyUnknown(reason)}`;
    });
}

/** A few names, and how many more there are. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
