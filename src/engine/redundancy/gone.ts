// What is thought away: policies and single rules. Knows nothing of what they say.

import type { Path } from '../model/source.ts';

/** A policy, by position in order of evaluation; with `path` one written rule of it. */
export interface Item {
  readonly policy: number;
  readonly path?: Path;
}

/** Items that are thought away already. */
export interface Gone {
  isGone(policy: number): boolean;
  /** Reports whether the rule is gone, with its policy or alone. */
  isRuleGone(policy: number, path: Path): boolean;
  add(item: Item): void;
}

/** Nothing is gone. */
export function nothingGone(): Gone {
  const policies = new Set<number>();
  const rules = new Map<number, Path[]>();
  return {
    isGone: (policy) => policies.has(policy),
    isRuleGone: (policy, path) =>
      policies.has(policy) || (rules.get(policy)?.some((one) => isSamePath(one, path)) ?? false),
    add({ policy, path }) {
      if (path === undefined) policies.add(policy);
      else rules.set(policy, [...(rules.get(policy) ?? []), path]);
    },
  };
}

/** Reports whether the item holds the rule: it is the rule itself, or its policy. */
export function holds(item: Item, policy: number, path: Path): boolean {
  return item.policy === policy && (item.path === undefined || isSamePath(item.path, path));
}

/** Reports whether both name the same place. */
export function isSamePath(a: Path, b: Path): boolean {
  return a === b || (a.length === b.length && a.every((part, i) => part === b[i]));
}
