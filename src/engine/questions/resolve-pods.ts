// Pods that questions make up or single out: one by its own name, those that selectors select, those that could exist.

import { type EndpointContext, podEndpoint } from '../endpoints/pod-endpoints.ts';
import { newNamespace, possiblePod } from '../endpoints/possible-pod.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Cluster, Namespace, Pod } from '../model/cluster.ts';
import { type Labels, type Selector, selects, selectsPartly } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import type { EndpointExpression } from './ask.ts';
import { absentIn, unknownName } from './unknown-name.ts';
import { nodesByName, unitsIn } from './world-index.ts';

type PodsExpression = EndpointExpression & { readonly type: 'pods' };

/** The namespace of that name. Throws UserError with the nearest names. */
export function namespaceNamed(world: World, name: string): Namespace {
  const { namespaces, gaps } = world.state.cluster;
  const namespace = namespaces.get(name);
  if (namespace !== undefined) return namespace;
  throw unknownName('namespace', name, namespaces.keys(), absentIn(gaps, undefined, `there is no namespace "${name}"`));
}

/** One pod alone: other pods of its workload may be on other nodes and have other addresses. */
export function podItself({ context }: World, pod: Pod): Unit {
  let alone = single.get(context);
  if (alone === undefined) {
    alone = new WeakMap();
    single.set(context, alone);
  }
  const unit = alone.get(pod) ?? aloneUnit(context, pod);
  alone.set(pod, unit);
  return unit;
}

/** The same pod is the same unit, so that what is known of it need not be found out again. */
const single = new WeakMap<EndpointContext, WeakMap<Pod, Unit>>();

function aloneUnit(context: EndpointContext, pod: Pod): Unit {
  const { namespace, name } = pod;
  const key = `${namespace}/Pod/${name}`;
  const endpoint = podEndpoint(context, [pod], nodesByName(context.cluster), { key, name: `${namespace}/${name}` });
  const workload = { key, namespace, kind: 'Pod', group: '', name, replicas: 1 };
  return { type: 'workload', endpoint, workload, pods: [pod] };
}

/**
 * Pods of the snapshot that the selectors select; if there are none, pods that one could make so: in every namespace that
 * the namespace selector selects, or in a new one.
 */
export function podsLike(world: World, what: PodsExpression): Unit[] {
  const { cluster } = world.state;
  const scope = what.namespaces;
  if ('name' in scope) namespaceNamed(world, scope.name);
  else checkKnown(world, scope.selector, what);
  const inScope = namespacesOf(cluster, scope);
  const among = 'name' in scope ? unitsIn(world, scope.name) : world.pods;
  const found = among.filter(
    (unit) =>
      unit.type === 'workload' && unit.pods.some((pod) => inScope.has(pod.namespace) && selects(what.pods, pod.labels)),
  );
  return found.length > 0 ? found : couldBe(world, what);
}

/** Throws UserError where pods may be meant or not, since nobody knows the labels of their namespace. */
function checkKnown({ state }: World, selector: Selector, { pods, text }: PodsExpression): void {
  const { cluster, behaviour } = state;
  if (behaviour.knobs.undeclaredNamespaces !== 'unknown') return;
  const isOpen = ({ declared, labels }: Namespace): boolean =>
    !declared && selectsPartly(selector, labels, (key) => !Object.hasOwn(labels, key)) === 'maybe';
  const open = cluster.pods.find((pod) => isOpen(cluster.namespaces.get(pod.namespace)!) && selects(pods, pod.labels));
  if (open === undefined) return;
  const message = `nobody knows whether "${text}" means pods of namespace "${open.namespace}", which no object declares`;
  const hint = 'add its Namespace, or write --assume undeclaredNamespaces=unlabelled';
  throw new UserError('not-available', message, { hint });
}

function namespacesOf({ namespaces }: Cluster, scope: PodsExpression['namespaces']): ReadonlySet<string> {
  if ('name' in scope) return new Set([scope.name]);
  const selected = [...namespaces.values()].filter(({ labels }) => selects(scope.selector, labels));
  return new Set(selected.map(({ name }) => name).sort());
}

/** Pods with exactly the labels that the selector asks for. Throws UserError where no pod can have them. */
function couldBe(world: World, what: PodsExpression): Unit[] {
  const labels = exampleLabels(what.pods, what.text);
  const scope = what.namespaces;
  const existing = [...namespacesOf(world.state.cluster, scope)].flatMap(
    (name) => world.state.cluster.namespaces.get(name) ?? [],
  );
  if (existing.length === 1) return [hypothetical(world, existing[0]!, labels, what.text)];
  if (existing.length > 1) {
    return existing.map((one) => hypothetical(world, one, labels, `${one.name}/${printLabels(labels)}`));
  }
  const own = 'name' in scope ? { [NAME_LABEL]: scope.name } : exampleLabels(scope.selector, what.text);
  return [hypothetical(world, newNamespace(own), labels, what.text)];
}

/** Labels for a person to read, in the form of an endpoint. */
function printLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `{${pairs.sort().join(',')}}`;
}

/** A pod that does not exist, as the question names it. */
function hypothetical({ context }: World, namespace: Namespace, labels: Labels, text: string): Unit {
  const endpoint = possiblePod(context, { key: `pods/${text}`, name: text, namespace, labels });
  return { type: 'hypothetical', namespace, text, endpoint };
}

/** The fewest labels that the selector selects: values of `=`, nothing for what may be absent. */
function exampleLabels(selector: Selector, text: string): Labels {
  const labels: Record<string, string> = {};
  const visit = (one: Selector): void => {
    if (one.op === 'and') for (const part of one.of) visit(part);
    else if (one.op === 'in' && one.values.length > 0 && !Object.hasOwn(labels, one.key))
      labels[one.key] = one.values[0]!;
    else if (one.op === 'exists' && !Object.hasOwn(labels, one.key)) labels[one.key] = '';
  };
  visit(selector);
  if (selects(selector, labels)) return labels;
  throw new UserError('invalid-endpoint', `no pod can have the labels of "${text}"`, {
    hint: 'write labels that fit together',
  });
}
