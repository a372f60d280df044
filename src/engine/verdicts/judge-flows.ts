// The verdict loop: one look at a memory of flows, and for a flow that is not there two rows, two port tables and what exempts
// single pods. Must agree with evaluate/evaluate.ts on every flow.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import type { Placement } from '../model/tier.ts';
import { UserError } from '../model/user-error.ts';
import { PORT_PROTOCOLS, PROTOCOLS } from '../sets/traffic-set.ts';
import { type FlowBatch, lengthOf } from './flow-batch.ts';
import { flowMemory } from './flow-memory.ts';
import { type NumberedEnds, noEnd } from './numbered-ends.ts';
import { sidesOf } from './sides.ts';
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
/** Flows that are taken together. */
const BLOCK = 256;

/** Prepares verdicts; policies are compiled when the first flow is judged, rows when their subjects are first named. */
export function judgeFlows({ placement, knobs, ends, isHidden }: JudgeInput): JudgeFlows {
  const { count, nodeOf, isOne, units } = ends;
  const endpoints = units.map(({ endpoint }) => endpoint);
  const speaks = Uint8Array.from(endpoints, ({ ownNode }) => (ownNode === undefined ? 0 : 1));
  const hidden = Uint8Array.from(units, (_, unit) => (isHidden(unit) ? 1 : 0));
  const unitOf = ends.unitOf.map((unit) => (speaks[unit]! + hidden[unit]! > 0 ? unit | APART : unit));
  const exempts = { egress: knobs.localNodeEgress === 'allow', ingress: knobs.localNodeIngress === 'allow' };
  const families = Uint8Array.from(endpoints, (endpoint) => familyBits(endpoint));
  const sidesAt = sidesOf({ placement, knobs }, endpoints);
  const memory = flowMemory(units.length + count);

  /** What its own node may do to a pod whatever the policies (semantics 1.8 T1): `code` is what they say. */
  function ofOwnNode(source: number, destination: number, code: VerdictCode): VerdictCode {
    const [one, other] = [nodeOf[source]!, nodeOf[destination]!];
    if (one < 0 || other < 0) return UNKNOWN;
    return one === other ? ALLOWED : code;
  }

  /** The flows of one block that are not judged yet: where they stand in the batch, and what the memory knows them by. */
  const at = new Int32Array(BLOCK);
  const froms = new Int32Array(BLOCK);
  const tos = new Int32Array(BLOCK);
  const kinds = new Int32Array(BLOCK);
  /** What was only looked at; it is kept so that the looks are not thought superfluous. */
  const looked = new Int32Array(1);

  /** Writes down the flows of a block that are to be looked up, and returns how many; all others are unknown. */
  function enter(flows: FlowBatch, start: number, end: number, into: Uint8Array): number {
    const { sources, destinations, protocols, families: versions, ports } = flows;
    let entered = 0;
    let looks = 0;
    for (let i = start; i < end; i++) {
      const source = sources[i]!;
      const destination = destinations[i]!;
      const protocol = protocols[i]!;
      const version = versions[i]!;
      if (version !== 4 && version !== 6) throw noFamily(version);
      into[i] = UNKNOWN;
      if (source < 0 || source >= count || destination < 0 || destination >= count) {
        for (const number of [source, destination]) if (number < -1 || number >= count) throw noEnd(number, count);
        continue;
      }
      let from = unitOf[source]!;
      let to = unitOf[destination]!;
      if ((from | to) >= APART || source === destination) {
        // A pod never blocks itself, unless the plugin is one that does.
        if (source === destination && isOne[source] === 1 && knobs.selfTraffic === 'allow') {
          into[i] = ALLOWED;
          continue;
        }
        from = units.length + source;
        to = units.length + destination;
      }
      if (protocol >= PROTOCOLS.length) continue;
      const kind = ports[i]! | (protocol << 16) | ((version & 2) << 18);
      at[entered] = i;
      froms[entered] = from;
      tos[entered] = to;
      kinds[entered++] = kind;
      looks ^= memory.touch(from, to, kind);
    }
    looked[0]! ^= looks;
    return entered;
  }

  /** Judges what is remembered, and what nobody has to be asked about; what is left over moves to the front. */
  function recall(
    entered: number,
    { sources, destinations, protocols, families: versions, ports }: FlowBatch,
    into: Uint8Array,
  ): number {
    let left = 0;
    for (let j = 0; j < entered; j++) {
      const i = at[j]!;
      const from = froms[j]!;
      const to = tos[j]!;
      const kind = kinds[j]!;
      const code = memory.find(from, to, kind);
      if (code >= 0) {
        into[i] = code;
        continue;
      }
      const source = unitOf[sources[i]!]! & ~APART;
      const destination = unitOf[destinations[i]!]! & ~APART;
      const isHidden = hidden[source]! + hidden[destination]! > 0;
      // No policy can name port 0, and nobody listens there.
      if (isHidden || (ports[i] === 0 && protocols[i]! < PORT_PROTOCOLS.length)) continue;
      if ((families[source]! & families[destination]! & (versions[i] === 4 ? V4 : V6)) === 0) continue;
      at[left] = i;
      froms[left] = from;
      tos[left] = to;
      kinds[left++] = kind;
    }
    return left;
  }

  /** Asks one side about the first `asked` flows; the greater code stays. Flows that are denied already are not asked about. */
  function ask(direction: Direction, asked: number, flows: FlowBatch, into: Uint8Array): void {
    const { sources, destinations, protocols, families: versions, ports } = flows;
    const [subjects, peers] = direction === 'ingress' ? [destinations, sources] : [sources, destinations];
    const isExempt = exempts[direction];
    let looks = 0;
    for (let j = 0; j < asked; j++) {
      const i = at[j]!;
      looks ^= sidesAt(protocols[i]!, versions[i]!).rows[direction].touchRow(unitOf[subjects[i]!]! & ~APART);
    }
    for (let j = 0; j < asked; j++) {
      const i = at[j]!;
      if (into[i] === DENIED) continue;
      const side = sidesAt(protocols[i]!, versions[i]!).rows[direction];
      looks ^= side.touchPeers(unitOf[subjects[i]!]! & ~APART, unitOf[peers[i]!]! & ~APART);
    }
    looked[0]! ^= looks;
    for (let j = 0; j < asked; j++) {
      const i = at[j]!;
      if (into[i] === DENIED) continue;
      const peer = unitOf[peers[i]!]! & ~APART;
      const { rows, ports: verdicts } = sidesAt(protocols[i]!, versions[i]!);
      const decision = rows[direction].decision(unitOf[subjects[i]!]! & ~APART, peer);
      let code = verdicts.at(decision, protocols[i]!, ports[i]!);
      if (code !== ALLOWED && isExempt && speaks[peer] === 1) code = ofOwnNode(sources[i]!, destinations[i]!, code);
      if (code > into[i]!) into[i] = code;
    }
  }

  return (flows, into = new Uint8Array(flows.sources.length)) => {
    const length = lengthOf(flows, into);
    // In blocks, each step for the whole block: looks into memory that do not wait for each other take as long as a few.
    for (let start = 0; start < length; start += BLOCK) {
      const entered = enter(flows, start, Math.min(start + BLOCK, length), into);
      const left = recall(entered, flows, into);
      for (let j = 0; j < left; j++) into[at[j]!] = ALLOWED;
      // The destination first: nothing wins over a denial, and most of them are there.
      ask('ingress', left, flows, into);
      ask('egress', left, flows, into);
      for (let j = 0; j < left; j++) memory.put(froms[j]!, tos[j]!, kinds[j]!, into[at[j]!]!);
    }
    return into;
  };
}

function familyBits({ families }: Endpoint): number {
  return (families.includes('IPv4') ? V4 : 0) | (families.includes('IPv6') ? V6 : 0);
}

function noFamily(version: number): UserError {
  return new UserError('usage', `no family has the number ${version}`, { hint: 'write 4 or 6, the version of IP' });
}
