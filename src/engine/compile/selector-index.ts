// Answers pod and namespace selectors for all endpoints at once, each distinct one once. Starts from whichever is known
// to be small: the pods of a namespace, or those with a label.

import type { Endpoint } from '../model/endpoint.ts';
import type { NamespaceScope } from '../model/policy.ts';
import {
  keysOf,
  type Labels,
  labelOf,
  type Selector,
  selectorKey,
  selects,
  selectsPartly,
  selectsValue,
} from '../model/selector.ts';
import { everyId, type IdSet, idSet, intersect, membersOf, subtract, unionAll } from '../sets/id-set.ts';
import { entry } from './entry.ts';
import { both, certain, type MatchSet, openBy, partly, possible } from './match-set.ts';

/** Looks up which endpoints are pods that a scope and a selector name. */
export interface SelectorIndex {
  /** `seesHostNetwork: false` leaves out hostNetwork pods, as the cluster-scoped APIs do. */
  pods(scope: NamespaceScope, selector: Selector, seesHostNetwork: boolean): MatchSet;
  /** Those of {@link SelectorIndex.pods} that a policy applies to: perhaps only, where the plugin may leave them out. */
  subjects(scope: NamespaceScope, selector: Selector, seesHostNetwork: boolean): MatchSet;
}

/** Pods of one namespace. One asked for hypothetically may stand beside the real one: labels are part of its identity. */
interface NamespaceMembers {
  readonly labels: Labels;
  readonly declared: boolean;
  readonly members: number[];
}

/** What was answered before, by the very selector and by what it says. */
interface Answers {
  readonly bySelector: Map<Selector, MatchSet>;
  readonly byKey: Map<string, MatchSet>;
}

/** Pods of a scope, and the answers for them: with pods of the host network, and without. */
interface Scope {
  readonly members: MatchSet;
  readonly seen: Answers;
  readonly unseen: Answers;
}

const NOBODY: readonly number[] = [];

function emptyAnswers(): Answers {
  return { bySelector: new Map(), byKey: new Map() };
}

