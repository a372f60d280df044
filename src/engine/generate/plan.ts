// The plan: which workloads get a policy, what each of them needs in both directions, and the policies that say so, in an
// order that is safe to apply. Decides what is written; whether it is right is proof/'s business.

import { dialectOf } from '../dialects/registry.ts';
import type { Fields } from '../dialects/writer.ts';
import type { OperatorObject, Workload } from '../model/cluster.ts';
import type { Confidence, OpenQuestion, Party } from '../model/evidence.ts';
import { typedPair, workloadName } from '../model/party-names.ts';
import type { Direction, PolicyDirection, PolicyRef } from '../model/policy.ts';
import { EVERYTHING, type Selector } from '../model/selector.ts';
import type { IpSet } from '../sets/ip-set.ts';
import { groupOf } from '../snapshot/kinds.ts';
import type { State } from '../state.ts';
import { annotationsFor, MANAGED_BY } from './annotations.ts';
import { type Part, partOf } from './categories.ts';
import { customObjectsQuestions } from './custom-objects.ts';
import { type Demand, type PlannedRules, writeRules } from './demands.ts';
import { closingPolicies, foreignNames, foreignPolicies } from './foreign-policies.ts';
import { findIdentities, type Identity } from './identities.ts';
import { CONFIDENCES, type Need } from './needs.ts';
import { type NamingContext, namePeer } from './peers.ts';
import { DEFAULT_DENY, namePolicies } from './policy-names.ts';
import { podsByWorkload } from './stable-labels.ts';
import type { AddressBudget } from './widen-addresses.ts';

/** What is wanted. */
export interface PlanOptions {
  /** Namespaces whose workloads get policies, sorted. */
  readonly namespaces: readonly string[];
  readonly parts: ReadonlySet<Part>;
  /** Needs that are less sure than this are questions, and no rules. */
  readonly confidence: Confidence;
  readonly budget: AddressBudget;
  /** Addresses that widened blocks must not reach. */
  readonly never: IpSet;
}

/** Why a need is not in a rule. */
export interface Unwritten {
  readonly need: Need;
  readonly direction: Direction;
  /** Key of the workload whose policy would have it. */
  readonly workload: string;
  /** `excluded`: `--include` left its part out. `unsure`: below the confidence asked for. `nameless`: no rule can name the peer. */
  readonly why: 'excluded' | 'unsure' | 'nameless';
  readonly because: string;
  readonly hint: string;
}

/** One policy of the plan. */
export interface PlannedPolicy {
  readonly ref: PolicyRef & { readonly namespace: string };
  readonly purpose: 'workload' | 'default-deny';
  /** Key of its workload; absent for a default deny. */
  readonly workload?: string;
  /** Keys of other workloads whose pods its selector selects too, sorted. Empty: of none, or it is a default deny. */
  readonly selectsToo: readonly string[];
  /** The pods that it selects. */
  readonly subject: Selector;
  /** What its rules are made from, by direction. */
  readonly demands: Readonly<Record<Direction, readonly Demand[]>>;
  readonly ingress: PlannedRules;
  readonly egress: PlannedRules;
  /** The object, ready to be applied. */
  readonly value: Fields;
}

/** One workload of the namespaces asked for. */
export interface PlannedWorkload {
  readonly workload: Workload;
  readonly identity?: Identity;
  /** `host-network`: no policy can isolate it. `unselectable`: no selector means its pods alone. `no-pods`: it makes none. */
  readonly status: 'planned' | 'host-network' | 'unselectable' | 'no-pods';
  /** Needs with it as this end, all of them, written or not. */
  readonly ingress: readonly Need[];
  readonly egress: readonly Need[];
}

/** Everything that will be written, and everything that will not. */
export interface Plan {
  readonly workloads: readonly PlannedWorkload[];
  /** In the order in which they are to be applied. */
  readonly policies: readonly PlannedPolicy[];
  readonly needs: readonly Need[];
  readonly unwritten: readonly Unwritten[];
  readonly questions: readonly OpenQuestion[];
  readonly identities: ReadonlyMap<string, Identity>;
}

