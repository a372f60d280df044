// The API server as policies see it: the addresses and ports behind Service default/kubernetes, and who calls webhooks for
// it. What the snapshot does not show is unknown, and never everybody.

import type { Node, Pod } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import { labelOf } from '../model/selector.ts';
import { isEmpty, isSubset } from '../sets/ip-set.ts';
import type { State } from '../state.ts';
import { componentsOf, containersOf, flagOf, placeOf, titleOf } from './components.ts';
import { type Fact, shown, stated, unknown } from './fact.ts';
import { metadataText } from './other-objects.ts';
import { addressesOf, addressSet, cidrsOf } from './parties.ts';
import type { ApiServerEndpoint, ApiServerFacts, StatedPlatform } from './platform-facts.ts';
import { judgesBeforeTranslation, type PluginFacts } from './plugin-in-use.ts';
import { type DistributionName, distributionNamed } from './profiles/distributions.ts';
import { findTunnels } from './tunnels.ts';

/** What is known of the API server. */
export function findApiServer(
  state: State,
  distribution: Fact<DistributionName>,
  inUse: Pick<PluginFacts, 'plugins'>,
  platform: StatedPlatform,
): ApiServerFacts {
  const endpoints = findEndpoints(state, distribution, platform);
  const service = judgesBeforeTranslation(state, inUse) ? serviceOf(state) : undefined;
  const own = addressSet(endpoints.how === 'unknown' ? [] : endpoints.value.flatMap(({ cidrs }) => cidrs));
  const nodes = addressSet(state.cluster.nodes.flatMap(({ addresses }) => addresses));
  return {
    endpoints,
    ...(service === undefined ? {} : { service }),
    isOnNodes: !isEmpty(own) && isSubset(own, nodes),
    clients: findClients(state, distribution, endpoints, platform),
  };
}

const READ_ENDPOINTS = 'kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes';

function findEndpoints(
  state: State,
  distribution: Fact<DistributionName>,
  { apiServer }: StatedPlatform,
): Fact<readonly ApiServerEndpoint[]> {
  if (apiServer.length > 0) return stated(apiServer, '--api-server');
  return endpointsOfSlices(state) ?? endpointsOfPods(state) ?? unknownEndpoints(state, distribution);
}

/** As the API server itself writes them down; what it listens on elsewhere (a load balancer) is not what policies see. */
function endpointsOfSlices({ cluster }: State): Fact<readonly ApiServerEndpoint[]> | undefined {
  const slices = cluster.endpointSlices.filter(
    ({ namespace, service }) => namespace === 'default' && service === 'kubernetes',
  );
  const byPort = new Map<number, string[]>();
  for (const { endpoints, ports } of slices) {
    for (const { protocol, port } of ports) {
      if (protocol !== 'TCP' || port === undefined) continue;
      byPort.set(port, [...(byPort.get(port) ?? []), ...endpoints.flatMap(({ addresses }) => addresses)]);
    }
  }
  const endpoints = asEndpoints(byPort);
  if (endpoints.length === 0) return undefined;
  return shown(endpoints, 'EndpointSlice default/kubernetes', slices[0]!.object.locate(['endpoints']));
}

/** Static pods of kubeadm and its like, by the address that they advertise. */
function endpointsOfPods(state: State): Fact<readonly ApiServerEndpoint[]> | undefined {
  const servers = apiServerPods(state);
  const byPort = new Map<number, string[]>();
  for (const pod of servers) {
    const advertised = metadataText(
      pod.object,
      'annotations',
      'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint',
    );
    const match = /^\[?([^\]]+)\]?:(\d+)$/.exec(advertised ?? '');
    const words = containersOf(pod).flatMap((container) => container.words);
    const port = Number(match?.[2] ?? flagOf(words, 'secure-port') ?? 6443);
    const address = match?.[1] ?? flagOf(words, 'advertise-address');
    const addresses = address === undefined ? pod.addresses : [address];
    byPort.set(port, [...(byPort.get(port) ?? []), ...addresses]);
  }
  const endpoints = asEndpoints(byPort);
  if (endpoints.length === 0) return undefined;
  const names = `${servers.length} ${servers.length === 1 ? 'pod' : 'pods'} of kube-apiserver`;
  return shown(endpoints, `${names} in kube-system`, servers[0]!.object.locate([]));
}

function apiServerPods({ cluster }: State): readonly Pod[] {
  return cluster.pods.filter(
    ({ namespace, labels, real }) =>
      real && namespace === 'kube-system' && labelOf(labels, 'component') === 'kube-apiserver',
  );
}

function asEndpoints(byPort: ReadonlyMap<number, readonly string[]>): readonly ApiServerEndpoint[] {
  return [...byPort]
    .sort(([a], [b]) => a - b)
    .flatMap(([port, texts]) => {
      const cidrs = cidrsOf(texts);
      return cidrs === undefined ? [] : [{ cidrs, port }];
    });
}