/** Indexes the pods among the endpoints. Members of sets are positions in `endpoints`. */
export function indexSelectors(endpoints: readonly Endpoint[]): SelectorIndex {
  const hostNetwork: number[] = [];
  const byName = new Map<string, number[]>();
  const namespaces = new Map<string, NamespaceMembers>();
  const keyOf = namespaceKeys();
  const byLabel = new Map<string, Map<string, number[]>>();
  const byOpenLabel = new Map<string, number[]>();
  endpoints.forEach(({ pod }, id) => {
    if (pod === undefined) return;
    if (pod.hostNetwork) hostNetwork.push(id);
    for (const key of pod.openLabels) entry(byOpenLabel, key, () => []).push(id);
    entry(byName, pod.namespace, () => []).push(id);
    entry(namespaces, keyOf(pod.namespace, pod.namespaceLabels, pod.namespaceDeclared), () => ({
      labels: pod.namespaceLabels,
      declared: pod.namespaceDeclared,
      members: [],
    })).members.push(id);
    for (const key of Object.keys(pod.labels)) {
      const values = entry(byLabel, key, () => new Map<string, number[]>());
      entry(values, pod.labels[key]!, () => []).push(id);
    }
  });
  const onHost = idSet(hostNetwork);
  const sets = new Map<readonly number[], IdSet>();
  const setOf = (ids: readonly number[]): IdSet => entry(sets, ids, () => idSet(ids));
  const labelsAt = (id: number) => endpoints[id]!.pod!.labels;

  const scopes = new Map<string, Scope>();
  const named = new Map<string, Scope>();
  const selected = new Map<Selector, Scope>();

  /** Equal scopes are one; a selector that is asked for again is not even compared. */
  function scopeOf(scope: NamespaceScope): Scope {
    const make = (): Scope => ({ members: scopeSet(scope), seen: emptyAnswers(), unseen: emptyAnswers() });
    if ('name' in scope) return entry(named, scope.name, make);
    return entry(selected, scope.selector, () => entry(scopes, selectorKey(scope.selector), make));
  }

  /** The candidates that the selector selects, labels taken as they are. */
  function narrow(candidates: IdSet, selector: Selector): IdSet {
    switch (selector.op) {
      case 'and':
        return selector.of.reduce(narrow, candidates);
      case 'or':
        return unionAll(selector.of.map((part) => narrow(candidates, part)));
      case 'not':
        return subtract(candidates, narrow(candidates, selector.of));
      case 'in': {
        const values = byLabel.get(selector.key);
        const named = [...new Set(selector.values)].flatMap((value) => {
          const members = values?.get(value);
          return members === undefined ? [] : [intersect(candidates, setOf(members))];
        });
        return unionAll(named);
      }
      default:
        return idSet(membersOf(candidates).filter((id) => selectsValue(selector, labelOf(labelsAt(id), selector.key))));
    }
  }

  /** The candidates that the selector selects, surely or perhaps: keys may be open. */
  function podSet(candidates: IdSet, selector: Selector): MatchSet {
    const named = narrow(candidates, selector);
    const open = unionAll(keysOf(selector).map((key) => setOf(byOpenLabel.get(key) ?? NOBODY)));
    const undecided = intersect(candidates, open);
    if (undecided.length === 0) return certain(named);
    const yes: number[] = [];
    const maybe: number[] = [];
    for (const id of membersOf(undecided)) {
      const { labels, openLabels } = endpoints[id]!.pod!;
      const answer = selectsPartly(selector, labels, (key) => openLabels.includes(key));
      if (answer !== 'no') (answer === 'yes' ? yes : maybe).push(id);
    }
    return partly(unionAll([subtract(named, undecided), idSet(yes)]), 'pod-labels', idSet(maybe));
  }

  const byNamespaceLabel = new Map<string, Map<string | undefined, NamespaceMembers[]>>();

  /** Namespaces among which are all that the selector may select: a value that it asks for leaves few. */
  function candidates(selector: Selector): Iterable<NamespaceMembers> {
    const parts = selector.op === 'and' ? selector.of : [selector];
    const asked = parts.find((part) => part.op === 'in');
    if (asked?.op !== 'in') return namespaces.values();
    const { key, values } = asked;
    const byValue = entry(byNamespaceLabel, key, () => {
      const found = new Map<string | undefined, NamespaceMembers[]>();
      // Without an object a label that is not seen may have any value.
      for (const one of namespaces.values()) {
        const value = labelOf(one.labels, key);
        if (value !== undefined || !one.declared) entry(found, value, () => []).push(one);
      }
      return found;
    });
    return [undefined, ...new Set(values)].flatMap((value) => byValue.get(value) ?? []);
  }

  function scopeSet(scope: NamespaceScope): MatchSet {
    if ('name' in scope) return certain(idSet(byName.get(scope.name) ?? []));
    const yes: IdSet[] = [];
    const open: IdSet[] = [];
    for (const { labels, declared, members } of candidates(scope.selector)) {
      const answer = declared
        ? selects(scope.selector, labels)
          ? 'yes'
          : 'no'
        : selectsPartly(scope.selector, labels, (label) => labelOf(labels, label) === undefined);
      if (answer !== 'no') (answer === 'yes' ? yes : open).push(idSet(members));
    }
    return partly(unionAll(yes), 'namespace-labels', unionAll(open));
  }

  const leftOut = idSet(endpoints.flatMap(({ pod }, id) => (pod?.perhapsSubject === undefined ? [] : [id])));
  const openSubjects: MatchSet = {
    yes: subtract(everyId(endpoints.length), leftOut),
    maybe: openBy(endpoints, ({ pod }) => pod?.perhapsSubject),
  };

  return {
    subjects(scope, selector, seesHostNetwork) {
      const selected = this.pods(scope, selector, seesHostNetwork);
      return leftOut.length === 0 ? selected : both(selected, openSubjects);
    },
    pods(scope, selector, seesHostNetwork) {
      const { members, seen, unseen } = scopeOf(scope);
      const { bySelector, byKey } = seesHostNetwork ? seen : unseen;
      return entry(bySelector, selector, () =>
        entry(byKey, selectorKey(selector), () => {
          const among = seesHostNetwork ? possible(members) : subtract(possible(members), onHost);
          return both(members, podSet(among, selector));
        }),
      );
    },
  };
}

/** Texts that are equal for namespaces that no selector can tell apart; the same labels object is looked at once. */
function namespaceKeys(): (name: string, labels: Labels, declared: boolean) => string {
  const known = new Map<Labels, string>();
  return (name, labels, declared) =>
    declared
      ? `${JSON.stringify(name)} ${entry(known, labels, () => JSON.stringify(Object.entries(labels).sort()))}`
      : JSON.stringify(name);
}
