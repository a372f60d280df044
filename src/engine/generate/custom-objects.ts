// Custom resources of which nobody knows whether an operator makes pods: a default deny would cut those off. Knows no kind that
// makes any; snapshot/operators.ts has those.

import { entry } from '../compile/entry.ts';
import type { OpenQuestion } from '../model/evidence.ts';
import type { ManifestObject } from '../model/source.ts';
import { groupOf } from '../snapshot/kinds.ts';
import { OPERATOR_KINDS } from '../snapshot/operators.ts';
import { isObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';

/** Groups whose other kinds are known to make none: settings of operators, certificates, routes, secrets, policies, deliveries. */
const WITHOUT_PODS: ReadonlySet<string> = new Set([
  ...OPERATOR_KINDS.map(({ group }) => group),
  'keda.sh',
  'linkerd.io',
  'metallb.io',
  'velero.io',
  'bitnami.com',
  'openshift.io',
]);

/** Groups of which the same is known, with all groups below them. */
const FAMILIES_WITHOUT_PODS: readonly RegExp[] = [
  /(^|\.)k8s\.io$/,
  /(^|\.)(istio|cert-manager|traefik|cilium|kyverno|projectcontour|fluxcd|linkerd)\.io$/,
  /(^|\.)(projectcalico|smi-spec)\.(org|io)$/,
  /(^|\.)(traefik\.containo\.us|gatekeeper\.sh|konghq\.com|envoyproxy\.io|kgateway\.dev|external-secrets\.io|karpenter\.sh)$/,
  /^(route|security|project|user|oauth|image|template|authorization|quota|config)\.openshift\.io$/,
];

/**
 * Asks about all custom resources that stand in a namespace by its name; undefined where there are none, or where the
 * snapshot shows pods as they run: those that an operator makes are among them.
 */
export function customObjectsQuestions({
  cluster,
  others,
}: Pick<State, 'cluster' | 'others'>): (namespace: string) => OpenQuestion | undefined {
  if (cluster.pods.some(({ real }) => real)) return () => undefined;
  const byNamespace = new Map<string, CustomObject[]>();
  for (const object of others) {
    const named = customObject(object);
    if (named !== undefined) entry(byNamespace, named.namespace, () => []).push(named);
  }
  return (namespace) => questionAbout(namespace, byNamespace.get(namespace) ?? []);
}

interface CustomObject {
  readonly namespace: string;
  readonly name: string;
  readonly object: ManifestObject;
}

function questionAbout(namespace: string, objects: readonly CustomObject[]): OpenQuestion | undefined {
  const [first, ...more] = objects.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  if (first === undefined) return undefined;
  const which = more.length === 0 ? first.name : `${first.name} and ${more.length} more`;
  return {
    about: 'custom-objects',
    says: `namespace ${namespace} gets a default deny, and nobody knows whether an operator makes pods of ${which}, which it would cut off`,
    hint: 'read the namespace with its pods as they run in a cluster; where there are none, or with --include without default-deny, nothing is cut off',
    source: first.object.locate(['kind']),
  };
}

function customObject(object: ManifestObject): CustomObject | undefined {
  const { apiVersion, kind, metadata } = object.value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isObject(metadata)) return undefined;
  const group = groupOf(apiVersion);
  // Without a name of a namespace it may be of the whole cluster; what has no dot is Kubernetes' own.
  const { namespace, name } = metadata;
  if (typeof namespace !== 'string' || typeof name !== 'string' || !group.includes('.')) return undefined;
  if (WITHOUT_PODS.has(group) || FAMILIES_WITHOUT_PODS.some((pattern) => pattern.test(group))) return undefined;
  return { namespace, name: `${kind} ${namespace}/${name}`, object };
}
