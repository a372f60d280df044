// Namespace selectors that select no namespace of the input.

import { entry } from '../../compile/entry.ts';
import { writtenRequirements } from '../../dialects/written-selectors.ts';
import type { Fix } from '../../model/edit.ts';
import { nearestNames } from '../../model/nearest-names.ts';
import { isEverything, labelOf, selectorKey, selects } from '../../model/selector.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { NAME_LABEL, printNamespaces } from '../rule-flows.ts';
import { isNameLike } from './name-like-label.ts';
import { isWholeCluster } from './nobody.ts';
import { namespacesPathOf, type SelectorUse, selectorUses } from './selector-uses.ts';

/**
 * Rule 31 of the catalogue. An input rarely shows all namespaces of a cluster; what it shows decides where it is a whole
 * cluster, and where a label such as `name` is given the name of a namespace that is there without that label.
 */
export const NO_SUCH_NAMESPACE: Check = {
  id: 'no-such-namespace',
  severity: 'high',
  scope: 'input',
  summary: 'a namespace selector with labels that no namespace has',
  *find(context) {
    const all = [...context.state.cluster.namespaces.values()];
    const selected = new Map<string, boolean>();
    for (const use of selectorUses(context)) {
      const { namespaces: scope } = use;
      if ('name' in scope || isEverything(scope.selector)) continue;
      const isSelected = () => all.some(({ labels }) => selects(scope.selector, labels));
      if (entry(selected, selectorKey(scope.selector), isSelected) || namespacesPathOf(use) === undefined) continue;
      const named = unlabelled(context, use);
      if (named !== undefined) yield problemOf(use, named);
      else if (isWholeCluster(context) && all.every(({ declared }) => declared))
        yield problemOf(use, near(context, use));
    }
  },
};

/** What should be written: a key for another one, or a value for another one. */
interface Correction {
  readonly hint: string;
  readonly message?: string;
  readonly fix?: Fix;
}

/** The label stands for a name, and a namespace of that name is there, without the label. */
function unlabelled(context: CheckContext, use: SelectorUse): Correction | undefined {
  const { object } = use.policy;
  const { namespaces } = context.state.cluster;
  for (const { requirement, key, isEntry } of writtenRequirements(object, namespacesPathOf(use)!)) {
    if (requirement.op !== 'in' || !isNameLike(requirement.key)) continue;
    const named = requirement.values.map((value) => namespaces.get(value));
    if (named.some((one) => one?.declared !== true || labelOf(one.labels, requirement.key) !== undefined)) continue;
    const announced = 'changes';
    const title = `write ${NAME_LABEL} in place of ${requirement.key}`;
    return {
      message: `there is a namespace ${requirement.values.join(', ')}, but no namespace has the label ${requirement.key}: only ${NAME_LABEL} is set by itself`,
      hint: `write ${NAME_LABEL}: ${requirement.values.join(', ')}`,
      fix: isEntry
        ? { title, edits: [{ op: 'rename', object, path: key, key: NAME_LABEL }], announced, safe: false }
        : { title, edits: [{ op: 'set', object, path: key, value: NAME_LABEL }], announced, safe: false },
    };
  }
  return undefined;
}

/** A value that a namespace nearly has. */
function near(context: CheckContext, use: SelectorUse): Correction {
  const { policy } = use;
  const all = [...context.state.cluster.namespaces.values()];
  for (const { requirement, values } of writtenRequirements(policy.object, namespacesPathOf(use)!)) {
    if (requirement.op !== 'in' || requirement.values.length !== 1) continue;
    const known = all.flatMap(({ labels }) => labelOf(labels, requirement.key) ?? []);
    const [value] = nearestNames(requirement.values[0]!, known, 1);
    const [path] = values;
    if (value === undefined || path === undefined) continue;
    return {
      hint: `did you mean ${requirement.key}=${value}?`,
      fix: {
        title: `write ${requirement.key}=${value}`,
        edits: [{ op: 'set', object: policy.object, path, value }],
        announced: 'changes',
        safe: false,
      },
    };
  }
  return { hint: 'correct the labels, or label the namespaces' };
}

function problemOf(use: SelectorUse, { hint, message, fix }: Correction): Problem {
  const { policy, peer, namespaces } = use;
  const consequence = peer === undefined ? 'the policy applies to nobody' : 'this peer matches nobody';
  const what = message ?? `no namespace has the labels of ${printNamespaces(namespaces)}`;
  return {
    object: policy.object,
    policy,
    path: namespacesPathOf(use)!,
    message: `${what}, so ${consequence}`,
    hint,
    ...(fix === undefined ? {} : { fix }),
  };
}
