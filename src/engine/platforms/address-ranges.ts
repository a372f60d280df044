// Where pods, Services and nodes have their addresses, by what the control plane and the plugin were told. For flags that
// --assume takes; the plan that answers are computed from is snapshot/address-plan.ts.

import { type Source, valueAt } from '../model/source.ts';
import { parseCidr, printCidrs } from '../sets/ip-address.ts';
import { FAMILIES, type Family, familiesOf, unionAll } from '../sets/ip-set.ts';
import { isObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';
import { containersOf, flagOf } from './components.ts';
import { countNodes } from './distribution.ts';
import { type Fact, shown, stated, unknown } from './fact.ts';
import { dataOf, objectNamed, objectsOfKind } from './other-objects.ts';
import { cidrsOf } from './parties.ts';

/** What was found for pods or Services. */
interface Found {
  readonly texts: readonly string[];
  readonly because: string;
  readonly source?: Source;
}

/** Ranges of pods: what is said, else of the control plane's or the plugin's configuration, else of the nodes. */
export function findPodCIDRs(state: State): Fact<readonly string[]> {
  const nodes = state.cluster.nodes.filter(({ podCIDRs }) => podCIDRs.length > 0);
  return (
    said(state, 'podCIDRs') ??
    firstOf([
      ofKubeadm(state, 'podSubnet'),
      ofFlag(state, 'kube-controller-manager', 'cluster-cidr'),
      ofPools(state),
      ofConfig(state, 'cilium-config', ['cluster-pool-ipv4-cidr', 'cluster-pool-ipv6-cidr']),
      ofFlannel(state),
      {
        texts: nodes.flatMap(({ podCIDRs }) => podCIDRs),
        because: `spec.podCIDRs of ${countNodes(nodes.length)}`,
      },
    ]) ??
    unknown('nothing in the snapshot shows them', 'say them with --assume podCIDRs=…')
  );
}

/** Ranges of Services. */
export function findServiceCIDRs(state: State): Fact<readonly string[]> {
  return (
    said(state, 'serviceCIDRs') ??
    firstOf([
      ofKubeadm(state, 'serviceSubnet'),
      ofFlag(state, 'kube-apiserver', 'service-cluster-ip-range'),
      ofServiceCIDRs(state),
    ]) ??
    unknown('nothing in the snapshot shows them', 'say them with --assume serviceCIDRs=…')
  );
}

/** The addresses of the nodes themselves. */
export function findNodeCIDRs(state: State): Fact<readonly string[]> {
  const { cluster } = state;
  const nodes = cluster.nodes.filter(({ addresses }) => addresses.length > 0);
  const cidrs = cidrsOf(nodes.flatMap(({ addresses }) => addresses));
  const found = cidrs === undefined ? undefined : shown(cidrs, `addresses of ${countNodes(nodes.length)}`);
  const nowhere = unknown('the snapshot has no addresses of nodes', 'say them with --assume nodeCIDRs=…');
  return said(state, 'nodeCIDRs') ?? found ?? nowhere;
}

/** The families that pods have. */
export function findFamilies(pods: Fact<readonly string[]>, state: State): Fact<readonly Family[]> {
  const { families } = state.behaviour.knobs;
  if (families.length > 0) return stated(families, '--assume families');
  if (pods.how !== 'unknown') {
    const found = familiesOf(unionAll(pods.value.flatMap((text) => setOf(text))));
    if (found.length > 0) return { ...pods, value: FAMILIES.filter((family) => found.includes(family)) };
  }
  if (!state.plan.assumed.includes('families')) return shown(state.plan.families, 'addresses in the snapshot');
  return unknown('nothing in the snapshot shows them', 'say them with --assume families=…');
}

/** What the engineer says; undefined: nothing. */
function said(
  { behaviour }: State,
  range: 'podCIDRs' | 'serviceCIDRs' | 'nodeCIDRs',
): Fact<readonly string[]> | undefined {
  const set = behaviour.knobs[range];
  return set === undefined ? undefined : stated(printCidrs(set), `--assume ${range}`);
}

function firstOf(candidates: readonly (Found | undefined)[]): Fact<readonly string[]> | undefined {
  for (const found of candidates) {
    if (found === undefined) continue;
    const cidrs = printCidrs(unionAll(found.texts.flatMap(setOf)));
    if (cidrs.length > 0) return shown(cidrs, found.because, found.source);
  }
  return undefined;
}

function setOf(text: string) {
  const cidr = parseCidr(text.trim());
  return cidr.ok ? [cidr.set] : [];
}

/** A line of the ClusterConfiguration that kubeadm keeps; it is text in a ConfigMap. */
function ofKubeadm(state: State, key: 'podSubnet' | 'serviceSubnet'): Found | undefined {
  const config = objectNamed(state, 'ConfigMap', 'kube-system', 'kubeadm-config');
  const text = config === undefined ? undefined : dataOf(config, 'ClusterConfiguration');
  const value = new RegExp(`^\\s*${key}:\\s*["']?([^"'\\s#]+)`, 'm').exec(text ?? '')?.[1];
  if (config === undefined || value === undefined) return undefined;
  return {
    texts: value.split(','),
    because: `${key} in ConfigMap kube-system/kubeadm-config`,
    source: config.locate(['data']),
  };
}

/** A flag of a component of the control plane that runs as a pod. */
function ofFlag(state: State, component: string, flag: string): Found | undefined {
  for (const pod of state.cluster.pods) {
    if (pod.namespace !== 'kube-system' || pod.labels['component'] !== component) continue;
    const value = flagOf(
      containersOf(pod).flatMap(({ words }) => words),
      flag,
    );
    if (value !== undefined) {
      return { texts: value.split(','), because: `--${flag} of ${component}`, source: pod.object.locate(['spec']) };
    }
  }
  return undefined;
}

/** Calico's pools of addresses. */
function ofPools(state: State): Found | undefined {
  const pools = objectsOfKind(state, 'IPPool').filter(({ value }) =>
    String(value['apiVersion']).includes('projectcalico.org'),
  );
  const texts = pools.flatMap((pool) => {
    const cidr = valueAt(pool, ['spec', 'cidr']);
    return typeof cidr === 'string' && valueAt(pool, ['spec', 'disabled']) !== true ? [cidr] : [];
  });
  if (texts.length === 0) return undefined;
  return {
    texts,
    because: `${pools.length === 1 ? 'an IPPool' : `${pools.length} IPPools`} of Calico`,
    source: pools[0]!.locate(['spec']),
  };
}

function ofConfig(state: State, name: string, keys: readonly string[]): Found | undefined {
  const config = objectNamed(state, 'ConfigMap', 'kube-system', name);
  if (config === undefined) return undefined;
  const texts = keys.flatMap((key) => (dataOf(config, key) ?? '').split(/[\s,]+/).filter((text) => text !== ''));
  return { texts, because: `${keys[0]} in ConfigMap kube-system/${name}`, source: config.locate(['data']) };
}

function ofFlannel(state: State): Found | undefined {
  for (const namespace of ['kube-flannel', 'kube-system']) {
    const config = objectNamed(state, 'ConfigMap', namespace, 'kube-flannel-cfg');
    const text = config === undefined ? undefined : dataOf(config, 'net-conf.json');
    if (config === undefined || text === undefined) continue;
    const texts = [...text.matchAll(/"(?:IPv6)?Network"\s*:\s*"([^"]+)"/g)].map(([, value]) => value!);
    return { texts, because: `ConfigMap ${namespace}/kube-flannel-cfg`, source: config.locate(['data']) };
  }
  return undefined;
}

function ofServiceCIDRs(state: State): Found | undefined {
  const objects = objectsOfKind(state, 'ServiceCIDR');
  const texts = objects.flatMap((object) => {
    const spec = object.value['spec'];
    const cidrs = isObject(spec) ? spec['cidrs'] : undefined;
    return Array.isArray(cidrs) ? cidrs.filter((cidr) => typeof cidr === 'string') : [];
  });
  return objects.length === 0
    ? undefined
    : { texts, because: 'ServiceCIDR objects', source: objects[0]!.locate(['spec']) };
}
