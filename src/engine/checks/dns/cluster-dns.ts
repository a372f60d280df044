// Where pods ask for names: the cluster's DNS pods as the snapshot shows them, with the ports on which they listen.

import type { Pod } from '../../model/cluster.ts';
import { type Labels, labelOf, type Selector, selects } from '../../model/selector.ts';
import { contains, EMPTY, type IdSet, idSet, membersOf } from '../../sets/id-set.ts';
import { isObject } from '../../snapshot/reading.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';

/** The DNS of a snapshot. */
export interface ClusterDns {
  /** Positions in `context.pods`; empty: the snapshot shows none, and nobody knows where they are. */
  readonly pods: IdSet;
  /** Ports on which they answer, 53 always among them. */
  readonly ports: readonly number[];
  /** Labels that mean just these pods; undefined where no well-known label does. */
  readonly labels?: { readonly namespace: Labels; readonly pod: Labels };
}

const NAME_LABEL = 'kubernetes.io/metadata.name';
const NODE_LOCAL = 'node-local-dns';

/** Labels of DNS pods, most usual first: kubeadm and most clouds, OpenShift, RKE2, charts. Undefined: any value. */
const LABELS: readonly (readonly [key: string, value?: string])[] = [
  ['k8s-app', 'kube-dns'],
  ['dns.operator.openshift.io/daemonset-dns'],
  ['k8s-app', 'coredns'],
  ['app.kubernetes.io/name', 'rke2-coredns'],
  ['app.kubernetes.io/name', 'coredns'],
];

/** Services through which pods ask, as namespace/name. */
const SERVICES = new Set([
  'kube-system/kube-dns',
  'kube-system/coredns',
  'kube-system/rke2-coredns-rke2-coredns',
  'openshift-dns/dns-default',
]);

/** The DNS of the snapshot. Caches on nodes are no part of it: their pods are the node's, and no selector means them. */
export const clusterDns: (context: CheckContext) => ClusterDns = oncePerRun(findDns);

function findDns(context: CheckContext): ClusterDns {
  const selectors = context.state.cluster.services.flatMap(({ namespace, name, selector }) =>
    selector !== undefined && SERVICES.has(`${namespace}/${name}`) ? [{ namespace, selector }] : [],
  );
  const ids: number[] = [];
  const ports = new Set([53]);
  context.pods.forEach((unit, id) => {
    if (unit.type !== 'workload' || unit.endpoint.pod === undefined) return;
    const [pod] = unit.pods;
    if (!isDns(pod!, selectors)) return;
    ids.push(id);
    for (const port of unit.pods.flatMap((one) => one.ports)) {
      if (port.number === 5353 || port.name === 'dns' || port.name === 'dns-tcp') ports.add(port.number);
    }
  });
  if (ids.length === 0) return { pods: EMPTY, ports: [53] };
  const pods = idSet(ids);
  const labels = labelsOf(context, pods);
  return { pods, ports: [...ports].sort((a, b) => a - b), ...(labels === undefined ? {} : { labels }) };
}

function isDns(
  { namespace, labels }: Pod,
  services: readonly { readonly namespace: string; readonly selector: Selector }[],
): boolean {
  if (labelOf(labels, 'k8s-app') === NODE_LOCAL) return false;
  if (services.some((one) => one.namespace === namespace && selects(one.selector, labels))) return true;
  return LABELS.some(([key, value]) => {
    const own = labelOf(labels, key);
    const isUsual = key === 'k8s-app' || value === undefined;
    // Charts name any CoreDNS so; the cluster's own stands beside the control plane.
    return own !== undefined && (value === undefined || own === value) && (isUsual || namespace === 'kube-system');
  });
}

/** One namespace and one label that all of the pods have and no other pod there. */
function labelsOf({ pods }: CheckContext, dns: IdSet): ClusterDns['labels'] {
  const own = membersOf(dns).map((id) => pods[id]!.endpoint.pod!);
  const [first] = own;
  if (own.some(({ namespace }) => namespace !== first!.namespace)) return undefined;
  const others = pods.flatMap(({ endpoint: { pod } }, id) =>
    pod !== undefined && pod.namespace === first!.namespace && !contains(dns, id) ? [pod] : [],
  );
  for (const [key] of LABELS) {
    const value = labelOf(first!.labels, key);
    if (value === undefined || own.some(({ labels }) => labelOf(labels, key) !== value)) continue;
    if (others.some(({ labels }) => labelOf(labels, key) === value)) continue;
    return { namespace: { [NAME_LABEL]: first!.namespace }, pod: { [key]: value } };
  }
  return undefined;
}

/** Where the pod template of an object may have its dnsPolicy: of a Pod, of most workloads, of a CronJob. */
const DNS_POLICY_PATHS = [
  ['spec'],
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
] as const;

/** Reports whether the pod asks somebody else for names: its node's servers, or servers of its own. */
export function asksElsewhere({ object }: Pod): boolean {
  return DNS_POLICY_PATHS.some((path) => {
    let here: unknown = object.value;
    for (const key of path) here = isObject(here) ? here[key] : undefined;
    return isObject(here) && (here['dnsPolicy'] === 'Default' || here['dnsPolicy'] === 'None');
  });
}
