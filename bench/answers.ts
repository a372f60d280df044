// Answers of the product in the form that they are compared in: a printed document, or rectangles in memory.

import type { ConnectivityMap } from '../src/engine/index.ts';
import type { UnitMap } from '../src/engine/questions/map.ts';
import { printRanges } from '../src/engine/sets/ip-address.ts';
import { ofFamily } from '../src/engine/sets/ip-set.ts';
import { contains, type Protocol } from '../src/engine/sets/traffic-set.ts';
import type { Answered } from './exactness.ts';
import type { Family, NaiveVerdict } from './naive/naive.ts';
import type { Json } from './shapes/policy-shape.ts';

type Ports = NonNullable<ConnectivityMap['connections'][number]['allowed']>;

/** The answer of a document as `map -o json` prints it. */
export function answerOfDocument(document: ConnectivityMap): Answered {
  const positions = new Map(document.endpoints.map(({ key, id }) => [key, id]));
  const varied = workloadsWithVariants(document.endpoints);
  return {
    rectangles: document.connections.map(({ from, to, allowed, unknown }) => ({
      from,
      to,
      verdict: (protocol, port): NaiveVerdict => {
        if (allowed !== undefined && holds(allowed, protocol, port)) return 'allowed';
        return (unknown ?? []).some(({ ports }) => holds(ports, protocol, port)) ? 'unknown' : 'denied';
      },
    })),
    positionOf: (object) => (varied.has(keyOf(object)) ? undefined : known(positions, keyOf(object))),
    addresses: document.endpoints.flatMap((endpoint) =>
      endpoint.type === 'addresses' ? [{ address: endpoint.ranges[0]![0], position: endpoint.id }] : [],
    ),
  };
}

function holds(ports: Ports, protocol: string, port: number): boolean {
  if (ports === 'all') return true;
  return (ports[protocol as Protocol] ?? []).some(([first, last]) => port >= first && port <= last);
}

/** Keys of workloads whose pods are several endpoints; a document does not say which pod is of which. */
export function workloadsWithVariants(endpoints: ConnectivityMap['endpoints']): ReadonlySet<string> {
  return new Set(endpoints.flatMap(({ key }) => (/#\d+$/.test(key) ? [key.replace(/#\d+$/, '')] : [])));
}

/** The workload as a document names it: that of a Pod is the Deployment of its ReplicaSet, or itself without one. */
export function keyOf({ kind, metadata }: Json): string {
  const { namespace, name, ownerReferences } = metadata as OwnedMetadata;
  if (kind !== 'Pod') return `${namespace}/${kind}.apps/${name}`;
  if (ownerReferences === undefined) return `${namespace}/Pod/${name}`;
  const owner = ownerReferences[0]!.name;
  return `${namespace}/Deployment.apps/${owner.slice(0, owner.lastIndexOf('-'))}`;
}

type OwnedMetadata = {
  readonly namespace: string;
  readonly name: string;
  readonly ownerReferences?: readonly { readonly name: string }[];
};

function known(positions: ReadonlyMap<string, number>, key: string): number {
  const position = positions.get(key);
  if (position === undefined) throw new Error(`${key} is missing in the answer`);
  return position;
}

/** The answer of rectangles over units, for one family. */
export function answerOfUnits({ units, rectangles }: UnitMap, family: Family = 'IPv4'): Answered {
  const positions = new Map<string, number>();
  units.forEach((unit, position) => {
    if (unit.type !== 'workload') return;
    for (const pod of unit.pods) positions.set(`${pod.namespace}/${pod.name}`, position);
  });
  return {
    family,
    rectangles: rectangles.flatMap(({ from, to, decisions }) => {
      const decision = decisions[family];
      if (decision === undefined) return [];
      const verdict = (protocol: string, port: number): NaiveVerdict => {
        if (contains(decision.allowed, protocol as Protocol, port)) return 'allowed';
        const isOpen = decision.unknown.some((part) => contains(part.traffic, protocol as Protocol, port));
        return isOpen ? 'unknown' : 'denied';
      };
      return [{ from, to, verdict }];
    }),
    positionOf: ({ metadata }) => {
      const { namespace, name } = metadata as { namespace: string; name: string };
      return known(positions, `${namespace}/${name}`);
    },
    addresses: units.flatMap((unit, position) => {
      if (unit.type !== 'addresses') return [];
      const first = printRanges(ofFamily(unit.set, family))[0];
      return first === undefined ? [] : [{ address: first[0], position }];
    }),
  };
}
