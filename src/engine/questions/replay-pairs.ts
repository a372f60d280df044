// From an observed connection to the pairs that policies are asked about: the pods that were seen, or all of a workload.

import { boundedMemory } from '../attribution/bounded-memory.ts';
import type { GatheredConnection } from '../attribution/gather-connections.ts';
import { nodeUnit, singleAddressUnit } from '../endpoints/outside.ts';
import type { Unit } from '../endpoints/unit.ts';
import { type World, withOwnNode } from '../endpoints/world.ts';
import { commonFamilies } from '../evaluate/cases.ts';
import type { Pod } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import { parseCidr } from '../sets/ip-address.ts';
import type { Family } from '../sets/ip-set.ts';
import { pathOf } from './resolve-service.ts';
import type { ServicePath } from './service-path.ts';

/** One pair to judge at one port. */
export interface ReplayPair {
  readonly from: Unit;
  readonly to: Unit;
  readonly families: readonly Family[];
  readonly port: number;
  /** The way through a Service that the log shows; absent: none. */
  readonly path?: ServicePath;
  /** The source is the node that the destination runs on, whichever that is. */
  readonly ownNode: boolean;
}

/** Makes pairs of connections in a world. */
export interface PairMaker {
  /** Empty where an end is in no pair: an API server whose address nobody knows. */
  pairsOf(connection: GatheredConnection): readonly ReplayPair[];
  /** All units of a workload. */
  unitsOf(key: string): readonly Unit[];
}

/** Prepares the units of a world. */
export function pairMaker(world: World): PairMaker {
  const { cluster } = world.state;
  const units = new Map<string, Unit[]>();
  for (const unit of world.pods) {
    if (unit.type !== 'workload') continue;
    const list = units.get(unit.workload.key);
    if (list === undefined) units.set(unit.workload.key, [unit]);
    else list.push(unit);
  }
  const services = new Map(cluster.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const nodes = new Map(world.nodes().map((unit) => [unit.endpoint.nodeName ?? '', unit]));
  const addresses = boundedMemory<Unit>();

  const addressUnit = (cidr: string): Unit =>
    addresses.of(cidr, () => {
      const parsed = parseCidr(cidr);
      if (!parsed.ok) throw new Error(`no CIDR: ${cidr}`);
      return singleAddressUnit(world.context, parsed.set);
    });
  const nodeNamed = (name: string): Unit => {
    let unit = nodes.get(name);
    if (unit === undefined) {
      // Known by its pods or from the log only: nobody knows its labels or addresses.
      const object = cluster.pods[0]!.object;
      const made = nodeUnit(world.context, { name, labels: {}, addresses: [], podCIDRs: [], object });
      unit = { ...made, endpoint: { ...made.endpoint, node: { certain: true } } };
      nodes.set(name, unit);
    }
    return unit;
  };
  const ofWorkload = (key: string, seen: GatheredConnection['fromPods']): readonly Unit[] => {
    const all = units.get(key) ?? [];
    const known = seen.some ? [] : [...seen.pods].flatMap((pod) => unitWith(world, pod));
    return known.length > 0 ? all.filter((unit) => known.includes(unit)) : all;
  };
  const unitsOfParty = (party: Party, seen: GatheredConnection['fromPods']): readonly Unit[] => {
    switch (party.type) {
      case 'workload':
        return ofWorkload(party.key, seen);
      case 'addresses':
        return party.cidrs.map(addressUnit);
      case 'node':
        return [nodeNamed(party.name ?? '')];
      default:
        return [];
    }
  };

  return {
    unitsOf: (key) => units.get(key) ?? [],
    pairsOf({ from, to, fromPods, toPods, port, via, families, at }) {
      const ownNode = from.type === 'node' && from.name === undefined;
      const targets =
        to.type === 'api-server'
          ? [...at.values()].map((one) => ({
              unit: apiServerUnit(one.address, { nodes, addressUnit }),
              port: one.port,
            }))
          : unitsOfParty(to, toPods).map((unit) => ({ unit, port }));
      const service = via[0] && services.get(`${via[0].namespace}/${via[0].name}`);
      const path =
        service === undefined
          ? {}
          : pathOf(
              service,
              service.ports.filter((one) => one.port === via[0]!.port),
            );
      return targets.flatMap((target) => {
        const sources = ownNode ? [nodeNamed(target.unit.endpoint.nodeName ?? '')] : unitsOfParty(from, fromPods);
        return sources.flatMap((source) => {
          const unit = withOwnNode(source);
          const common = commonFamilies(unit.endpoint, target.unit.endpoint);
          const seen = common.filter((family) => families.has(family));
          if (common.length === 0) return [];
          const asked = seen.length > 0 ? seen : common;
          return [{ from: unit, to: withOwnNode(target.unit), port: target.port, families: asked, ownNode, ...path }];
        });
      });
    },
  };
}

function unitWith(world: World, pod: Pod): readonly Unit[] {
  const unit = world.unitOf(pod);
  return unit === undefined ? [] : [unit];
}

/** An endpoint of the API server is its node where it runs on one. */
function apiServerUnit(
  text: string,
  known: { readonly nodes: ReadonlyMap<string, Unit>; readonly addressUnit: (cidr: string) => Unit },
): Unit {
  const onNode = [...known.nodes.values()].find((unit) => unit.type === 'node' && unit.node.addresses.includes(text));
  return onNode ?? known.addressUnit(`${text}/${text.includes(':') ? 128 : 32}`);
}
