// Ends of simulated calls as the naive oracle judges them, and which ends a need speaks of. Knows no evaluator of the engine.

import type { NeedDocument, PartyDocument } from '../../../src/engine/questions/generated-document.ts';
import type { OracleEnd, OraclePod } from '../network-policy-oracle.ts';
import { type Application, keyOf, type SimPod, type SimWorkload } from './application.ts';
import type { FlowTruth } from './log-ends.ts';
import { podOf } from './manifests-of.ts';
import { contains, parseSimple } from './plain-addresses.ts';

/** An end with every address that it has, and the workload that it is of. */
export interface RealEnd {
  readonly workload?: SimWorkload;
  readonly pod?: OraclePod;
  readonly node?: string;
  readonly addresses: readonly string[];
}

/** All ends that are looked at, in a fixed order. */
export interface RealEnds {
  readonly all: readonly RealEnd[];
  of(truth: FlowTruth): RealEnd;
  /** Ends that a party of a document means, the other end being known; `undefined` where that is nobody's business here. */
  meant(party: PartyDocument, other: RealEnd | undefined): readonly RealEnd[];
}

/** Addresses that nobody in an application has. */
const STRANGERS = ['192.0.2.77', '203.0.113.250', '2001:db8:99::1'] as const;

/** Pods of all times, nodes, addresses of calls, and strangers. */
export function realEnds({ workloads, nodes, calls, isDualStack }: Application): RealEnds {
  const byPod = new Map<SimPod, RealEnd>();
  for (const workload of workloads) {
    for (const pod of [...workload.pods, ...workload.gone]) {
      const { addresses, node } = pod;
      byPod.set(
        pod,
        workload.hostNetwork
          ? { workload, node: node.name, addresses }
          : { workload, pod: podOf(pod) as unknown as OraclePod, addresses },
      );
    }
  }
  const byNode = new Map(nodes.map(({ name, addresses }): [string, RealEnd] => [name, { node: name, addresses }]));
  const isNodes = (address: string) => nodes.some(({ addresses }) => addresses.includes(address));
  const called = calls.flatMap(({ from, to }) =>
    [from, to].flatMap((end) => (end.is === 'address' ? [end.address] : [])),
  );
  const strangers = STRANGERS.filter((address) => isDualStack || !address.includes(':'));
  const outside = [...new Set([...called, ...strangers])].filter((address) => !isNodes(address));
  const byAddress = new Map(outside.map((address) => [address, { addresses: [address] } as RealEnd]));
  const all = [...byPod.values(), ...byNode.values(), ...byAddress.values()];
  const isOutside = (end: RealEnd) => end.pod === undefined;
  return {
    all,
    of(truth) {
      if (truth.is === 'pod') return byPod.get(truth.pod)!;
      return truth.node === undefined ? byAddress.get(truth.address)! : byNode.get(truth.node.name)!;
    },
    meant(party, other) {
      switch (party.type) {
        case 'workload':
          return all.filter(({ workload }) => workload !== undefined && keyOf(workload) === party.key);
        case 'addresses': {
          // Of a node with several addresses only those that are named.
          const isNamed = (one: string) => party.cidrs!.some((cidr) => contains(cidr, parseSimple(one)));
          return all.flatMap((end) => {
            const addresses = isOutside(end) ? end.addresses.filter(isNamed) : [];
            return addresses.length === 0 ? [] : [{ ...end, addresses }];
          });
        }
        case 'outside':
          return all.filter(isOutside);
        case 'node': {
          const name = /^node (.+)$/.exec(party.name)?.[1];
          if (name !== undefined) return byNode.has(name) ? [byNode.get(name)!] : [];
          const own = byNode.get(other?.pod?.spec.nodeName ?? '');
          return own === undefined ? [] : [own];
        }
        default:
          return [];
      }
    },
  };
}

/** Pairs of one address each that a connection between two ends may have: of one family, or of every one that both share. */
export function addressPairs({
  from,
  to,
  family,
}: {
  readonly from: RealEnd;
  readonly to: RealEnd;
  readonly family?: string;
}): { readonly from: OracleEnd; readonly to: OracleEnd }[] {
  const isOf = (address: string, v6: boolean) => address.includes(':') === v6;
  const families = family === undefined ? [false, true] : [family === 'IPv6'];
  return families.flatMap((v6) =>
    from.addresses
      .filter((address) => isOf(address, v6))
      .flatMap((source) =>
        to.addresses
          .filter((address) => isOf(address, v6))
          .map((destination) => ({ from: oracleEnd(from, source), to: oracleEnd(to, destination) })),
      ),
  );
}

function oracleEnd({ pod, node }: RealEnd, ip: string): OracleEnd {
  return { ip, ...(pod === undefined ? {} : { pod }), ...(node === undefined ? {} : { node }) };
}

/** Pairs of ends between which a need speaks, with the addresses that it means. */
export function pairsMeant(need: NeedDocument, ends: RealEnds): { readonly from: RealEnd; readonly to: RealEnd }[] {
  // A node without a name is that of the other end, whichever that is.
  return ends.all
    .flatMap((other) => ends.meant(need.to, other))
    .filter((to, index, all) => all.indexOf(to) === index)
    .flatMap((to) => ends.meant(need.from, to).map((from) => ({ from, to })));
}

/** Reports whether a need speaks of a connection, whatever address of an end it means. */
export function speaksOf(
  need: NeedDocument,
  ends: RealEnds,
  {
    from,
    to,
    protocol,
    port,
  }: { readonly from: RealEnd; readonly to: RealEnd; readonly protocol: string; readonly port: number },
): boolean {
  if (need.protocol !== protocol || port < need.ports[0] || port > need.ports[1]) return false;
  const isAmong = (meant: readonly RealEnd[], end: RealEnd) => meant.some((one) => isSame(one, end));
  return isAmong(ends.meant(need.from, to), from) && isAmong(ends.meant(need.to, from), to);
}

/** Pods of the host network have the addresses of their nodes, and of each other. */
function isSame(a: RealEnd, b: RealEnd): boolean {
  if (a.pod !== undefined || b.pod !== undefined) return a.pod === b.pod;
  return a.addresses.some((address) => b.addresses.includes(address));
}
