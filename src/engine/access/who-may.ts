// Who may make a pod with labels of their choice in a namespace, and who may give a namespace labels. Direct rights and
// those through workloads, since a controller makes whatever pod a template says.

import { type Access, type AccessRule, type AccessSubject, printSubject } from './access.ts';
import { firstRight, type Right, rightsTo } from './held-rights.ts';
import { keyOf, roleKey } from './read-access.ts';
import { type HeldRules, takenRight } from './taken-rights.ts';

/** A subject and one right that suffices, as a person says it: `create deployments.apps`. */
export interface Maker {
  readonly subject: AccessSubject;
  readonly by: string;
}

/**
 * Rights that let one have a pod with any labels: making pods or what makes them, and changing the labels or the template of
 * what is there. A write to the status of a pod may change its labels (kubernetes pkg/registry/core/pod/strategy.go resets
 * the spec only); ephemeral containers and scale change none.
 */
const MAKE_PODS: readonly Right[] = [
  ...rightsTo(['create', 'update', 'patch'], '', 'pods', 'replicationcontrollers'),
  ...rightsTo(['create', 'update', 'patch'], 'apps', 'deployments', 'statefulsets', 'daemonsets', 'replicasets'),
  ...rightsTo(['create'], 'batch', 'jobs', 'cronjobs'),
  ...rightsTo(['update', 'patch'], 'batch', 'cronjobs'),
  ...rightsTo(['update', 'patch'], '', 'pods/status'),
];

/** Its status and its end keep the labels that are written with them (pkg/registry/core/namespace/strategy.go). */
const CHANGE_NAMESPACES: readonly Right[] = [
  ...rightsTo(['update', 'patch'], '', 'namespaces', 'namespaces/status'),
  ...rightsTo(['update'], '', 'namespaces/finalize'),
];

/** Who may have pods with any labels in the namespace; by kind and name, each subject once with its first right. */
export function whoMayMakePods(access: Access, namespace: string): Maker[] {
  return findMakers(access, MAKE_PODS, namespace);
}

/** Who may create namespaces, with any labels. */
export function whoMayCreateNamespaces(access: Access): Maker[] {
  return findMakers(access, rightsTo(['create'], '', 'namespaces'), undefined);
}

/** Who may change the labels of this namespace: a right on all of them, or on the one of that name. */
export function whoMayLabelNamespace(access: Access, namespace: string): Maker[] {
  return findMakers(
    access,
    CHANGE_NAMESPACES.map((right) => ({ ...right, name: namespace })),
    namespace,
  );
}

/**
 * Subjects with one of the rights, or with a way to take it. `namespace` undefined: rights on the whole cluster only. A
 * RoleBinding grants rights on the Namespace object of its own namespace too: requests for it are requests in it
 * (apiserver endpoints/request/requestinfo.go). Members of a group are not known: it is a subject of its own.
 */
function findMakers(access: Access, wanted: readonly Right[], namespace: string | undefined): Maker[] {
  const held = heldRules(access, namespace);
  const direct = new Map<string, Maker>();
  for (const [name, { subject, here }] of held) {
    const by = firstRight(here, wanted);
    if (by !== undefined) direct.set(name, { subject, by });
  }
  const holders = [...direct.values()].map(({ subject }) => subject);
  const found = new Map(direct);
  for (const [name, rules] of held) {
    const by = direct.has(name) ? undefined : takenRight(rules, access, wanted, holders);
    if (by !== undefined) found.set(name, { subject: rules.subject, by });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, maker]) => maker);
}

/** The rules of each subject, by its printed name. */
function heldRules(access: Access, namespace: string | undefined): Map<string, HeldRules & { subject: AccessSubject }> {
  const roles = new Map(access.roles.map((role) => [keyOf(role), role]));
  const held = new Map<string, { subject: AccessSubject; everywhere: AccessRule[]; here: AccessRule[] }>();
  for (const binding of access.bindings) {
    if (binding.namespace !== undefined && binding.namespace !== namespace) continue;
    const rules = roles.get(roleKey(binding))?.rules ?? [];
    for (const subject of binding.subjects) {
      const name = printSubject(subject);
      const own = held.get(name) ?? { subject, everywhere: [], here: [] };
      own.here.push(...rules);
      if (binding.namespace === undefined) own.everywhere.push(...rules);
      held.set(name, own);
    }
  }
  return held;
}
