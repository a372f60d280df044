// Selectors that select no pod, where the input can tell: the namespaces that are meant are in it with their pods, none of
// which an operator may still make. And what was probably meant instead.

import { entry } from '../../compile/entry.ts';
import { possible } from '../../compile/match-set.ts';
import type { Service } from '../../model/cluster.ts';
import { nearestNames } from '../../model/nearest-names.ts';
import type { NamespaceScope } from '../../model/policy.ts';
import {
  EVERYTHING,
  isEverything,
  type Labels,
  labelOf,
  type Requirement,
  type Selector,
  selectorKey,
  selects,
  selectsPartly,
} from '../../model/selector.ts';
import { membersOf } from '../../sets/id-set.ts';
import { operatorPodLabels } from '../../snapshot/operators.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';
import { namesOfScope } from '../rule-flows.ts';
import type { SelectorUse } from './selector-uses.ts';

/** What a selector that selects nobody probably means; the first that fits. */
export type Mistake =
  /** The labels are those of a Service, whose pods have others. */
  | { readonly type: 'service'; readonly service: Service }
  /** Pods with the labels are in these namespaces, and the peer names none. */
  | { readonly type: 'elsewhere'; readonly namespaces: readonly string[] }
  /** One requirement is nearly that of a pod: another value or another key. */
  | { readonly type: 'near'; readonly requirement: Requirement; readonly value?: string; readonly key?: string }
  | { readonly type: 'none' };

interface Inhabitants {
  /** By namespace: labels of its pods, each distinct object once. */
  readonly labels: ReadonlyMap<string, readonly Labels[]>;
  readonly services: ReadonlyMap<string, readonly Service[]>;
  /** By namespace: the labels that are sure of the pods of operators' objects. */
  readonly operators: ReadonlyMap<string, readonly Labels[]>;
  readonly uncertain: 'all' | ReadonlySet<string>;
  readonly answers: Map<string, Mistake | undefined>;
}

const inhabitantsOf = oncePerRun(({ state }): Inhabitants => {
  const { cluster, gaps } = state;
  const labels = new Map<string, Labels[]>();
  for (const pod of cluster.pods) entry(labels, pod.namespace, () => []).push(pod.labels);
  const services = new Map<string, Service[]>();
  for (const service of cluster.services) entry(services, service.namespace, () => []).push(service);
  const operators = new Map<string, Labels[]>();
  for (const { namespace, object } of cluster.operatorObjects) {
    entry(operators, namespace, () => []).push(operatorPodLabels(object));
  }
  const uncertain = gaps.some((gap) => gap.namespaces === 'all')
    ? 'all'
    : new Set(gaps.flatMap((gap) => gap.namespaces));
  return { labels, services, operators, uncertain, answers: new Map() };
});

/** Namespaces that every cluster has and that nobody writes down: with their objects the input is a whole cluster. */
const BUILT_IN = ['default', 'kube-system', 'kube-public'];

/** Reports whether the input shows all namespaces of a cluster, as a dump of a live one does. */
export function isWholeCluster({ state }: CheckContext): boolean {
  return BUILT_IN.every((name) => state.cluster.namespaces.get(name)?.declared === true);
}

/**
 * Why the subject or peer selects nobody; undefined where it selects somebody, or where the input cannot tell: a namespace
 * that is meant has no pods in it, something was not read, an operator may make such pods, other namespaces may fit.
 */
export function whyNobody(context: CheckContext, use: SelectorUse): Mistake | undefined {
  if (isEverything(use.pods)) return undefined;
  // Most selectors select somebody, and that is known already.
  if (possible(context.select(use.namespaces, use.pods, use.policy)).length > 0) return undefined;
  const { answers } = inhabitantsOf(context);
  const scope = 'name' in use.namespaces ? `=${use.namespaces.name}` : selectorKey(use.namespaces.selector);
  const isOwn = use.peer !== undefined && 'name' in use.namespaces;
  const key = `${use.policy.tier} ${isOwn} ${scope} ${selectorKey(use.pods)}`;
  if (!answers.has(key)) answers.set(key, find(context, use, isOwn));
  return answers.get(key);
}

