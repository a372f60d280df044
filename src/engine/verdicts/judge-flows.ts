// The verdict loop: one look at a memory of flows, and for a flow that is not there two rows, two port tables and what exempts
// single pods. Must agree with evaluate/evaluate.ts on every flow.

import { compileReach } from '../compile/reach.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Placement } from '../model/tier.ts';
import { UserError } from '../model/user-error.ts';
import type { Family } from '../sets/ip-set.ts';
import { PORT_PROTOCOLS, PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { type FlowBatch, lengthOf } from './flow-batch.ts';
import { type NumberedEnds, noEnd } from './numbered-ends.ts';
import { type PortVerdicts, portVerdicts } from './port-verdicts.ts';
import { type RowLines, rowLines } from './row-lines.ts';
import { ALLOWED, DENIED, UNKNOWN, type VerdictCode } from './verdict-codes.ts';

/** What verdicts are worked out from. */
export interface JudgeInput {
  readonly placement: Placement;
  readonly knobs: Knobs;
  readonly ends: NumberedEnds;
  /** Reports whether policies in force about the unit at a position were not read. */
  readonly isHidden: (unit: number) => boolean;
}

/**
 * Judges flows between the ends of one state: their codes, in `into` or a new array. Throws `UserError` for columns of
 * different lengths, an `into` that is too short, and numbers that are none.
 */
export type JudgeFlows = (flows: FlowBatch, into?: Uint8Array) => Uint8Array;

/** Set in what `unitOf` says of ends about which it does not say all: their flows are told apart by the ends themselves. */
const APART = 1 << 30;
/** Families as bits. */
const V4 = 1;
const V6 = 2;
/** Places for flows that were judged; a power of two. Four numbers a place: 4 MB, which is about what a core keeps at hand. */
const PLACES = 1 << 18;

/** Prepares verdicts; policies are compiled when the first flow is judged, rows when their subjects are first named. */
export function judgeFlows({ placement, knobs, ends, isHidden }: JudgeInput): JudgeFlows {
  const { count, nodeOf, isOne, units } = ends;
  const endpoints = units.map(({ endpoint }) => endpoint);
  const speaks = Uint8Array.from(endpoints, ({ ownNode }) => (ownNode === undefined ? 0 : 1));
  const hidden = Uint8Array.from(units, (_, unit) => (isHidden(unit) ? 1 : 0));
  const unitOf = ends.unitOf.map((unit) => (speaks[unit]! + hidden[unit]! > 0 ? unit | APART : unit));
  const exempts = { egress: knobs.localNodeEgress === 'allow', ingress: knobs.localNodeIngress === 'allow' };
  const families = Uint8Array.from(endpoints, (endpoint) => familyBits(endpoint));
  const { withPorts, without } = sidesOf({ placement, knobs }, endpoints);
  const memory = new Int32Array(4 * PLACES).fill(-1);

  /** What its own node may do to a pod whatever the policies (semantics 1.8 T1): `code` is what they say. */
  function ofOwnNode(source: number, destination: number, code: VerdictCode): VerdictCode {
    const [one, other] = [nodeOf[source]!, nodeOf[destination]!];
    if (one < 0 || other < 0) return UNKNOWN;
    return one === other ? ALLOWED : code;
  }

  function compute(source: number, destination: number, kind: number): VerdictCode {
    const [port, protocol, version] = [kind & 0xffff, (kind >>> 16) & 0xff, kind >>> 24];
    if (version !== 4 && version !== 6) throw noFamily(version);
    if (source === destination && isOne[source] === 1 && knobs.selfTraffic === 'allow') return ALLOWED;
    const from = unitOf[source]! & ~APART;
    const to = unitOf[destination]! & ~APART;
    if (hidden[from]! + hidden[to]! > 0 || protocol >= PROTOCOLS.length) return UNKNOWN;
    // No policy can name port 0, and nobody listens there.
    if (port === 0 && protocol < PORT_PROTOCOLS.length) return UNKNOWN;
    const bit = version === 4 ? V4 : V6;
    if ((families[from]! & families[to]! & bit) === 0) return UNKNOWN;
    const { rows, ports } = (protocol < PORT_PROTOCOLS.length ? withPorts : without)[bit]();
    let ingress = ports.at(rows.ingress(to, from), protocol, port);
    if (ingress !== ALLOWED && exempts.ingress && speaks[from] === 1) ingress = ofOwnNode(source, destination, ingress);
    // Nothing wins over a denial, and most of them are at the destination.
    if (ingress === DENIED) return DENIED;
    let egress = ports.at(rows.egress(from, to), protocol, port);
    if (egress !== ALLOWED && exempts.egress && speaks[to] === 1) egress = ofOwnNode(source, destination, egress);
    return egress > ingress ? egress : ingress;
  }

  function one(source: number, destination: number, kind: number): VerdictCode {
    if (!(source >= 0 && source < count && destination >= 0 && destination < count)) {
      if (source < -1 || source >= count) throw noEnd(source, count);
      if (destination < -1 || destination >= count) throw noEnd(destination, count);
      return UNKNOWN;
    }
    let from = unitOf[source]!;
    let to = unitOf[destination]!;
    if ((from | to) >= APART || source === destination) {
      from = source | APART;
      to = destination | APART;
    }
    let mixed = Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b) ^ Math.imul(kind, 0xc2b2ae35);
    mixed ^= mixed >>> 15;
    const place = (Math.imul(mixed, 0x2c1b3c6d) >>> 14) << 2;
    if (memory[place] === from && memory[place + 1] === to && memory[place + 2] === kind) return memory[place + 3]!;
    const code = compute(source, destination, kind);
    memory[place] = from;
    memory[place + 1] = to;
    memory[place + 2] = kind;
    memory[place + 3] = code;
    return code;
  }

  return (flows, into = new Uint8Array(flows.sources.length)) => {
    const length = lengthOf(flows, into);
    const { sources, destinations, protocols, families: versions, ports } = flows;
    for (let i = 0; i < length; i++) {
      into[i] = one(sources[i]!, destinations[i]!, (versions[i]! << 24) | (protocols[i]! << 16) | ports[i]!);
    }
    return into;
  };
}

