// Who answers the names of a cluster: the pods behind its DNS Service, with the ports on which those pods listen. Caches on
// nodes are found in dns-caches.ts.

import type { Pod, Service } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import { labelOf, selects } from '../model/selector.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import type { State } from '../state.ts';
import { type Component, componentsOf, placeOf, titleOf } from './components.ts';
import { both } from './dns-ports.ts';
import { assumed, type Fact, shown, stated } from './fact.ts';
import { addressesOf, podsOf } from './parties.ts';
import type { DnsServer, ServerPort, StatedPlatform } from './platform-facts.ts';
import { type DistributionName, distributionNamed, USUAL_DNS } from './profiles/distributions.ts';
import { autoModeDns, hasAutoNodes } from './vendor-dns.ts';

/** Services through which pods ask, by namespace and name; the first that the snapshot has counts. */
const SERVICES = [
  ['kube-system', 'kube-dns'],
  ['kube-system', 'rke2-coredns-rke2-coredns'],
  ['openshift-dns', 'dns-default'],
  ['kube-system', 'coredns'],
] as const;

/** Labels of DNS pods, for snapshots without the Service: namespace, key and value. */
const LABELS = [
  ['kube-system', 'k8s-app', 'kube-dns'],
  ['openshift-dns', 'dns.operator.openshift.io/daemonset-dns', 'default'],
  ['kube-system', 'k8s-app', 'coredns'],
  ['kube-system', 'app.kubernetes.io/name', 'coredns'],
] as const;

/** The Service through which pods ask; undefined where the snapshot has none of the usual ones. */
export function dnsServiceOf({ cluster }: State): Service | undefined {
  const named = ([namespace, name]: (typeof SERVICES)[number]) =>
    cluster.services.find((one) => one.namespace === namespace && one.name === name);
  return SERVICES.map(named).find((one) => one !== undefined);
}

/** The servers that pods with dnsPolicy ClusterFirst ask. */
export function findDnsServers(
  state: State,
  distribution: Fact<DistributionName>,
  { dns }: StatedPlatform,
): Fact<readonly DnsServer[]> {
  if (dns.length > 0) return stated(dns, '--dns');
  const service = dnsServiceOf(state);
  const nodes = state.cluster.nodes.flatMap(({ addresses }) => addresses);
  const components = [...componentsOf(state).values()].filter(({ pods }) => partyOf(pods, '', nodes) !== undefined);
  if (service?.selector !== undefined) {
    const { namespace, name, selector } = service;
    const behind = components.filter(
      ({ workload, pods }) => workload.namespace === namespace && pods.some(({ labels }) => selects(selector, labels)),
    );
    if (behind.length > 0) {
      const servers = behind.map((component) => serverOf(component, service, nodes));
      const because = `Service ${namespace}/${name} selects ${behind.map(({ workload, pods }) => `${countPods(pods)} of ${titleOf(workload)}`).join(' and ')}`;
      return shown(servers, because, service.object.locate(['spec', 'selector']));
    }
  }
  for (const [namespace, key, value] of LABELS) {
    const labelled = components.filter(
      ({ workload, pods }) => workload.namespace === namespace && labelOf(pods[0]!.labels, key) === value,
    );
    if (labelled.length === 0) continue;
    const because = `${labelled.map(({ workload }) => titleOf(workload)).join(' and ')} with label ${key}=${value}`;
    return shown(
      labelled.map((component) => serverOf(component, service, nodes)),
      because,
      placeOf(labelled[0]!),
    );
  }
  const unseen = service === undefined ? undefined : serversBehind(state, service, distribution);
  if (unseen !== undefined) return unseen;
  const auto = autoModeDns(state);
  if (auto !== undefined) return auto.how === 'unknown' ? auto : { ...auto, value: [auto.value] };
  return usualServers(distribution);
}

