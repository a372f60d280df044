// Sorts connections by what a reviewer has to fear: the metadata service, the internet, other namespaces. Splits
// rectangles so that all pairs of one are of one kind. Knows no text of ports.

import type { EndpointDocument } from '../../engine/questions/documents.ts';
import * as ipSets from '../../engine/sets/ip-set.ts';
import { NAMED_RANGES } from '../../engine/sets/named-ranges.ts';
import { addressesOf } from '../endpoint-names.ts';

/** What a connection crosses, worst first. */
export const REACHES = [
  'to the metadata service',
  'from the internet',
  'through an entry point',
  'to the internet',
  'from other addresses',
  'between namespaces',
  'to other addresses',
  'with a node',
  'within a namespace',
] as const;

/** One of {@link REACHES}. */
export type Reach = (typeof REACHES)[number];

interface Rectangle {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

type Zone = 'pods' | 'metadata' | 'internet' | 'addresses' | 'entry' | 'node';

/** The rectangles cut into parts of one kind each. Every pair is in exactly one part of its rectangle. */
export function splitByReach<R extends Rectangle>(
  rectangles: readonly R[],
  endpoints: readonly EndpointDocument[],
): { readonly reach: Reach; readonly part: R }[] {
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, { zone: zoneOf(endpoint), home: homeOf(endpoint) }]));
  const zones = (ids: readonly number[]): Map<Zone, number[]> =>
    groupBy(ids, (id) => byId.get(id)?.zone ?? 'addresses');
  const homes = (ids: readonly number[]): Map<string, number[]> => groupBy(ids, (id) => byId.get(id)?.home ?? '');
  return rectangles.flatMap((rectangle) => {
    const parts: { reach: Reach; part: R }[] = [];
    const add = (reach: Reach, from: readonly number[], to: readonly number[]): void => {
      if (from.length > 0 && to.length > 0) parts.push({ reach, part: { ...rectangle, from, to } });
    };
    for (const [source, from] of zones(rectangle.from))
      for (const [target, to] of zones(rectangle.to)) {
        if (source !== 'pods' || target !== 'pods') {
          add(reachOf(source, target), from, to);
          continue;
        }
        const targets = homes(to);
        for (const [home, members] of homes(from)) {
          add('within a namespace', members, targets.get(home) ?? []);
          add(
            'between namespaces',
            members,
            to.filter((id) => byId.get(id)?.home !== home),
          );
        }
      }
    return parts;
  });
}

function reachOf(source: Zone, target: Zone): Reach {
  if (target === 'metadata') return 'to the metadata service';
  if (source === 'internet') return 'from the internet';
  if (source === 'entry') return 'through an entry point';
  if (target === 'internet') return 'to the internet';
  if (source === 'addresses' || source === 'metadata') return 'from other addresses';
  if (target === 'addresses' || target === 'entry') return 'to other addresses';
  return 'with a node';
}

function zoneOf(endpoint: EndpointDocument): Zone {
  switch (endpoint.type) {
    case 'workload':
    case 'pods':
      return 'pods';
    case 'entry':
      return 'entry';
    case 'node':
      return 'node';
    case 'domain':
      return 'internet';
    case 'addresses': {
      if (endpoint.name === 'metadata' || endpoint.name === 'internet') return endpoint.name;
      if (endpoint.name !== undefined) return 'addresses';
      const set = addressesOf(endpoint.ranges);
      if (ipSets.overlaps(set, NAMED_RANGES.metadata)) return 'metadata';
      return ipSets.overlaps(set, NAMED_RANGES.internet) ? 'internet' : 'addresses';
    }
    default:
      // A newer document may have types that this program does not know.
      return 'addresses';
  }
}

/** Pods that could exist are at home nowhere: each is a namespace of its own. */
function homeOf(endpoint: EndpointDocument): string {
  return endpoint.type === 'workload' ? endpoint.namespace : `#${endpoint.id}`;
}

function groupBy<K>(ids: readonly number[], keyOf: (id: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const id of ids) {
    const key = keyOf(id);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [id]);
    else list.push(id);
  }
  return groups;
}
