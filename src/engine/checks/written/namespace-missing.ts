// Policies without a namespace beside objects that name theirs: they go wherever kubectl happens to point.

import { entry } from '../../compile/entry.ts';
import { isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import type { Fix } from '../../model/edit.ts';
import type { Policy } from '../../model/policy.ts';
import { type ManifestObject, valueAt } from '../../model/source.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';

/**
 * Rule 22 of the catalogue. Manifests without any namespace are written to be applied anywhere, and are silent. It speaks
 * where workloads of the input name their namespaces and none lies where the policy goes; without workloads, where other
 * policies of the same file name theirs.
 */
export const NAMESPACE_MISSING: Check = {
  id: 'namespace-missing',
  severity: 'medium',
  scope: 'input',
  summary: 'a policy without a namespace among objects that name theirs',
  *find(context) {
    for (const policy of context.state.policies) {
      if (!isNetworkPolicy(policy) || namespaceOf(policy.object) !== undefined) continue;
      const others = neighbours(context, policy);
      if (others !== undefined) yield problemOf(context, policy, others);
    }
  },
};

/** Namespaces that are named where the policy would have to name its own; undefined where nothing shows that. */
function neighbours(context: CheckContext, policy: Policy): readonly string[] | undefined {
  const { workloads, byFile } = namedNamespaces(context);
  if (workloads.size > 0) return workloads.has(context.defaultNamespace) ? undefined : [...workloads];
  const file = policy.object.file;
  const found = file === undefined ? undefined : byFile.get(file);
  return found === undefined ? undefined : [...found];
}

const namedNamespaces = oncePerRun(({ state }) => {
  const workloads = new Set([...state.cluster.workloads.values()].map(({ namespace }) => namespace));
  const byFile = new Map<string, Set<string>>();
  for (const { object } of state.policies) {
    const namespace = namespaceOf(object);
    if (namespace !== undefined && object.file !== undefined)
      entry(byFile, object.file, () => new Set()).add(namespace);
  }
  return { workloads, byFile };
});

function namespaceOf(object: ManifestObject): string | undefined {
  const namespace = valueAt(object, ['metadata', 'namespace']);
  return typeof namespace === 'string' && namespace !== '' ? namespace : undefined;
}

function problemOf({ defaultNamespace }: CheckContext, policy: Policy, others: readonly string[]): Problem {
  const { object, ref } = policy;
  const [only, ...more] = [...others].sort();
  const fix: Fix | undefined =
    only === undefined || more.length > 0
      ? undefined
      : {
          title: `write namespace: ${only}`,
          edits: [{ op: 'set', object, path: ['metadata', 'namespace'], value: only }],
          announced: 'changes',
          safe: false,
        };
  return {
    object,
    policy,
    path: ['metadata'],
    key: true,
    message: `policy "${ref.name}" names no namespace and goes to ${defaultNamespace}, while the objects beside it name theirs`,
    hint: 'write metadata.namespace: a policy selects pods of its own namespace only',
    effect: `protects no pod of ${[only, ...more].slice(0, 5).join(', ')}${more.length > 4 ? ' …' : ''}`,
    ...(fix === undefined ? {} : { fix }),
  };
}
