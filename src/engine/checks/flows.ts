// Looks for a flow that shows a finding: between some pods, or a pod and an address, with a verdict that is sure. Judges few.

import { entry } from '../compile/entry.ts';
import { addressUnits } from '../endpoints/outside.ts';
import type { Unit } from '../endpoints/unit.ts';
import { commonFamilies } from '../evaluate/cases.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import type { Flow } from '../model/verdict.ts';
import type { IdSet } from '../sets/id-set.ts';
import { printAddress } from '../sets/ip-address.ts';
import { type Family, singleAddress } from '../sets/ip-set.ts';
import { contains, PORT_PROTOCOLS, type TrafficSet } from '../sets/traffic-set.ts';
import type { CheckContext } from './context.ts';
import { askableName } from './effect.ts';
import { printFlowPort } from './example-flow.ts';
import { judgeFlow } from './judge-flow.ts';
import { oncePerRun } from './once.ts';

/** One port of one protocol. */
type FlowPort = Pick<Flow, 'protocol' | 'port'>;

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

/** Flows that are judged for all findings of a run: those behind the first few hundred go without an example. */
const BUDGET = 1500;

const spent = oncePerRun(() => ({ flows: 0 }));

/** By their text. */
const outsideUnits = oncePerRun(() => new Map<string, Unit>());

/**
 * A flow in the grammar of `can` that has the verdict for certain: the first of a few by the names of their ends. Undefined
 * where none has, or none can be named.
 */
export function findFlow(context: CheckContext, { verdict, from, to, ports }: FlowSearch): string | undefined {
  const sources = nameable(context, from);
  for (const destination of nameable(context, to)) {
    for (const flow of portsToTry(context.pods[destination]!, ports)) {
      for (const source of sources) {
        if (source === destination) continue;
        const [one, other] = [context.pods[source]!.endpoint, context.pods[destination]!.endpoint];
        if (!isJudged(context, verdict, one, other, flow)) continue;
        return `${askableName(context, source)} -> ${askableName(context, destination)}:${printFlowPort(flow)}`;
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
  const text = printAddress(address.family, address.value);
  const outside = entry(outsideUnits(context), text, () => {
    const [unit] = addressUnits(context.world.context, singleAddress(address));
    return unit!;
  }).endpoint;
  for (const id of nameable(context, pods)) {
    const name = askableName(context, id)!;
    const pod = context.pods[id]!.endpoint;
    const [from, to] = direction === 'egress' ? [pod, outside] : [outside, pod];
    const tries = direction === 'egress' ? anyPorts(ports) : portsToTry(context.pods[id]!, ports);
    for (const flow of tries) {
      if (!isJudged(context, verdict, from, to, flow)) continue;
      const port = printFlowPort(flow);
      if (direction === 'ingress') return `${text} -> ${name}:${port}`;
      return `${name} -> ${address.family === 'IPv6' ? `[${text}]` : text}:${port}`;
    }
  }
  return undefined;
}

/** Whether the flow has the verdict in every family that both ends have. False when the run has judged enough. */
function isJudged(
  context: CheckContext,
  verdict: FlowSearch['verdict'],
  from: Endpoint,
  to: Endpoint,
  flow: FlowPort,
): boolean {
  const budget = spent(context);
  const families = commonFamilies(from, to);
  if (families.length === 0 || budget.flows >= BUDGET) return false;
  budget.flows += families.length;
  return families.every((family) => judgeFlow(context, from, to, { family, ...flow }) === verdict);
}

/** The first few pods of the set that a person can name and that policies can select. */
function nameable(context: CheckContext, ids: IdSet): number[] {
  const found: number[] = [];
  for (let i = 0; i < ids.length; i += 2) {
    for (let id = ids[i]!; id < ids[i + 1]!; id++) {
      if (context.pods[id]!.endpoint.pod !== undefined && askableName(context, id) !== undefined) found.push(id);
      if (found.length === TRIES) return found;
    }
  }
  return found;
}

/** Ports that the destination declares, else the first of those allowed, else one that stands for any. */
function portsToTry(unit: Unit, ports: TrafficSet | undefined): FlowPort[] {
  const declared = unit.endpoint.ports === 'unknown' ? [] : unit.endpoint.ports;
  const fitting = declared
    .map(({ protocol, number }) => ({ protocol, port: number }))
    .filter(({ protocol, port }) => ports === undefined || contains(ports, protocol, port));
  return fitting.length > 0 ? fitting.slice(0, TRIES) : anyPorts(ports);
}

/** The first ports of the set, or one that stands for any. */
function anyPorts(ports: TrafficSet | undefined): FlowPort[] {
  if (ports === undefined) return [{ protocol: 'TCP', port: 443 }];
  return PORT_PROTOCOLS.flatMap((protocol) => {
    const first = ports[protocol]?.[0];
    return first === undefined ? [] : [{ protocol, port: first === 1 ? 443 : first }];
  });
}
