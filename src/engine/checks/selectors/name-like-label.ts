// Labels that people give namespaces to hold their names, from before the API server did it itself.

const NAME_LIKE = new Set([
  'name',
  'namespace',
  'ns',
  'namespace-name',
  'kubernetes.io/name',
  'kubernetes.io/namespace',
]);

/**
 * Reports whether a label of a namespace holds its name by custom. `kubernetes.io/metadata.name`, which the API server sets
 * on every namespace since Kubernetes 1.21 and which nobody can change, is none of them.
 */
export function isNameLike(key: string): boolean {
  return NAME_LIKE.has(key);
}
