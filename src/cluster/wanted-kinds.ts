// Which kinds are read from a cluster, in which version, and what is not known where one of them may not be listed.
// The kinds of snapshot, dialects, plugins and operators come from the engine; this adds what they are needed for.

import { FOREIGN_KINDS } from '../engine/dialects/foreign-kinds.ts';
import { DIALECTS } from '../engine/dialects/registry.ts';
import type { Purpose } from '../engine/model/server-facts.ts';
import { BUILT_IN_KINDS, groupOf, type Role } from '../engine/snapshot/kinds.ts';
import { OPERATOR_KINDS } from '../engine/snapshot/operators.ts';
import type { Discovery, ServedKind } from './discovery.ts';

/** A kind that is read where the server has it. */
export interface WantedKind {
  readonly group: string;
  readonly kind: string;
  /** Versions whose fields are known, best first; empty: the one that the server prefers. */
  readonly versions: readonly string[];
  readonly purpose: Purpose;
  /** Policies decide verdicts; without the objects that make pods or name them, some are not asked about. */
  readonly role: 'policies' | 'pods' | 'beside';
  /** What is not known without a kind that is beside; absent for the others. */
  readonly lost?: string;
}

/** Kinds of plugins that no connection depends on unless a policy names them, and that policy is a gap already. */
const STRUCTURE: readonly string[] = [
  'Tier',
  'NetworkSet',
  'GlobalNetworkSet',
  'Group',
  'ClusterGroup',
  'CiliumCIDRGroup',
];

const MAKERS = 'pods that they have yet to make are not known';
const RANGES = 'ranges of addresses are not known';
const ENTRIES = 'which entries lead into the cluster is not known';
const LOST: Readonly<Partial<Record<Role, string>>> = {
  namespace: 'labels of namespaces are not known',
  node: 'addresses and labels of nodes are not known',
  ingress: ENTRIES,
  gateway: ENTRIES,
  'listener-set': ENTRIES,
  'gateway-route': ENTRIES,
  'reference-grant': ENTRIES,
  'openshift-route': ENTRIES,
};

/** Kinds beside those of the engine's tables. */
const BESIDE: readonly {
  readonly group: string;
  readonly kinds: readonly string[];
  readonly purpose: Purpose;
  readonly lost: string;
}[] = [
  { group: 'argoproj.io', kinds: ['Rollout'], purpose: 'answers', lost: MAKERS },
  { group: 'apps.openshift.io', kinds: ['DeploymentConfig'], purpose: 'answers', lost: MAKERS },
  { group: 'apps.kruise.io', kinds: ['CloneSet', 'StatefulSet', 'DaemonSet'], purpose: 'answers', lost: MAKERS },
  {
    group: 'rbac.authorization.k8s.io',
    kinds: ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'],
    purpose: 'access',
    lost: 'who may make pods and change labels is not known',
  },
  {
    group: 'admissionregistration.k8s.io',
    kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
    purpose: 'evidence',
    lost: 'which webhooks the API server calls is not known',
  },
  {
    group: 'apiregistration.k8s.io',
    kinds: ['APIService'],
    purpose: 'evidence',
    lost: 'which Services the API server calls is not known',
  },
  {
    group: 'apiextensions.k8s.io',
    kinds: ['CustomResourceDefinition'],
    purpose: 'evidence',
    lost: 'which webhooks convert custom resources is not known',
  },
  {
    group: 'monitoring.coreos.com',
    kinds: ['ServiceMonitor', 'PodMonitor', 'Probe'],
    purpose: 'evidence',
    lost: 'what is scraped is not known',
  },
  {
    group: 'networking.k8s.io',
    kinds: ['IngressClass'],
    purpose: 'evidence',
    lost: 'which controllers serve Ingresses is not known',
  },
  {
    group: 'gateway.networking.k8s.io',
    kinds: ['GatewayClass'],
    purpose: 'evidence',
    lost: 'which controllers serve Gateways is not known',
  },
  { group: 'networking.k8s.io', kinds: ['ServiceCIDR'], purpose: 'evidence', lost: RANGES },
  { group: 'projectcalico.org', kinds: ['IPPool'], purpose: 'evidence', lost: RANGES },
  { group: 'crd.projectcalico.org', kinds: ['IPPool'], purpose: 'evidence', lost: RANGES },
  { group: '', kinds: ['ServiceAccount'], purpose: 'evidence', lost: 'identities of pods are not known' },
  { group: '', kinds: ['ConfigMap'], purpose: 'configmaps', lost: 'addresses in ConfigMaps are not known' },
];

