// Whether anything in the cluster enforces policies. "No" needs a sign of its own: a plugin that is known not to, and no other
// in sight, or a managed cluster whose enforcers all run as pods that one would see. A missing sign alone is "unknown".

import type { State } from '../state.ts';
import { type ComponentContainer, componentsOf, flagOf } from './components.ts';
import { countNodes } from './distribution.ts';
import { type Fact, type Known, shown, shownBy, unknown } from './fact.ts';
import { dataOf, metadataText, objectNamed } from './other-objects.ts';
import type { NetworkPlugin } from './platform-facts.ts';
import type { DistributionName } from './profiles/distributions.ts';
import type { PluginProfile } from './profiles/network-plugins.ts';
import { hasAutoNodes } from './vendor-dns.ts';

/** The first image of kind's own plugin with kube-network-policies in it (kind 0.24), and the last one without (0.23). */
const KINDNET_ENFORCES = '20240813';
const KINDNET_DOES_NOT = '20240513';

/** Whether a plugin enforces policies in the way it is installed here. */
export function installedEnforcement(
  state: State,
  { name, enforces }: PluginProfile,
  containers: readonly ComponentContainer[],
): { readonly is: NetworkPlugin['enforces']; readonly because?: string } {
  if (enforces !== 'depends') return { is: enforces };
  switch (name) {
    case 'aws-vpc-cni':
      return awsEnforcement(state, containers);
    case 'kindnet':
      return kindnetEnforcement(containers);
    case 'kube-router': {
      const router = containers.find((container) => container.name === 'kube-router') ?? containers[0];
      const flag = flagOf(router?.words ?? [], 'run-firewall');
      return flag === 'false' ? { is: 'no', because: '--run-firewall=false' } : { is: 'yes' };
    }
    default:
      return { is: 'unknown' };
  }
}

function awsEnforcement(state: State, containers: readonly ComponentContainer[]) {
  const agent = containers.find(({ name }) => name === 'aws-eks-nodeagent');
  if (agent === undefined) return { is: 'no', because: 'it has no container aws-eks-nodeagent' } as const;
  const flag = flagOf(agent.words, 'enable-network-policy');
  if (flag !== undefined) {
    const because = `aws-eks-nodeagent has --enable-network-policy=${flag}`;
    return { is: flag === 'true' ? 'yes' : 'no', because } as const;
  }
  return (
    enabledByConfigMap(state) ?? ({ is: 'unknown', because: 'aws-eks-nodeagent runs with flags not shown' } as const)
  );
}

const AWS_SWITCH = 'enable-network-policy-controller';

/** The switch of clusters whose agent is part of the node (EKS Auto Mode). */
function enabledByConfigMap(state: State) {
  const config = objectNamed(state, 'ConfigMap', 'kube-system', 'amazon-vpc-cni');
  const value = config === undefined ? undefined : dataOf(config, AWS_SWITCH);
  if (value === undefined) return undefined;
  return {
    is: value === 'true' ? 'yes' : 'no',
    because: `ConfigMap kube-system/amazon-vpc-cni has ${AWS_SWITCH}: ${value}`,
  } as const;
}

function kindnetEnforcement(containers: readonly ComponentContainer[]) {
  const image = containers.find(({ name }) => name === 'kindnet-cni')?.image ?? '';
  const date = /:v(\d{8})-/.exec(image)?.[1];
  if (date === undefined) return { is: 'unknown', because: 'its image has no date' } as const;
  if (date >= KINDNET_ENFORCES) return { is: 'yes', because: `image of ${date}, kind 0.24 or newer` } as const;
  if (date <= KINDNET_DOES_NOT) return { is: 'no', because: `image of ${date}, older than kind 0.24` } as const;
  return { is: 'unknown', because: `image of ${date}, between kind 0.23 and 0.24` } as const;
}

const HINT = 'name the plugin with --cni; --cni none where there is none that enforces policies';

/** Whether anything here enforces policies. */
export function findEnforcement(
  state: State,
  distribution: Fact<DistributionName>,
  plugins: readonly Known<NetworkPlugin>[],
): Fact<'yes' | 'no'> {
  const enforcing = plugins.find(({ value }) => value.enforces === 'yes');
  if (enforcing !== undefined) {
    const { title, enforcesBecause } = enforcing.value;
    return { ...enforcing, value: 'yes', because: `${title}: ${enforcesBecause ?? enforcing.because}` };
  }
  const embedded = distribution.how === 'unknown' ? undefined : embeddedEnforcement(state, distribution.value);
  if (embedded !== undefined && (embedded.how === 'unknown' || embedded.value === 'yes')) return embedded;
  const open = plugins.find(({ value }) => value.enforces === 'unknown');
  if (open !== undefined) {
    const { title, enforcesBecause } = open.value;
    const why = enforcesBecause === undefined ? '' : `: ${enforcesBecause}`;
    return unknown(`whether ${title} enforces them is not shown${why}`, HINT);
  }
  const unseen = whatMayBeUnseen(state);
  if (unseen !== undefined) return unknown(unseen, HINT);
  if (embedded !== undefined) return embedded;
  const [idle] = plugins;
  if (idle !== undefined && showsSystem(state)) {
    const { title, enforcesBecause } = idle.value;
    const because =
      enforcesBecause === undefined
        ? `${title} does not, and nothing beside it does`
        : `${title} does not (${enforcesBecause}), and nothing beside it does`;
    return { ...idle, value: 'no', because };
  }
  return unknown('the snapshot shows no plugin', HINT);
}

