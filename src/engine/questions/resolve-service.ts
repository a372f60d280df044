// From a Service to the units behind it, with their target ports: "a Service is not a policy entity" (semantics 1.10 S1).

import { addressesOfName } from '../behaviours/index.ts';
import { addressUnits } from '../endpoints/outside.ts';
import { findTargets } from '../endpoints/service-targets.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Service, ServicePort } from '../model/cluster.ts';
import type { Labels, Selector } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { singleAddress, unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { unitsAt } from './address-owners.ts';
import type { EndpointExpression, PortExpression, QuestionContext } from './ask.ts';
import { namespaceNamed } from './resolve-pods.ts';
import type { ServicePath } from './service-path.ts';
import type { Target } from './target.ts';
import { unknownName } from './unknown-name.ts';
import { serviceNamed } from './world-index.ts';

/**
 * What stands behind a Service, each with the traffic that arrives there. `port` is one of the Service's own; absent: all
 * of them. Throws UserError for Services and ports that do not exist, and for Services without endpoints.
 */
export function serviceTargets(
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
    throw unknownName('service', what.name, names, `namespace "${namespace}" has no service "${what.name}"`);
  }
  if (service.type === 'ExternalName') {
    return outsideName(world, service).map((unit) => ({ unit, asked: askedOutside(port, context) }));
  }
  const ports = port === undefined ? service.ports : servicePorts(service, port);
  const found = findTargets(world.index?.behind(service) ?? world.state.cluster, service, ports);
  const path = pathOf(service, ports);
  const targets: Target[] = [...found.pods].flatMap(([pod, asked]) => {
    const unit = world.unitOf(pod);
    return unit === undefined || traffic.isEmpty(asked) ? [] : [{ unit, asked, ...path }];
  });
  for (const { addresses, traffic: asked } of found.outside) {
    if (traffic.isEmpty(asked)) continue;
    for (const unit of addressUnits(world.context, addresses)) targets.push({ unit, asked, ...path });
  }
  if (targets.length > 0) return targets;
  const why = found.pods.size > 0 ? 'no pod behind it has such a target port' : 'it selects no pod of the input';
  throw new UserError('unknown-name', `service "${namespace}/${service.name}" has no endpoints: ${why}`);
}

/** The way through a Service for some of its ports. A headless one only names its endpoints: clients connect to them. */
export function pathOf(service: Service, ports: readonly ServicePort[]): { path?: ServicePath } {
  if (service.headless) return {};
  const known = service.clusterIPs.flatMap((text) => {
    const address = parseAddress(text);
    return address.ok ? [singleAddress(address)] : [];
  });
  // Without a selector the endpoints have ports of their own, which EndpointSlices list.
  const changesPort = service.selector === undefined || ports.some(({ port, target = port }) => target !== port);
  const selector = service.selector === undefined ? {} : { selector: labelsOf(service.selector) };
  return { path: { addresses: unionAll(known), changesPort, ...selector } };
}

/** The selector of a Service is a list of labels with one value each. */
function labelsOf(selector: Selector): Labels {
  if (selector.op === 'and') return Object.assign({}, ...selector.of.map(labelsOf));
  return selector.op === 'in' && selector.values.length === 1 ? { [selector.key]: selector.values[0]! } : {};
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

/** An ExternalName Service leads wherever DNS says: to any address, unless the knob domainMap knows which. */
function outsideName(world: World, service: Service): Unit[] {
  const { context } = world;
  const name = service.externalName ?? service.name;
  const known = addressesOfName(name, context.behaviour.knobs.domainMap);
  if (known !== undefined) return unitsAt(world, known, name);
  const unit: Unit = {
    type: 'outside-name',
    service,
    endpoint: {
      key: `domain/${name}`,
      name,
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
  return [unit];
}