/** Every kind that some reading wants: policies first, then what the snapshot is made of, then the rest. */
export const WANTED_KINDS: readonly WantedKind[] = distinct([
  ...DIALECTS.flatMap(({ kinds }) =>
    kinds.map(({ apiVersion, kind }) => policies(groupOf(apiVersion), kind, [versionOf(apiVersion)])),
  ),
  ...FOREIGN_KINDS.flatMap(({ groups, kinds }) =>
    groups.flatMap((group) =>
      kinds.filter((kind) => !STRUCTURE.includes(kind)).map((kind) => policies(group, kind, [])),
    ),
  ),
  ...BUILT_IN_KINDS.map(({ group, kind, role, current, served, removed }): WantedKind => {
    const versions = [current, ...served, ...removed].filter((one) => groupOf(one) === group).map(versionOf);
    const lost = LOST[role];
    const part = lost === undefined ? { role: 'pods' as const } : { role: 'beside' as const, lost };
    return { group, kind, versions, purpose: 'answers', ...part };
  }),
  ...OPERATOR_KINDS.map(({ group, kind }) => beside(group, kind, 'answers', MAKERS)),
  ...BESIDE.flatMap(({ group, kinds, purpose, lost }) => kinds.map((kind) => beside(group, kind, purpose, lost))),
]);

function policies(group: string, kind: string, versions: readonly string[]): WantedKind {
  return { group, kind, versions, purpose: 'answers', role: 'policies' };
}

function beside(group: string, kind: string, purpose: Purpose, lost: string): WantedKind {
  return { group, kind, versions: [], purpose, role: 'beside', lost };
}

/** Groups that any of the kinds is in. */
export const WANTED_GROUPS: ReadonlySet<string> = new Set(WANTED_KINDS.map(({ group }) => group));

/** A kind that is to be listed, as the server has it. */
export interface Chosen {
  readonly wanted: WantedKind;
  readonly served: ServedKind;
}

/** The wanted kinds that the server has, each in the best version, in the order of the table. */
export function chooseKinds({ kinds }: Pick<Discovery, 'kinds'>, purposes: readonly Purpose[]): readonly Chosen[] {
  const served = new Map<string, ServedKind[]>();
  for (const one of kinds) {
    const key = `${one.group}/${one.kind}`;
    const list = served.get(key);
    if (list === undefined) served.set(key, [one]);
    else list.push(one);
  }
  return WANTED_KINDS.filter(({ purpose }) => purposes.includes(purpose)).flatMap((wanted) => {
    const own = served.get(`${wanted.group}/${wanted.kind}`) ?? [];
    const best = wanted.versions.map((version) => own.find((one) => one.version === version)).find((one) => one);
    const chosen = best ?? own[0];
    return chosen === undefined || isTwin(wanted, served) ? [] : [{ wanted, served: chosen }];
  });
}

/**
 * Reports whether another kind says the same: Calico's aggregated API shows the objects of its CRDs once more, and whatever
 * is in Endpoints is in EndpointSlices too.
 */
function isTwin({ group, kind }: WantedKind, served: ReadonlyMap<string, unknown>): boolean {
  if (group === '' && kind === 'Endpoints') return served.has('discovery.k8s.io/EndpointSlice');
  return group === 'projectcalico.org' && served.has(`crd.projectcalico.org/${kind}`);
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

function distinct(kinds: readonly WantedKind[]): readonly WantedKind[] {
  const byName = new Map<string, WantedKind>();
  for (const one of kinds) {
    const key = `${one.group}/${one.kind}`;
    const known = byName.get(key);
    // Kinds of one dialect may have several versions.
    byName.set(
      key,
      known === undefined ? one : { ...known, versions: [...new Set([...known.versions, ...one.versions])] },
    );
  }
  return [...byName.values()];
}
