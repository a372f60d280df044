// What a NetworkPolicy asks of a plugin beyond labels and single ports, and where it says so. Knows no plugin.

import type { Feature } from '../../behaviours/index.ts';
import { entry } from '../../compile/entry.ts';
import { isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import { cidrPath, exceptPath } from '../../dialects/written-fields.ts';
import type { ContainerPort } from '../../model/cluster.ts';
import { DIRECTIONS, type PortMatch } from '../../model/policy.ts';
import { selects } from '../../model/selector.ts';
import type { Path } from '../../model/source.ts';
import { acceptingRules, addressPeers, type PlacedRule } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';

/** One use of a feature. */
export interface FeatureUse {
  readonly feature: Feature;
  readonly policy: PlacedRule['policy'];
  readonly path: Path;
  /** The port entry, where the feature is one of ports. */
  readonly port?: PortMatch;
  /** What the feature is used for, to stand before what the plugin does: `port name http`. */
  readonly what: string;
}

/** Uses of features that not every plugin supports, by policies in order. */
export function* featuresUsed(context: CheckContext): Generator<FeatureUse> {
  for (const placed of acceptingRules(context.state.policies)) {
    const { policy, rule } = placed;
    if (!isNetworkPolicy(policy)) continue;
    for (const peer of addressPeers(rule)) {
      const except = exceptPath(policy, peer);
      if (except !== undefined && peer.except.length > 0) {
        yield { feature: 'except', policy, path: except, what: `exceptions of ${peer.cidr}` };
      }
      if (peer.cidr.includes(':')) {
        yield { feature: 'IPv6Blocks', policy, path: cidrPath(policy, peer), what: `the block ${peer.cidr}` };
      }
    }
    for (const port of typeof rule.ports === 'string' ? [] : rule.ports) yield* ofPort(context, placed, port);
  }
  yield* ofSubjects(context);
}

function* ofPort(
  context: CheckContext,
  { policy, direction, rule }: PlacedRule,
  port: PortMatch,
): Generator<FeatureUse> {
  const use = { policy, port };
  if (port.type === 'range' && port.last > port.first) {
    const what = `ports ${port.first}-${port.last}`;
    yield { ...use, feature: 'endPort', path: [...port.path, 'endPort'], what };
  }
  if (port.protocol === 'SCTP') yield { ...use, feature: 'SCTP', path: [...port.path, 'protocol'], what: 'SCTP' };
  if (port.type !== 'named') return;
  const named = { ...use, path: [...port.path, 'port'], what: `the port name ${port.name}` };
  const isDoubtful = direction === 'egress' && isEgressNameDoubtful(context, rule, port.name);
  if (direction === 'ingress') yield { ...named, feature: 'portNames' };
  else if (isDoubtful) yield { ...named, feature: 'egressPortNames' };
  if (isSidecarName(context, port.name)) yield { ...named, feature: 'sidecarPortNames' };
}

/** By name: the ports of all pods that have it. */
const portsByName = oncePerRun(({ state }): ReadonlyMap<string, readonly ContainerPort[]> => {
  const found = new Map<string, ContainerPort[]>();
  for (const { hostNetwork, ports } of state.cluster.pods) {
    for (const port of hostNetwork ? [] : ports) {
      if (port.name !== undefined) entry(found, port.name, () => []).push(port);
    }
  }
  return found;
});

/** Whether it matters here how a name is looked up: for ends that are no pods, and where pods give it several numbers. */
function isEgressNameDoubtful(context: CheckContext, { peers }: PlacedRule['rule'], name: string): boolean {
  const isByAddress = typeof peers === 'string' || peers.some(({ type }) => type !== 'pods');
  // One number for the whole cluster is the right one wherever all pods agree on it.
  if (isByAddress && context.state.behaviour.knobs.egressNamedPorts !== 'clusterWide') return true;
  const ports = portsByName(context).get(name) ?? [];
  return new Set(ports.map(({ number }) => number)).size > 1;
}

function isSidecarName(context: CheckContext, name: string): boolean {
  const ports = portsByName(context).get(name) ?? [];
  return ports.length > 0 && ports.every(({ from }) => from === 'sidecar');
}

/** Policies whose pods are all on the network of their nodes, or all without an owner. */
function* ofSubjects({ state }: CheckContext): Generator<FeatureUse> {
  const { cluster, policies } = state;
  const byNamespace = new Map<string, (typeof cluster.pods)[number][]>();
  for (const pod of cluster.pods) entry(byNamespace, pod.namespace, () => []).push(pod);
  for (const policy of policies) {
    const part = DIRECTIONS.map((direction) => policy[direction]).find((one) => one?.listed);
    if (!isNetworkPolicy(policy) || part === undefined || !('name' in part.subject.namespaces)) continue;
    const { namespaces, pods } = part.subject;
    const selected = (byNamespace.get(namespaces.name) ?? []).filter(({ labels }) => selects(pods, labels));
    if (selected.length === 0) continue;
    const use = { policy, path: ['spec', 'podSelector'] };
    if (selected.every(({ hostNetwork }) => hostNetwork)) {
      yield { ...use, feature: 'hostNetworkPods', what: 'the policy, which selects only hostNetwork pods,' };
    } else if (selected.every(({ workload }) => cluster.workloads.get(workload)?.kind === 'Pod')) {
      yield { ...use, feature: 'standalonePods', what: 'the policy, which selects only pods that nothing owns,' };
    }
  }
}
