// What became of a Hubble flow: its verdict, why it was dropped, and the policies that are named for it. Source of the
// numbers: Cilium's flow.proto (Verdict, DropReason).

import type { FlowVerdict } from '../../engine/model/flow.ts';
import type { DialectName, PolicyRef } from '../../engine/model/policy.ts';
import { comparePolicies } from '../flow-key.ts';
import { enumAt, type Json, numberAt, objectAt, objectsAt, textAt, textsAt } from './hubble-record.ts';

const VERDICTS: Readonly<Record<number, string>> = {
  0: 'VERDICT_UNKNOWN',
  1: 'FORWARDED',
  2: 'DROPPED',
  3: 'ERROR',
  4: 'AUDIT',
  5: 'REDIRECTED',
  6: 'TRACED',
  7: 'TRANSLATED',
};

const DROP_REASONS: Readonly<Record<number, string>> = {
  133: 'POLICY_DENIED',
  181: 'POLICY_DENY',
  189: 'AUTH_REQUIRED',
};

/** No rule allows it, a rule denies it, a rule allows it only after authentication: all else is not a policy's doing. */
const BY_POLICY: readonly string[] = ['POLICY_DENIED', 'POLICY_DENY', 'AUTH_REQUIRED'];

const DIALECTS: Readonly<Record<string, DialectName>> = {
  NetworkPolicy: 'network-policy',
  ClusterNetworkPolicy: 'cluster-network-policy',
  AdminNetworkPolicy: 'admin-network-policy',
  BaselineAdminNetworkPolicy: 'admin-network-policy',
};

/** Number of `event_type.type` for the verdict of policies. */
const POLICY_VERDICT = 5;

/** The verdict, and whether a policy in audit mode would have denied what was let through. */
export function verdictOf(flow: Json): { readonly verdict: FlowVerdict; readonly isAudited: boolean } {
  const word = enumAt(flow, 'verdict', VERDICTS);
  if (word === 'FORWARDED' || word === 'REDIRECTED') return { verdict: { kind: 'allowed' }, isAudited: false };
  if (word === 'AUDIT') return { verdict: { kind: 'allowed' }, isAudited: true };
  if (word !== 'DROPPED') return { verdict: { kind: 'unknown' }, isAudited: false };
  // A proxy refuses one request of a connection that policies for addresses and ports have let through.
  if (textAt(flow, 'Type') === 'L7')
    return { verdict: { kind: 'denied', by: 'other', reason: 'refused by a proxy' }, isAudited: false };
  const number = numberAt(flow, 'drop_reason');
  const reason =
    enumAt(flow, 'drop_reason_desc', DROP_REASONS) ??
    (number === 0 ? undefined : (DROP_REASONS[number] ?? `${number}`));
  const event = objectAt(flow, 'event_type');
  const isPolicy =
    reason === undefined
      ? event !== undefined && numberAt(event, 'type') === POLICY_VERDICT
      : BY_POLICY.includes(reason);
  const verdict = { kind: 'denied', by: isPolicy ? 'policy' : 'other', ...(reason === undefined ? {} : { reason }) };
  return { verdict: verdict as FlowVerdict, isAudited: false };
}

/** Policies that a flow names, by whether their kind has a dialect. Absent: none. */
export interface NamedPolicies {
  readonly policies?: readonly PolicyRef[];
  readonly foreignPolicies?: readonly Omit<PolicyRef, 'dialect'>[];
}

/** The policies that allowed or denied the flow. What Cilium allows by itself has labels and no name, and is left out. */
export function policiesOf(flow: Json): NamedPolicies {
  const policies: PolicyRef[] = [];
  const foreign: Omit<PolicyRef, 'dialect'>[] = [];
  for (const list of ['egress_allowed_by', 'ingress_allowed_by', 'egress_denied_by', 'ingress_denied_by']) {
    for (const entry of objectsAt(flow, list)) {
      const name = textAt(entry, 'name');
      if (name === undefined) continue;
      const namespace = textAt(entry, 'namespace');
      const kind = textAt(entry, 'kind') ?? derivedFrom(entry) ?? 'policy';
      const ref = { kind, ...(namespace === undefined ? {} : { namespace }), name };
      const dialect = Object.hasOwn(DIALECTS, kind) ? DIALECTS[kind] : undefined;
      if (dialect === undefined) foreign.push(ref);
      else policies.push({ dialect, ...ref });
    }
  }
  return {
    ...(policies.length === 0 ? {} : { policies: unique(policies) }),
    ...(foreign.length === 0 ? {} : { foreignPolicies: unique(foreign) }),
  };
}

/** Before Cilium 1.16 the kind stands in a label only. */
function derivedFrom(entry: Json): string | undefined {
  const label = textsAt(entry, 'labels').find((text) => text.startsWith('k8s:io.cilium.k8s.policy.derived-from='));
  return label?.slice(label.indexOf('=') + 1);
}

function unique<T extends Omit<PolicyRef, 'dialect'>>(refs: readonly T[]): readonly T[] {
  const sorted = [...refs].sort(comparePolicies);
  return sorted.filter((ref, index) => index === 0 || comparePolicies(sorted[index - 1]!, ref) !== 0);
}