/** Makes the plan. Order of needs and of the snapshot does not show. */
export function planPolicies(state: State, needs: readonly Need[], options: PlanOptions): Plan {
  const { cluster } = state;
  const identities = findIdentities(cluster);
  const podsOf = podsByWorkload(cluster);
  const { localNodeEgress, localNodeIngress } = state.behaviour.knobs;
  const naming: NamingContext = {
    cluster,
    plan: state.plan,
    identities,
    podsOf,
    nodes: new Map(cluster.nodes.map((node) => [node.name, node])),
    nodeIsExempt: { ingress: localNodeIngress === 'allow', egress: localNodeEgress === 'allow' },
  };
  const ends = { ingress: byWorkload(needs, 'to'), egress: byWorkload(needs, 'from') };
  const workloads: PlannedWorkload[] = [];
  const policies: PlannedPolicy[] = [];
  const unwritten: Unwritten[] = [];
  const questions: OpenQuestion[] = [];
  const foreign = foreignPolicies(state);
  const homes = byNamespace(cluster.workloads.values());
  const operated = byNamespace(cluster.operatorObjects);
  const customObjectsIn = customObjectsQuestions(state);
  for (const namespace of options.namespaces) {
    const planned = (homes.get(namespace) ?? []).map((workload): PlannedWorkload => {
      const identity = identities.get(workload.key);
      const own = { ingress: ends.ingress.get(workload.key) ?? [], egress: ends.egress.get(workload.key) ?? [] };
      const pods = podsOf.get(workload.key) ?? [];
      const status = statusOf(
        pods.length > 0,
        pods.some(({ hostNetwork }) => hostNetwork),
        identity,
      );
      return { workload, status, ...own, ...(identity === undefined ? {} : { identity }) };
    });
    workloads.push(...planned);
    const groups = groupsOf(planned);
    const names = namePolicies(
      groups.map(([first]) => first!.workload),
      foreignNames(foreign, namespace),
    );
    for (const group of groups) {
      const { workload, identity } = group[0]!;
      const demandsIn = (direction: Direction): readonly Demand[] => {
        const demands: Demand[] = [];
        for (const need of group.flatMap((one) => one[direction])) {
          const fate = demandsOf(naming, need, direction, namespace, options);
          if ('why' in fate) unwritten.push({ need, direction, workload: workload.key, ...fate });
          else demands.push(...fate.demands);
        }
        return demands;
      };
      const demands = { ingress: demandsIn('ingress'), egress: demandsIn('egress') };
      const policy = workloadPolicy(workload, names.get(workload.key)!, identity!.selector!, demands, options);
      const others = new Set([...group.map((one) => one.workload.key), ...identity!.alsoSelects]);
      others.delete(workload.key);
      policies.push({ ...policy, selectsToo: [...others].sort() });
    }
    if (!options.parts.has('default-deny') || closingPolicies(foreign, namespace).length > 0) continue;
    const barred = planned.filter(({ status }) => status === 'unselectable');
    const unseen = unseenPods(state, operated.get(namespace) ?? []);
    questions.push(...barred.map(({ workload }) => noDefaultDeny(workload)), ...unseen.map(closesUnseen));
    if (barred.length > 0 || unseen.length > 0) continue;
    policies.push(defaultDeny(namespace, foreignNames(foreign, namespace)));
    const custom = customObjectsIn(namespace);
    if (custom !== undefined) questions.push(custom);
  }
  return { workloads, policies: inOrder(policies), needs, unwritten, questions, identities };
}

function statusOf(hasPods: boolean, onHost: boolean, identity: Identity | undefined): PlannedWorkload['status'] {
  if (!hasPods) return 'no-pods';
  if (onHost) return 'host-network';
  return identity?.selector === undefined ? 'unselectable' : 'planned';
}