/** Both sides of pairs in one family. */
interface Sides {
  readonly rows: RowLines;
  readonly ports: PortVerdicts;
}

/** By family: both sides, compiled when they are first asked for. */
type SidesByFamily = Readonly<Record<typeof V4 | typeof V6, () => Sides>>;

/**
 * Protocols without ports are compiled apart from the others, and only when a flow has one: hardly any policy speaks of them,
 * and what stays open there would split decisions that are one for all others.
 */
function sidesOf(
  rules: { readonly placement: Placement; readonly knobs: Knobs },
  endpoints: readonly Endpoint[],
): { readonly withPorts: SidesByFamily; readonly without: SidesByFamily } {
  // What exempts single pods is no business of rows, which would be others for each node.
  const plain = endpoints.map(({ ownNode: _, ...endpoint }): Endpoint => endpoint);
  const make = (protocols: readonly Protocol[]): SidesByFamily => {
    const compiled = once(() => {
      const reach = compileReach(rules, plain, protocols);
      return { reach, ports: portVerdicts(reach.table) };
    });
    const ofFamily = (family: Family) =>
      once(() => {
        const { reach, ports } = compiled();
        return { rows: rowLines(reach.rows.get(family)!, plain.length), ports };
      });
    return { [V4]: ofFamily('IPv4'), [V6]: ofFamily('IPv6') };
  };
  const others = PROTOCOLS.filter((protocol) => !PORT_PROTOCOLS.includes(protocol));
  return { withPorts: make(PORT_PROTOCOLS), without: make(others) };
}

function once<T extends object>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

function familyBits({ families }: Endpoint): number {
  return (families.includes('IPv4') ? V4 : 0) | (families.includes('IPv6') ? V6 : 0);
}

function noFamily(version: number): UserError {
  return new UserError('usage', `no family has the number ${version}`, { hint: 'write 4 or 6, the version of IP' });
}
