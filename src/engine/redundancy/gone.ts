// What is thought away: policies and single rules. Knows nothing of what they say.

import { entry } from '../compile/entry.ts';
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
  /** These items, and others that are added to it alone. Meant to live for one question. */
  over(): Gone;
}

/** Nothing is gone. */
export function nothingGone(): Gone {
  return goneOver(undefined);
}

function goneOver(below: Gone | undefined): Gone {
  const policies = new Set<number>();
  const rules = new Map<number, Set<string>>();
  const self: Gone = {
    isGone: (policy) => policies.has(policy) || (below?.isGone(policy) ?? false),
    isRuleGone: (policy, path) =>
      policies.has(policy) ||
      (rules.get(policy)?.has(pathKey(path)) ?? false) ||
      (below?.isRuleGone(policy, path) ?? false),
    add({ policy, path }) {
      if (path === undefined) policies.add(policy);
      else entry(rules, policy, () => new Set()).add(pathKey(path));
    },
    over: () => goneOver(self),
  };
  return self;
}

/** Reports whether the item holds the rule: it is the rule itself, or its policy. */
export function holds(item: Item, policy: number, path: Path): boolean {
  return item.policy === policy && (item.path === undefined || isSamePath(item.path, path));
}

/** Reports whether both name the same place. */
export function isSamePath(a: Path, b: Path): boolean {
  return a === b || (a.length === b.length && a.every((part, i) => part === b[i]));
}

/** Equal for the same place only. Rules are asked for again and again, and keep their paths. */
export function pathKey(path: Path): string {
  let key = keys.get(path);
  if (key === undefined) {
    key = JSON.stringify(path);
    keys.set(path, key);
  }
  return key;
}

const keys = new WeakMap<Path, string>();
