// Tightness: what is allowed that nothing needs? The whole map after the change, less what the needs justify. Pairs of which
// neither end gets a policy are none of ours and are left out.

import { possibleTraffic } from '../compile/decision.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { evaluateFlow } from '../evaluate/evaluate.ts';
import type { Need } from '../generate/needs.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Policy } from '../model/policy.ts';
import { mapUnits } from '../questions/map.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { PORT_PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { justifiedTraffic } from './justified-traffic.ts';
import { openToNewcomers } from './newcomers.ts';
import type { Court } from './soundness.ts';

/** A connection that is allowed and that nothing needs. */
export interface Unjustified {
  readonly from: Unit;
  readonly to: Unit;
  readonly family: Family;
  readonly traffic: traffic.TrafficSet;
  /** The policies whose rules let it through, in order of their names; empty: no policy of these ends isolates them. */
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
  /** Surely allowed, or under conditions. */
  readonly unjustified: readonly Unjustified[];
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
  const { units, rectangles } = mapUnits(world.state, { protocols: PORT_PROTOCOLS }, context);
  const justified = justifiedTraffic(units, needs, court);
  const isOurs = units.map((unit) => unit.type === 'workload' && isPlanned(unit.workload.key));
  const unjustified: Unjustified[] = [];
  const undecided = new Map<UnknownReason, Undecided>();
  let allowed = 0;
  for (const { from, to, decisions } of rectangles) {
    const near = to.filter((id) => isOurs[id] === true);
    for (const source of from) {
      const unit = units[source]!;
      // Through an entry comes what also comes from the addresses outside.
      if (unit.type === 'entry') continue;
      for (const destination of isOurs[source] === true ? to : near) {
        for (const family of FAMILIES) {
          const decision = decisions[family];
          if (decision === undefined) continue;
          const other = units[destination]!;
          const needed = justified(source, destination, family);
          for (const { reason, traffic: open } of decision.unknown) {
            const rest = traffic.subtract(open, needed);
            if (traffic.isEmpty(rest)) continue;
            const before = undecided.get(reason);
            const example = before?.example ?? { from: unit, to: other, traffic: rest };
            undecided.set(reason, { reason, pairs: (before?.pairs ?? 0) + 1, example });
          }
          const open = possibleTraffic({ ...decision, unknown: [] });
          if (traffic.isEmpty(open)) continue;
          allowed++;
          const rest = traffic.subtract(open, needed);
          if (traffic.isEmpty(rest)) continue;
          const policies = lettingThrough(unit, other, family, rest, court);
          unjustified.push({ from: unit, to: other, family, traffic: rest, policies });
        }
      }
    }
  }
  for (const { from, to, family, traffic: open } of openToNewcomers(world, namespaces, court)) {
    unjustified.push({ from, to, family, traffic: open, policies: lettingThrough(from, to, family, open, court) });
  }
  const reasons = [...undecided.values()].sort((a, b) => (a.reason < b.reason ? -1 : 1));
  return { allowed, unjustified, undecided: reasons };
}

/** The policies that accept one flow of the traffic. */
function lettingThrough(
  from: Unit,
  to: Unit,
  family: Family,
  set: traffic.TrafficSet,
  { near, knobs }: Court,
): readonly Policy[] {
  const [protocol, bounds] = Object.entries(set).find(([, own]) => own.length > 0)! as [Protocol, readonly number[]];
  const pair = { from: from.endpoint, to: to.endpoint };
  const trace = evaluateFlow({ placement: near(pair.from, pair.to), knobs }, pair, {
    family,
    protocol,
    port: bounds[0]!,
  });
  const found = [trace.egress, trace.ingress].flatMap(({ steps }) =>
    steps.flatMap(({ action, policy }) => (action === 'Accept' && policy !== undefined ? [policy] : [])),
  );
  const name = ({ ref }: Policy) => `${ref.namespace ?? ''}/${ref.name}`;
  return [...new Set(found)].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
