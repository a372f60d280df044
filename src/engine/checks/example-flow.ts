// Flows that show a finding, in the grammar of `can`: one pod, one other end, one port; only such as are really decided so.

import type { Endpoint } from '../model/endpoint.ts';
import type { Direction, Rule } from '../model/policy.ts';
import type { Flow } from '../model/verdict.ts';
import { type IdSet, membersOf } from '../sets/id-set.ts';
import { parseAddress } from '../sets/ip-address.ts';
import type { CheckContext } from './context.ts';
import { askableName } from './effect.ts';
import { addressEndpoint, judgeFlow } from './judge-flow.ts';

/** How many pods are tried before a finding goes without an example. */
const TRIES = 5;

/** One protocol and port that the rule opens at the destination; undefined where it opens none that is known. */
export function samplePort(
  { ports }: Pick<Rule, 'ports'>,
  destination: Endpoint,
): Pick<Flow, 'protocol' | 'port'> | undefined {
  if (ports === 'none') return undefined;
  if (ports === 'any') return { protocol: 'TCP', port: 443 };
  for (const port of ports) {
    const protocol = port.protocol === 'any' ? 'TCP' : port.protocol;
    if (port.type === 'all') return { protocol, port: 443 };
    if (port.type === 'range') {
      if (port.first <= port.last) return { protocol, port: port.first };
      continue;
    }
    const own = destination.ports === 'unknown' ? [] : destination.ports;
    const match = own.find(
      (one) => one.name === port.name && (port.protocol === 'any' || one.protocol === port.protocol),
    );
    if (match !== undefined) return { protocol: match.protocol, port: match.number };
  }
  return undefined;
}

/** A port as `can` reads it: `443`, `53/udp`. */
export function printFlowPort({ protocol, port }: Pick<Flow, 'protocol' | 'port'>): string {
  return protocol === 'TCP' ? String(port) : `${port}/${protocol.toLowerCase()}`;
}

/** An allowed flow between one of the pods and the address, on a port of the rule; undefined where none is found. */
export function flowWithAddress(
  context: CheckContext,
  { direction, rule }: { readonly direction: Direction; readonly rule: Pick<Rule, 'ports'> },
  pods: IdSet,
  text: string,
): string | undefined {
  const address = parseAddress(text);
  if (!address.ok || !context.state.plan.families.includes(address.family)) return undefined;
  const outside = addressEndpoint(context, address);
  for (const id of firstOf(pods, TRIES)) {
    const pod = context.pods[id]!.endpoint;
    const [from, to] = direction === 'egress' ? [pod, outside] : [outside, pod];
    const port = samplePort(rule, to);
    const name = askableName(context, id);
    if (port === undefined || name === undefined) continue;
    if (judgeFlow(context, from, to, { ...port, family: address.family }) !== 'allowed') continue;
    const asked = printFlowPort(port);
    const bracketed = address.family === 'IPv6' ? `[${text}]` : text;
    return direction === 'egress' ? `${name} -> ${bracketed}:${asked}` : `${text} -> ${name}:${asked}`;
  }
  return undefined;
}

/** The first few members. */
export function firstOf(set: IdSet, count: number): number[] {
  if (set.length > 2 || set[1]! - set[0]! > count) return membersOf(set).slice(0, count);
  return membersOf(set);
}
