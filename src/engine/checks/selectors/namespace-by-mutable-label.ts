// Namespaces chosen by a label that somebody gave them, where the name itself would do.

import { entry } from '../../compile/entry.ts';
import { writtenRequirements } from '../../dialects/written-selectors.ts';
import type { Edit, Fix } from '../../model/edit.ts';
import { selectorKey, selects } from '../../model/selector.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { NAME_LABEL, printNamespaces } from '../rule-flows.ts';
import { isNameLike } from './name-like-label.ts';
import { type SelectorUse, selectorUses } from './selector-uses.ts';

/**
 * Rule 30 of the catalogue. Labels that say what a namespace is (team, purpose, platform) are what selectors are for; it
 * speaks where a label stands for a name, once a rule, and, as `info`, once for a label that a single namespace of the
 * input has: whoever may label namespaces decides who gets in.
 */
export const NAMESPACE_BY_MUTABLE_LABEL: Check = {
  id: 'namespace-by-mutable-label',
  severity: 'medium',
  scope: 'object',
  summary: 'a namespace chosen by a label that anybody who may label namespaces can set',
  *find(context) {
    const single = new Map<string, SelectorUse[]>();
    for (const use of selectorUses(context)) {
      const { namespaces: scope, namespacesPath, peer, rule } = use;
      if (peer === undefined || namespacesPath === undefined || 'name' in scope || rule!.action !== 'Accept') continue;
      const named = nameLike(context, use);
      if (named !== undefined) yield named;
      else if (use.direction === 'ingress' && isCustom(use)) {
        entry(single, selectorKey(scope.selector), () => []).push(use);
      }
    }
    for (const uses of single.values()) yield* forOne(context, uses);
  },
};

/** A label such as `name`. Silent where it is a finding of its own that no namespace has it. */
function nameLike(
  context: CheckContext,
  { policy, namespaces: scope, namespacesPath }: SelectorUse,
): Problem | undefined {
  const { object } = policy;
  const written = writtenRequirements(object, namespacesPath!).find(({ requirement }) => isNameLike(requirement.key));
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

/** One requirement for one value of a label that no platform defines. */
function isCustom({ policy, namespacesPath }: SelectorUse): boolean {
  const [written, ...more] = writtenRequirements(policy.object, namespacesPath!);
  if (written === undefined || more.length > 0 || written.requirement.op !== 'in') return false;
  const { key, values } = written.requirement;
  return (
    values.length === 1 &&
    key !== NAME_LABEL &&
    !/(kubernetes|k8s|openshift|istio|linkerd|cilium|rancher|cattle)\.io\//.test(key)
  );
}

/** How many places one fix changes at most. */
const MANY = 10;

function* forOne(context: CheckContext, uses: readonly SelectorUse[]): Generator<Problem> {
  const [first] = uses;
  const { namespaces: scope, namespacesPath, policy } = first!;
  if ('name' in scope) return;
  const all = [...context.state.cluster.namespaces.values()];
  const found = all.filter(({ labels }) => selects(scope.selector, labels));
  const [only, ...more] = found;
  if (only === undefined || more.length > 0 || all.some(({ declared }) => !declared)) return;
  const fix: Fix = {
    title: `write ${NAME_LABEL}: ${only.name}`,
    edits: uses.map((use) => ({
      op: 'set',
      object: use.policy.object,
      path: use.namespacesPath!,
      value: { matchLabels: { [NAME_LABEL]: only.name } },
    })),
    announced: 'closes',
    safe: false,
  };
  yield {
    object: policy.object,
    policy,
    path: namespacesPath!,
    severity: 'info',
    message: `${printNamespaces(scope)}: only ${only.name} has this label now, and whoever may label a namespace with it is let in`,
    hint: `to mean just this one, write ${NAME_LABEL}: ${only.name}`,
    effect: `${uses.length === 1 ? '1 rule relies' : `${uses.length} peers rely`} on the label`,
    ...(uses.length > MANY ? {} : { fix }),
  };
}
