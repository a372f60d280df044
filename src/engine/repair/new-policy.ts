// Policies that a repair adds: a NetworkPolicy for certain pods, and a policy of a tier before what decides now. Each has a
// name that nothing has yet.

import { dialectOf } from '../dialects/registry.ts';
import type { RuleContent } from '../dialects/writer.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Policy, PolicyDirection, PolicyRef, Rule, Subject } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import { subjectFor } from './authored.ts';
import { type Draft, policiesAfter, readObject } from './draft.ts';
import { type Move, move } from './move.ts';
import type { Need } from './need.ts';
import type { RepairContext } from './repair-context.ts';

const NETWORK_POLICY = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' } as const;

/** What a new NetworkPolicy is to say beside its subject and direction. */
export interface NewPolicy {
  readonly namespace: string;
  /** Whether nothing isolated its pods before, and its rules do not make up for that. */
  readonly isolates: boolean;
  /** As of {@link Move}. */
  readonly lost?: number;
  readonly rules: readonly RuleContent[];
  /** Policies that concern the same pods: the new one stands beside the first of its namespace. */
  readonly beside: readonly Policy[];
}

/** Adds a NetworkPolicy for the subjects of a need; undefined where no selector means just these. */
export function newPolicy(context: RepairContext, draft: Draft, need: Need, made: NewPolicy): Move | undefined {
  const { namespace, rules, isolates, lost } = made;
  const subject = subjectFor(context, need.subjects, namespace);
  if (subject === undefined) return undefined;
  const ref: PolicyRef = {
    dialect: 'network-policy',
    kind: NETWORK_POLICY.kind,
    namespace,
    name: freeName(context, draft, namespace, nameFor(need, rules.length === 0 ? 'deny' : 'allow')),
  };
  const part = directionOf(subject, rules, true);
  const value = dialectOf(NETWORK_POLICY.apiVersion, NETWORK_POLICY.kind)!.writer.policy({
    ref,
    tier: 'NetworkPolicy',
    order: 0,
    [need.direction]: part,
  });
  if (value === undefined) return undefined;
  const beside = neighbour(context, draft, made, need.subjects);
  const edit = { op: 'add-object' as const, value, ...(beside === undefined ? {} : { beside }) };
  return move(`add NetworkPolicy ${namespace}/${ref.name}`, 2, [edit], {
    isolates,
    adds: true,
    ...(lost === undefined ? {} : { lost }),
  });
}

/** Adds a policy of the same kind and tier as another one, before all orders from `before` on; undefined where none is left. */
export function newTierPolicy(
  context: RepairContext,
  draft: Draft,
  need: Need,
  made: { readonly like: Policy; readonly before: number; readonly rule: RuleContent },
): Move | undefined {
  const { like, rule } = made;
  const subject = subjectFor(context, need.subjects, undefined);
  const order = freeOrder(context, draft, like, made.before);
  // A cluster has one BaselineAdminNetworkPolicy.
  if (subject === undefined || order === undefined || like.ref.kind === 'BaselineAdminNetworkPolicy') return undefined;
  const word = rule.action === 'Deny' ? 'deny' : rule.action === 'Pass' ? 'pass' : 'allow';
  const ref: PolicyRef = { ...like.ref, name: freeName(context, draft, undefined, nameFor(need, word, true)) };
  const value = dialectOf(like.apiVersion, like.ref.kind)!.writer.policy({
    ref,
    tier: like.tier,
    order,
    [need.direction]: directionOf(subject, [rule], false),
  });
  if (value === undefined) return undefined;
  const beside = readObject(draft, like.object);
  return move(`add ${ref.kind} ${ref.name}`, 2, [{ op: 'add-object', value, beside }], { adds: true });
}

function directionOf(subject: Subject, rules: readonly RuleContent[], isolates: boolean): PolicyDirection {
  const listed = rules.map((rule, index): Rule => ({ ...rule, conditions: [], index, path: [] }));
  return { subject, isolates, rules: listed, listed: true };
}

/** The highest order that is still before: equal orders leave open who wins. */
function freeOrder(context: RepairContext, draft: Draft, like: Policy, before: number): number | undefined {
  const taken = new Set(
    policiesAfter(context.tiered, draft)
      .filter(({ tier }) => tier === like.tier)
      .map(({ order }) => order),
  );
  for (let order = before - 1; order >= 0; order--) if (!taken.has(order)) return order;
  return undefined;
}

/** The object that the new one goes behind: a policy of the namespace that isolates the subject, else any, else the pods' own. */
function neighbour(
  context: RepairContext,
  draft: Draft,
  { namespace, beside }: NewPolicy,
  subjects: readonly Unit[],
): ManifestObject | undefined {
  const isNear = ({ ref }: Policy): boolean => ref.namespace === namespace;
  const isRead = ({ object }: Policy): boolean => !draft.added.some(({ policy }) => policy.object === object);
  const policy = beside.find((one) => isNear(one) && isRead(one)) ?? context.state.policies.find(isNear);
  if (policy !== undefined) return readObject(draft, policy.object);
  const [unit] = subjects;
  return unit?.type === 'workload' ? unit.workload.object : undefined;
}

/** `db-from-web`, `web-to-db`, `db-deny-ingress`; a cluster-scoped name begins with the namespace. */
function nameFor({ direction, subjects, peers }: Need, word: string, isClusterWide: boolean = false): string {
  const subject = nameOf(subjects);
  const middle = direction === 'ingress' ? 'from' : 'to';
  const what = word === 'allow' ? `${middle}-${nameOf(peers)}` : `${word}-${direction}`;
  const prefix = isClusterWide ? `${subjects[0]?.endpoint.pod?.namespace ?? ''}-` : '';
  return `${prefix}${subject}-${isClusterWide && word !== 'allow' ? `${word}-${middle}-${nameOf(peers)}` : what}`;
}

/** One unit by its name, several pods by their namespace, addresses by what they are. */
function nameOf(units: readonly Unit[]): string {
  const [unit] = units;
  if (unit === undefined) return 'nobody';
  const { pod } = unit.endpoint;
  if (pod === undefined) return kebab(unit.type === 'addresses' ? (unit.name ?? 'addresses') : unit.endpoint.name);
  if (units.length > 1) return kebab(pod.namespace);
  return kebab(unit.type === 'workload' ? unit.workload.name : Object.values(pod.labels).sort().join('-'));
}

/** As names of objects are: lower case, digits, dashes. */
function kebab(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'pods' : plain.slice(0, 60).replace(/-+$/, '');
}

/** The name, with a number where it is taken. */
function freeName(context: RepairContext, draft: Draft, namespace: string | undefined, name: string): string {
  const taken = new Set(
    policiesAfter(context.state.policies, draft)
      .filter(({ ref }) => ref.namespace === namespace)
      .map(({ ref }) => ref.name),
  );
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