function unknownEndpoints(state: State, distribution: Fact<DistributionName>): Fact<readonly ApiServerEndpoint[]> {
  const service = serviceOf(state);
  const because =
    service === undefined
      ? 'the snapshot has neither EndpointSlice default/kubernetes nor pods of kube-apiserver'
      : `only the address of Service default/kubernetes is known (${service.cidrs.join(', ')}), which policies do not see`;
  const nodes = controlPlaneNodes(state);
  const likely = nodes.flatMap(({ addresses }) => addresses)[0];
  const port = distribution.how === 'unknown' ? 6443 : distributionNamed(distribution.value).apiServerPort;
  const example = likely === undefined ? `ADDRESS:${port}` : `${likely.includes(':') ? `[${likely}]` : likely}:${port}`;
  return unknown(because, `say it with --api-server ${example}; ${READ_ENDPOINTS} shows addresses and port`);
}

function serviceOf({ cluster }: State): ApiServerEndpoint | undefined {
  const service = cluster.services.find(({ namespace, name }) => namespace === 'default' && name === 'kubernetes');
  const cidrs = cidrsOf(service?.clusterIPs ?? []);
  return cidrs === undefined ? undefined : { cidrs, port: service!.ports[0]?.port ?? 443 };
}

const CLIENTS_HINT = 'say their addresses with --api-server-clients CIDR; without it they stay closed';

/** Who opens connections to webhooks and aggregated APIs. */
function findClients(
  state: State,
  distribution: Fact<DistributionName>,
  endpoints: Fact<readonly ApiServerEndpoint[]>,
  { apiServerClients }: StatedPlatform,
): Fact<readonly Party[]> {
  const given = addressesOf(apiServerClients, 'clients of webhooks');
  if (given !== undefined) return stated([given], '--api-server-clients');
  // With konnectivity the server reaches the cluster through an agent, whose pods are what policies see.
  const agent = [...componentsOf(state).values()].find(
    ({ workload }) => workload.namespace === 'kube-system' && workload.name === 'konnectivity-agent',
  );
  if (agent !== undefined) {
    const because = `${titleOf(agent.workload)} makes the connections of the API server`;
    if (!agent.pods[0]!.hostNetwork)
      return shown([{ type: 'workload', key: agent.workload.key }], because, placeOf(agent));
    const nodes = addressesOf(
      state.cluster.nodes.flatMap(({ addresses }) => addresses),
      'the nodes',
    );
    if (nodes !== undefined) return shown([nodes], `${because}, in the host network`, placeOf(agent));
  }
  const nodes = serverNodes(state, endpoints);
  const own = addressesOf(
    [
      ...nodes.flatMap(({ addresses }) => addresses),
      ...nodes.flatMap((node) => findTunnels(node).map(({ value }) => value)),
    ],
    'the nodes of the control plane',
  );
  if (own !== undefined) {
    const names = nodes.map(({ name }) => name);
    const because = `the API server runs on ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
    return shown([own], because, nodes[0]!.object.locate([]));
  }
  if (distribution.how !== 'unknown' && distribution.value === 'eks' && endpoints.how !== 'unknown') {
    // The interfaces behind Service default/kubernetes are those by which the control plane reaches into the network:
    // https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html.
    const cidrs = cidrsOf(endpoints.value.flatMap((endpoint) => endpoint.cidrs))!;
    const party: Party = { type: 'addresses', cidrs, what: 'interfaces of the control plane' };
    return { ...endpoints, value: [party], because: `${endpoints.because}: EKS calls from the same interfaces` };
  }
  return unknown('nobody knows from which addresses the API server calls webhooks here', CLIENTS_HINT);
}

/** Nodes that have an endpoint of the API server, else those that say that they are of the control plane. */
function serverNodes(state: State, endpoints: Fact<readonly ApiServerEndpoint[]>): readonly Node[] {
  const cidrs = new Set(endpoints.how === 'unknown' ? [] : endpoints.value.flatMap((endpoint) => endpoint.cidrs));
  const matching = state.cluster.nodes.filter(({ addresses }) =>
    addresses.some((address) => cidrs.has(`${address}/${address.includes(':') ? 128 : 32}`)),
  );
  return matching.length > 0 ? matching : controlPlaneNodes(state);
}

/** Nodes labelled as parts of the control plane. */
function controlPlaneNodes({ cluster }: State): readonly Node[] {
  return cluster.nodes.filter(
    ({ labels }) =>
      Object.hasOwn(labels, 'node-role.kubernetes.io/control-plane') ||
      Object.hasOwn(labels, 'node-role.kubernetes.io/master'),
  );
}
