// Single flows for findings: which policies select a pod, and what they make of one flow. Judges a flow by the policies of
// its two ends alone, so that an example costs little however many policies there are.

import { entry } from '../compile/entry.ts';
import { possible } from '../compile/match-set.ts';
import { singleAddressUnit } from '../endpoints/outside.ts';
import type { Unit } from '../endpoints/unit.ts';
import { commonFamilies } from '../evaluate/cases.ts';
import { evaluateDirection } from '../evaluate/evaluate.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import type { Verdict } from '../model/verdict.ts';
import { printPort } from '../questions/parse-ports.ts';
import { type IdSet, unionAll } from '../sets/id-set.ts';
import { parseAddress, printAddress } from '../sets/ip-address.ts';
import { type Family, singleAddress } from '../sets/ip-set.ts';
import { sharedLists } from '../sets/shared-lists.ts';
import { contains, type Protocol, type TrafficSet } from '../sets/traffic-set.ts';
import type { CheckContext } from './context.ts';
import { oncePerRun } from './once.ts';

/** One port of one protocol. */
export interface FlowPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/** What to look for: a flow from one of these pods to one of those that is surely allowed, or surely denied. */
export interface FlowSearch {
  readonly verdict: 'allowed' | 'denied';
  readonly from: IdSet;
  readonly to: IdSet;
  /** Only these ports; absent: any. A port that the destination declares is taken first. */
  readonly ports?: TrafficSet;
}

/** What to look for between pods and one address outside of the cluster. */
export interface OutsideSearch {
  readonly verdict: 'allowed' | 'denied';
  readonly pods: IdSet;
  /** As the pods see it. */
  readonly direction: Direction;
  readonly address: { readonly family: Family; readonly value: number | bigint };
  readonly ports?: TrafficSet;
}

/** Ends, and ports, that are tried on each side before one search is given up. */
const TRIES = 3;

/** Flows that are judged for all findings of a run with few examples. */
const BUDGET = 600;

const spent = oncePerRun(() => ({ flows: 0 }));

/** Addresses that the snapshot shows on pods, nodes and Services. */
const takenAddresses = oncePerRun(({ state: { cluster } }): ReadonlySet<string> => {
  const all = [
    ...cluster.pods.flatMap(({ addresses }) => addresses),
    ...cluster.nodes.flatMap(({ addresses }) => addresses),
    ...cluster.services.flatMap(({ clusterIPs, externalIPs }) => [...clusterIPs, ...externalIPs]),
  ];
  return new Set(
    all.flatMap((text) => {
      const parsed = parseAddress(text);
      return parsed.ok ? [printAddress(parsed.family, parsed.value)] : [];
    }),
  );
});

/** By their text. */
const outsideUnits = oncePerRun(() => new Map<string, Unit>());

/**
 * For every pod, by position in `context.pods`, the policies that select it, surely or perhaps, in either direction. Pods of
 * the same policies have the same list.
 */
export const policiesOfPods: (context: CheckContext) => readonly (readonly PlacedPolicy[])[] = oncePerRun((context) => {
  const lists = sharedLists<PlacedPolicy>();
  for (const placed of context.state.placement.policies) {
    const { policy } = placed;
    const selected = DIRECTIONS.flatMap((direction) => {
      const subject = policy[direction]?.subject;
      return subject === undefined ? [] : [possible(context.select(subject.namespaces, subject.pods, policy))];
    });
    lists.add(unionAll(selected), placed);
  }
  const found = lists.lists();
  return context.pods.map((_, id) => found.get(id) ?? NO_POLICIES);
});

const NO_POLICIES: readonly PlacedPolicy[] = [];

/** One end of a flow: a pod by its position in `context.pods`, or a unit that is none of them (an address). */
export type FlowEnd = number | Unit;

/**
 * The verdict on one flow, the same in every family that both ends have; undefined where the families differ or share
 * none.
 */
export function judgeFlow(context: CheckContext, from: FlowEnd, to: FlowEnd, flow: FlowPort): Verdict | undefined {
  const { placement, behaviour } = context.state;
  const endpointOf = (end: FlowEnd) => (typeof end === 'number' ? context.pods[end]! : end).endpoint;
  const pair = { from: endpointOf(from), to: endpointOf(to) };
  let common: Verdict | undefined;
  for (const family of commonFamilies(pair.from, pair.to)) {
    // Each side by the policies that select it, which are in the order of the placement.
    const sides = DIRECTIONS.map((direction) => {
      const subject = direction === 'egress' ? from : to;
      const policies = typeof subject === 'number' ? policiesOfPods(context)[subject]! : [];
      const rules = { placement: { ...placement, policies }, knobs: behaviour.knobs };
      return evaluateDirection(rules, direction, pair, { family, ...flow }, false).verdict;
    });
    const verdict = WORST_FIRST.find((one) => sides.includes(one))!;
    if (common !== undefined && common !== verdict) return undefined;
    common = verdict;
  }
  return common;
}

