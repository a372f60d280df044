// The whole of docs/platforms.md, from the tables in profiles/.

import { CLOUDS } from './profiles/clouds.ts';
import { DISTRIBUTIONS, type Sign } from './profiles/distributions.ts';
import { IDENTITIES } from './profiles/identities.ts';
import { MESHES } from './profiles/meshes.ts';
import { NETWORK_PLUGINS } from './profiles/network-plugins.ts';

const INTRODUCTION = `# Platforms

What a cluster is made of beside its applications decides what a policy must allow: where names are resolved, where the API
server answers, from where it calls webhooks, whether anything enforces policies at all. Netweir finds this out from
the objects that it reads, and says of each fact how it is known:

| known | means |
|---|---|
| shown | objects or the server say so; the reason names them |
| stated | a flag says so; it wins over everything else |
| assumed | nothing shows it, and it is usual where everything else is as it is |
| unknown | nobody knows, and the flag that settles it is named. Never is an unknown address taken to be everybody's |

Detection changes no answer: where it recognises the plugin and \`--cni\` is not given, a hint says which behaviour the
snapshot suggests. \`lint\` reports [not-enforced](checks/not-enforced.md) where the snapshot shows that nothing enforces
policies. [ADR 17](adr/0017-platform-facts.md) says why it is so.

## What is looked for

| fact | where, first found first taken | settled by |
|---|---|---|
| distribution | signs on nodes, the server's version, ConfigMap \`kubeadm-config\`: [below](#distributions) | \`--platform NAME\` |
| plugin and version | DaemonSets, their containers and image tags, annotations and conditions of nodes; API groups only as a guess: [below](#network-plugins) | \`--cni NAME[@VERSION]\` |
| enforcement | a plugin that enforces, or a sign that none does | \`--cni none\` |
| DNS | pods that Service \`kube-dns\`, \`rke2-coredns-rke2-coredns\`, \`dns-default\` or \`coredns\` selects, at the ports of the pods; pods with the usual labels; what is usual | \`--dns ADDRESS[:PORT]\` or \`--dns NAMESPACE/LABEL=VALUE[:PORT]\` |
| caches on nodes | DaemonSet \`node-local-dns\`: its \`-localip\`, its Corefile, else 169.254.20.10; on GKE also 169.254.169.254 on port 53, LocalDNS of AKS where labels of nodes say so, in EKS Auto Mode the tenth address of the Services | \`--dns\`, which then is all there is |
| resolvers of nodes | no object shows them, LocalDNS of AKS excepted | \`--node-dns ADDRESS\` |
| API server | EndpointSlices of Service \`default/kubernetes\` with their port, static pods of kube-apiserver; never the Service's address alone | \`--api-server ADDRESS:PORT\` |
| callers of webhooks | the agent of konnectivity, nodes that have an endpoint of the API server or are labelled as control plane, with their tunnels; on EKS the endpoints | \`--api-server-clients CIDR\` |
| ranges | kubeadm's configuration, flags of the control plane, Calico's pools, Cilium's and flannel's ConfigMaps, nodes | \`--assume podCIDRs=…\`, \`serviceCIDRs\`, \`nodeCIDRs\` |
| identities | annotations of service accounts, labels and variables of pods: [below](#identities) | \`--metadata none\`, a cloud, or \`ADDRESS[:PORT]\` |

**What workloads need of it.** Pods ask the cluster's DNS over UDP and TCP, at the port of its pods; with \`dnsPolicy: None\`
the servers that they name, with \`Default\` the resolvers of their node. The DNS itself is asked by every pod and node, asks
others for names outside and watches the API server: policies for its namespace keep all of that. The Amazon VPC CNI judges what pods
send before addresses of Services are translated: there, the addresses of the DNS Service and of \`default/kubernetes\` are needed as well. Cloud metadata is
opened for nobody but workloads that ask for an identity there, by address and port.

**Probes.** The kubelet calls pods from their own node, which NetworkPolicy lets through (knob \`localNodeIngress\` of
[behaviours](behaviours.md) for what plugins do). Only in Istio's ambient mode do probes come from another address.

*Unverified* marks a row that no document of the vendor was found for, or none that says all of it.

This page is written from the data by a test: change \`src/engine/platforms/\`, then run the tests with \`--update\`.
`;

