// Ways into the cluster that lead to pods which let nobody in from there.

import { possible } from '../../compile/match-set.ts';
import type { EntryPoint } from '../../endpoints/unit.ts';
import { evaluateDirection } from '../../evaluate/evaluate.ts';
import type { Fix } from '../../model/edit.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { type ManifestObject, type Path, valueAt } from '../../model/source.ts';
import { contains, idSet, subtract } from '../../sets/id-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import type { Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { addPolicy, isPolicyThere } from '../fixes.ts';
import { type FlowPort, findOutsideFlow, policiesOfPods } from '../flows.ts';
import { isolatedPods } from '../isolation-sets.ts';

/** An address that documentation may name (RFC 5737). */
const CLIENT = { family: 'IPv4', value: 0xcb00710a } as const;

/**
 * One problem for each way in of which no target lets anything in that comes by it. That traffic passes all the same where
 * it comes from the pod's own node: that depends on where it enters, so it does not count.
 */
export function* closedEntries(context: CheckContext): Generator<Problem> {
  const { isolated } = isolatedPods(context).ingress;
  if (isolated.length === 0) return;
  const positions = new Map(context.pods.map(({ endpoint }, id) => [endpoint.key, id]));
  for (const unit of context.world.entries()) {
    if (unit.type !== 'entry') continue;
    const targets = unit.entry.targets.map(({ key, traffic: opened }) => ({ id: positions.get(key), opened }));
    const client = withoutNode(unit.endpoint);
    const isClosed = targets.every(
      ({ id, opened }) => id !== undefined && contains(isolated, id) && isDenied(context, client, id, opened),
    );
    const place = placeOf(context, unit.entry);
    if (!isClosed || place === undefined) continue;
    // Where policies of an earlier tier deny it, one more that lets it in changes nothing.
    const mayBeLetIn = targets.some(({ id, opened }) => !isDenied(context, client, id!, opened, 'earlier tiers'));
    const ids = targets.map(({ id }) => id!);
    yield problemOf(context, unit.entry, place, ids, mayBeLetIn);
  }
}

/** As pods elsewhere than on the node where the traffic enters see it. */
function withoutNode({ ownNode: _, ...endpoint }: Endpoint): Endpoint {
  return endpoint;
}

/** Whether nothing of it gets in; `by`: what comes before the policies that isolate, and nothing else. */
function isDenied(
  context: CheckContext,
  from: Endpoint,
  id: number,
  opened: traffic.TrafficSet,
  by?: 'earlier tiers',
): boolean {
  const { placement, behaviour } = context.state;
  const to = context.pods[id]!.endpoint;
  const all = policiesOfPods(context)[id]!;
  const isolating = all.flatMap(({ policy, tier }) => (policy.ingress?.isolates === true ? [tier] : []));
  const policies = by === undefined ? all : all.filter(({ tier }) => tier < Math.min(...isolating));
  const rules = { placement: { ...placement, policies }, knobs: behaviour.knobs };
  const points = pointsOf(opened);
  if (points === undefined) return false;
  return points.every((point) =>
    to.families.every(
      (family) => evaluateDirection(rules, 'ingress', { from, to }, { family, ...point }, false).verdict === 'denied',
    ),
  );
}

/** The single ports of the set; undefined for none, and where it holds ranges, of which rules may open a part. */
function pointsOf(set: traffic.TrafficSet): FlowPort[] | undefined {
  const points: FlowPort[] = [];
  for (const protocol of traffic.PORT_PROTOCOLS) {
    const bounds = set[protocol] ?? [];
    for (let i = 0; i < bounds.length; i += 2) {
      if (bounds[i + 1]! - bounds[i]! > MANY) return undefined;
      for (let port = bounds[i]!; port < bounds[i + 1]!; port++) points.push({ protocol, port });
    }
  }
  return points.length === 0 ? undefined : points;
}

/** More ports than this in a row are no list of ports that a Service forwards. */
const MANY = 16;