function byNamespace<T extends { readonly namespace: string }>(all: Iterable<T>): ReadonlyMap<string, readonly T[]> {
  const homes = new Map<string, T[]>();
  for (const one of all) {
    const home = homes.get(one.namespace);
    if (home === undefined) homes.set(one.namespace, [one]);
    else home.push(one);
  }
  return homes;
}

/** Workloads that no selector tells apart share a policy: whatever one of them needs, the other gets. */
function groupsOf(planned: readonly PlannedWorkload[]): PlannedWorkload[][] {
  const own = planned.filter(({ status }) => status === 'planned');
  const byKey = new Map(own.map((one) => [one.workload.key, one]));
  const groups: PlannedWorkload[][] = [];
  const done = new Set<string>();
  for (const one of own) {
    if (done.has(one.workload.key)) continue;
    const same = [one, ...(one.identity?.alsoSelects ?? []).flatMap((key) => byKey.get(key) ?? [])].filter(
      (other) => other === one || isSameIdentity(one.identity, other.identity),
    );
    for (const other of same) done.add(other.workload.key);
    groups.push(same);
  }
  return groups;
}

function isSameIdentity(a: Identity | undefined, b: Identity | undefined): boolean {
  return JSON.stringify(a?.selector) === JSON.stringify(b?.selector);
}

function byWorkload(needs: readonly Need[], end: 'from' | 'to'): ReadonlyMap<string, readonly Need[]> {
  const lists = new Map<string, Need[]>();
  for (const need of needs) {
    const party: Party = need[end];
    if (party.type !== 'workload') continue;
    const list = lists.get(party.key);
    if (list === undefined) lists.set(party.key, [need]);
    else list.push(need);
  }
  return lists;
}

function demandsOf(
  naming: NamingContext,
  need: Need,
  direction: Direction,
  namespace: string,
  { parts, confidence }: PlanOptions,
): { readonly demands: readonly Demand[] } | Pick<Unwritten, 'why' | 'because' | 'hint'> {
  const part = partOf(need, direction, namespace);
  if (!parts.has(part)) {
    return { why: 'excluded', because: `--include leaves ${part} out`, hint: `add ${part} to --include` };
  }
  if (CONFIDENCES.indexOf(need.confidence) > CONFIDENCES.indexOf(confidence)) {
    const hint = `allow it with --allow "${typedPair(need.from, need.to, need.protocol, need.ports, naming.cluster.workloads)}", or look closer`;
    return { why: 'unsure', because: `it is only ${need.confidence}`, hint };
  }
  if (need.protocol === 'ICMP' || need.protocol === 'ICMPv6') {
    return {
      why: 'nameless',
      because: 'NetworkPolicies cannot name ICMP',
      hint: 'plugins differ on it: docs/behaviours.md',
    };
  }
  const named = namePeer(naming, direction === 'egress' ? need.to : need.from, namespace, direction);
  if (named.is === 'nameless') {
    const { because } = named;
    const hint = named.hint.replace(
      'SRC -> ADDRESS:PORT',
      typedPair(need.from, need.to, need.protocol, need.ports, naming.cluster.workloads),
    );
    return { why: 'nameless', because, hint };
  }
  return { demands: named.is === 'exempt' ? [] : named.terms.map((term) => ({ need, term })) };
}

function workloadPolicy(
  { key, namespace }: Workload,
  name: string,
  selector: Selector,
  demands: PlannedPolicy['demands'],
  { budget, never }: PlanOptions,
): PlannedPolicy {
  const rules = {
    ingress: writeRules(demands.ingress, budget, never),
    egress: writeRules(demands.egress, budget, never),
  };
  const ref = refOf(namespace, name);
  const value = written(ref, selector, rules, {
    labels: MANAGED_BY,
    annotations: annotationsFor(key, rules),
  });
  return { ref, purpose: 'workload', workload: key, selectsToo: [], subject: selector, demands, ...rules, value };
}

