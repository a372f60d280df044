// Two peers side by side that were probably meant as one: a namespaceSelector, and a podSelector whose labels are at home
// in those namespaces. In YAML a dash makes the difference between "and" and "or".

import { possible } from '../../compile/match-set.ts';
import { isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import type { Policy } from '../../model/policy.ts';
import { isEverything, type Selector } from '../../model/selector.ts';
import type { PodPeer } from '../accepting-rules.ts';
import { acceptingRules, type PlacedRule } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';
import { whyNobody } from './nobody.ts';
import { namespacesPathOf, podsPathOf, type SelectorUse, useOfPeer } from './selector-uses.ts';

/** The two peers, and what shows that they belong together. */
export interface SplitPeer {
  readonly placed: PlacedRule;
  readonly spaces: PodPeer;
  readonly pods: PodPeer;
  /** `labels`: pods of the namespaces have the labels and none of the own namespace has. `names`: well-known names go together. */
  readonly sign: 'labels' | 'names';
}

/** All of them, by either of their peers. */
export const peersMeantAsOne: (context: CheckContext) => ReadonlyMap<PodPeer, SplitPeer> = oncePerRun((context) => {
  const found = new Map<PodPeer, SplitPeer>();
  for (const placed of acceptingRules(context.state.policies)) {
    const { policy, direction, rule } = placed;
    if (!isNetworkPolicy(policy) || typeof rule.peers === 'string') continue;
    for (const [i, peer] of rule.peers.entries()) {
      const next = rule.peers[i + 1];
      if (peer.type !== 'pods' || next?.type !== 'pods' || found.has(peer)) continue;
      const [one, other] = [useOfPeer(policy, direction, rule, peer), useOfPeer(policy, direction, rule, next)];
      const [spaces, pods] = isOfNamespaces(one) ? [one, other] : [other, one];
      if (!isOfNamespaces(spaces) || !isOfPods(pods)) continue;
      const sign = signOf(context, policy, spaces, pods);
      if (sign === undefined) continue;
      const split = { placed, spaces: spaces.peer!, pods: pods.peer!, sign };
      found.set(peer, split);
      found.set(next, split);
    }
  }
  return found;
});

/** A namespaceSelector alone that chooses; `{}` chooses nothing. */
function isOfNamespaces(use: SelectorUse): boolean {
  return (
    namespacesPathOf(use) !== undefined &&
    podsPathOf(use) === undefined &&
    'selector' in use.namespaces &&
    !isEverything(use.namespaces.selector)
  );
}

/** A podSelector alone that chooses. */
function isOfPods(use: SelectorUse): boolean {
  return podsPathOf(use) !== undefined && namespacesPathOf(use) === undefined && !isEverything(use.pods);
}

function signOf(
  context: CheckContext,
  policy: Policy,
  spaces: SelectorUse,
  pods: SelectorUse,
): SplitPeer['sign'] | undefined {
  const there = possible(context.select(spaces.namespaces, pods.pods, policy));
  const here = possible(context.select(pods.namespaces, pods.pods, policy));
  if (here.length > 0) return undefined;
  if (there.length > 0) return whyNobody(context, pods) === undefined ? undefined : 'labels';
  const scope = 'selector' in spaces.namespaces ? valuesOf(spaces.namespaces.selector) : [];
  return valuesOf(pods.pods).some((app) => scope.some((space) => goTogether(space, app))) ? 'names' : undefined;
}

function valuesOf(selector: Selector): readonly string[] {
  if (selector.op === 'and') return selector.of.flatMap(valuesOf);
  return selector.op === 'in' ? selector.values : [];
}

/** Applications by the namespaces that they are usually found in, as their own manifests and charts have it. */
const AT_HOME: readonly (readonly [namespace: RegExp, app: RegExp])[] = [
  [/^(kube-system|openshift-dns)$/, /^(kube-dns|coredns|node-local-dns|nodelocaldns)$/],
  [/(monitoring|observability|prometheus|metrics)/, /(prometheus|grafana|alertmanager|thanos|victoria)/],
  [/(ingress|traefik|contour|gateway|istio)/, /(ingress|traefik|contour|envoy|haproxy|kong|gateway)/],
];

function goTogether(namespace: string, app: string): boolean {
  return AT_HOME.some(([space, name]) => space.test(namespace) && name.test(app));
}
