// Namespaces chosen by a label that somebody gave them, where the name itself would do.

import { writtenRequirements } from '../../dialects/written-selectors.ts';
import type { Edit } from '../../model/edit.ts';
import { keysOf, selects } from '../../model/selector.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { NAME_LABEL, printNamespaces } from '../rule-flows.ts';
import { isNameLike } from './name-like-label.ts';
import { namespacesPathOf, type SelectorUse, selectorUses } from './selector-uses.ts';

/**
 * Rule 30 of the catalogue. Labels that say what a namespace is (team, purpose, platform) are what selectors are for; it
 * speaks where a label stands for a name.
 */
export const NAMESPACE_BY_MUTABLE_LABEL: Check = {
  id: 'namespace-by-mutable-label',
  severity: 'medium',
  scope: 'object',
  summary: 'a namespace chosen by a label that anybody who may label namespaces can set',
  *find(context) {
    for (const use of selectorUses(context)) {
      const { namespaces: scope, peer, rule } = use;
      if (peer === undefined || 'name' in scope || rule!.action !== 'Accept') continue;
      if (!keysOf(scope.selector).some(isNameLike)) continue;
      const problem = problemOf(context, use);
      if (problem !== undefined) yield problem;
    }
  },
};

/** Undefined where no label stands for a name, and where it is a finding of its own that no namespace has it. */
function problemOf(context: CheckContext, use: SelectorUse): Problem | undefined {
  const { policy, namespaces: scope } = use;
  const { object } = policy;
  const written = writtenRequirements(object, namespacesPathOf(use)!).find(({ requirement }) =>
    isNameLike(requirement.key),
  );
  if (written === undefined || written.requirement.op !== 'in' || 'name' in scope) return undefined;
  const { key, values } = written.requirement;
  const { namespaces } = context.state.cluster;
  const isNobody = values.some(
    (value) => namespaces.get(value)?.declared === true && namespaces.get(value)?.labels[key] !== value,
  );
  if (isNobody && ![...namespaces.values()].some(({ labels }) => selects(scope.selector, labels))) return undefined;
  const title = `write ${NAME_LABEL} in place of ${key}`;
  const edit: Edit = written.isEntry
    ? { op: 'rename', object, path: written.key, key: NAME_LABEL }
    : { op: 'set', object, path: written.key, value: NAME_LABEL };
  return {
    object,
    policy,
    path: written.key,
    key: written.isEntry,
    message: `the label ${key} of a namespace is whatever somebody wrote there: ${printNamespaces(scope)} may be none, or another one`,
    hint: `${NAME_LABEL} is set by the API server and cannot be changed`,
    fix: { title, edits: [edit], announced: 'changes', safe: false },
  };
}
