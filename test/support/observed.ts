// Observed flows in a few letters: `a/web 10.0.0.1 -> 10.96.0.1:80`.

import type { Party } from '../../src/engine/model/evidence.ts';
import type { FlowEnd, ObservedFlow } from '../../src/engine/model/flow.ts';

let lines = 0;

/** What a flow has besides its ends; absent: one record of TCP, its opener known, let through where it arrived. */
export type FlowParts = Partial<Omit<ObservedFlow, 'source' | 'destination'>>;

/**
 * A flow from `SOURCE -> DESTINATION:PORT`. An end is an address, `namespace/pod@address` or `namespace/pod`; what else the
 * log says of it goes into `ends`.
 */
export function observed(
  text: string,
  parts: FlowParts = {},
  ends: { readonly source?: FlowEnd; readonly destination?: FlowEnd } = {},
): ObservedFlow {
  const [from, called] = text.split(' -> ') as [string, string];
  const { end, port } = calledEnd(called);
  const source = { ...endOf(from), ...ends.source };
  const destination = { ...end, ...ends.destination };
  const isV6 = [source, destination].some(({ address }) => address?.includes(':'));
  lines += 1;
  return {
    source,
    destination,
    family: isV6 ? 'IPv6' : 'IPv4',
    protocol: 'TCP',
    ...(port === undefined ? {} : { port }),
    opened: 'known',
    verdict: { kind: 'allowed' },
    seenAt: 'ingress',
    count: 1,
    place: { file: 'log', line: lines },
    ...parts,
  };
}

function calledEnd(text: string): { readonly end: FlowEnd; readonly port?: number } {
  const [, end, port] = /^(.*?|.*\])(?::(\d+))?$/.exec(text)!;
  return { end: endOf(end!.replace(/[[\]]/g, '')), ...(port === undefined ? {} : { port: Number(port) }) };
}

function endOf(text: string): FlowEnd {
  const [name, address] = text.includes('@')
    ? text.split('@')
    : text.includes('/')
      ? [text, undefined]
      : [undefined, text];
  const [namespace, pod] = name?.split('/') ?? [];
  return {
    ...(address === undefined ? {} : { address }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(pod === undefined ? {} : { pod }),
  };
}

/** A party in one word: `shop/Deployment/web`, `192.0.2.1/32`, `node`, `node n1`. */
export function partyText(party: Party): string {
  if (party.type === 'workload') return party.key.replace(/\.[a-z.]+\//, '/');
  if (party.type === 'addresses') return party.cidrs.join(',');
  return party.type === 'node' && party.name !== undefined ? `node ${party.name}` : party.type;
}
