// Reads Role, ClusterRole, RoleBinding and ClusterRoleBinding objects. Aggregated ClusterRoles get the rules of those that
// they select, as the controller would fill them in.

import { findSelectorProblems, type LabelSelectorFields, toSelector } from '../dialects/decoding/label-selector.ts';
import { selects } from '../model/selector.ts';
import { briefOf, type ManifestObject } from '../model/source.ts';
import type { Access, AccessBinding, AccessRole, AccessRule, AccessSubject, WrittenRole } from './access.ts';
import { DEFAULT_CLUSTER_ROLES, isHarmless } from './default-roles.ts';

const GROUP = 'rbac.authorization.k8s.io/';
const KINDS: readonly string[] = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];

type Fields = Readonly<Record<string, unknown>>;

/** Everything that the RBAC objects among these say; the others are passed over. Never throws for what they say. */
export function readAccess(objects: readonly ManifestObject[], defaultNamespace: string): Access {
  const problems: string[] = [];
  const written: WrittenRole[] = [];
  const bindings: AccessBinding[] = [];
  for (const object of objects) {
    const { apiVersion, kind } = briefOf(object);
    if (typeof apiVersion !== 'string' || !apiVersion.startsWith(GROUP)) continue;
    if (typeof kind !== 'string' || !KINDS.includes(kind)) continue;
    const metadata = fieldsOf(object.value['metadata']);
    const name = textOf(metadata['name']);
    if (name === undefined) {
      problems.push(`a ${kind} has no name`);
      continue;
    }
    const home = kind.startsWith('Cluster') ? {} : { namespace: textOf(metadata['namespace']) ?? defaultNamespace };
    if (kind.endsWith('Role')) written.push({ ...home, name, ...readRole(object.value, metadata) });
    else bindings.push(...readBinding(object, { ...home, name }, problems));
  }
  const known = new Set(written.map(keyOf));
  const all = [...written, ...DEFAULT_CLUSTER_ROLES.filter((role) => !known.has(keyOf(role)))];
  const roles = all.map((role): AccessRole => {
    const { namespace, name } = role;
    return { ...(namespace === undefined ? {} : { namespace }), name, rules: rulesOf(role, all) };
  });
  const names = new Set(roles.map(keyOf));
  const unresolved = bindings.filter(
    (binding) =>
      !names.has(roleKey(binding)) && !(binding.role.kind === 'ClusterRole' && isHarmless(binding.role.name)),
  );
  return { roles, bindings, unresolved, problems };
}

/** Equal for the same role. */
export function keyOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** {@link keyOf} of the role that a binding refers to. */
export function roleKey({ role, namespace }: AccessBinding): string {
  return keyOf(role.kind === 'Role' ? { name: role.name, namespace: namespace ?? '' } : { name: role.name });
}

function readRole(value: Fields, metadata: Fields): Omit<WrittenRole, 'namespace' | 'name'> {
  return {
    ...readAggregation(fieldsOf(value['aggregationRule'])),
    rules: listOf(value['rules']).map((rule): AccessRule => {
      const fields = fieldsOf(rule);
      return {
        verbs: textsOf(fields['verbs']),
        apiGroups: textsOf(fields['apiGroups']),
        resources: textsOf(fields['resources']),
        resourceNames: textsOf(fields['resourceNames']),
      };
    }),
    labels: mapOf(metadata['labels']),
  };
}

/** A selector that the API server refuses selects nothing. */
function readAggregation(rule: Fields): Pick<WrittenRole, 'aggregates'> {
  const selectors = listOf(rule['clusterRoleSelectors']).flatMap((selector) => {
    const fields = selectorFields(fieldsOf(selector));
    return findSelectorProblems(fields).length > 0 ? [] : [toSelector(fields)];
  });
  if (selectors.length === 0) return {};
  return { aggregates: (labels) => selectors.some((selector) => selects(selector, labels)) };
}

function selectorFields(fields: Fields): LabelSelectorFields {
  return {
    matchLabels: mapOf(fields['matchLabels']),
    matchExpressions: listOf(fields['matchExpressions']).map((one) => {
      const { key, operator, values } = fieldsOf(one);
      return { key: textOf(key) ?? '', operator: textOf(operator) ?? '', values: textsOf(values) };
    }),
  };
}

/**
 * "The control plane overwrites any values that you manually specify in the rules field of an aggregate ClusterRole", with
 * rules of aggregated ones among them in turn. Where the input holds no part, its own rules are those of a cluster.
 */
function rulesOf(
  role: WrittenRole,
  all: readonly WrittenRole[],
  within: readonly WrittenRole[] = [],
): readonly AccessRule[] {
  const { aggregates } = role;
  if (aggregates === undefined) return role.rules;
  const path = [...within, role];
  const parts = all.filter((one) => one.namespace === undefined && !path.includes(one) && aggregates(one.labels));
  return parts.length === 0 ? role.rules : parts.flatMap((one) => rulesOf(one, all, path));
}

function readBinding(
  object: ManifestObject,
  home: { readonly namespace?: string; readonly name: string },
  problems: string[],
): AccessBinding[] {
  const { value } = object;
  const reference = fieldsOf(value['roleRef']);
  const name = textOf(reference['name']);
  const kind = reference['kind'];
  // Left out, the group is filled in.
  const isOfGroup = GROUP === `${textOf(reference['apiGroup']) ?? GROUP.slice(0, -1)}/`;
  if (name === undefined || !isOfGroup || (kind !== 'Role' && kind !== 'ClusterRole')) {
    problems.push(`${String(value['kind'])} ${keyOf(home)} names no role`);
    return [];
  }
  if (kind === 'Role' && home.namespace === undefined) {
    problems.push(`ClusterRoleBinding ${home.name} refers to a Role, which the API server refuses`);
    return [];
  }
  const subjects: AccessSubject[] = [];
  for (const subject of listOf(value['subjects'])) {
    const read = readSubject(fieldsOf(subject), home.namespace);
    if (typeof read === 'string') {
      problems.push(`${String(value['kind'])} ${keyOf(home)} ${read}, which the API server refuses`);
      return [];
    }
    subjects.push(read);
  }
  return [{ ...home, role: { kind, name }, subjects, object }];
}

/** In a RoleBinding, a service account without a namespace is one of the binding's own. A text is what is wrong. */
function readSubject(fields: Fields, namespace: string | undefined): AccessSubject | string {
  const name = textOf(fields['name']);
  const kind = fields['kind'];
  if (name === undefined) return 'has a subject without a name';
  if (kind === 'User' || kind === 'Group') return { kind, name };
  if (kind !== 'ServiceAccount') return `has the subject "${name}", of a kind that is no User, Group or ServiceAccount`;
  const home = textOf(fields['namespace']) ?? namespace;
  if (home === undefined) return `has the ServiceAccount "${name}" of no namespace`;
  return { kind, namespace: home, name };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Texts by key; others are left out. */
function mapOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsOf(value));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
