// Default denials that go when something else is deleted: the pods are open from then on, and nobody has touched a policy.

import type { Fix } from '../../model/edit.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { isEverything } from '../../model/selector.ts';
import { valueAt } from '../../model/source.ts';
import { unionAll } from '../../sets/id-set.ts';
import { groupOf } from '../../snapshot/kinds.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { isIsolatedAnyway, onlyIsolatedBy, subjectOf } from '../isolation.ts';

/** Rule 111 of the catalogue. Silent where other policies isolate the same pods. */
export const OWNED_DEFAULT_DENY: Check = {
  id: 'owned-default-deny',
  severity: 'medium',
  scope: 'input',
  summary: 'a default denial that is deleted with the custom resource that owns it',
  *find(context) {
    for (const policy of context.state.policies) {
      const owners = customOwners(policy);
      if (owners.length === 0) continue;
      const directions = DIRECTIONS.filter((direction) => isOnlyDefault(context, policy, direction));
      if (directions.length === 0) continue;
      const pods = unionAll(directions.map((direction) => onlyIsolatedBy(context, policy, direction)));
      const impact = countPods(context, pods);
      const [{ index, kind, name }] = owners as [Owner];
      const { object } = policy;
      yield {
        object,
        policy,
        path: ['metadata', 'ownerReferences', index],
        message: `goes with ${kind} "${name}": once that is deleted, nothing isolates ${directions.join(' and ')} of these pods`,
        hint: 'keep the default denial apart from what comes and goes: without an owner, or owned by the namespace',
        ...(impact.pods === 0 ? {} : { effect: `would leave ${printImpact(impact)} open`, impact }),
        fix: withoutOwners(policy, owners),
      };
    }
  },
};

interface Owner {
  readonly index: number;
  readonly kind: string;
  readonly name: string;
}

/** Owners of custom kinds: such an object is deleted by whoever uses it, not with the namespace. */
function customOwners({ object }: Policy): readonly Owner[] {
  const references = valueAt(object, ['metadata', 'ownerReferences']);
  if (!Array.isArray(references)) return [];
  return references.flatMap((one: unknown, index): Owner[] => {
    if (typeof one !== 'object' || one === null) return [];
    const [apiVersion, kind, name] = ['apiVersion', 'kind', 'name'].map((key): unknown => Reflect.get(one, key));
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return [];
    const group = groupOf(apiVersion);
    return group.includes('.') && !group.endsWith('.k8s.io') ? [{ index, kind, name }] : [];
  });
}

/** Whether the policy denies everything to every pod of its namespace, and some pod has no other policy that isolates it. */
function isOnlyDefault(context: CheckContext, policy: Policy, direction: Direction): boolean {
  const part = policy[direction];
  if (part === undefined || !part.isolates || part.rules.length > 0 || !isEverything(part.subject.pods)) return false;
  if (subjectOf(context, policy, direction).length > 0) return onlyIsolatedBy(context, policy, direction).length > 0;
  return !isIsolatedAnyway(context, policy, direction, part.subject.pods);
}

function withoutOwners({ object }: Policy, owners: readonly Owner[]): Fix {
  const references = valueAt(object, ['metadata', 'ownerReferences']);
  const isAll = Array.isArray(references) && references.length === owners.length;
  const path = ['metadata', 'ownerReferences'] as const;
  return {
    title: 'take the owner away',
    edits: isAll
      ? [{ op: 'remove', object, path }]
      : owners.map(({ index }) => ({ op: 'remove' as const, object, path: [...path, index] })),
    announced: 'same',
    safe: false,
  };
}