/** The page. */
export function platformsMarkdown(): string {
  const lines = [
    INTRODUCTION,
    '## Distributions',
    '',
    'The first row with a sign that some node shows. `vendor`: nobody in the cluster sees the control plane. The port of the API',
    'server is what hints offer, never what a rule gets.',
    '',
    '| name | signs | control plane | API server | DNS pods if none are seen | source |',
    '|---|---|---|---|---|---|',
    ...DISTRIBUTIONS.map(({ name, title, signs, controlPlane, apiServerPort, dns, source }) =>
      row([
        `\`${name}\` ${title}`,
        signs.map(printSign).join(', '),
        controlPlane,
        String(apiServerPort),
        `${dns.namespace}, ${Object.entries(dns.labels)
          .map(([key, value]) => `\`${key}=${value}\``)
          .join(', ')}, port ${dns.port}`,
        link(source),
      ]),
    ),
    '',
    '## Network plugins',
    '',
    '*depends*: on how it is installed. The Amazon VPC CNI enforces policies where its container `aws-eks-nodeagent` has',
    '`--enable-network-policy=true` (or, in EKS Auto Mode, ConfigMap `amazon-vpc-cni` says so), kindnet from the image of',
    'kind 0.24 on, kube-router unless `--run-firewall=false`. K3s has kube-router’s controller in its own process unless it was',
    'started with `--disable-network-policy`. On GKE and AKS all enforcers are DaemonSets of kube-system; label',
    '`kubernetes.azure.com/network-policy=none` of a node says that there is none.',
    '',
    '| plugin | DaemonSets, containers | on nodes | enforces | `--cni` | source |',
    '|---|---|---|---|---|---|',
    ...NETWORK_PLUGINS.map(({ title, daemonSets, containers, nodeAnnotations, nodeReason, enforces, cni, source }) =>
      row([
        title,
        [...new Set([...daemonSets, ...containers])].map(code).join(', '),
        [...nodeAnnotations.map((key) => `\`${key}…\``), ...(nodeReason === undefined ? [] : [code(nodeReason)])].join(
          ', ',
        ),
        enforces,
        cni === undefined ? '' : code(cni),
        link(source),
      ]),
    ),
    '',
    '## Clouds',
    '',
    'The same address may serve several things on several ports: on Google Cloud 169.254.169.254 hands out credentials on port',
    '80 and names on port 53. Rules are therefore by address and port.',
    '',
    '| cloud | what | addresses | ports | source |',
    '|---|---|---|---|---|',
    ...CLOUDS.flatMap(({ title, endpoints }) =>
      endpoints.map((one) =>
        row([
          title,
          `${one.title} (${one.gives})`,
          one.addresses.join(', '),
          one.ports.join(', '),
          link(one.source, one.unverified),
        ]),
      ),
    ),
    '',
    '## Identities',
    '',
    'Names outside of the cluster have no NetworkPolicy: they are evidence of kind `metadata` with a domain. An association of',
    'EKS Pod Identity is no object of the cluster; pods that have one show the variable.',
    '',
    '| identity | asked for by | handed out at | source |',
    '|---|---|---|---|',
    ...IDENTITIES.map(({ title, annotations, podLabels, env, points, domains, source, unverified }) =>
      row([
        title,
        [
          ...annotations.map((key) => `annotation ${code(key)}`),
          ...podLabels.map(([key, value]) => `pod label ${code(`${key}=${value}`)}`),
          ...new Set(env.map(({ name }) => `variable ${code(name)}`)),
        ].join(', '),
        [
          ...points.map(
            ({ title: point, addresses, ports }) => `${point}: ${addresses.join(', ')} port ${ports.join(', ')}`,
          ),
          ...domains.map(({ name, port }) => `${name}:${port}`),
        ].join('; '),
        link(source, unverified),
      ]),
    ),
    '',
    '## Service meshes',
    '',
    'A pod is in a mesh if it has the proxy, or if its namespace or it asks for one and it does not refuse. Its proxy calls the',
    'control plane; what two members need of each other may come through the tunnel as well, and never opens it to others.',
    '',
    '| mesh | asked for by | control plane | its ports | tunnel | metrics | probes from | source |',
    '|---|---|---|---|---|---|---|---|',
    ...MESHES.map(({ title, asks, controlPlane, controlPorts, tunnelPort, metricsPorts, probeSources, source }) =>
      row([
        title,
        asks.map(({ key, value }) => code(value === undefined ? key : `${key}=${value}`)).join(', '),
        `${code(`${controlPlane.key}=${controlPlane.values.join('|')}`)}`,
        controlPorts.join(', '),
        tunnelPort === 0 ? 'none' : String(tunnelPort),
        metricsPorts.join(', '),
        probeSources.join(', '),
        link(source),
      ]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function printSign(sign: Sign): string {
  switch (sign.on) {
    case 'label':
    case 'annotation':
      return `${sign.on} ${code(sign.key)}`;
    case 'config-map':
      return `ConfigMap ${code(`${sign.namespace}/${sign.name}`)}`;
    default:
      return `${WORDS[sign.on]} ${code(sign.pattern.source)}`;
  }
}

const WORDS = { kubelet: 'kubelet version', 'os-image': 'OS image', provider: 'providerID' } as const;

function code(text: string): string {
  return `\`${text}\``;
}

function link(source: string, unverified: boolean = false): string {
  return `[source](${source})${unverified ? ', unverified' : ''}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
