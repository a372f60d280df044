// One end of a Hubble flow: the pod, its owner and labels, or the identity that Cilium has for what is no pod. Source of the
// identities: Cilium's pkg/identity (reserved ones, local scope from 2^24, remote nodes from 2^25).

import type { FlowEnd } from '../../engine/model/flow.ts';
import type { Labels } from '../../engine/model/selector.ts';
import { type Json, numberAt, objectsAt, textAt, textsAt } from './hubble-record.ts';

const NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
const CLUSTER_LABEL = 'io.cilium.k8s.policy.cluster';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const HEALTH = 4;
const INGRESS = 8;
const LOCAL_SCOPE = 2 ** 24;
const REMOTE_NODE_SCOPE = 2 ** 25;

/** What a record says around its ends. */
export interface EndContext {
  /** Canonical; absent where the record has none. */
  readonly address: string | undefined;
  readonly names: readonly string[];
  readonly service: Json | undefined;
  /** `cluster/name` or `name` of the node that recorded the flow. */
  readonly nodeName: string | undefined;
}

/** Cilium's labels of an end, by what they are about. */
interface SortedLabels {
  readonly pod: Labels;
  readonly namespace: Labels;
  readonly namespaceName: string | undefined;
  readonly clusterName: string | undefined;
  readonly reserved: ReadonlySet<string>;
  readonly hasKubernetes: boolean;
}

/** Describes an end. `end` is absent where the record has none of it. */
export function endOf(end: Json | undefined, context: EndContext): FlowEnd {
  const { address, names } = context;
  const base: FlowEnd = {
    ...(address === undefined ? {} : { address }),
    ...(names.length === 0 ? {} : { names: [...new Set(names)].sort() }),
  };
  if (end === undefined) return { ...base, ...serviceOf(context.service) };
  const labels = sortLabels(textsAt(end, 'labels'));
  const pod = textAt(end, 'pod_name');
  const namespace = textAt(end, 'namespace') ?? labels.namespaceName;
  if (pod === undefined && namespace === undefined && !labels.hasKubernetes) {
    const known = entityOf(labels.reserved, numberAt(end, 'identity'), context.nodeName);
    return { ...base, ...known, ...serviceOf(context.service) };
  }
  // Before Cilium 1.16 the cluster stands in a label only.
  const cluster = textAt(end, 'cluster_name') ?? labels.clusterName;
  if (cluster !== undefined && isForeign(cluster, context.nodeName)) return { ...base, entity: 'other', cluster };
  const [owner] = objectsAt(end, 'workloads');
  const [kind, name] = owner === undefined ? [] : [textAt(owner, 'kind'), textAt(owner, 'name')];
  return {
    ...base,
    ...(namespace === undefined ? {} : { namespace }),
    ...(pod === undefined ? {} : { pod }),
    ...(kind === undefined || name === undefined ? {} : { workload: { kind, name } }),
    ...(labels.hasKubernetes ? { labels: labels.pod } : {}),
    ...(Object.keys(labels.namespace).length === 0 ? {} : { namespaceLabels: labels.namespace }),
  };
}

/** The node's own name. */
export function nodeNameOf(nodeName: string): string {
  return nodeName.slice(nodeName.lastIndexOf('/') + 1);
}

/** Only a node that is written with its cluster tells which cluster is its own. */
function isForeign(cluster: string, nodeName: string | undefined): boolean {
  const slash = nodeName?.lastIndexOf('/') ?? -1;
  return slash > 0 && nodeName!.slice(0, slash) !== cluster;
}

function serviceOf(service: Json | undefined): Pick<FlowEnd, 'service'> {
  if (service === undefined) return {};
  const [namespace, name] = [textAt(service, 'namespace'), textAt(service, 'name')];
  return namespace === undefined || name === undefined ? {} : { service: { namespace, name } };
}

/**
 * What is no pod. An API server outside of the cluster has both labels, and is outside. Cilium's own endpoints are neither. Pods
 * that it does not manage or has yet to know, and those whose labels are masked, are told by their address, if at all.
 */
function entityOf(
  reserved: ReadonlySet<string>,
  identity: number,
  nodeName: string | undefined,
): Pick<FlowEnd, 'entity' | 'node' | 'apiServer'> {
  const apiServer = reserved.has('kube-apiserver') || identity === 7 ? { apiServer: true as const } : {};
  const isOutside = ['world', 'world-ipv4', 'world-ipv6', 'cidr', 'fqdn'].some((word) => reserved.has(word));
  if (isOutside) return { entity: 'outside', ...apiServer };
  if (reserved.has('host') || (reserved.size === 0 && identity === 1)) {
    return { entity: 'node', ...(nodeName === undefined ? {} : { node: nodeNameOf(nodeName) }), ...apiServer };
  }
  if (reserved.has('remote-node') || reserved.has('kube-apiserver')) return { entity: 'node', ...apiServer };
  if (reserved.size > 0) return reserved.has('health') || reserved.has('ingress') ? { entity: 'other' } : {};
  if (identity === 6 || identity === 7 || identity >= REMOTE_NODE_SCOPE) return { entity: 'node', ...apiServer };
  if (identity === HEALTH || identity === INGRESS) return { entity: 'other' };
  return [2, 9, 10].includes(identity) || identity >= LOCAL_SCOPE ? { entity: 'outside' } : {};
}

function sortLabels(texts: readonly string[]): SortedLabels {
  const pod: [string, string][] = [];
  const namespace: [string, string][] = [];
  const reserved = new Set<string>();
  let namespaceName: string | undefined;
  let clusterName: string | undefined;
  let hasKubernetes = false;
  for (const text of texts) {
    const colon = text.indexOf(':');
    const source = text.slice(0, colon);
    if (source === 'reserved') reserved.add(text.slice(colon + 1));
    if (source === 'cidr' || source === 'fqdn' || source === 'cidrgroup') reserved.add('cidr');
    if (source !== 'k8s') continue;
    hasKubernetes = true;
    const equals = text.indexOf('=', colon);
    const key = text.slice(colon + 1, equals < 0 ? undefined : equals);
    const value = equals < 0 ? '' : text.slice(equals + 1);
    if (key === NAMESPACE_LABEL) namespaceName = value;
    else if (key === CLUSTER_LABEL) clusterName = value;
    else if (key.startsWith(NAMESPACE_LABELS)) namespace.push([key.slice(NAMESPACE_LABELS.length), value]);
    else if (!key.startsWith('io.cilium.')) pod.push([key, value]);
  }
  return { pod: byKey(pod), namespace: byKey(namespace), namespaceName, clusterName, reserved, hasKubernetes };
}

/** Sorted, so that equal labels are equal texts; made of entries, since a label may be called `__proto__`. */
function byKey(entries: readonly (readonly [string, string])[]): Labels {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