const WORST_FIRST: readonly Verdict[] = ['denied', 'unknown', 'conditional', 'allowed'];

/**
 * A flow in the grammar of `can` that has the verdict for certain: the first of a few by the names of their ends. Undefined
 * where none has, or none can be named.
 */
export function findFlow(context: CheckContext, { verdict, from, to, ports }: FlowSearch): string | undefined {
  const budget = spent(context);
  const sources = nameable(context, from);
  const destinations = nameable(context, to);
  for (const destination of destinations) {
    for (const flow of portsToTry(context.pods[destination]!, ports)) {
      for (const source of sources) {
        if (context.examples === 'few' && budget.flows >= BUDGET) return undefined;
        budget.flows++;
        if (source === destination || judgeFlow(context, source, destination, flow) !== verdict) continue;
        return printFlow(nameOf(context, source)!, nameOf(context, destination)!, flow);
      }
    }
  }
  return undefined;
}

/** A flow between one of the pods and an address outside, as {@link findFlow} finds one between pods. */
export function findOutsideFlow(
  context: CheckContext,
  { verdict, pods, direction, address, ports }: OutsideSearch,
): string | undefined {
  const budget = spent(context);
  const text = printAddress(address.family, address.value);
  // In a question the address would stand for whoever has it.
  if (takenAddresses(context).has(text)) return undefined;
  const outside = entry(outsideUnits(context), text, () =>
    singleAddressUnit(context.world.context, singleAddress(address)),
  );
  for (const pod of nameable(context, pods)) {
    const name = nameOf(context, pod)!;
    const [from, to] = direction === 'egress' ? [pod, outside] : [outside, pod];
    const tries = direction === 'egress' ? outsidePorts(ports) : portsToTry(context.pods[pod]!, ports);
    for (const flow of tries) {
      if (context.examples === 'few' && budget.flows >= BUDGET) return undefined;
      budget.flows++;
      if (judgeFlow(context, from, to, flow) !== verdict) continue;
      return direction === 'egress' ? printFlow(name, text, flow) : printFlow(text, name, flow);
    }
  }
  return undefined;
}

/** `shop/web -> shop/db:5432`; names are in the grammar of endpoints. */
export function printFlow(from: string, to: string, { protocol, port }: FlowPort): string {
  const isIpv6 = /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*$/.test(to);
  const text = printPort({
    text: '',
    type: 'range',
    first: port,
    last: port,
    ...(protocol === 'TCP' ? {} : { protocol }),
  });
  return `${from} -> ${isIpv6 ? `[${to}]` : to}:${text}`;
}

/** The first few pods of the set that a person can name and that policies can select. */
function nameable(context: CheckContext, ids: IdSet): number[] {
  const found: number[] = [];
  for (let i = 0; i < ids.length; i += 2) {
    for (let id = ids[i]!; id < ids[i + 1]!; id++) {
      if (context.pods[id]!.endpoint.pod !== undefined && nameOf(context, id) !== undefined) found.push(id);
      if (found.length === TRIES) return found;
    }
  }
  return found;
}

/** Ports that the destination declares, else the first of those allowed, else one that says "any". */
function portsToTry(unit: Unit, ports: TrafficSet | undefined): FlowPort[] {
  const declared = unit.endpoint.ports === 'unknown' ? [] : unit.endpoint.ports;
  const fitting = declared
    .map(({ protocol, number }) => ({ protocol, port: number }))
    .filter(({ protocol, port }) => ports === undefined || contains(ports, protocol, port));
  return fitting.length > 0 ? fitting.slice(0, TRIES) : outsidePorts(ports);
}

/** The first ports of the set, or one that stands for any. */
function outsidePorts(ports: TrafficSet | undefined): FlowPort[] {
  if (ports === undefined) return [{ protocol: 'TCP', port: 443 }];
  return (['TCP', 'UDP', 'SCTP'] as const).flatMap((protocol) => {
    const first = ports[protocol]?.[0];
    return first === undefined ? [] : [{ protocol, port: first === 1 ? 443 : first }];
  });
}

const namesOf = oncePerRun((context) => {
  const seen = new Map<string, number>();
  for (const { endpoint } of context.pods) seen.set(endpoint.name, (seen.get(endpoint.name) ?? 0) + 1);
  return context.pods.map((unit) => {
    if (unit.type !== 'workload' || unit.variant !== undefined) return undefined;
    const { namespace, kind, name } = unit.workload;
    return seen.get(unit.endpoint.name) === 1 ? unit.endpoint.name : `${namespace}/${kind.toLowerCase()}/${name}`;
  });
});

/**
 * The name of a pod, by position in `context.pods`, in the grammar of endpoints: with the kind where two workloads of a
 * namespace share a name. Undefined for one of several variants of a workload, which no name means alone.
 */
export function nameOf(context: CheckContext, id: number): string | undefined {
  return namesOf(context)[id];
}