interface Place {
  readonly object: ManifestObject;
  readonly path: Path;
}

/** Where the way in is written; undefined for what stands in objects that are not looked up here. */
function placeOf({ state: { cluster } }: CheckContext, { kind, namespace, name }: EntryPoint): Place | undefined {
  const isIt = (one: { readonly namespace: string; readonly name: string }) =>
    one.namespace === namespace && one.name === name;
  if (kind === 'Ingress') {
    const route = cluster.ingresses.find(isIt);
    return route && { object: route.object, path: ['metadata', 'name'] };
  }
  if (kind === 'LoadBalancer' || kind === 'NodePort' || kind === 'ExternalIP') {
    const service = cluster.services.find(isIt);
    return (
      service && { object: service.object, path: kind === 'ExternalIP' ? ['spec', 'externalIPs'] : ['spec', 'type'] }
    );
  }
  return undefined;
}

function problemOf(
  context: CheckContext,
  entry: EntryPoint,
  { object, path }: Place,
  ids: readonly number[],
  mayBeLetIn: boolean,
): Problem {
  const pods = idSet(ids);
  const impact = countPods(context, pods);
  const opened = entry.targets.reduce<traffic.TrafficSet>((sum, target) => traffic.union(sum, target.traffic), {});
  const isIngress = entry.kind === 'Ingress';
  const example = isIngress
    ? undefined
    : findOutsideFlow(context, { verdict: 'denied', pods, direction: 'ingress', address: CLIENT, ports: opened });
  const isolating = policiesOfPods(context)[ids[0]!]!.filter(({ policy }) => policy.ingress?.isolates === true);
  const fix = mayBeLetIn ? letIn(context, entry, object, opened) : undefined;
  return {
    object,
    path,
    message: `${entry.kind} ${entry.namespace}/${entry.name} leads to pods that are isolated, and no rule lets in what comes by it`,
    hint: isIngress
      ? 'allow ingress from the pods or nodes of its controller'
      : 'allow ingress from outside; until then only what enters through the own node of a pod may pass, which depends on the plugin',
    effect: `keeps it from ${printImpact(impact)}`,
    impact,
    ...(example === undefined ? {} : { example }),
    related: isolating.slice(0, 3).map(({ policy }) => ({
      object: policy.object,
      path: ['metadata', 'name'],
      message: 'isolates ingress of these pods',
    })),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** A policy that lets everybody in on the target ports: clients, or nodes in their stead. Undefined for other kinds. */
function letIn(
  context: CheckContext,
  { kind, namespace, name }: EntryPoint,
  object: ManifestObject,
  opened: traffic.TrafficSet,
): Fix | undefined {
  const selector = valueAt(object, ['spec', 'selector']);
  if (kind === 'Ingress' || typeof selector !== 'object' || selector === null) return undefined;
  if (!areAllIsolated(context, namespace, name)) return undefined;
  const own = `allow-${name}`;
  if (isPolicyThere(context, namespace, own)) return undefined;
  const ports = pointsOf(opened) ?? [];
  return {
    title: 'let everybody in on its target ports',
    edits: [
      addPolicy(
        object,
        { name: own, namespace },
        { podSelector: { matchLabels: selector }, policyTypes: ['Ingress'], ingress: [{ ports }] },
      ),
    ],
    announced: 'opens',
    safe: false,
  };
}

/** Whether every pod of the Service is isolated: others behind it would be closed by a policy that selects them. */
function areAllIsolated(context: CheckContext, namespace: string, name: string): boolean {
  const { services } = context.state.cluster;
  const service = services.find((one) => one.namespace === namespace && one.name === name);
  const [placed] = context.state.placement.policies;
  if (service?.selector === undefined || placed === undefined) return false;
  const pods = possible(context.select({ name: namespace }, service.selector, placed.policy));
  return subtract(pods, isolatedPods(context).ingress.isolated).length === 0;
}
