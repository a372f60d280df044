// Rules of policies that were there before, for pods that somebody chose by their labels, and of which nothing would be left.
// Whoever wrote them meant something: it is a question, and never a reason for a rule. Knows no evidence.

import type { Check } from '../checks/check.ts';
import { DESTINATION_CLOSED } from '../checks/isolation/destination-closed.ts';
import { SOURCE_CLOSED } from '../checks/isolation/source-closed.ts';
import { unmatchedRules } from '../checks/isolation/unmatched-rule.ts';
import { runChecks } from '../checks/run-checks.ts';
import { isOurs } from '../generate/foreign-policies.ts';
import type { OpenQuestion } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Policy, PolicyDirection, Rule } from '../model/policy.ts';
import { type State, withPolicies } from '../state.ts';

/** A question about a rule, and the connection that it is about, as it is typed. */
export interface Contradicted {
  readonly question: OpenQuestion;
  readonly connection: string;
}

/**
 * Questions about rules that let something through before, as far as the policies of somebody else decide, and nothing once
 * the plan is in force. In order of places and texts. Empty also where all policies were generated.
 */
export function findContradicted(state: State, after: State): Contradicted[] {
  const foreign = state.policies.filter(({ object }) => !isOurs(object.value));
  if (foreign.length === 0) return [];
  // Of findings without an example no flow can be named, and so nobody can be asked.
  const before = new Set(closedRules(withPolicies(state, foreign.map(withPortsApart))).map(placeOf));
  const apart = after.policies.map((policy) => (isOurs(policy.object.value) ? policy : withPortsApart(policy)));
  const asked = closedRules(withPolicies(after, apart))
    .filter((finding) => finding.object !== undefined && !isOurs(finding.object.value) && !before.has(placeOf(finding)))
    .flatMap(questionOf)
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : 0));
  // Two rules of a policy may be about the same connection.
  return asked.filter(({ question }, index) => question.says !== asked[index - 1]?.question.says);
}

/** The same with a rule for each port: one that is needed says nothing of the others that stand beside it. */
function withPortsApart(policy: Policy): Policy {
  const split = (part: PolicyDirection | undefined): PolicyDirection | undefined =>
    part === undefined ? undefined : { ...part, rules: part.rules.flatMap(rulesOfPorts) };
  const [ingress, egress] = [split(policy.ingress), split(policy.egress)];
  return { ...policy, ...(ingress === undefined ? {} : { ingress }), ...(egress === undefined ? {} : { egress }) };
}

function rulesOfPorts(rule: Rule): readonly Rule[] {
  const { ports } = rule;
  return typeof ports === 'string' ? [rule] : ports.map((port): Rule => ({ ...rule, ports: [port] }));
}

/** The checks of both sides, for rules that mean whole namespaces too: nothing may be left of them either. */
const CLOSED: readonly Check[] = [
  { ...SOURCE_CLOSED, find: (context) => unmatchedRules(context, 'ingress', true) },
  { ...DESTINATION_CLOSED, find: (context) => unmatchedRules(context, 'egress', true) },
];

function closedRules(state: State): Finding[] {
  const found = runChecks(state, CLOSED, state.defaultNamespace, 'all');
  return found.filter(({ policy, severity }) => policy !== undefined && severity === 'high');
}

function questionOf({ policy, example, source }: Finding): Contradicted[] {
  if (policy === undefined || example === undefined) return [];
  const name = policy.namespace === undefined ? policy.name : `${policy.namespace}/${policy.name}`;
  const question = {
    about: 'existing-rule',
    says: `${name} has a rule for ${example}, and nothing else here says that it is needed: it will be denied`,
    hint: `if it is needed: --allow "${example}"`,
    ...(source === undefined ? {} : { source }),
  };
  return [{ question, connection: example }];
}

/** A port of a rule of a policy, the same in both states. */
function placeOf({ check, policy, source, example }: Finding): string {
  const port = example?.slice(example.lastIndexOf(':'));
  return JSON.stringify([check, policy?.namespace, policy?.name, policy?.kind, source?.path, port]);
}

function orderOf({ question: { says, source } }: Contradicted): string {
  return `${says} ${source?.path ?? ''}`;
}