/** Namespaces in which plugins run that enforce policies beside another one's network. */
const ENFORCERS_OWN = ['calico-system', 'cilium', 'cilium-system', 'tigera-operator'];

/** Why an enforcer may run that the snapshot does not show; undefined: everything that matters is there. */
function whatMayBeUnseen({ cluster, gaps }: State): string | undefined {
  if (gaps.some(({ reason }) => reason === 'not-listable')) {
    return 'not everything in the cluster could be listed';
  }
  const own = ENFORCERS_OWN.find((name) => cluster.namespaces.has(name));
  return own === undefined ? undefined : `there is a namespace ${own}, and nothing in it is known to enforce policies`;
}

/** Reports whether plugins would be seen if they ran as pods: the snapshot has DaemonSets of kube-system. */
function showsSystem(state: State): boolean {
  return [...componentsOf(state).values()].some(
    ({ workload }) => workload.kind === 'DaemonSet' && workload.namespace === 'kube-system',
  );
}

/** What a distribution enforces with parts that are no pods, or by pods that one would see. Undefined: neither. */
function embeddedEnforcement(state: State, distribution: DistributionName): Fact<'yes' | 'no'> | undefined {
  switch (distribution) {
    case 'k3s':
      return k3sEnforcement(state);
    case 'aks': {
      // What it was made with; seen in labels of nodes of 2025 and 2026.
      const none = state.cluster.nodes.find(({ labels }) => labels['kubernetes.azure.com/network-policy'] === 'none');
      if (none !== undefined)
        return shownBy('no', 'nodes have label kubernetes.azure.com/network-policy=none', none.object);
      return seenInSystem(state);
    }
    case 'gke':
      return seenInSystem(state);
    case 'eks': {
      if (!hasAutoNodes(state)) return undefined;
      const enabled = enabledByConfigMap(state);
      if (enabled !== undefined) return shown(enabled.is, enabled.because);
      return unknown(`EKS Auto Mode enforces them if ConfigMap kube-system/amazon-vpc-cni has ${AWS_SWITCH}`, HINT);
    }
    case 'openshift':
      return shown('yes', 'the network of OpenShift always enforces policies');
    default:
      return undefined;
  }
}

/** GKE and AKS: their enforcers are all DaemonSets of kube-system. */
function seenInSystem(state: State): Fact<'yes' | 'no'> {
  return showsSystem(state)
    ? shownByNodes(state, 'none of the DaemonSets of kube-system is one that does')
    : unknown('the snapshot shows no DaemonSets of kube-system', HINT);
}

function shownByNodes({ cluster }: State, because: string): Fact<'yes' | 'no'> {
  const [node] = cluster.nodes;
  return node === undefined ? shown('no', because) : shownBy('no', because, node.object);
}

/** K3s has kube-router's controller in its own process, unless a server was started without. */
function k3sEnforcement({ cluster }: State): Fact<'yes' | 'no'> {
  const args = cluster.nodes.flatMap(({ object }) => {
    const text = metadataText(object, 'annotations', 'k3s.io/node-args');
    return text === undefined ? [] : [{ object, text }];
  });
  const off = args.find(({ text }) => /"--disable-network-policy(=true)?"/.test(text));
  if (off !== undefined)
    return shown('no', 'K3s was started with --disable-network-policy', off.object.locate(['metadata', 'annotations']));
  const servers = args.filter(({ text }) => text.startsWith('["server"'));
  if (servers.length > 0)
    return shown('yes', `K3s has a controller of its own, and ${countNodes(servers.length)} started with it`);
  return { how: 'assumed', value: 'yes', because: 'K3s has a controller of its own unless it is switched off' };
}

/** Nodes on which a plugin of the cluster enforces nothing. */
export function findUnenforcedNodes({ cluster }: Pick<State, 'cluster'>): readonly Known<string>[] {
  return cluster.nodes.flatMap(({ name, labels, object }): Known<string>[] => {
    // https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html: policies apply to EC2 Linux nodes only.
    if (labels['eks.amazonaws.com/compute-type'] === 'fargate') return [shownBy(name, 'a node of AWS Fargate', object)];
    // https://learn.microsoft.com/azure/aks/virtual-nodes lists network policies among what they have not.
    if (labels['type'] === 'virtual-kubelet') return [shownBy(name, 'a virtual kubelet', object)];
    return [];
  });
}
