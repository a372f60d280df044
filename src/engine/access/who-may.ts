// Who may make a pod with labels of their choice in a namespace, and who may give a namespace labels. Direct rights and
// those through workloads, since a controller makes whatever pod a template says.

import { type Access, type AccessBinding, type AccessRule, type AccessSubject, printSubject } from './access.ts';
import { keyOf } from './read-access.ts';

/** A subject and one right that suffices, as a person says it: `create deployments.apps`. */
export interface Maker {
  readonly subject: AccessSubject;
  readonly by: string;
}

/** A right: one verb on one resource; `name` where it is about one object. */
interface Right {
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly name?: string;
}

const rights = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): Right[] =>
  resources.flatMap((resource) => verbs.map((verb) => ({ verb, apiGroup, resource })));

/**
 * Rights that let one have a pod with any labels: making pods or what makes them, and changing the labels or the template of
 * what is there. Ephemeral containers and scale change no label.
 */
const MAKE_PODS: readonly Right[] = [
  ...rights('', ['pods', 'replicationcontrollers'], ['create', 'update', 'patch']),
  ...rights('apps', ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], ['create', 'update', 'patch']),
  ...rights('batch', ['jobs', 'cronjobs'], ['create']),
  ...rights('batch', ['cronjobs'], ['update', 'patch']),
];

const CHANGE_NAMESPACES: readonly string[] = ['update', 'patch'];

/** Who may have pods with any labels in the namespace; by kind and name, each subject once with its first right. */
export function whoMayMakePods(access: Access, namespace: string): Maker[] {
  return findMakers(access, MAKE_PODS, namespace);
}

/** Who may create namespaces, with any labels. */
export function whoMayCreateNamespaces(access: Access): Maker[] {
  return findMakers(access, [{ verb: 'create', apiGroup: '', resource: 'namespaces' }], undefined);
}

/** Who may change the labels of this namespace: a right on all of them, or on the one of that name. */
export function whoMayLabelNamespace(access: Access, namespace: string): Maker[] {
  const wanted = CHANGE_NAMESPACES.map((verb) => ({ verb, apiGroup: '', resource: 'namespaces', name: namespace }));
  return findMakers(access, wanted, namespace);
}

/**
 * Subjects with one of the rights. `namespace` undefined: rights on the whole cluster only. A RoleBinding may grant rights on
 * the Namespace object of its own namespace too: the request names it.
 */
function findMakers(access: Access, wanted: readonly Right[], namespace: string | undefined): Maker[] {
  const roles = new Map(access.roles.map((role) => [keyOf(role), role]));
  const found = new Map<string, Maker>();
  for (const binding of access.bindings) {
    if (binding.namespace !== undefined && binding.namespace !== namespace) continue;
    const rules = roles.get(roleKey(binding))?.rules ?? [];
    const right = wanted.find((one) => rules.some((rule) => grants(rule, one)));
    if (right === undefined) continue;
    for (const subject of binding.subjects) {
      const name = printSubject(subject);
      if (!found.has(name)) found.set(name, { subject, by: printRight(right) });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, maker]) => maker);
}

function roleKey({ role, namespace }: AccessBinding): string {
  return keyOf(role.kind === 'Role' ? { name: role.name, namespace: namespace ?? '' } : { name: role.name });
}

/**
 * "resourceNames: … requests can be restricted to individual instances"; create requests carry no name that could match, so
 * such a rule never grants them.
 */
function grants(rule: AccessRule, right: Right): boolean {
  const has = (list: readonly string[], word: string) => list.includes('*') || list.includes(word);
  if (!has(rule.verbs, right.verb) || !has(rule.apiGroups, right.apiGroup)) return false;
  if (!has(rule.resources, right.resource)) return false;
  if (rule.resourceNames.length === 0) return true;
  if (right.verb === 'create') return false;
  // Of a right on some pod or workload any name will do: its labels can be anything.
  return right.name === undefined || rule.resourceNames.includes(right.name);
}

function printRight({ verb, apiGroup, resource }: Right): string {
  return `${verb} ${resource}${apiGroup === '' ? '' : `.${apiGroup}`}`;
}
