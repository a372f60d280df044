// Why a log and the policies of the input may not say the same of one record: policies that changed since, plugins that
// behave otherwise, policies that are not in the input.

import { comparedBehaviours } from '../behaviours/index.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { Policy, PolicyRef } from '../model/policy.ts';
import { isObject } from '../snapshot/reading.ts';
import { type State, withBehaviour } from '../state.ts';
import type { DifferenceReason } from './flow-explanation-document.ts';
import { agreement, type Connection, type JudgedRecord, judge } from './judge-record.ts';
import { isoTime } from './replay-parts.ts';

/** What may be the reason, likeliest first. */
export function differencesOf(
  state: State,
  flow: ObservedFlow,
  what: Connection,
  judged: JudgedRecord,
  assumptions: readonly string[],
): DifferenceReason[] {
  const found = [
    ...missingPolicies(state, flow),
    ...foreignPolicies(flow),
    ...newerPolicies(flow, judged),
    ...removed(flow, judged),
    ...otherPlugins(state, flow, what, assumptions),
    ...gonePods(what),
    ...incomplete(state),
  ];
  if (found.length > 0) return found;
  return [{ about: 'no-plugin', says: 'under no plugin that is known would these policies do what the log says' }];
}

function missingPolicies({ policies }: State, flow: ObservedFlow): DifferenceReason[] {
  const known = new Set(policies.map(({ ref }) => refText(ref)));
  return (flow.policies ?? [])
    .filter((ref) => !known.has(refText(ref)))
    .map((ref) => ({
      about: 'policy-missing',
      says: `the log names ${refText(ref)}, which the input does not hold`,
      hint: 'it was removed or renamed since, or the input is not that of the cluster',
    }));
}

function foreignPolicies({ foreignPolicies = [] }: ObservedFlow): DifferenceReason[] {
  return foreignPolicies.map(({ kind, namespace, name }) => ({
    about: 'foreign-policy',
    says: `the log names ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}, a kind that is not read`,
  }));
}

/** Policies that had a say here and were made after the record was written. */
export function newerPolicies({ last }: ObservedFlow, { trace }: JudgedRecord): DifferenceReason[] {
  if (last === undefined || trace === undefined) return [];
  const involved = new Set<Policy>();
  for (const side of [trace.egress, trace.ingress]) {
    for (const policy of side.isolatedBy) involved.add(policy);
    for (const { policy } of side.steps) if (policy !== undefined) involved.add(policy);
  }
  return [...involved]
    .flatMap((policy): DifferenceReason[] => {
      const made = createdAt(policy);
      if (made === undefined || made <= last) return [];
      return [
        { about: 'policy-newer', says: `${refText(policy.ref)} was created at ${isoTime(made)}, after the record` },
      ];
    })
    .sort((a, b) => (a.says < b.says ? -1 : 1));
}

function createdAt({ object }: Policy): number | undefined {
  const metadata = object.value['metadata'];
  const text = isObject(metadata) ? metadata['creationTimestamp'] : undefined;
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Plugins under which the policies would say what the log says. */
function otherPlugins(
  state: State,
  flow: ObservedFlow,
  what: Connection,
  assumptions: readonly string[],
): DifferenceReason[] {
  const agreeing = comparedBehaviours(undefined, assumptions).filter((behaviour) => {
    const other = withBehaviour(state, behaviour);
    return agreement(flow, what, judge(other, flow, what).compared) === 'yes';
  });
  if (agreeing.length === 0) return [];
  const names = agreeing.map(({ name }) => name);
  return [
    {
      about: 'plugin',
      says: `these policies do what the log says on ${names.join(', ')}`,
      hint: `--cni ${names[0]} answers as that plugin behaves`,
    },
  ];
}

/** Ends of which the snapshot only knows what their workload makes now. */
function gonePods({ from, to }: Connection): DifferenceReason[] {
  const isGone = [from, ...to].some(({ party, pod }) => party.type === 'workload' && pod === undefined);
  if (!isGone) return [];
  const says = 'a pod of the record is not in the input: it was judged by the pods that its workload has now';
  return [{ about: 'pod-gone', says, hint: 'give a snapshot of the time of the log' }];
}

function incomplete({ gaps }: State): DifferenceReason[] {
  if (gaps.length === 0) return [];
  return [{ about: 'incomplete-input', says: 'the input was not read or understood in full' }];
}

/** Nothing in the input denies what the log says a policy denied. */
function removed({ verdict, seenAt }: ObservedFlow, { compared }: JudgedRecord): DifferenceReason[] {
  if (verdict.kind !== 'denied' || compared !== 'allowed') return [];
  const where = seenAt === undefined ? '' : seenAt === 'egress' ? ' where it leaves' : ' where it arrives';
  return [
    {
      about: 'policy-removed',
      says: `no policy of the input denies it${where}: one that did was changed or removed since, or is of a kind that is not read`,
    },
  ];
}

function refText({ kind, namespace, name }: Omit<PolicyRef, 'dialect'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