/** Servers that are not in the snapshot, by what their Service says: addresses of its endpoints, or pods that it selects. */
function serversBehind(
  state: State,
  service: Service,
  distribution: Fact<DistributionName>,
): Fact<readonly DnsServer[]> | undefined {
  const { namespace, name, selector } = service;
  const slices = state.cluster.endpointSlices.filter((one) => one.namespace === namespace && one.service === name);
  const numbers = slices.flatMap(({ ports }) => ports.flatMap(({ port }) => (port === undefined ? [] : [port])));
  const usual = distribution.how === 'unknown' ? USUAL_DNS.port : distributionNamed(distribution.value).dns.port;
  const targets = service.ports.flatMap(({ port, target }) =>
    port === 53 && typeof target === 'number' ? [target] : [],
  );
  const port = targets[0] ?? numbers.find((one) => one === 53 || one === usual) ?? usual;
  const source = service.object.locate(['spec']);
  const title = `Service ${namespace}/${name}`;
  if (selector !== undefined) {
    // Without any pod there may be none: EKS Auto Mode has the Service alone.
    if (numbers.length === 0 && hasAutoNodes(state)) return undefined;
    const party: Party = {
      type: 'pods',
      namespaces: { selector: { op: 'in', key: NAME_LABEL, values: [namespace] } },
      pods: selector,
      what: `the DNS pods of ${namespace}`,
    };
    return shown(
      [{ title: 'DNS', party, ports: both(port) }],
      `${title} selects them, and they are not in the snapshot`,
      source,
    );
  }
  const addresses = slices.flatMap(({ endpoints }) => endpoints.flatMap((one) => one.addresses));
  const party = addressesOf(addresses, `the endpoints of ${title}`);
  return party === undefined
    ? undefined
    : shown([{ title: 'DNS', party, ports: both(port) }], `${title} has no selector, and these endpoints`, source);
}

/** What clusters of that distribution have, where the snapshot shows nothing of it. */
function usualServers(distribution: Fact<DistributionName>): Fact<readonly DnsServer[]> {
  const profile = distribution.how === 'unknown' ? undefined : distributionNamed(distribution.value);
  const { title, namespace, labels, port } = profile?.dns ?? USUAL_DNS;
  const where = profile === undefined ? 'most clusters have' : `${profile.title} has`;
  const server: DnsServer = {
    title,
    party: podsOf(namespace, labels, `the DNS pods of ${namespace}`),
    ports: both(port),
  };
  return assumed([server], `the snapshot shows no DNS pods; ${where} them in ${namespace}`);
}

function serverOf({ workload, pods }: Component, service: Service | undefined, nodes: readonly string[]): DnsServer {
  const name = workload.name.includes('coredns')
    ? 'CoreDNS'
    : workload.name === 'dns-default'
      ? 'OpenShift DNS'
      : workload.name;
  return { title: name, party: partyOf(pods, workload.key, nodes)!, ports: portsOf(pods[0]!, service) };
}

/** Pods of the host network are their nodes to policies: those that they run on, or else any. Undefined: none is known. */
function partyOf(pods: readonly Pod[], key: string, nodes: readonly string[]): Party | undefined {
  if (!pods[0]!.hostNetwork) return { type: 'workload', key };
  const own = pods.flatMap(({ addresses }) => addresses);
  return addressesOf(own.length > 0 ? own : nodes, 'the nodes of the DNS pods');
}

/**
 * The ports of the pods: where the Service's ports named 53 lead, by number or by a container port's name. Whatever is
 * missing for one protocol is that of the other: a server that does not answer over TCP cuts long answers off.
 */
function portsOf(pod: Pod, service: Service | undefined): readonly ServerPort[] {
  const found = new Map<'UDP' | 'TCP', number>();
  for (const { protocol, port, target } of service?.ports ?? []) {
    if (port !== 53 || protocol === 'SCTP' || (protocol !== 'UDP' && protocol !== 'TCP')) continue;
    const number =
      typeof target === 'number'
        ? target
        : target === undefined
          ? port
          : pod.ports.find((one) => one.name === target && one.protocol === protocol)?.number;
    if (number !== undefined) found.set(protocol, number);
  }
  for (const { name, protocol, number } of pod.ports) {
    if (protocol !== 'UDP' && protocol !== 'TCP') continue;
    if (!found.has(protocol) && (name === 'dns' || name === 'dns-tcp' || number === 53)) found.set(protocol, number);
  }
  const any = found.get('UDP') ?? found.get('TCP') ?? 53;
  return [
    { protocol: 'UDP', port: found.get('UDP') ?? any },
    { protocol: 'TCP', port: found.get('TCP') ?? any },
  ];
}

function countPods(pods: readonly Pod[]): string {
  const real = pods.filter((pod) => pod.real).length;
  return real === 0 ? 'the pods' : `${real} ${real === 1 ? 'pod' : 'pods'}`;
}
