// From an endpoint expression to units of a state, and the traffic that is asked about at each. A name that does not
// exist is an error with the nearest names, never an empty answer.

import { throughService } from '../endpoints/entry-points.ts';
import { addressUnits, nodeUnit } from '../endpoints/outside.ts';
import { inFamilies } from '../endpoints/pod-endpoints.ts';
import type { Unit } from '../endpoints/unit.ts';
import { type World, withOwnNode } from '../endpoints/world.ts';
import { type PossibleRole, possibleUnits } from '../guarantees/possible-units.ts';
import type { AddressPlan, Pod } from '../model/cluster.ts';
import { UserError } from '../model/user-error.ts';
import { type IpSet, NO_ADDRESSES, isEmpty as noAddresses, subtract, unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { unitsAt } from './address-owners.ts';
import type { EndpointExpression, PairExpression, PortExpression, QuestionContext } from './ask.ts';
import { checkHome, formsOf } from './home-namespace.ts';
import { kindOf } from './kind-names.ts';
import { namespaceNamed, podItself, podsLike } from './resolve-pods.ts';
import { serviceTargets } from './resolve-service.ts';
import type { Target } from './target.ts';
import { absentIn, unknownName } from './unknown-name.ts';
import { namedIn, serviceAt, serviceNamed, unitsIn } from './world-index.ts';

/**
 * Resolves an expression. Each unit comes once, in order of its key. `port` absent: all traffic of the context's
 * protocols, or what a Service forwards. `role` says whom pods that could exist face; absent: anybody. Throws UserError
 * for names and ports that do not exist.
 */
export function resolve(
  world: World,
  text: EndpointExpression,
  context: QuestionContext,
  port?: PortExpression,
  role: PossibleRole = {},
): Target[] {
  const what = meaningOf(world, text);
  const targets =
    what.type === 'service' ? serviceTargets(world, what, context, port) : plain(world, what, context, port, role);
  return mergeTargets(targets.map((target) => ({ ...target, unit: withOwnNode(target.unit) })));
}

/** Each unit once, with all that is asked about there, in order of keys. */
export function mergeTargets(targets: readonly Target[]): Target[] {
  const merged = new Map<string, Target>();
  for (const target of targets) {
    const { key } = target.unit.endpoint;
    const before = merged.get(key);
    const both = before && {
      unit: before.unit,
      asked: traffic.union(before.asked, target.asked),
      ...joinPaths(before, target),
    };
    merged.set(key, both ?? target);
  }
  return [...merged.values()].sort((a, b) => (a.unit.endpoint.key < b.unit.endpoint.key ? -1 : 1));
}

/** One way for what is reached on two: as open as both. */
export function joinPaths(a: Pick<Target, 'path'>, b: Pick<Target, 'path'>): Pick<Target, 'path'> {
  const [one, other] = [a.path ?? b.path, b.path ?? a.path];
  if (one === undefined || other === undefined) return {};
  const isKnown = !noAddresses(one.addresses) && !noAddresses(other.addresses);
  return {
    path: {
      addresses: isKnown ? unionAll([one.addresses, other.addresses]) : NO_ADDRESSES,
      changesPort: one.changesPort || other.changesPort,
    },
  };
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
  const [from, to] = [pair.from, pair.to].map(meansPossiblePods);
  const facing = (targets: readonly Target[]) => targets.map(({ unit }) => unit.endpoint);
  const known = to ? undefined : resolve(world, pair.to, context, pair.port);
  const sources = resolve(world, pair.from, context, undefined, {
    direction: 'egress',
    ...(known === undefined ? {} : { others: facing(known) }),
  });
  const destinations =
    known ??
    resolve(world, pair.to, context, pair.port, { direction: 'ingress', ...(from ? {} : { others: facing(sources) }) });
  return { sources: seenThrough(world, pair.to, sources, context), destinations };
}

/** Reports whether the expression also means pods that do not exist. */
export function meansPossiblePods({ type }: EndpointExpression): boolean {
  return type === 'anything' || type === 'any-pod';
}

/** Sources as what stands behind the destination sees them: another address where a Service hides theirs. */
export function seenThrough<T extends { readonly unit: Unit }>(
  world: World,
  to: EndpointExpression,
  sources: readonly T[],
  context: QuestionContext,
): readonly T[] {
  const what = meaningOf(world, to);
  if (what.type !== 'service') return sources;
  const service = serviceNamed(world, what.namespace ?? context.defaultNamespace, what.name);
  if (service === undefined) return sources;
  return sources.map((source) => ({ ...source, unit: throughService(world.context, service, source.unit) }));
}

/** The Service that is meant by its address; every other expression means what it says. */
function meaningOf(world: World, what: EndpointExpression): EndpointExpression {
  const service = what.type === 'addresses' && what.name === undefined ? serviceAt(world, what.set) : undefined;
  if (service === undefined) return what;
  return { text: what.text, type: 'service', namespace: service.namespace, name: service.name };
}

function plain(
  world: World,
  what: EndpointExpression,
  context: QuestionContext,
  port: PortExpression | undefined,
  role: PossibleRole,
): Target[] {
  const units = unitsOf(world, what, context, role);
  const targets = units.map((unit) => ({ unit, asked: askedAt(unit, port, context) }));
  if (port?.type !== 'named' || targets.length === 0) return targets;
  if (meansPossiblePods(what)) {
    const message = `a pod that could exist may give the name "${port.name}" to any port`;
    throw new UserError('invalid-port', message, {
      hint: 'write its number, or ask about the pods of the snapshot: all',
    });
  }
  const open = targets.filter(({ asked }) => !traffic.isEmpty(asked));
  if (open.length > 0) return open;
  throw unknownName('port', port.name, portNames(units), `${what.text} names no port "${port.name}"`);
}

/** Throws UserError where no pod names a port so: a list of nothing would look like an answer. */
export function checkPortName({ pods }: World, port: PortExpression | undefined, context: QuestionContext): void {
  if (port?.type !== 'named' || pods.some((unit) => !traffic.isEmpty(askedAt(unit, port, context)))) return;
  throw unknownName('port', port.name, portNames(pods), `no pod names a port "${port.name}"`);
}

function portNames(units: readonly Unit[]): ReadonlySet<string> {
  return new Set(units.flatMap((unit) => podsOf(unit).flatMap((pod) => pod.ports.flatMap((own) => own.name ?? []))));
}

/** What a port expression means at one unit; empty where a name resolves to nothing there. */
export function askedAt(unit: Unit, port: PortExpression | undefined, context: QuestionContext): traffic.TrafficSet {
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

function unitsOf(
  world: World,
  what: EndpointExpression,
  context: QuestionContext,
  role: PossibleRole,
): readonly Unit[] {
  const { plan } = world.state;
  switch (what.type) {
    case 'all':
      if (world.pods.length === 0) throw noPods();
      return world.pods;
    case 'anything':
      return [...world.pods, ...possibleUnits(world, role), ...world.nodes(), ...world.outside()];
    case 'any-pod':
      return [...world.pods.filter(hasPodNetwork), ...possibleUnits(world, role)];
    case 'addresses':
      return what.name === undefined
        ? unitsAt(world, what.set)
        : addressUnits(world.context, namedRange(world, what.set), what.name);
    case 'cluster':
      return unitsAt(world, clusterRanges(plan), 'cluster');
    case 'node':
      return [nodeNamed(world, what.name)];
    case 'namespace': {
      namespaceNamed(world, what.namespace);
      const found = unitsIn(world, what.namespace);
      if (found.length > 0) return found;
      throw new UserError('unknown-name', `namespace "${what.namespace}" has no pods`, {
        hint: `write ${what.namespace}/LABEL=VALUE for a pod that could exist`,
      });
    }
    case 'pods':
      return podsLike(world, what);
    case 'workload':
      return workloadNamed(world, what, context);
    case 'service':
      return [];
  }
}

/** Pods that policies can speak of: those of the host network are left to their nodes. */
function hasPodNetwork(unit: Unit): boolean {
  return unit.type !== 'workload' || !unit.pods[0]!.hostNetwork;
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

/** A node, or one that is known only because pods run there. */
function nodeNamed(world: World, name: string): Unit {
  const { nodes, pods } = world.state.cluster;
  const found = world.nodes().find((unit) => unit.type === 'node' && unit.node.name === name);
  if (found !== undefined) return found;
  const pod = pods.find((one) => one.node === name);
  if (pod === undefined) {
    throw unknownName('node', name, [...nodes.map((node) => node.name), ...pods.flatMap((one) => one.node ?? [])]);
  }
  const hosts = pods.filter((one) => one.hostNetwork && one.node === name);
  const addresses = [...new Set(hosts.flatMap((one) => one.addresses))].sort();
  const unit = nodeUnit(world.context, { name, labels: {}, addresses, podCIDRs: [], object: pod.object });
  return { ...unit, endpoint: { ...unit.endpoint, node: { certain: true } } };
}

/** What nobody knows of nodes is assumed to be any address, which is no range of the cluster. */
function clusterRanges({ pods, nodes, services, assumed }: AddressPlan): IpSet {
  return unionAll([pods, assumed.includes('nodeCIDRs') ? NO_ADDRESSES : nodes, services]);
}

function noPods(): UserError {
  const hint = 'add the manifests of the workloads: policies alone select nothing';
  return new UserError('unknown-name', 'the input holds no pods', { hint });
}

/** Types of entry points that are Services, as maps print them. */
const ENTRY_WORDS: readonly string[] = ['loadbalancer', 'nodeport', 'externalip'];

function workloadNamed(
  world: World,
  what: EndpointExpression & { type: 'workload' },
  context: QuestionContext,
): Unit[] {
  const namespace = what.namespace ?? context.defaultNamespace;
  checkHome(world, what, namespace);
  const here = namedIn(world, namespace, what.name);
  const kind = what.kind === undefined ? undefined : kindOf(what.kind).toLowerCase();
  const named = here.units.filter(
    (unit) =>
      unit.type === 'workload' &&
      (kind === undefined ||
        unit.workload.kind.toLowerCase() === kind ||
        `${unit.workload.kind}.${unit.workload.group}`.toLowerCase() === kind),
  );
  const kinds = new Set(named.map((unit) => (unit.type === 'workload' ? unit.workload.kind : '')));
  if (kinds.size > 1) {
    const forms = formsOf(named, () => true);
    throw new UserError('ambiguous-name', `"${what.text}" is ambiguous`, { hint: `write ${forms.join(' or ')}` });
  }
  if (named.length > 0) return named;
  if (kind === undefined || kind === 'pod') {
    const own = here.pods.find((pod) => pod.real);
    if (own !== undefined) return [podItself(world, own)];
  }
  const message = `namespace "${namespace}" has no ${what.kind ?? 'workload'} "${what.name}"`;
  // Maps list entry points by the type of their Service; a question is about the Service.
  const meansService = kind === undefined || ENTRY_WORDS.includes(kind);
  if (meansService && serviceNamed(world, namespace, what.name) !== undefined) {
    const hint = `to ask about the Service of that name, write ${namespace}/service/${what.name}`;
    throw new UserError('unknown-name', message, { hint });
  }
  const others = formsOf(here.units, () => true);
  if (others.length > 0) throw new UserError('unknown-name', message, { hint: `write ${others.join(' or ')}` });
  const names = unitsIn(world, namespace).flatMap((unit) => (unit.type === 'workload' ? [unit.workload.name] : []));
  throw unknownName('workload', what.name, names, absentIn(world.state.cluster.gaps, namespace, message));
}
