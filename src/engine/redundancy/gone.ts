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
  /** The same items, to which others can be added. */
  copy(): Gone;
}

/** Nothing of that many policies is gone. */
export function nothingGone(policies: number): Gone {
  return goneOf(new Uint8Array(policies), new Map());
}

function goneOf(policies: Uint8Array, rules: Map<number, readonly Path[]>): Gone {
  return {
    isGone: (policy) => policies[policy] === 1,
    isRuleGone: (policy, path) =>
      policies[policy] === 1 || (rules.size > 0 && (rules.get(policy)?.some((one) => isSamePath(one, path)) ?? false)),
    add({ policy, path }) {
      if (path === undefined) policies[policy] = 1;
      else rules.set(policy, [...(rules.get(policy) ?? []), path]);
    },
    copy: () => goneOf(policies.slice(), new Map(rules)),
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
