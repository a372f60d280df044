// From an endpoint expression to units of a state, and the traffic that is asked about at each. A name that does not
// exist is an error with the nearest names, never an empty answer.

import { throughService } from '../endpoints/entry-points.ts';
import { addressUnits } from '../endpoints/outside.ts';
import { inFamilies, namespaceIdentity } from '../endpoints/pod-endpoints.ts';
import { findTargets } from '../endpoints/service-targets.ts';
import type { Unit } from '../endpoints/unit.ts';
import { type World, withOwnNode } from '../endpoints/world.ts';
import type { AddressPlan, Namespace, Pod, Service, ServicePort } from '../model/cluster.ts';
import { nearestNames } from '../model/nearest-names.ts';
import { type Labels, type Selector, selects } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { type IpSet, NO_ADDRESSES, isEmpty as noAddresses, singleAddress, subtract, unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { EndpointExpression, PairExpression, PortExpression, QuestionContext } from './ask.ts';
import { kindOf } from './kind-names.ts';
import type { ServicePath } from './service-path.ts';

/** A unit and the traffic that is asked about there. */
export interface Target {
  readonly unit: Unit;
  readonly asked: traffic.TrafficSet;
  /** How a Service forwards there; absent: it is reached directly. */
  readonly path?: ServicePath;
}

/**
 * Resolves an expression. Each unit comes once, in order of its key. `port` absent: all traffic of the context's
 * protocols, or what a Service forwards. Throws UserError for names and ports that do not exist.
 */
export function resolve(
  world: World,
  what: EndpointExpression,
  context: QuestionContext,
  port?: PortExpression,
): Target[] {
  const targets =
    what.type === 'service' ? serviceTargets(world, what, context, port) : plain(world, what, context, port);
  const merged = new Map<string, Target>();
  for (const { unit, asked, ...path } of targets) {
    const before = merged.get(unit.endpoint.key);
    const sum = before === undefined ? asked : traffic.union(before.asked, asked);
    merged.set(unit.endpoint.key, { unit: withOwnNode(unit), asked: sum, ...path });
  }
  return [...merged.values()].sort((a, b) => (a.unit.endpoint.key < b.unit.endpoint.key ? -1 : 1));
}

/**
 * Resolves both ends of a pair. Outside clients of a Service that is open to the outside come as its pods may see them:
 * themselves, or with traffic policy Cluster perhaps a node in their stead (semantics 1.10 S3).
 */
export function resolvePair(
  world: World,
  pair: PairExpression,
  context: QuestionContext,
): { readonly sources: readonly Target[]; readonly destinations: readonly Target[] } {
  const sources = resolve(world, pair.from, context);
  const destinations = resolve(world, pair.to, context, pair.port);
  if (pair.to.type !== 'service') return { sources, destinations };
  const service = serviceNamed(world, pair.to.namespace ?? context.defaultNamespace, pair.to.name);
  if (service === undefined) return { sources, destinations };
  const seen = sources.map((source) => ({ ...source, unit: throughService(world.context, service, source.unit) }));
  return { sources: seen, destinations };
}

function plain(world: World, what: EndpointExpression, context: QuestionContext, port?: PortExpression): Target[] {
  const units = unitsOf(world, what, context);
  const targets = units.map((unit) => ({ unit, asked: askedAt(unit, port, context) }));
  if (port?.type !== 'named' || targets.length === 0) return targets;
  const open = targets.filter(({ asked }) => !traffic.isEmpty(asked));
  if (open.length > 0) return open;
  const names = new Set(units.flatMap((unit) => podsOf(unit).flatMap((pod) => pod.ports.map((own) => own.name ?? ''))));
  names.delete('');
  throw unknown('port', port.name, names, `${what.text} names no port "${port.name}"`);
}

/** What a port expression means at one unit; empty where a name resolves to nothing there. */
function askedAt(unit: Unit, port: PortExpression | undefined, context: QuestionContext): traffic.TrafficSet {
  if (port === undefined) return traffic.allTraffic(context.protocols);
  if (port.type === 'range') return traffic.traffic(port.protocol ?? 'TCP', port.first, port.last);
  return podsOf(unit)
    .flatMap((pod) => pod.ports)
    .filter((own) => own.name === port.name && own.from !== 'init' && (port.protocol ?? own.protocol) === own.protocol)
    .reduce<traffic.TrafficSet>((sum, own) => traffic.union(sum, traffic.traffic(own.protocol, own.number)), {});
}

function podsOf(unit: Unit): readonly Pod[] {
  return unit.type === 'workload' ? unit.pods : [];
}

function unitsOf(world: World, what: EndpointExpression, context: QuestionContext): readonly Unit[] {
  const { cluster, plan } = world.state;
  switch (what.type) {
    case 'all':
      if (world.pods.length === 0) throw noPods();
      return world.pods;
    case 'anything':
      return [...world.pods, ...world.nodes(), ...world.outside()];
    case 'addresses':
      return addressUnits(world.context, what.name === undefined ? what.set : namedRange(world, what.set), what.name);
    case 'cluster':
      return addressUnits(world.context, unionAll([plan.pods, plan.nodes, plan.services]), 'cluster');
    case 'node': {
      const found = world.nodes().filter((unit) => unit.type === 'node' && unit.node.name === what.name);
      if (found.length > 0) return found;
      throw unknown(
        'node',
        what.name,
        cluster.nodes.map((node) => node.name),
      );
    }
    case 'namespace': {
      namespaceNamed(world, what.namespace);
      const found = inNamespace(world, what.namespace);
      if (found.length > 0) return found;
      throw new UserError('unknown-name', `namespace "${what.namespace}" has no pods`);
    }
    case 'pods':
      return podsLike(world, what);
    case 'workload':
      return workloadNamed(world, what, context);
    case 'service':
      return [];
  }
}

/** A named range means the addresses of that name that this cluster can talk to and that are not its own. */
function namedRange(world: World, set: IpSet): IpSet {
  const { plan } = world.state;
  const shown = (range: AddressPlan['assumed'][number], own: IpSet) =>
    plan.assumed.includes(range) ? NO_ADDRESSES : own;
  const own = unionAll([
    shown('podCIDRs', plan.pods),
    shown('nodeCIDRs', plan.nodes),
    shown('serviceCIDRs', plan.services),
  ]);
  const reachable = inFamilies(subtract(set, own), plan.families);
  return noAddresses(reachable) ? set : reachable;
}

function noPods(): UserError {
  const hint = 'add the manifests of the workloads: policies alone select nothing';
  return new UserError('unknown-name', 'the input holds no pods', { hint });
}

function inNamespace(world: World, namespace: string): Unit[] {
  return world.pods.filter((unit) => unit.type === 'workload' && unit.workload.namespace === namespace);
}

function namespaceNamed(world: World, name: string): Namespace {
  const namespace = world.state.cluster.namespaces.get(name);
  if (namespace === undefined) throw unknown('namespace', name, world.state.cluster.namespaces.keys());
  return namespace;
}

function workloadNamed(
  world: World,
  what: EndpointExpression & { type: 'workload' },
  context: QuestionContext,
): Unit[] {
  const namespace = what.namespace ?? context.defaultNamespace;
  namespaceNamed(world, namespace);
  const here = inNamespace(world, namespace);
  const kind = what.kind === undefined ? undefined : kindOf(what.kind).toLowerCase();
  const named = here.filter(
    (unit) =>
      unit.type === 'workload' &&
      unit.workload.name === what.name &&
      (kind === undefined ||
        unit.workload.kind.toLowerCase() === kind ||
        `${unit.workload.kind}.${unit.workload.group}`.toLowerCase() === kind),
  );
  const kinds = new Set(named.map((unit) => (unit.type === 'workload' ? unit.workload.kind : '')));
  if (kinds.size > 1) {
    const forms = [...kinds].sort().map((one) => `${namespace}/${one.toLowerCase()}/${what.name}`);
    throw new UserError('ambiguous-name', `"${what.text}" is ambiguous`, { hint: `write ${forms.join(' or ')}` });
  }
  if (named.length > 0) return named;
  // A pod by its own name stands for its workload's variant: policies cannot tell its pods apart.
  const byPod =
    kind === undefined || kind === 'pod'
      ? here.filter((unit) => podsOf(unit).some((pod) => pod.name === what.name))
      : [];
  if (byPod.length > 0) return byPod;
  if (what.kind === undefined && serviceNamed(world, namespace, what.name) !== undefined) {
    const hint = `to ask about the Service of that name, write ${namespace}/service/${what.name}`;
    throw new UserError('unknown-name', `namespace "${namespace}" has no workload "${what.name}"`, { hint });
  }
  const names = here.flatMap((unit) => (unit.type === 'workload' ? [unit.workload.name] : []));
  throw unknown(
    'workload',
    what.name,
    names,
    `namespace "${namespace}" has no ${what.kind ?? 'workload'} "${what.name}"`,
  );
}

function unknown(
  kind: string,
  name: string,
  candidates: Iterable<string>,
  message = `there is no ${kind} "${name}"`,
): UserError {
  const all = [...new Set(candidates)].sort();
  const near = nearestNames(name, all);
  const shown =
    near.length > 0
      ? `did you mean ${near.join(', ')}?`
      : all.length === 0
        ? ''
        : `there is ${all.slice(0, 8).join(', ')}${all.length > 8 ? ', …' : ''}`;
  return new UserError('unknown-name', message, shown === '' ? {} : { hint: shown });
}

/** Pods of the snapshot that the selectors select; if there are none, the pod that one could make so. */
function podsLike(world: World, what: EndpointExpression & { type: 'pods' }): Unit[] {
  const { cluster } = world.state;
  const scope = what.namespaces;
  const inScope = (name: string): boolean => {
    if ('name' in scope) return scope.name === name;
    const namespace = cluster.namespaces.get(name);
    return namespace !== undefined && selects(scope.selector, namespace.labels);
  };
  if ('name' in scope) namespaceNamed(world, scope.name);
  const found = world.pods.filter((unit) =>
    podsOf(unit).some((pod) => inScope(pod.namespace) && selects(what.pods, pod.labels)),
  );
  return found.length > 0 ? found : [hypothetical(world, what)];
}

/** A pod with exactly the labels that the selector asks for. Its ports are unknown: it may name any. */
function hypothetical(world: World, what: EndpointExpression & { type: 'pods' }): Unit {
  const { context } = world;
  const labels = exampleLabels(what.pods, what.text);
  const scope = what.namespaces;
  const name = 'name' in scope ? scope.name : '(new)';
  const existing = 'name' in scope ? context.cluster.namespaces.get(scope.name) : undefined;
  const namespaceLabels =
    'name' in scope ? undefined : { 'kubernetes.io/metadata.name': name, ...exampleLabels(scope.selector, what.text) };
  const namespace: Namespace = existing ?? { name, labels: namespaceLabels ?? {}, declared: true };
  const identity = namespaceIdentity(context, namespace, namespace.name);
  return {
    type: 'hypothetical',
    namespace,
    text: what.text,
    endpoint: {
      key: `pods/${what.text}`,
      name: what.text,
      type: 'pod',
      pod: { ...identity, labels, openLabels: [], hostNetwork: false },
      addresses: context.plan.pods,
      addressReason: 'pod-address',
      families: context.plan.families,
      ports: 'unknown',
      matchesBlocks: context.behaviour.knobs.ipBlockMatchesPods ? 'yes' : 'no',
    },
  };
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

/** The Service of that name; undefined: there is none. */
export function serviceNamed(world: World, namespace: string, name: string): Service | undefined {
  return world.state.cluster.services.find((one) => one.namespace === namespace && one.name === name);
}

function serviceTargets(
  world: World,
  what: EndpointExpression & { type: 'service' },
  context: QuestionContext,
  port: PortExpression | undefined,
): Target[] {
  const namespace = what.namespace ?? context.defaultNamespace;
  namespaceNamed(world, namespace);
  const service = serviceNamed(world, namespace, what.name);
  if (service === undefined) {
    const names = world.state.cluster.services.filter((one) => one.namespace === namespace).map((one) => one.name);
    throw unknown('service', what.name, names, `namespace "${namespace}" has no service "${what.name}"`);
  }
  if (service.type === 'ExternalName')
    return [{ unit: outsideName(world, service), asked: askedOutside(port, context) }];
  const ports = port === undefined ? service.ports : servicePorts(service, port);
  const found = findTargets(world.state.cluster, service, ports);
  const path = pathOf(service, ports);
  const targets: Target[] = [...found.pods].flatMap(([pod, asked]) => {
    const unit = world.unitOf(pod);
    return unit === undefined || traffic.isEmpty(asked) ? [] : [{ unit, asked, ...path }];
  });
  if (!noAddresses(found.addresses)) {
    for (const unit of addressUnits(world.context, found.addresses))
      targets.push({ unit, asked: found.traffic, ...path });
  }
  if (targets.length > 0) return targets;
  const why = found.pods.size > 0 ? 'no pod behind it has such a target port' : 'it selects no pod of the input';
  throw new UserError('unknown-name', `service "${namespace}/${service.name}" has no endpoints: ${why}`);
}

/** A headless Service only names its endpoints: clients connect to them. */
function pathOf(service: Service, ports: readonly ServicePort[]): { path?: ServicePath } {
  if (service.headless) return {};
  const known = service.clusterIPs.flatMap((text) => {
    const address = parseAddress(text);
    return address.ok ? [singleAddress(address)] : [];
  });
  // Without a selector the endpoints have ports of their own, which EndpointSlices list.
  const changesPort = service.selector === undefined || ports.some(({ port, target = port }) => target !== port);
  return { path: { addresses: unionAll(known), changesPort } };
}

function servicePorts(service: Service, port: PortExpression): readonly ServicePort[] {
  const found = service.ports.filter((own) =>
    port.type === 'named'
      ? own.name === port.name && (port.protocol ?? own.protocol) === own.protocol
      : port.first <= own.port && own.port <= port.last && (port.protocol ?? own.protocol) === own.protocol,
  );
  if (found.length > 0) return found;
  const list = service.ports.map((own) => `${own.name === undefined ? '' : `${own.name} `}${own.port}/${own.protocol}`);
  const hint = list.length === 0 ? 'it declares no ports' : `it has ${list.join(', ')}`;
  throw new UserError('unknown-name', `service "${service.namespace}/${service.name}" has no port ${port.text}`, {
    hint,
  });
}

function askedOutside(port: PortExpression | undefined, context: QuestionContext): traffic.TrafficSet {
  if (port?.type !== 'range') return traffic.allTraffic(context.protocols);
  return traffic.traffic(port.protocol ?? 'TCP', port.first, port.last);
}

/** An ExternalName Service leads wherever DNS says: to any address, which static input does not know. */
function outsideName({ context }: World, service: Service): Unit {
  const key = `domain/${service.externalName ?? service.name}`;
  return {
    type: 'outside-name',
    service,
    endpoint: {
      key,
      name: service.externalName ?? service.name,
      type: 'addresses',
      addresses: { v4: [0, 2 ** 32], v6: [0n, 1n << 128n] },
      addressReason: 'domain-name',
      families: context.plan.families,
      ports: [],
      matchesBlocks: 'yes',
      node: { certain: false },
      unidentified: 'domain-name',
    },
  };
}
