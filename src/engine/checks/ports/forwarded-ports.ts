// Ports of Services in rules: policies see the pod behind a Service, so what counts is the port to which it forwards.

import { portNumberPath } from '../../dialects/written-fields.ts';
import type { ContainerPort, Service, ServicePort } from '../../model/cluster.ts';
import type { Fix } from '../../model/edit.ts';
import type { Policy, PortMatch } from '../../model/policy.ts';
import { type Path, valueAt } from '../../model/source.ts';
import { everyId, type IdSet, membersOf } from '../../sets/id-set.ts';
import { traffic } from '../../sets/traffic-set.ts';
import { type AcceptRule, acceptRules, podPeers, podsOf, subjectsOf } from '../accepting-rules.ts';
import type { Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { findFlow } from '../flows.ts';
import { oncePerRun } from '../once.ts';

/** Which number of a Service a rule has. */
export type ServiceNumber = 'port' | 'nodePort';

/** One port of a Service with the ports of a pod to which it forwards; at least one. */
interface Forwarding {
  readonly service: Service;
  readonly port: ServicePort;
  readonly targets: readonly number[];
}

type NumberPort = Extract<PortMatch, { readonly type: 'range' }>;

/**
 * Problems of rules that name the number of a Service where none of the pods has a port of that number: it is neither
 * declared nor a target. Silent where the plugin sees the Service instead of the pod, and where the rule opens the target
 * too.
 */
export function* forwardedPorts(context: CheckContext, which: ServiceNumber): Generator<Problem> {
  if (context.state.behaviour.knobs.serviceView === 'preDNAT') return;
  for (const one of acceptRules(context)) {
    if (typeof one.rule.ports === 'string') continue;
    for (const port of one.rule.ports) {
      if (port.type !== 'range' || port.first !== port.last || !isServiceNumber(context, which, port)) continue;
      const pods = destinationsOf(context, one);
      const meant = forwardingOf(context, pods, port, which);
      if (meant !== undefined && !opensTarget(one, port, meant))
        yield problemOf(context, { one, port, pods, meant, which });
    }
  }
}

/** Pods at which the rule's ports are: its subjects, or those that its peers mean. */
function destinationsOf(context: CheckContext, one: AcceptRule): IdSet {
  if (one.direction === 'ingress') return subjectsOf(context, one).yes;
  return podsOf(context, podPeers(one.rule), one.policy).yes;
}

/** Numbers that some Service has, to pass by most rules at once. */
const serviceNumbers = oncePerRun(({ state }) => {
  const numbers = { port: new Set<number>(), nodePort: new Set<number>() };
  for (const port of state.cluster.services.flatMap((service) => service.ports)) {
    numbers.port.add(port.port);
    if (port.nodePort !== undefined) numbers.nodePort.add(port.nodePort);
  }
  return numbers;
});

function isServiceNumber(context: CheckContext, which: ServiceNumber, { first }: NumberPort): boolean {
  return serviceNumbers(context)[which].has(first);
}

/** For each pod, by position, the ports of Services that forward to it. */
const forwardings = oncePerRun((context) => {
  const byPod = new Map<number, Forwarding[]>();
  const [placed] = context.state.placement.policies;
  if (placed === undefined) return byPod;
  for (const service of context.state.cluster.services) {
    if (service.selector === undefined) continue;
    const pods = context.select({ name: service.namespace }, service.selector, placed.policy).yes;
    for (const id of membersOf(pods)) {
      const own = forwardingsTo(declaredPorts(context, id), service);
      const list = byPod.get(id);
      if (list === undefined) byPod.set(id, own);
      else list.push(...own);
    }
  }
  return byPod;
});

/** "targetPort: name or number; defaults to port"; a name is looked up among the ports of the pod. */
function forwardingsTo(declared: readonly ContainerPort[], service: Service): Forwarding[] {
  return service.ports.flatMap((port) => {
    const target = port.target ?? port.port;
    const targets =
      typeof target === 'number'
        ? [target]
        : declared.filter((own) => own.name === target && own.protocol === port.protocol).map(({ number }) => number);
    return targets.length === 0 ? [] : [{ service, port, targets }];
  });
}

function declaredPorts({ pods }: CheckContext, id: number): readonly ContainerPort[] {
  const unit = pods[id]!;
  return unit.type === 'workload' ? unit.pods[0]!.ports : [];
}

/** A forwarding of the number to other ports, if some pod has one and no pod has a port of that number. */
function forwardingOf(
  context: CheckContext,
  pods: IdSet,
  { first, protocol }: NumberPort,
  which: ServiceNumber,
): Forwarding | undefined {
  let found: Forwarding | undefined;
  for (const id of membersOf(pods)) {
    if (declaredPorts(context, id).some((own) => own.number === first && own.protocol === protocol)) return undefined;
    for (const one of forwardings(context).get(id) ?? []) {
      if (one.port.protocol !== protocol) continue;
      if (one.targets.includes(first)) return undefined;
      if (one.port[which] === first) found ??= one;
    }
  }
  return found;
}

function opensTarget({ rule }: AcceptRule, written: NumberPort, { targets, port }: Forwarding): boolean {
  if (typeof rule.ports === 'string') return true;
  return rule.ports.some(
    (one) =>
      one !== written &&
      (one.protocol === written.protocol || one.protocol === 'any') &&
      (one.type === 'all' ||
        (one.type === 'named' && one.name === port.target) ||
        (one.type === 'range' && targets.some((target) => one.first <= target && target <= one.last))),
  );
}

interface Misread {
  readonly one: AcceptRule;
  readonly port: NumberPort;
  readonly pods: IdSet;
  readonly meant: Forwarding;
  readonly which: ServiceNumber;
}

function problemOf(context: CheckContext, { one, port, pods, meant, which }: Misread): Problem {
  const { policy, direction, rule } = one;
  const { service } = meant;
  const [target] = meant.targets;
  const impact = countPods(context, pods);
  const others = direction === 'ingress' ? podsOf(context, podPeers(rule), policy).yes : subjectsOf(context, one).yes;
  const example = findFlow(context, {
    verdict: 'denied',
    from: others.length > 0 ? others : everyId(context.pods.length),
    to: pods,
    ports: traffic(port.protocol === 'any' ? 'TCP' : port.protocol, target!),
  });
  const fix = writeTarget(policy, port, target!);
  return {
    object: policy.object,
    policy,
    path: port.path,
    message: `${port.first} is the ${which === 'port' ? 'port' : 'node port'} of Service ${service.namespace}/${service.name}; the pods behind it are reached on ${target}, which is what policies see`,
    hint: `write ${target}${typeof meant.port.target === 'string' ? `, or the name ${meant.port.target}` : ''}`,
    effect: `opens a port on which nobody listens, on ${printImpact(impact)}`,
    impact,
    ...(example === undefined ? {} : { example }),
    related: [
      {
        object: service.object,
        path: placeOf(service, meant.port),
        message: `forwards ${which === 'port' ? meant.port.port : meant.port.nodePort} to ${target}`,
      },
    ],
    ...(fix === undefined ? {} : { fix }),
  };
}

function writeTarget(policy: Policy, port: NumberPort, target: number): Fix | undefined {
  const path = portNumberPath(policy, port);
  if (path === undefined) return undefined;
  return {
    title: `open ${target} in place of ${port.first}`,
    edits: [{ op: 'set', object: policy.object, path, value: target }],
    announced: 'changes',
    safe: false,
  };
}

/** The entry of the Service's list that has the number. */
function placeOf({ object }: Service, { port, protocol }: ServicePort): Path {
  const ports = valueAt(object, ['spec', 'ports']);
  if (!Array.isArray(ports)) return ['spec'];
  const index = ports.findIndex(
    (one: unknown) =>
      typeof one === 'object' &&
      one !== null &&
      Reflect.get(one, 'port') === port &&
      (Reflect.get(one, 'protocol') ?? 'TCP') === protocol,
  );
  return index < 0 ? ['spec', 'ports'] : ['spec', 'ports', index];
}