function find(context: CheckContext, use: SelectorUse, isOwn: boolean): Mistake | undefined {
  const { namespaces: scope, pods } = use;
  const here = inhabitantsOf(context);
  const names = namespacesMeant(context, scope);
  if (names === undefined || names.some((name) => !here.labels.has(name))) return undefined;
  const { uncertain, operators } = here;
  if (uncertain === 'all' || names.some((name) => uncertain.has(name))) return undefined;
  const all = names.flatMap((name) => here.labels.get(name)!);
  // hostNetwork pods have the labels, too, whatever the plugin makes of them.
  if (all.some((labels) => selects(pods, labels))) return undefined;
  const mayCome = (labels: Labels) => selectsPartly(pods, labels, (key) => labelOf(labels, key) === undefined) !== 'no';
  if (names.some((name) => operators.get(name)?.some(mayCome))) return undefined;
  return (
    serviceWith(context, names, pods) ??
    (isOwn ? elsewhere(context, use) : undefined) ??
    nearMiss(pods, all) ?? { type: 'none' }
  );
}

/** Namespaces where platforms put pods of their own, which the manifests of nobody else show. */
const PLATFORM = /^(kube|openshift|gke|gmp|aks|azure|amazon|calico|tigera|cilium|istio|linkerd)-/;

/** The namespaces of the input that a scope means; undefined where others may fit, or none does. */
function namespacesMeant(context: CheckContext, scope: NamespaceScope): readonly string[] | undefined {
  const { namespaces } = context.state.cluster;
  const named = namesOfScope(scope);
  if (named !== undefined) {
    const isShown = (name: string) => namespaces.has(name) && (!PLATFORM.test(name) || isWholeCluster(context));
    return named.length > 0 && named.every(isShown) ? named : undefined;
  }
  if ('name' in scope || !isWholeCluster(context)) return undefined;
  const found = [...namespaces.values()].filter(({ labels }) => selects(scope.selector, labels));
  return found.length === 0 ? undefined : found.map(({ name }) => name);
}

function serviceWith(context: CheckContext, names: readonly string[], pods: Selector): Mistake | undefined {
  const { services } = inhabitantsOf(context);
  const own = names.flatMap((name) => services.get(name) ?? []);
  const service = own.find(({ object, selector }) => {
    const metadata = object.value['metadata'];
    const labels: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'labels') : {};
    return selector !== undefined && !isEverything(selector) && selects(pods, (labels ?? {}) as Labels);
  });
  return service === undefined ? undefined : { type: 'service', service };
}

/** At most this many other namespaces are taken for those that were meant; labels found in more mean nothing. */
const FEW = 3;

function elsewhere(context: CheckContext, { pods, policy }: SelectorUse): Mistake | undefined {
  const found = possible(context.select({ selector: EVERYTHING }, pods, policy));
  const names = new Set<string>();
  for (const id of membersOf(found)) {
    names.add(context.pods[id]!.endpoint.pod!.namespace);
    if (names.size > FEW) return undefined;
  }
  return names.size === 0 ? undefined : { type: 'elsewhere', namespaces: [...names].sort() };
}

/** One requirement that, written a little differently, would select a pod together with the others. */
function nearMiss(pods: Selector, all: readonly Labels[]): Mistake | undefined {
  const parts = pods.op === 'and' ? pods.of : [pods];
  for (const part of parts) {
    if (part.op !== 'in' || part.values.length !== 1) continue;
    const rest: Selector = { op: 'and', of: parts.filter((one) => one !== part) };
    const others = all.filter((labels) => selects(rest, labels));
    const value = part.values[0]!;
    const values = others.flatMap((labels) => labelOf(labels, part.key) ?? []);
    const [near] = nearestNames(value, values, 1);
    if (near !== undefined) return { type: 'near', requirement: part, value: near };
    const keys = new Set(others.flatMap((labels) => Object.keys(labels).filter((key) => labels[key] === value)));
    keys.delete(part.key);
    const [key, ...more] = keys;
    if (key !== undefined && more.length === 0) return { type: 'near', requirement: part, key };
  }
  return undefined;
}

/** How many values a hint lists. */
const LISTED = 6;

/** What values the labels have that the selector asks for, for a hint; undefined where no pod there has such a label. */
export function labelsThere(context: CheckContext, { namespaces, pods }: SelectorUse): string | undefined {
  const { labels } = inhabitantsOf(context);
  const all = (namespacesMeant(context, namespaces) ?? []).flatMap((name) => labels.get(name) ?? []);
  for (const part of pods.op === 'and' ? pods.of : [pods]) {
    if (part.op !== 'in') continue;
    const values = [...new Set(all.flatMap((one) => labelOf(one, part.key) ?? []))].sort();
    if (values.length === 0) continue;
    const more = values.length > LISTED ? ' …' : '';
    return `pods there have ${part.key}: ${values.slice(0, LISTED).join(', ')}${more}`;
  }
  return undefined;
}
