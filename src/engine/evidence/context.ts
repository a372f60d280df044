// What sources of evidence look things up in: the snapshot by name and address, and the objects that it does not use.
// Built once for each question, lazily where it costs something. Knows no source.

import type { Behaviour } from '../model/behaviour.ts';
import type { AddressPlan, Cluster, Pod, Service } from '../model/cluster.ts';
import type { ManifestObject } from '../model/source.ts';
import { servicesByAddress } from '../snapshot/balancer-addresses.ts';
import { fieldsOf, textOf } from './json-fields.ts';
import type { ArrivalsMemo } from './resolve/service-arrivals.ts';

/** What evidence is looked for in: parts of a state. */
export interface DeclaredInput {
  readonly cluster: Cluster;
  /** Objects that the snapshot does not use. */
  readonly others: readonly ManifestObject[];
  readonly defaultNamespace: string;
  readonly plan: AddressPlan;
  readonly behaviour: Behaviour;
}

/** An object that the snapshot does not use, with its name. The namespace is empty where the kind has none. */
export interface OtherObject {
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly object: ManifestObject;
}

/** See the file's head. */
export interface EvidenceContext extends DeclaredInput {
  service(namespace: string, name: string): Service | undefined;
  /** The Service with this cluster IP, external IP or address of a load balancer, in canonical text. */
  serviceOfAddress(address: string): Service | undefined;
  /** Pods with this address; none for hostNetwork pods, whose address is their node's. */
  podsOfAddress(address: string): readonly Pod[];
  nodeOfAddress(address: string): string | undefined;
  podsIn(namespace: string): readonly Pod[];
  podsOf(workload: string): readonly Pod[];
  /** Objects of a kind in one of the API groups, whatever the version, by namespace and name. */
  othersOf(kind: string, ...groups: readonly string[]): readonly OtherObject[];
  configMap(namespace: string, name: string): OtherObject | undefined;
  servicesIn(namespace: string): readonly Service[];
  /** What has been worked out in this question, by who worked it out and for what. */
  remember<T>(by: string, of: string, work: () => T): T;
  readonly arrivals: ArrivalsMemo;
}

/** Makes the context of one question. */
export function evidenceContext(input: DeclaredInput): EvidenceContext {
  const { cluster } = input;
  const services = new Map(cluster.services.map((one) => [`${one.namespace}/${one.name}`, one]));
  const serviceAddresses = servicesByAddress(cluster.services);
  const namespaceServices = new Map<string, Service[]>();
  for (const service of cluster.services) push(namespaceServices, service.namespace, service);
  const namespacePods = new Map<string, Pod[]>();
  const workloadPods = new Map<string, Pod[]>();
  const addressPods = new Map<string, Pod[]>();
  for (const pod of cluster.pods) {
    push(namespacePods, pod.namespace, pod);
    push(workloadPods, pod.workload, pod);
    if (!pod.hostNetwork) for (const address of pod.addresses) push(addressPods, address, pod);
  }
  const nodes = new Map(cluster.nodes.flatMap(({ name, addresses }) => addresses.map((one) => [one, name] as const)));
  const byKind = new Map<string, OtherObject[]>();
  for (const object of input.others) {
    const { apiVersion, kind } = object.value;
    const metadata = fieldsOf(object.value['metadata']);
    const name = textOf(metadata['name']);
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || name === undefined) continue;
    const isNamespaced = !CLUSTER_SCOPED.has(kind);
    const namespace = isNamespaced ? (textOf(metadata['namespace']) ?? input.defaultNamespace) : '';
    push(byKind, `${kind}.${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}`, {
      apiVersion,
      namespace,
      name,
      object,
    });
  }
  const memos = new Map<string, Map<string, unknown>>();
  const configMaps = new Map((byKind.get('ConfigMap.') ?? []).map((one) => [`${one.namespace}/${one.name}`, one]));
  return {
    ...input,
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    serviceOfAddress: (address) => serviceAddresses.get(address),
    podsOfAddress: (address) => addressPods.get(address) ?? [],
    nodeOfAddress: (address) => nodes.get(address),
    podsIn: (namespace) => namespacePods.get(namespace) ?? [],
    podsOf: (workload) => workloadPods.get(workload) ?? [],
    othersOf: (kind, ...groups) => groups.flatMap((group) => byKind.get(`${kind}.${group}`) ?? []),
    configMap: (namespace, name) => configMaps.get(`${namespace}/${name}`),
    servicesIn: (namespace) => namespaceServices.get(namespace) ?? [],
    remember: <T>(by: string, of: string, work: () => T): T => {
      const memo = memos.get(by) ?? new Map<string, unknown>();
      memos.set(by, memo);
      if (!memo.has(of)) memo.set(of, work());
      return memo.get(of) as T;
    },
    arrivals: new Map(),
  };
}

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'GatewayClass',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
]);

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
