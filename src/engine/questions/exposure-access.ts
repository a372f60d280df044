// Who could make the pods that an exposure is about: from the Roles and bindings that were read with the manifests.

import { type AccessSubject, printSubject } from '../access/access.ts';
import { readAccess } from '../access/read-access.ts';
import { type Maker, whoMayCreateNamespaces, whoMayLabelNamespace, whoMayMakePods } from '../access/who-may.ts';
import { toSelector } from '../dialects/decoding/label-selector.ts';
import { selects } from '../model/selector.ts';
import type { ManifestObject } from '../model/source.ts';
import type { LabelSelector } from '../sets/label-selectors.ts';
import type { State } from '../state.ts';
import type { AccessDocument, Exposure, MakerDocument } from './exposure-document.ts';

/** The document with who could make such pods. `objects`: everything that was read. */
export function withAccess(
  exposure: Exposure,
  state: State,
  objects: readonly ManifestObject[],
  defaultNamespace: string,
): Exposure {
  const access = readAccess(objects, defaultNamespace);
  const names = namespacesOf(exposure, state);
  const field: AccessDocument = {
    namespaces: names.map((namespace) => ({
      namespace,
      makePods: whoMayMakePods(access, namespace).map(describe),
      changeLabels: whoMayLabelNamespace(access, namespace).map(describe),
    })),
    createNamespaces: whoMayCreateNamespaces(access).map(describe),
    unresolved: access.unresolved.map(
      ({ name, namespace, role }) =>
        `${namespace === undefined ? `ClusterRoleBinding ${name}` : `RoleBinding ${namespace}/${name}`} grants ${role.kind} ${role.name}, which the input does not hold`,
    ),
  };
  const notes = [
    ...(access.bindings.length === 0
      ? ['the input holds no RoleBinding, so nobody is known who could make such pods']
      : []),
    'members of the group system:masters, and controllers of the cluster, may make any pod',
    ...field.unresolved,
    ...access.problems,
  ];
  return { ...exposure, notes: [...exposure.notes, ...notes], access: field };
}

/** Namespaces of the snapshot in which a pod could be that some entry speaks of. */
function namespacesOf({ exposed }: Exposure, { cluster }: State): string[] {
  const all = [...cluster.namespaces.values()];
  if (exposed.some(({ to }) => to === 'any-namespace')) return all.map(({ name }) => name).sort();
  const selectors = new Map<string, LabelSelector>();
  for (const { to } of exposed) {
    if (typeof to !== 'string' && 'namespaceSelector' in to) {
      selectors.set(JSON.stringify(to.namespaceSelector), to.namespaceSelector);
    }
  }
  const chosen = [...selectors.values()].map((selector) => toSelector(selector as Parameters<typeof toSelector>[0]));
  return all
    .filter(({ labels }) => chosen.some((selector) => selects(selector, labels)))
    .map(({ name }) => name)
    .sort();
}

function describe({ subject, by }: Maker): MakerDocument {
  return { ...subjectFields(subject), by };
}

function subjectFields(subject: AccessSubject): Omit<MakerDocument, 'by'> {
  const { kind, name } = subject;
  return {
    kind,
    name,
    ...('namespace' in subject ? { namespace: subject.namespace } : {}),
    title: printSubject(subject),
  };
}
