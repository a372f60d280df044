// DNS caches on nodes, and resolvers of a cloud on every node: what pods ask before the cluster's DNS or in its place.

import type { Pod } from '../model/cluster.ts';
import { labelOf } from '../model/selector.ts';
import { parseAddress } from '../sets/ip-address.ts';
import type { State } from '../state.ts';
import { type Component, componentsOf, containersOf, flagOf, placeOf, runsNowhere, titleOf } from './components.ts';
import { both } from './dns-ports.ts';
import { dnsServiceOf } from './dns-servers.ts';
import { assumed, type Fact, type Known, shown } from './fact.ts';
import { dataOf, nameOf, objectsOfKind } from './other-objects.ts';
import { addressesOf, podsOf } from './parties.ts';
import type { DnsServer, StatedPlatform } from './platform-facts.ts';
import { judgesBeforeTranslation, type PluginFacts } from './plugin-in-use.ts';
import type { DistributionName } from './profiles/distributions.ts';
import { aksLocalDns, autoModeDns } from './vendor-dns.ts';

/** Where NodeLocal DNSCache listens unless it is told otherwise: https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/. */
export const NODE_LOCAL_ADDRESS = '169.254.20.10';

/** Cloud DNS for GKE answers at the metadata server: https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns. */
export const GKE_CLOUD_DNS_ADDRESS = '169.254.169.254';

const NODE_LOCAL_LABEL = 'node-local-dns';

/** Caches that the snapshot shows, and those that the distribution is known to have. Empty where --dns says all there is. */
export function findDnsCaches(
  state: State,
  distribution: Fact<DistributionName>,
  servers: Fact<readonly DnsServer[]>,
  inUse: Pick<PluginFacts, 'plugins'>,
  { dns }: StatedPlatform,
): readonly Known<DnsServer>[] {
  if (dns.length > 0) return [];
  const caches: Known<DnsServer>[] = [];
  const running = [...componentsOf(state).values()].filter(isNodeLocal);
  for (const component of running) caches.push(...cachesOf(state, component));
  const before = judgesBeforeTranslation(state, inUse) ? serviceAddress(state) : undefined;
  if (before !== undefined && servers.how === 'shown') caches.push(before);
  const local = aksLocalDns(state);
  if (local !== undefined) caches.push(local);
  // Beside DNS pods, which nodes that are not Auto Mode's ask; without any it is the only server.
  const auto = autoModeDns(state);
  if (auto !== undefined && auto.how !== 'unknown' && servers.how === 'shown') caches.push(auto);
  if (distribution.how !== 'unknown' && distribution.value === 'gke') caches.push(...gkeCaches(running.length > 0));
  return caches;
}

/**
 * The address of the DNS Service, for plugins that see it: they add it to a rule by themselves only where the rule selects by
 * the very labels of the Service.
 */
function serviceAddress(state: State): Known<DnsServer> | undefined {
  const service = dnsServiceOf(state);
  const title = 'the address of the DNS Service';
  const party = addressesOf(service?.clusterIPs ?? [], title);
  if (service === undefined || party === undefined) return undefined;
  const because = `Service ${service.namespace}/${service.name}, whose address the plugin sees before it is translated`;
  return shown({ title, party, ports: both(53) }, because, service.object.locate(['spec']));
}

function isNodeLocal(component: Component): boolean {
  const { workload, pods } = component;
  if (workload.kind !== 'DaemonSet' || runsNowhere(component)) return false;
  return workload.name === NODE_LOCAL_LABEL || labelOf(pods[0]!.labels, 'k8s-app') === NODE_LOCAL_LABEL;
}

function cachesOf(state: State, component: Component): readonly Known<DnsServer>[] {
  const [pod] = component.pods;
  const title = 'NodeLocal DNSCache';
  const place = placeOf(component);
  if (!pod!.hostNetwork) {
    // Cilium's local redirect and GKE Dataplane V2 send what is for the Service to a pod on the node: that pod is the peer.
    const server: DnsServer = { title, party: { type: 'workload', key: component.workload.key }, ports: both(53) };
    return [shown(server, `${titleOf(component.workload)}, not in the host network`, place)];
  }
  const addresses = listeningOf(state, component);
  const party = addressesOf(addresses ?? [NODE_LOCAL_ADDRESS], title)!;
  const server: DnsServer = { title, party, ports: both(53), isOnNode: true };
  return [
    addresses === undefined
      ? assumed(server, `${titleOf(component.workload)}, whose addresses are not shown; this is the usual one`)
      : shown(server, `${titleOf(component.workload)} listens there`, place),
  ];
}

/** The addresses of `-localip`, else those that its Corefile binds to. The Service's own address is among them. */
function listeningOf(state: State, { pods, workload }: Component): readonly string[] | undefined {
  const [pod] = pods;
  for (const { words } of containersOf(pod!)) {
    const found = (flagOf(words, 'localip') ?? '').split(',').filter(isAddress);
    if (found.length > 0) return found;
  }
  for (const config of objectsOfKind(state, 'ConfigMap')) {
    const { namespace, name } = nameOf(config);
    if (namespace !== workload.namespace || !name.startsWith(NODE_LOCAL_LABEL)) continue;
    const corefile = dataOf(config, 'Corefile') ?? '';
    const found = [...corefile.matchAll(/^\s*bind\s+(.*)$/gm)].flatMap(([, rest]) =>
      rest!.trim().split(/\s+/).filter(isAddress),
    );
    if (found.length > 0) return [...new Set(found)];
  }
  return undefined;
}

/**
 * GKE has the cache by default (always on Autopilot), and Cloud DNS where it was chosen, in which case kube-dns may run on
 * unused. Neither need show in a snapshot, and without them no name is found: they are assumed, on port 53 alone.
 */
function gkeCaches(isShown: boolean): readonly Known<DnsServer>[] {
  const cache = (title: string, address: string, because: string): Known<DnsServer> =>
    assumed({ title, party: addressesOf([address], title)!, ports: both(53) }, because);
  const cloud = cache(
    'Cloud DNS',
    GKE_CLOUD_DNS_ADDRESS,
    'GKE clusters with Cloud DNS ask there, and objects do not show which they are',
  );
  if (isShown) return [cloud];
  const redirected: DnsServer = {
    title: 'NodeLocal DNSCache',
    party: podsOf('kube-system', { 'k8s-app': NODE_LOCAL_LABEL }, 'the DNS caches of the nodes'),
    ports: both(53),
  };
  return [
    cache('NodeLocal DNSCache', NODE_LOCAL_ADDRESS, 'GKE has it by default'),
    assumed(redirected, 'GKE has it by default, and with Dataplane V2 its pods are what policies see'),
    cloud,
  ];
}

function isAddress(text: string): boolean {
  return parseAddress(text).ok;
}

/** Reports whether the pod is a DNS cache of its node. */
export function isNodeLocalPod({ labels }: Pod): boolean {
  return labelOf(labels, 'k8s-app') === NODE_LOCAL_LABEL;
}
