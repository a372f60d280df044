// Things that name pods by labels, out of very many, found by a label that a pod must have for each of them: what is left out
// surely does not mean the pod. Knows no policies, and does not say that what is found does mean it.

import type { PodIdentity } from '../model/endpoint.ts';
import type { NamespaceScope } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';

/** A label without which a pod is surely not meant: one of its own, or one of its namespace. */
export interface RequiredLabel {
  readonly of: 'pod' | 'namespace';
  readonly key: string;
  readonly value: string;
}

/** Finds the items that may mean a pod, in their order. */
export type NearItems<T> = (pod: PodIdentity) => readonly T[];

/** The labels that pods in a scope must have for a selector to select them. Empty: none that a look shows. */
export function requiredLabels(scope: NamespaceScope, pods: Selector): readonly RequiredLabel[] {
  const own = singleValues(pods).map((one): RequiredLabel => ({ of: 'pod', ...one }));
  if ('name' in scope) return own;
  return [...own, ...singleValues(scope.selector).map((one): RequiredLabel => ({ of: 'namespace', ...one }))];
}

function singleValues(selector: Selector): { readonly key: string; readonly value: string }[] {
  const parts = selector.op === 'and' ? selector.of : [selector];
  return parts.flatMap((part) =>
    part.op === 'in' && part.values.length === 1 ? [{ key: part.key, value: part.values[0]! }] : [],
  );
}

/**
 * Files each item under the rarest of its required labels. An item without any is near everybody. Where a label of a pod or of
 * its namespace is open, whatever value an item requires of it may be there.
 */
export function indexByRequiredLabel<T>(
  items: readonly T[],
  required: (item: T) => readonly RequiredLabel[],
): NearItems<T> {
  const labels = items.map(required);
  const counts = new Map<string, number>();
  for (const label of labels.flat()) counts.set(valueText(label), (counts.get(valueText(label)) ?? 0) + 1);
  const always: number[] = [];
  const byValue = new Map<string, number[]>();
  const byKey = new Map<string, number[]>();
  labels.forEach((own, place) => {
    const [first, ...rest] = own;
    if (first === undefined) {
      always.push(place);
      return;
    }
    const countOf = (label: RequiredLabel) => counts.get(valueText(label))!;
    const rarest = rest.reduce((best, label) => (countOf(label) < countOf(best) ? label : best), first);
    push(byValue, valueText(rarest), place);
    push(byKey, keyText(rarest), place);
  });
  if (always.length === items.length) return () => items;
  return (pod) => {
    const found = [...always];
    const add = (places: readonly number[] | undefined) => {
      for (const place of places ?? []) found.push(place);
    };
    for (const [key, value] of Object.entries(pod.labels)) {
      if (!pod.openLabels.includes(key)) add(byValue.get(valueText({ of: 'pod', key, value })));
    }
    for (const key of new Set(pod.openLabels)) add(byKey.get(keyText({ of: 'pod', key })));
    for (const [key, value] of Object.entries(pod.namespaceLabels)) {
      add(byValue.get(valueText({ of: 'namespace', key, value })));
    }
    if (!pod.namespaceDeclared) {
      // Whatever is not known of it may be there.
      const known = new Set(Object.keys(pod.namespaceLabels).map((key) => keyText({ of: 'namespace', key })));
      for (const [text, places] of byKey) if (text.startsWith(NAMESPACE) && !known.has(text)) add(places);
    }
    return found.sort((a, b) => a - b).map((place) => items[place]!);
  };
}

const NAMESPACE = keyText({ of: 'namespace', key: '' });

/** Keys have no line ends. */
function keyText({ of, key }: Pick<RequiredLabel, 'of' | 'key'>): string {
  return `${of}\n${key}`;
}

function valueText(label: RequiredLabel): string {
  return `${keyText(label)}\n${label.value}`;
}

function push(lists: Map<string, number[]>, key: string, place: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [place]);
  else list.push(place);
}
