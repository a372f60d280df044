// Tightness: what is allowed that nothing needs? The whole map after the change, less what the needs justify. Pairs of which
// neither end gets a policy are none of ours and are left out.

import { entry } from '../compile/entry.ts';
import { addressUnits } from '../endpoints/outside.ts';
import { inFamilies, seenByBlocks } from '../endpoints/pod-endpoints.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { evaluateFlow } from '../evaluate/evaluate.ts';
import type { Need } from '../generate/needs.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Policy } from '../model/policy.ts';
import { mapWorld } from '../questions/map.ts';
import { membersOf } from '../sets/id-set.ts';
import { printAddresses } from '../sets/ip-address.ts';
import { type Family, type IpSet, NO_ADDRESSES } from '../sets/ip-set.ts';
import type * as traffic from '../sets/traffic-set.ts';
import { PORT_PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { trafficTable } from '../sets/traffic-table.ts';
import { allowedBeside } from './allowed-beside.ts';
import type { Excess } from './excess.ts';
import { justifiedTraffic } from './justified-traffic.ts';
import { openToNewcomers } from './newcomers.ts';
import type { Court } from './soundness.ts';

/** Connections that are allowed and that nothing needs: every source may reach every destination. */
export interface Unjustified {
  readonly from: readonly Unit[];
  readonly to: readonly Unit[];
  readonly family: Family;
  readonly traffic: traffic.TrafficSet;
  /**
   * The policies whose rules let it through, in order of their names, judged for the first source and each destination, and
   * for the first groups for the next sources and the first destination; empty: no policy of these ends isolates them.
   */
  readonly policies: readonly Policy[];
}

/** Pairs of which nobody knows whether something that nothing needs is allowed, for one reason. */
export interface Undecided {
  readonly reason: UnknownReason;
  /** Counted once per family. */
  readonly pairs: number;
  /** One of them. */
  readonly example: { readonly from: Unit; readonly to: Unit; readonly traffic: traffic.TrafficSet };
}

/** What the proof of tightness came to. */
export interface TightnessProof {
  /** Pairs of ends that are allowed something, counted once per family. */
  readonly allowed: number;
  /** Surely allowed, or under conditions; no pair twice. */
  readonly unjustified: readonly Unjustified[];
  /** Pairs of it, counted once per family. */
  readonly unjustifiedPairs: number;
  /** By reason, in order of reasons. */
  readonly undecided: readonly Undecided[];
}

/** Whom the plan closes. */
export interface Closed {
  /** Reports whether a workload gets a policy, by its key. */
  readonly isPlanned: (workload: string) => boolean;
  /** Namespaces that get a default deny: pods that are not there yet may do nothing. */
  readonly namespaces: readonly string[];
}

/** Compares the map with the needs. */
export function proveTightness(
  world: World,
  needs: readonly Need[],
  { isPlanned, namespaces }: Closed,
  court: Court,
): TightnessProof {
  const context = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
  const { plan } = world.state;
  const nodes = plan.assumed.includes('nodeCIDRs') ? NO_ADDRESSES : inFamilies(plan.nodes, plan.families);
  const outside = [...world.outside(), ...nodeUnits(world, nodes)];
  const { units, rectangles } = mapWorld(world, outside, { protocols: PORT_PROTOCOLS }, context);
  const table = trafficTable();
  const justified = justifiedTraffic(units, needs, court, nodes, table);
  const isOurs = units.map((unit) => unit.type === 'workload' && isPlanned(unit.workload.key));
  // Through an entry comes what also comes from the addresses outside.
  const isNoSource = units.map(({ type }) => type === 'entry');
  const { allowed, pairs, excess, undecided } = allowedBeside(rectangles, { isOurs, isNoSource }, justified, table);
  const newcomers = openToNewcomers(world, namespaces).map(
    (one): Unjustified => ({
      ...one,
      policies: lettingThrough(one.from[0], one.to[0], one.family, one.traffic, court),
    }),
  );
  return {
    allowed,
    unjustified: [...joined(units, excess, court), ...newcomers],
    unjustifiedPairs: newcomers.reduce((sum, { from, to }) => sum + from.length * to.length, pairs),
    undecided: [...undecided]
      .map(
        ([
          reason,
          {
            pairs: open,
            example: { from, to, traffic: set },
          },
        ]): Undecided => {
          return { reason, pairs: open, example: { from: units[from]!, to: units[to]!, traffic: set } };
        },
      )
      .sort((a, b) => (a.reason < b.reason ? -1 : 1)),
  };
}

/** Destinations with the same excess from the same sources by the same policies, together. */
function joined(units: readonly Unit[], excess: readonly Excess[], court: Court): Unjustified[] {
  const groups = new Map<
    string,
    { readonly excess: Excess; readonly to: number[]; readonly policies: readonly Policy[] }
  >();
  // Equal sets are one value, so that a number stands for each.
  const numbers = new Map<unknown, number>();
  const numberOf = (set: unknown) => entry(numbers, set, () => numbers.size);
  for (const one of excess) {
    const { sources, destination, family, traffic: set } = one;
    const policies = lettingThrough(units[sources[0]!]!, units[destination]!, family, set, court);
    const key = `${family} ${numberOf(set)} ${numberOf(sources)} ${policies.map(nameOf).join(',')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { excess: one, to: [destination], policies });
    else group.to.push(one.destination);
  }
  const unitsOf = (ids: readonly number[]): Unit[] => ids.map((id) => units[id]!);
  return [...groups.values()].map(({ excess: { family, traffic: set, sources }, to, policies }, index) => {
    const [from, destinations] = [unitsOf(membersOf(sources)), unitsOf(to.sort((a, b) => a - b))];
    const next = index < MOST_GROUPS ? from.slice(1, MOST_JUDGED) : [];
    const others = next.flatMap((source) => lettingThrough(source, destinations[0]!, family, set, court));
    return { from, to: destinations, family, traffic: set, policies: inOrder([...policies, ...others]) };
  });
}

/** Addresses of nodes, which maps leave out, in classes that no policy tells apart. What a node may do to its own pods is left out. */
function nodeUnits({ context }: World, nodes: IpSet): Unit[] {
  const seen = seenByBlocks(context.behaviour.knobs.ipBlockMatchesNodes, 'node-address');
  const units = addressUnits(context, nodes);
  return units.map((unit) => {
    const addresses = printAddresses(unit.endpoint.addresses);
    const name = units.length === 1 || addresses.length > 60 ? 'nodes' : addresses;
    return { ...unit, endpoint: { ...unit.endpoint, ...seen, name } };
  });
}

/** Sources of a group that are asked which policies let them through. Names are for people, who read no more of them. */
const MOST_JUDGED = 50;

/** Groups of which that is asked: in a large cluster with wide policies there are very many. */
const MOST_GROUPS = 100;

/** The policies that accept one flow of the traffic. */
function lettingThrough(
  from: Unit,
  to: Unit,
  family: Family,
  set: traffic.TrafficSet,
  { rules }: Court,
): readonly Policy[] {
  const [protocol, bounds] = Object.entries(set).find(([, own]) => own.length > 0)! as [Protocol, readonly number[]];
  const pair = { from: from.endpoint, to: to.endpoint };
  const trace = evaluateFlow(rules, pair, { family, protocol, port: bounds[0]! });
  const found = [trace.egress, trace.ingress].flatMap(({ steps }) =>
    steps.flatMap(({ action, policy }) => (action === 'Accept' && policy !== undefined ? [policy] : [])),
  );
  return inOrder(found);
}

/** Each policy once. */
function inOrder(policies: readonly Policy[]): readonly Policy[] {
  return [...new Set(policies)].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ ref }: Policy): string {
  return `${ref.namespace ?? ''}/${ref.name}`;
}
