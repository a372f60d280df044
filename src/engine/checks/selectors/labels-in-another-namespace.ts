// Peers with a podSelector alone, whose labels only pods of other namespaces have.

import { possible } from '../../compile/match-set.ts';
import type { Fix } from '../../model/edit.ts';
import { printSelector } from '../../model/selector.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { findFlow } from '../flows.ts';
import { subjectOf } from '../isolation.ts';
import { NAME_LABEL, trafficOfRule } from '../rule-flows.ts';
import { type Dangling, danglingUses } from './dangling.ts';
import { peersMeantAsOne } from './split-peer.ts';

/** Rule 28 of the catalogue. Labels that pods of many namespaces have are no sign; see nobody.ts. */
export const LABELS_IN_ANOTHER_NAMESPACE: Check = {
  id: 'labels-in-another-namespace',
  severity: 'high',
  scope: 'input',
  summary: 'a podSelector without namespaceSelector whose labels only pods of other namespaces have',
  *find(context) {
    const split = peersMeantAsOne(context);
    for (const { use, mistake } of danglingUses(context)) {
      if (mistake.type !== 'elsewhere' || use.peer === undefined || split.has(use.peer)) continue;
      yield problemOf(context, use, mistake.namespaces);
    }
  },
};

function problemOf(context: CheckContext, use: Dangling['use'], names: readonly string[]): Problem {
  const { policy, peer, pods, direction, rule } = use;
  const { object, ref } = policy;
  const found = possible(context.select({ selector: { op: 'in', key: NAME_LABEL, values: names } }, pods, policy));
  const impact = countPods(context, found);
  const subject = subjectOf(context, policy, direction);
  const ports = trafficOfRule(rule!);
  const ends = direction === 'ingress' ? { from: found, to: subject } : { from: subject, to: found };
  const example = findFlow(context, { verdict: 'denied', ...ends, ...(ports === undefined ? {} : { ports }) });
  const where = `${names.length === 1 ? 'namespace' : 'namespaces'} ${names.join(', ')}`;
  const selector =
    names.length === 1
      ? { matchLabels: { [NAME_LABEL]: names[0] } }
      : { matchExpressions: [{ key: NAME_LABEL, operator: 'In', values: names }] };
  const fix: Fix = {
    title: `add a namespaceSelector for ${names.join(', ')}`,
    edits: [{ op: 'set', object, path: [...peer!.path, 'namespaceSelector'], value: selector }],
    announced: 'changes',
    safe: false,
  };
  return {
    object,
    policy,
    path: peer!.path,
    message: `no pod of namespace ${ref.namespace} has the labels ${printSelector(pods)}, but pods of ${where} have: a podSelector alone looks only in the policy's own namespace`,
    hint: 'name their namespace, too, in the same item of the list',
    effect: direction === 'ingress' ? `keeps ${printImpact(impact)} out` : `opens nothing of ${printImpact(impact)}`,
    impact,
    ...(example === undefined ? {} : { example }),
    fix,
  };
}