function defaultDeny(namespace: string, taken: ReadonlySet<string>): PlannedPolicy {
  const none: PlannedRules = { rules: [], smallest: true };
  const name = taken.has(DEFAULT_DENY) ? `${DEFAULT_DENY}-netweir` : DEFAULT_DENY;
  const ref = refOf(namespace, name);
  const says = 'pods that no other policy selects may neither be reached nor reach anything';
  const meta = { labels: MANAGED_BY, annotations: { 'netweir.dev/reasons': `${says}\n` } };
  const rules = { ingress: none, egress: none };
  const demands = { ingress: [], egress: [] };
  return {
    ref,
    purpose: 'default-deny',
    selectsToo: [],
    subject: EVERYTHING,
    demands,
    ...rules,
    value: written(ref, EVERYTHING, rules, meta),
  };
}

function refOf(namespace: string, name: string): PlannedPolicy['ref'] {
  return { dialect: 'network-policy', kind: 'NetworkPolicy', namespace, name };
}

function written(
  ref: PlannedPolicy['ref'],
  pods: Selector,
  rules: Readonly<Record<Direction, PlannedRules>>,
  { labels, annotations }: { readonly labels: Fields; readonly annotations: Fields },
): Fields {
  const part = (direction: Direction): PolicyDirection => ({
    subject: { namespaces: { name: ref.namespace }, pods },
    isolates: true,
    listed: true,
    rules: rules[direction].rules.map(({ content }, index) => ({ ...content, conditions: [], index, path: [] })),
  });
  const { writer } = dialectOf('networking.k8s.io/v1', 'NetworkPolicy')!;
  const value = writer.policy({
    ref,
    tier: 'NetworkPolicy',
    order: 0,
    ingress: part('ingress'),
    egress: part('egress'),
  });
  if (value === undefined) throw new Error(`NetworkPolicy has no words for ${ref.namespace}/${ref.name}`);
  const metadata = { ...(value['metadata'] as Fields), labels, annotations };
  return { ...value, metadata };
}

/**
 * Policies of workloads first: each allows all that its pods need. One that selects pods of others too comes after theirs, which
 * it would cut off otherwise. What closes whole namespaces comes last.
 */
function inOrder(policies: readonly PlannedPolicy[]): PlannedPolicy[] {
  const of = (purpose: PlannedPolicy['purpose']) => policies.filter((policy) => policy.purpose === purpose);
  const workloads = of('workload').sort((a, b) => a.selectsToo.length - b.selectsToo.length);
  return [...workloads, ...of('default-deny')];
}

/** Objects of one namespace of which an operator makes pods that the snapshot does not have: nobody knows all that those need. */
function unseenPods({ cluster }: State, objects: readonly OperatorObject[]): readonly OperatorObject[] {
  return objects.filter((one) => {
    const group = groupOf(String(one.object.value['apiVersion']));
    const key = `${one.namespace}/${one.kind}${group === '' ? '' : `.${group}`}/${one.name}`;
    return !cluster.workloads.has(key);
  });
}

function closesUnseen({ namespace, kind, name, object }: OperatorObject): OpenQuestion {
  return {
    about: 'operator-pods',
    says: `namespace ${namespace} gets no default deny: it would cut off the pods that an operator makes of ${kind} ${namespace}/${name}, and no manifest shows what they need`,
    hint: 'read the namespace with its pods as they run in a cluster',
    source: object.locate(['kind']),
  };
}

function noDefaultDeny({ key, namespace }: Workload): OpenQuestion {
  return {
    about: 'unselectable',
    workload: key,
    says: `namespace ${namespace} gets no default deny: it would cut off ${workloadName(key)}, whose pods have no label that lasts`,
    hint: 'give its pod template a label, such as app.kubernetes.io/name',
  };
}
