// Which policy APIs Netweir understands, by apiVersion and kind. Knows no field names.

import { ADMIN_NETWORK_POLICY_DIALECT } from './admin-network-policy/admin-network-policy.ts';
import { CLUSTER_NETWORK_POLICY_DIALECT } from './cluster-network-policy/cluster-network-policy.ts';
import type { Dialect } from './dialect.ts';
import { FOREIGN_KINDS } from './foreign-kinds.ts';
import { NETWORK_POLICY_DIALECT } from './network-policy/network-policy.ts';

/** Every dialect, in the order in which lists print them. */
export const DIALECTS: readonly Dialect[] = [
  NETWORK_POLICY_DIALECT,
  CLUSTER_NETWORK_POLICY_DIALECT,
  ADMIN_NETWORK_POLICY_DIALECT,
];

/** A policy that Netweir recognises and cannot read: what it is, and what to do. */
export interface ForeignKind {
  /** With its article, to follow "this is". */
  readonly what: string;
  readonly hint: string;
  /** What apiVersion and kind should be, where the rest of the object reads the same. */
  readonly meant?: { readonly apiVersion: string; readonly kind: string };
}

const KINDS = DIALECTS.flatMap(({ kinds }) => kinds);

/** The dialect of exactly this apiVersion and kind; undefined where there is none. */
export function dialectOf(apiVersion: string, kind: string): Dialect | undefined {
  return DIALECTS.find(({ kinds }) => kinds.some((own) => own.apiVersion === apiVersion && own.kind === kind));
}

/**
 * What an object is that looks like a network policy and is of no dialect: a policy of a plugin, a wrong apiVersion or a
 * misspelt kind. Undefined for kinds of dialects and for whatever is no policy.
 */
export function recogniseForeign(apiVersion: string, kind: string): ForeignKind | undefined {
  if (dialectOf(apiVersion, kind) !== undefined) return undefined;
  const group = groupOf(apiVersion);
  for (const foreign of FOREIGN_KINDS) {
    if (foreign.groups.includes(group) && foreign.kinds.includes(kind)) {
      return { what: `${foreign.article} ${kind} of ${foreign.product} (${apiVersion})`, hint: foreign.hint };
    }
  }
  return misspeltKind(apiVersion, kind) ?? wrongVersion(apiVersion, group, kind);
}

/** The right API group and a kind that differs in letter case or number only: the API server knows no such kind. */
function misspeltKind(apiVersion: string, kind: string): ForeignKind | undefined {
  const plain = singular(kind);
  const own = KINDS.find((one) => one.kind !== kind && singular(one.kind) === plain);
  if (own === undefined || !isOurGroup(groupOf(apiVersion))) return undefined;
  return {
    what: `a misspelt ${own.kind}`,
    hint: `write kind: ${own.kind} and apiVersion: ${own.apiVersion}`,
    ...(own.kind === 'NetworkPolicy' || own.apiVersion === apiVersion
      ? { meant: { apiVersion: own.apiVersion, kind: own.kind } }
      : {}),
  };
}

function wrongVersion(apiVersion: string, group: string, kind: string): ForeignKind | undefined {
  const own = KINDS.find((one) => one.kind === kind);
  if (own === undefined || !isOurGroup(group)) return undefined;
  return {
    what: `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind} with apiVersion ${JSON.stringify(apiVersion)}`,
    hint: versionHint(apiVersion, kind, own.apiVersion),
    // NetworkPolicy has had the same fields wherever it was; the other kinds changed theirs with every version.
    ...(kind === 'NetworkPolicy' ? { meant: { apiVersion: own.apiVersion, kind } } : {}),
  };
}

function versionHint(apiVersion: string, kind: string, right: string): string {
  if (kind === 'NetworkPolicy') {
    if (apiVersion === 'extensions/v1beta1') {
      return `Kubernetes 1.16 removed it there; write apiVersion: ${right}, the fields are the same`;
    }
    return `NetworkPolicy exists in ${right} only; write that`;
  }
  if (apiVersion === 'policy.networking.k8s.io/v1alpha2' && kind !== 'ClusterNetworkPolicy') {
    return `${kind} exists in ${right} only; in v1alpha2 a ClusterNetworkPolicy with a tier took its place`;
  }
  return `${kind} exists in ${right} only so far; write that`;
}

/** Groups in which our kinds are, were, or are expected by mistake; the empty one is `v1`. */
function isOurGroup(group: string): boolean {
  return ['', 'extensions', 'apps', 'networking.k8s.io', 'policy', 'policy.networking.k8s.io'].includes(group);
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

function singular(kind: string): string {
  return kind
    .toLowerCase()
    .replaceAll(/[-_ ]/g, '')
    .replace(/(ies|ys?)$/, 'y');
}
