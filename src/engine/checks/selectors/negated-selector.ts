// Peers that say only who is not meant: everybody else is, pods without the label included.

import { possible } from '../../compile/match-set.ts';
import { addRequirement } from '../../dialects/writing/label-selector.ts';
import { writtenRequirements } from '../../dialects/written-selectors.ts';
import type { Fix } from '../../model/edit.ts';
import { labelOf, printSelector, type Selector } from '../../model/selector.ts';
import { type Path, valueAt } from '../../model/source.ts';
import { idSet, membersOf } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { findFlow } from '../flows.ts';
import { selectsNobody, subjectOf } from '../isolation.ts';
import { NAME_LABEL, portsOfRule, trafficOfRule } from '../rule-flows.ts';
import { namespacesPathOf, podsPathOf, type SelectorUse, selectorUses } from './selector-uses.ts';

/**
 * Rule 40 of the catalogue. Beside labels that must be there a negation only narrows. It speaks where nothing but negations
 * says who gets in: `NotIn` and `DoesNotExist` hold for everybody who leaves the label out.
 */
export const NEGATED_SELECTOR: Check = {
  id: 'negated-selector',
  severity: 'medium',
  scope: 'object',
  summary: 'a peer that only says who is not meant, so that pods without the label are let in',
  *find(context) {
    for (const use of selectorUses(context)) {
      const { policy, direction, rule, peer } = use;
      if (peer === undefined || direction !== 'ingress' || rule!.action !== 'Accept') continue;
      if (selectsNobody(context, policy, direction)) continue;
      const { namespaces: scope, pods } = use;
      const [podsPath, namespacesPath] = [
        isNegative(pods) ? podsPathOf(use) : undefined,
        'selector' in scope && isNegative(scope.selector) ? namespacesPathOf(use) : undefined,
      ];
      if (podsPath !== undefined) yield* problemsOf(context, use, podsPath, 'pods');
      if (namespacesPath !== undefined) yield* problemsOf(context, use, namespacesPath, 'namespaces');
    }
  },
};

/** Whether the selector asks for nothing but absence. */
function isNegative(selector: Selector): boolean {
  const parts = selector.op === 'and' ? selector.of : [selector];
  return parts.length > 0 && parts.every(({ op }) => op === 'not-in' || op === 'not-exists');
}

function* problemsOf(
  context: CheckContext,
  use: SelectorUse,
  path: Path,
  of: 'pods' | 'namespaces',
): Generator<Problem> {
  const { policy, rule } = use;
  const { object } = policy;
  const all = writtenRequirements(object, path);
  const [first] = all;
  if (first === undefined) return;
  const { key, op } = first.requirement;
  // Every namespace has its name.
  if (all.every(({ requirement }) => requirement.key === NAME_LABEL)) return;
  const sources = possible(context.select(use.namespaces, use.pods, policy));
  const without = idSet(
    membersOf(sources).filter((id) => {
      const pod = context.pods[id]!.endpoint.pod!;
      return labelOf(of === 'pods' ? pod.labels : pod.namespaceLabels, key) === undefined;
    }),
  );
  if (sources.length > 0 && without.length === 0) return;
  const impact = countPods(context, without);
  const traffic = trafficOfRule(rule!);
  const subject = subjectOf(context, policy, 'ingress');
  const example = findFlow(context, {
    verdict: 'allowed',
    from: without,
    to: subject,
    ...(traffic === undefined ? {} : { ports: traffic }),
  });
  const edits = op === 'not-in' ? addRequirement(valueAt(object, path), path, { op: 'exists', key }) : undefined;
  const fix: Fix | undefined =
    edits === undefined
      ? undefined
      : {
          title: `ask for the label ${key}, too`,
          edits: edits.map((edit) => ({ ...edit, object })),
          announced: 'closes',
          safe: false,
        };
  const written = printSelector({ op: 'and', of: all.map(({ requirement }) => requirement) });
  yield {
    object,
    policy,
    path,
    message: `${written} only says which ${of} are not meant: all others are let in, ${of} without the label ${key} included`,
    hint: `say which ${of} are meant`,
    ...(impact.pods === 0
      ? { severity: 'low' }
      : { effect: `opens ${portsOfRule(rule!)} to ${printImpact(impact)} without the label ${key}`, impact }),
    ...(example === undefined ? {} : { example }),
    ...(fix === undefined ? {} : { fix }),
  };
}
