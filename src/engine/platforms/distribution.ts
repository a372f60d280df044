// Which distribution and which cloud a snapshot shows, by the signs in profiles/distributions.ts. Knows none by name.

import type { Node } from '../model/cluster.ts';
import { valueAt } from '../model/source.ts';
import type { State } from '../state.ts';
import { type Fact, shown, stated, unknown } from './fact.ts';
import { metadataText, objectNamed } from './other-objects.ts';
import type { ServerSigns, StatedPlatform } from './platform-facts.ts';
import { type CloudName, cloudNamed } from './profiles/clouds.ts';
import { DISTRIBUTIONS, type DistributionName, type DistributionProfile, type Sign } from './profiles/distributions.ts';

const HINT = 'say it with --platform, one of aks, eks, gke, k3s, kind, kubeadm, openshift, rke2 …';

/** The distribution: stated, or by the first sign that some node or the server shows. */
export function findDistribution(
  state: State,
  server: ServerSigns,
  { distribution }: StatedPlatform,
): Fact<DistributionName> {
  if (distribution !== undefined) return stated(distribution, '--platform');
  for (const profile of DISTRIBUTIONS) {
    const fact = signOf(state, server, profile);
    if (fact !== undefined) return fact;
  }
  const { nodes } = state.cluster;
  return unknown(nodes.length === 0 ? 'the snapshot has no nodes' : 'no node names a distribution', HINT);
}

function signOf(
  state: State,
  server: ServerSigns,
  { name, signs }: DistributionProfile,
): Fact<DistributionName> | undefined {
  const { nodes } = state.cluster;
  for (const sign of signs) {
    if (sign.on === 'config-map') {
      const object = objectNamed(state, 'ConfigMap', sign.namespace, sign.name);
      if (object === undefined) continue;
      return shown(name, `ConfigMap ${sign.namespace}/${sign.name}`, object.locate([]));
    }
    const found = nodes.filter((node) => hasSign(node, sign));
    if (found.length > 0) return shown(name, `${wordOf(sign, found[0]!)} ${countNodes(found.length)}`, placeOf(found));
    if (sign.on === 'kubelet' && server.gitVersion !== undefined && sign.pattern.test(server.gitVersion)) {
      return shown(name, `server version ${server.gitVersion}`);
    }
  }
  return undefined;
}

function hasSign(node: Node, sign: Sign): boolean {
  switch (sign.on) {
    case 'label':
      return Object.hasOwn(node.labels, sign.key);
    case 'annotation':
      return metadataText(node.object, 'annotations', sign.key) !== undefined;
    case 'kubelet':
    case 'os-image':
    case 'provider':
      return sign.pattern.test(fieldOf(node, sign.on));
    case 'config-map':
      return false;
  }
}

const FIELDS = {
  kubelet: ['status', 'nodeInfo', 'kubeletVersion'],
  'os-image': ['status', 'nodeInfo', 'osImage'],
  provider: ['spec', 'providerID'],
} as const;

function fieldOf(node: Node, field: keyof typeof FIELDS): string {
  const value = valueAt(node.object, FIELDS[field]);
  return typeof value === 'string' ? value : '';
}

function wordOf(sign: Exclude<Sign, { on: 'config-map' }>, node: Node): string {
  switch (sign.on) {
    case 'label':
      return `label ${sign.key} on`;
    case 'annotation':
      return `annotation ${sign.key} on`;
    case 'kubelet':
      return `kubelet ${fieldOf(node, 'kubelet')} on`;
    case 'os-image':
      return `image ${fieldOf(node, 'os-image')} on`;
    case 'provider':
      return `providerID ${fieldOf(node, 'provider').split(':')[0]}: of`;
  }
}

function placeOf(nodes: readonly Node[]) {
  return nodes[0]!.object.locate([]);
}

/** `1 node`, `3 nodes`. */
export function countNodes(count: number): string {
  return `${count} ${count === 1 ? 'node' : 'nodes'}`;
}

/** The cloud: of the distribution where it has one, else of the nodes' providerID. */
export function findCloud(state: State, distribution: Fact<DistributionName>): Fact<CloudName> {
  if (distribution.how !== 'unknown') {
    const profile = DISTRIBUTIONS.find(({ name }) => name === distribution.value);
    if (profile?.cloud !== undefined) {
      return { ...distribution, value: profile.cloud, because: `the platform is ${profile.title}` };
    }
  }
  const { nodes } = state.cluster;
  for (const node of nodes) {
    const scheme = fieldOf(node, 'provider').split(':')[0]!;
    const cloud = cloudNamed(scheme);
    if (cloud === undefined) continue;
    const same = nodes.filter((one) => fieldOf(one, 'provider').startsWith(`${scheme}:`));
    return shown(cloud.name, `providerID ${scheme}: of ${countNodes(same.length)}`, node.object.locate([]));
  }
  const because = nodes.length === 0 ? 'the snapshot has no nodes' : 'no node has the providerID of a known cloud';
  return unknown(because, 'name it with --metadata, or say --metadata none');
}
