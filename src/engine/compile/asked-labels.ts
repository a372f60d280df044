// Finds the selectors that may select given labels, of very many selectors: by a value that each of them asks for.

import { type Labels, labelOf, type Selector } from '../model/selector.ts';
import { entry } from './entry.ts';

/** Selectors, each with an item of its own. */
export interface AskedLabels<T> {
  add(selector: Selector, item: T): void;
  /**
   * The items of all selectors that may select the labels; others may be among them, too. Keys for which `isOpen` holds
   * may have any value.
   */
  maySelect(labels: Labels, isOpen: (key: string) => boolean): Iterable<T>;
}

/** No selectors yet. */
export function askedLabels<T>(): AskedLabels<T> {
  const byKey = new Map<string, Map<string, T[]>>();
  const others: T[] = [];
  return {
    add(selector, item) {
      const parts = selector.op === 'and' ? selector.of : [selector];
      const asked = parts.find((part) => part.op === 'in');
      if (asked?.op !== 'in') {
        others.push(item);
        return;
      }
      const byValue = entry(byKey, asked.key, () => new Map<string, T[]>());
      for (const value of new Set(asked.values)) entry(byValue, value, () => []).push(item);
    },
    *maySelect(labels, isOpen) {
      yield* others;
      for (const [key, byValue] of byKey) {
        if (isOpen(key)) for (const items of byValue.values()) yield* items;
        else yield* byValue.get(labelOf(labels, key) ?? '') ?? [];
      }
    },
  };
}
