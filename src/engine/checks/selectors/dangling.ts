// What the checks of selectors that select nobody have in common: how they name one, and the edit of one requirement.

import { writtenRequirements } from '../../dialects/written-selectors.ts';
import type { Fix } from '../../model/edit.ts';
import { printSelector, selectorKey } from '../../model/selector.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';
import { printNamespaces } from '../rule-flows.ts';
import { type Mistake, whyNobody } from './nobody.ts';
import { podsPathOf, type SelectorUse, selectorUses } from './selector-uses.ts';

/** A subject or peer that selects nobody, and why. */
export interface Dangling {
  readonly use: SelectorUse;
  readonly mistake: Mistake;
}

/**
 * Subjects and peers that surely select no pod. Peers of a policy that selects nobody itself are left out: nothing they say
 * matters.
 */
export const danglingUses: (context: CheckContext) => readonly Dangling[] = oncePerRun((context) => {
  const found: Dangling[] = [];
  let idle: SelectorUse['policy'] | undefined;
  for (const use of selectorUses(context)) {
    if (use.policy === idle) continue;
    const mistake = whyNobody(context, use);
    if (mistake === undefined) continue;
    if (use.peer === undefined) idle = use.policy;
    found.push({ use, mistake });
  }
  return found;
});

/** The pods that are meant, for a sentence: `app=web of namespace shop`. */
export function describePods({ pods, namespaces }: SelectorUse): string {
  return `${printSelector(pods)} of ${printNamespaces(namespaces)}`;
}

/** Writes another value or key for the requirement that is nearly right; undefined where it is not found in the text. */
export function correctRequirement(use: SelectorUse, mistake: Mistake): Fix | undefined {
  if (mistake.type !== 'near') return undefined;
  const { policy } = use;
  const podsPath = podsPathOf(use);
  if (podsPath === undefined) return undefined;
  const { object } = policy;
  const wanted = selectorKey(mistake.requirement);
  const written = writtenRequirements(object, podsPath).find((one) => selectorKey(one.requirement) === wanted);
  if (written === undefined) return undefined;
  // Pods that come with the wrong label would lose what they have.
  const announced = 'changes';
  const [place] = written.values;
  if (mistake.value !== undefined && place !== undefined) {
    const title = `write ${written.requirement.key}=${mistake.value}`;
    return { title, edits: [{ op: 'set', object, path: place, value: mistake.value }], announced, safe: false };
  }
  if (mistake.key === undefined) return undefined;
  const title = `write the key ${mistake.key}`;
  return written.isEntry
    ? { title, edits: [{ op: 'rename', object, path: written.key, key: mistake.key }], announced, safe: false }
    : { title, edits: [{ op: 'set', object, path: written.key, value: mistake.key }], announced, safe: false };
}

/** What would be right, for a hint: `did you mean app=web?`. Undefined where nothing is near. */
export function meantInstead(mistake: Mistake): string | undefined {
  if (mistake.type !== 'near') return undefined;
  const { requirement, value, key } = mistake;
  if (value !== undefined) return `did you mean ${requirement.key}=${value}?`;
  return `did you mean the key ${key}?`;
}
