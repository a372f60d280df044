// Where each policy API writes the selectors of subjects and peers, and where each requirement stands in one. For checks:
// the meaning of a selector is in the model.

import type { Peer, Policy } from '../model/policy.ts';
import type { Requirement } from '../model/selector.ts';
import { type ManifestObject, type Path, valueAt } from '../model/source.ts';

/** The selectors of a subject or a peer; one that is not written is absent. */
export interface SelectorPaths {
  readonly namespaces?: Path;
  readonly pods?: Path;
}

/** Where the subject of a policy is written. */
export function subjectSelectors({ ref, object }: Policy): SelectorPaths {
  if (ref.dialect === 'network-policy') return written(object, { pods: ['spec', 'podSelector'] });
  return groupSelectors(object, ['spec', 'subject']);
}

/** Where a peer that means pods is written. */
export function peerSelectors({ ref, object }: Policy, { path }: Peer): SelectorPaths {
  if (ref.dialect !== 'network-policy') return groupSelectors(object, path);
  return written(object, { namespaces: [...path, 'namespaceSelector'], pods: [...path, 'podSelector'] });
}

function groupSelectors(object: ManifestObject, path: Path): SelectorPaths {
  return written(object, {
    namespaces: isWritten(object, [...path, 'namespaces'])
      ? [...path, 'namespaces']
      : [...path, 'pods', 'namespaceSelector'],
    pods: [...path, 'pods', 'podSelector'],
  });
}

function written(object: ManifestObject, paths: SelectorPaths): SelectorPaths {
  const { namespaces, pods } = paths;
  return {
    ...(namespaces !== undefined && isWritten(object, namespaces) ? { namespaces } : {}),
    ...(pods !== undefined && isWritten(object, pods) ? { pods } : {}),
  };
}

function isWritten(object: ManifestObject, path: Path): boolean {
  return valueAt(object, path) != null;
}

/** One requirement of a selector as it is written. */
export interface WrittenRequirement {
  readonly requirement: Requirement;
  /** The entry of `matchLabels`, or the item of `matchExpressions`. */
  readonly path: Path;
  /** Where its key stands: the entry itself, whose name it is, or the field `key`. */
  readonly key: Path;
  /** True where the key is the name of an entry, to be renamed and not set. */
  readonly isEntry: boolean;
  /** Where its values stand, in order; empty where it has none. */
  readonly values: readonly Path[];
}

/** The requirements of the selector at the path; what no selector can have is left out. */
export function writtenRequirements(object: ManifestObject, path: Path): WrittenRequirement[] {
  const labels = valueAt(object, [...path, 'matchLabels']);
  const expressions = valueAt(object, [...path, 'matchExpressions']);
  const entries = typeof labels === 'object' && labels !== null ? Object.entries(labels) : [];
  return [
    ...entries.map(([key, value]): WrittenRequirement => {
      const at = [...path, 'matchLabels', key];
      return {
        requirement: { op: 'in', key, values: [typeof value === 'string' ? value : ''] },
        path: at,
        key: at,
        isEntry: true,
        values: [at],
      };
    }),
    ...(Array.isArray(expressions) ? expressions : []).flatMap((expression: unknown, index) => {
      const read = readExpression(expression);
      if (read === undefined) return [];
      const at = [...path, 'matchExpressions', index];
      const values = 'values' in read ? read.values.map((_, i) => [...at, 'values', i]) : [];
      return [{ requirement: read, path: at, key: [...at, 'key'], isEntry: false, values }];
    }),
  ];
}

function readExpression(expression: unknown): Requirement | undefined {
  if (typeof expression !== 'object' || expression === null) return undefined;
  const key: unknown = Reflect.get(expression, 'key');
  const operator: unknown = Reflect.get(expression, 'operator');
  const values: unknown = Reflect.get(expression, 'values');
  if (typeof key !== 'string') return undefined;
  const list = Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
  switch (operator) {
    case 'In':
      return { op: 'in', key, values: list };
    case 'NotIn':
      return { op: 'not-in', key, values: list };
    case 'Exists':
      return { op: 'exists', key };
    case 'DoesNotExist':
      return { op: 'not-exists', key };
    default:
      return undefined;
  }
}
