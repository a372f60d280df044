// Does a policy say exactly what it was made from? Its object, read again, against the demands of each direction by itself.
// Whether a connection works depends on both ends, so that a map does not show a rule that is too wide at one of them.

import { type Demand, peerKey } from '../generate/demands.ts';
import type { PlannedPolicy } from '../generate/plan.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule } from '../model/policy.ts';
import { selectorKey } from '../model/selector.ts';
import { type IpSet, ipSetKey, NO_ADDRESSES, subtract, unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { PROTOCOLS } from '../sets/traffic-set.ts';

/** Somebody who may use some traffic: pods by the text of their selectors, or addresses. */
interface Grant {
  readonly who: string | IpSet;
  readonly may: traffic.TrafficSet;
}

/**
 * Directions in which the policy, as read again, selects other pods, does not isolate them, or allows more or less than its
 * demands and the widening that it admits to. Empty: it says what it should, and what is not empty is a defect of the generator,
 * whatever the rest of the cluster hides.
 */
export function findMiswording(planned: PlannedPolicy, read: Policy): readonly Direction[] {
  const { subject } = planned;
  return DIRECTIONS.filter((direction) => {
    const part = read[direction];
    const isClosed = part?.isolates === true && selectorKey(part.subject.pods) === selectorKey(subject);
    const written = (part?.rules ?? []).flatMap((rule, id) => grantsOf(rule, widenedBy(planned, direction, id)));
    const needed = planned.demands[direction].map(grantOf);
    return !isClosed || textOf(written, needed) !== textOf(needed, written);
  });
}

function widenedBy(planned: PlannedPolicy, direction: Direction, rule: number): IpSet {
  return planned[direction].rules[rule]?.widened?.added ?? NO_ADDRESSES;
}

function grantOf({ need, term }: Demand): Grant {
  const may = traffic.traffic(need.protocol, ...need.ports);
  return { who: term.type === 'addresses' ? term.set : peerKey(term.peer), may };
}

/** An empty list of peers or ports is everybody or everything, which no demand asks for. */
function grantsOf({ peers, ports }: Rule, added: IpSet): Grant[] {
  const may =
    ports === 'any'
      ? traffic.allTraffic(PROTOCOLS)
      : ports === 'none'
        ? traffic.NO_TRAFFIC
        : ports.reduce<traffic.TrafficSet>((sum, port) => traffic.union(sum, trafficOf(port)), traffic.NO_TRAFFIC);
  if (peers === 'none') return [];
  if (peers === 'any') return [{ who: 'everybody', may }];
  return peers.map((peer) => ({ who: whoOf(peer, added), may }));
}

function whoOf(peer: Peer, added: IpSet): string | IpSet {
  if (peer.type === 'pods') return peerKey(peer);
  return peer.type === 'addresses' ? subtract(peer.addresses, added) : peer.type;
}

function trafficOf(port: Exclude<Rule['ports'], string>[number]): traffic.TrafficSet {
  const protocols = port.protocol === 'any' ? PROTOCOLS : [port.protocol];
  if (port.type === 'named') return traffic.allTraffic(PROTOCOLS);
  return protocols.reduce<traffic.TrafficSet>((sum, protocol) => {
    const own = port.type === 'all' ? traffic.allTraffic([protocol]) : traffic.traffic(protocol, port.first, port.last);
    return traffic.union(sum, own);
  }, traffic.NO_TRAFFIC);
}

/** For each stretch of ports that one of the lists tells apart, who may use it. Equal for grants that mean the same. */
function textOf(grants: readonly Grant[], others: readonly Grant[]): string {
  return PROTOCOLS.flatMap((protocol) => {
    const cuts = [...new Set([...grants, ...others].flatMap(({ may }) => may[protocol] ?? []))].sort((a, b) => a - b);
    return cuts.flatMap((port) => {
      const here = grants.filter(({ may }) => traffic.contains(may, protocol, port)).map(({ who }) => who);
      if (here.length === 0) return [];
      const names = [...new Set(here.filter((who) => typeof who === 'string'))].sort();
      const set = unionAll(here.filter((who) => typeof who !== 'string'));
      return [`${protocol} ${port} ${JSON.stringify(names)} ${ipSetKey(set)}`];
    });
  }).join('\n');
}
