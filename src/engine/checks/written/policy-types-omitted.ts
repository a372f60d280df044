// policyTypes left out where what the API server fills in is not what the rules suggest.

import {
  areRulesEmpty,
  areTypesOmitted,
  isNetworkPolicy,
  POLICY_TYPES,
  rulesPath,
  TYPES_PATH,
} from '../../dialects/network-policy/written.ts';
import type { Policy } from '../../model/policy.ts';
import { valueAt } from '../../model/source.ts';
import { everyId } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { isolationLost } from '../fixes.ts';
import { findFlow } from '../flows.ts';
import { isIsolatedAnyway, onlyIsolatedBy, subjectOf } from '../isolation.ts';

/** Rule 1 of the catalogue, and its mirror: `egress: []` without policyTypes denies nothing. */
export const POLICY_TYPES_OMITTED: Check = {
  id: 'policy-types-omitted',
  severity: 'high',
  scope: 'object',
  summary: 'policyTypes left out where the API server fills in what the rules do not suggest',
  *find(context) {
    for (const policy of context.state.policies) {
      if (!isNetworkPolicy(policy) || !areTypesOmitted(policy)) continue;
      const hasEgress = (policy.egress?.rules.length ?? 0) > 0;
      if (hasEgress && valueAt(policy.object, rulesPath('ingress')) == null) yield closesIngress(context, policy);
      else if (areRulesEmpty(policy, 'egress')) yield* leavesEgressOpen(context, policy);
    }
  },
};

/** Only egress rules: ingress is listed all the same. */
function closesIngress(context: CheckContext, policy: Policy): Problem {
  const { object } = policy;
  const closed = onlyIsolatedBy(context, policy, 'ingress');
  const { pods } = policy.ingress!.subject;
  const matters =
    subjectOf(context, policy, 'ingress').length > 0
      ? closed.length > 0
      : !isIsolatedAnyway(context, policy, 'ingress', pods);
  const example = findFlow(context, { verdict: 'denied', from: everyId(context.pods.length), to: closed });
  const impact = countPods(context, closed);
  return {
    object,
    policy,
    path: rulesPath('egress'),
    key: true,
    ...(matters ? {} : { severity: 'low' }),
    message: `policyTypes is left out, so the API server lists Ingress beside Egress: with egress rules only, the policy also denies all ingress${matters ? '' : ', as other policies do'}`,
    hint: 'list Egress alone, or both to say that it is meant',
    ...(impact.pods === 0 ? {} : { effect: `closes all ingress of ${printImpact(impact)}`, impact }),
    ...(example === undefined ? {} : { example }),
    fix: {
      title: 'write policyTypes: [Egress]',
      edits: [{ op: 'set', object, path: TYPES_PATH, value: [POLICY_TYPES.egress] }],
      announced: isolationLost(context),
      safe: false,
    },
    alternatives: [
      {
        title: 'write policyTypes: [Ingress, Egress] and ingress: [], which says what is stored',
        edits: [
          { op: 'set', object, path: TYPES_PATH, value: [POLICY_TYPES.ingress, POLICY_TYPES.egress] },
          { op: 'set', object, path: rulesPath('ingress'), value: [] },
        ],
        announced: 'same',
        safe: false,
      },
    ],
  };
}

/** An empty list of egress rules looks like a denial, but without types nothing lists Egress. */
function* leavesEgressOpen(context: CheckContext, policy: Policy): Generator<Problem> {
  const { object } = policy;
  if (isIsolatedAnyway(context, policy, 'egress', policy.ingress!.subject.pods)) return;
  const subject = subjectOf(context, policy, 'ingress');
  const impact = countPods(context, subject);
  const example = findFlow(context, { verdict: 'allowed', from: subject, to: everyId(context.pods.length) });
  yield {
    object,
    policy,
    path: rulesPath('egress'),
    key: true,
    message: 'egress: [] denies nothing here: policyTypes is left out, so the API server lists Ingress only',
    hint: 'list Egress in policyTypes',
    ...(impact.pods === 0 ? {} : { effect: `leaves the egress of ${printImpact(impact)} open`, impact }),
    ...(example === undefined ? {} : { example }),
    fix: {
      title: 'write policyTypes: [Ingress, Egress]',
      edits: [{ op: 'set', object, path: TYPES_PATH, value: [POLICY_TYPES.ingress, POLICY_TYPES.egress] }],
      announced: 'closes',
      safe: false,
    },
  };
}
