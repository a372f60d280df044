// Answers pod and namespace selectors for all endpoints at once from posting lists, each distinct selector once.

import type { Endpoint } from '../model/endpoint.ts';
import type { NamespaceScope } from '../model/policy.ts';
import {
  type Labels,
  labelOf,
  type Requirement,
  type Selector,
  selectorKey,
  selects,
  selectsPartly,
  selectsValue,
} from '../model/selector.ts';
import { BitSet } from '../sets/bit-set.ts';
import { both, certain, type MatchSet } from './match-set.ts';

/** Looks up which endpoints are pods that a scope and a selector name. */
export interface SelectorIndex {
  /** `seesHostNetwork: false` leaves out hostNetwork pods, as the cluster-scoped APIs do. */
  pods(scope: NamespaceScope, selector: Selector, seesHostNetwork: boolean): MatchSet;
}

/** Indexes the pods among the endpoints. Bits are positions in `endpoints`. */
export function indexSelectors(endpoints: readonly Endpoint[]): SelectorIndex {
  const size = endpoints.length;
  const pods = new BitSet(size);
  const hostNetwork = new BitSet(size);
  const openPods: number[] = [];
  const byNamespace = new Map<string, BitSet>();
  const namespaces = new Map<string, { labels: Labels; declared: boolean }>();
  const postings = new Map<string, Map<string, BitSet>>();
  endpoints.forEach((endpoint, id) => {
    const pod = endpoint.pod;
    if (pod === undefined) return;
    pods.add(id);
    if (pod.hostNetwork) hostNetwork.add(id);
    if (pod.openLabels.length > 0) openPods.push(id);
    entry(byNamespace, pod.namespace, () => new BitSet(size)).add(id);
    // A namespace asked for hypothetically may stand beside the real one, so labels are part of its identity.
    namespaces.set(namespaceKey(endpoint), { labels: pod.namespaceLabels, declared: pod.namespaceDeclared });
    for (const key of Object.keys(pod.labels)) {
      const values = entry(postings, key, () => new Map<string, BitSet>());
      entry(values, pod.labels[key]!, () => new BitSet(size)).add(id);
    }
  });
  const membersOf = new Map<string, BitSet>();
  for (const id of idsOf(pods)) entry(membersOf, namespaceKey(endpoints[id]!), () => new BitSet(size)).add(id);

  const podSets = new Map<string, MatchSet>();
  const scopeSets = new Map<string, MatchSet>();
  const results = new Map<string, MatchSet>();

  function requirement(one: Requirement): BitSet {
    const result = new BitSet(size);
    const values = postings.get(one.key) ?? new Map<string, BitSet>();
    if (one.op === 'in') {
      for (const value of new Set(one.values)) {
        const set = values.get(value);
        if (set !== undefined) result.orWith(set);
      }
      return result;
    }
    const present = new BitSet(size);
    for (const [value, set] of values) {
      present.orWith(set);
      if (selectsValue(one, value)) result.orWith(set);
    }
    if (selectsValue(one, undefined)) result.orWith(pods.clone().andNotWith(present));
    return result;
  }

  function labelled(selector: Selector): BitSet {
    switch (selector.op) {
      case 'and': {
        const result = pods.clone();
        for (const part of selector.of) result.andWith(labelled(part));
        return result;
      }
      case 'or': {
        const result = new BitSet(size);
        for (const part of selector.of) result.orWith(labelled(part));
        return result;
      }
      case 'not':
        return pods.clone().andNotWith(labelled(selector.of));
      default:
        return requirement(selector);
    }
  }

  function podSet(selector: Selector, key: string): MatchSet {
    return entry(podSets, key, () => {
      const yes = labelled(selector);
      const open = new BitSet(size);
      for (const id of openPods) {
        const pod = endpoints[id]!.pod!;
        const answer = selectsPartly(selector, pod.labels, (label) => pod.openLabels.includes(label));
        if (answer === 'yes') yes.add(id);
        else yes.andNotWith(BitSet.from(size, [id]));
        if (answer === 'maybe') open.add(id);
      }
      return open.isEmpty() ? certain(yes) : { yes, maybe: new Map([['pod-labels', open]]) };
    });
  }

  function scopeSet(scope: NamespaceScope, key: string): MatchSet {
    return entry(scopeSets, key, () => {
      if ('name' in scope) return certain(byNamespace.get(scope.name) ?? new BitSet(size));
      const yes = new BitSet(size);
      const open = new BitSet(size);
      for (const [name, { labels, declared }] of namespaces) {
        const answer = declared
          ? selects(scope.selector, labels)
            ? 'yes'
            : 'no'
          : selectsPartly(scope.selector, labels, (label) => labelOf(labels, label) === undefined);
        if (answer === 'yes') yes.orWith(membersOf.get(name)!);
        else if (answer === 'maybe') open.orWith(membersOf.get(name)!);
      }
      return open.isEmpty() ? certain(yes) : { yes, maybe: new Map([['namespace-labels', open]]) };
    });
  }

  return {
    pods(scope, selector, seesHostNetwork) {
      const scopeKey = 'name' in scope ? `=${scope.name}` : `~${selectorKey(scope.selector)}`;
      const podKey = selectorKey(selector);
      return entry(results, JSON.stringify([scopeKey, podKey, seesHostNetwork]), () => {
        const found = both(scopeSet(scope, scopeKey), podSet(selector, podKey));
        if (seesHostNetwork || hostNetwork.isEmpty()) return found;
        return both(found, certain(BitSet.full(size).andNotWith(hostNetwork)));
      });
    },
  };
}

function namespaceKey(endpoint: Endpoint): string {
  const pod = endpoint.pod!;
  return pod.namespaceDeclared
    ? JSON.stringify([pod.namespace, Object.entries(pod.namespaceLabels).sort()])
    : JSON.stringify([pod.namespace]);
}

function idsOf(set: BitSet): number[] {
  const ids: number[] = [];
  set.forEach((id) => {
    ids.push(id);
  });
  return ids;
}

/** The value at a key, made on first use. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
