// What the engineer knows and no file says: connections to allow (`--allow`) and connections that must never be (`--forbid`),
// in the grammar of every other question.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { type Evidence, type Party, partyKey } from '../model/evidence.ts';
import type { Direction } from '../model/policy.ts';
import { selects } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import type { EndpointExpression, PairExpression, QuestionContext } from '../questions/ask.ts';
import { printPair } from '../questions/parse-pair.ts';
import { resolvePair } from '../questions/resolve.ts';
import { printCidrs } from '../sets/ip-address.ts';
import {
  familiesOf,
  type IpSet,
  intersect,
  isEmpty,
  isSubset,
  NO_ADDRESSES,
  ofFamily,
  subtract,
  unionAll,
} from '../sets/ip-set.ts';
import { NAMED_RANGES } from '../sets/named-ranges.ts';
import * as traffic from '../sets/traffic-set.ts';
import { PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import type { Need } from './needs.ts';
import { outsideOf } from './peers.ts';
import { setOf } from './widen-addresses.ts';

/** Parties of one end, each with what is meant there. */
interface Meant {
  readonly party: Party;
  readonly asked: traffic.TrafficSet;
}

/** A connection that must not be. */
export interface Forbidden {
  /** As typed, canonically. */
  readonly text: string;
  readonly from: readonly Party[];
  readonly to: readonly Meant[];
}

/** Evidence for each connection that the engineer states. Throws UserError for names that do not exist. */
export function statedEvidence(world: World, pairs: readonly PairExpression[], context: QuestionContext): Evidence[] {
  return pairs.flatMap((pair) => {
    const { from, to } = endsOf(world, pair, context);
    return from.flatMap((source) =>
      to.flatMap(({ party, asked }) =>
        rangesOf(asked).map(({ protocol, ports }): Evidence => {
          const says = `allowed by hand: ${printPair(pair)}`;
          return { from: source, to: party, protocol, ports, kind: 'stated', confidence: 'certain', says };
        }),
      ),
    );
  });
}

/** The connections that a ban is about, one for each pair of parties and range of ports. */
export function connectionsOf({ from, to }: Forbidden): readonly Pick<Need, 'from' | 'to' | 'protocol' | 'ports'>[] {
  return from.flatMap((source) =>
    to.flatMap(({ party, asked }) => rangesOf(asked).map((range) => ({ from: source, to: party, ...range }))),
  );
}

/** What the engineer forbids. Throws UserError for names that do not exist. */
export function forbidden(world: World, pairs: readonly PairExpression[], context: QuestionContext): Forbidden[] {
  return pairs.map((pair) => {
    const { from, to } = endsOf(world, pair, context);
    return { text: printPair(pair), from, to };
  });
}

/**
 * Evidence less what is forbidden, and what was taken away for which ban. Ports and addresses of a need are cut exactly. Pods by
 * selectors are taken away where the ban means all of them: a rule cannot name the others, and the proof says what stays open.
 */
export function withoutForbidden(
  world: World,
  evidence: readonly Evidence[],
  bans: readonly Forbidden[],
): {
  readonly kept: readonly Evidence[];
  readonly dropped: readonly { readonly evidence: Evidence; readonly ban: Forbidden }[];
} {
  const dropped: { evidence: Evidence; ban: Forbidden }[] = [];
  const workloadsOf = selectedWorkloads(world);
  let kept = [...evidence];
  for (const ban of bans) {
    kept = kept.flatMap((one) => {
      const from = bannedOf(one.from, ban.from, workloadsOf);
      const to = new Set(
        bannedOf(
          one.to,
          ban.to.map(({ party }) => party),
          workloadsOf,
        ),
      );
      const cuts =
        from.length === 0 ? [] : ban.to.filter(({ party, asked }) => to.has(party) && !isDisjoint(one, asked));
      if (cuts.length === 0) return [one];
      dropped.push({ evidence: one, ban });
      const gone = cuts.reduce<traffic.TrafficSet>((sum, { asked }) => traffic.union(sum, asked), traffic.NO_TRAFFIC);
      const left = traffic.subtract(traffic.traffic(one.protocol, ...one.ports), gone);
      const parts = rangesOf(left).map(({ ports }): Evidence => ({ ...one, ports }));
      return [...parts, ...outsideOfBan(one, ban, world)];
    });
  }
  return { kept, dropped };
}

/** Addresses of the evidence that the ban does not name keep what they need. */
function outsideOfBan(one: Evidence, ban: Forbidden, { state: { plan } }: World): Evidence[] {
  const rest = (party: Party, banned: readonly Party[], direction: Direction): Party | undefined => {
    if (party.type !== 'addresses' && party.type !== 'outside') return undefined;
    const all = party.type === 'addresses' ? setOf(party.cidrs) : outsideOf(plan, direction);
    const gone = unionAll(banned.map((other) => (other.type === 'addresses' ? setOf(other.cidrs) : NO_ADDRESSES)));
    const set = subtract(all, gone);
    const what = party.type === 'outside' ? 'anywhere outside' : party.what;
    return isEmpty(set) ? undefined : addressesParty(set, what);
  };
  const from = rest(one.from, ban.from, 'ingress');
  const to = rest(
    one.to,
    ban.to.map(({ party }) => party),
    'egress',
  );
  return [...(from === undefined ? [] : [{ ...one, from }]), ...(to === undefined ? [] : [{ ...one, to }])];
}

/** Keys of the workloads of which a party by selectors selects a pod. */
function selectedWorkloads({ state: { cluster } }: World): (party: Party & { type: 'pods' }) => ReadonlySet<string> {
  return ({ namespaces: scope, pods }) => {
    const isHome = (name: string): boolean => {
      if ('name' in scope) return scope.name === name;
      return selects(scope.selector, cluster.namespaces.get(name)?.labels ?? { [NAME_LABEL]: name });
    };
    return new Set(
      cluster.pods.flatMap((pod) => (isHome(pod.namespace) && selects(pods, pod.labels) ? [pod.workload] : [])),
    );
  };
}

/** The banned parties that an end of evidence has to do with; empty: none, or not with all of whom the end means. */
function bannedOf(
  end: Party,
  banned: readonly Party[],
  workloadsOf: (party: Party & { type: 'pods' }) => ReadonlySet<string>,
): readonly Party[] {
  if (end.type !== 'pods') return banned.filter((party) => meets(end, party));
  const same = banned.filter((party) => meets(end, party));
  if (same.length > 0) return same;
  const meant = workloadsOf(end);
  const hit = banned.filter((party) => party.type === 'workload' && meant.has(party.key));
  return hit.length === meant.size ? hit : [];
}

function isDisjoint(one: Pick<Need, 'protocol' | 'ports'>, asked: traffic.TrafficSet): boolean {
  return traffic.isEmpty(traffic.intersect(traffic.traffic(one.protocol, ...one.ports), asked));
}

/** Reports whether two parties have somebody in common, as far as their descriptions tell. */
function meets(a: Party, b: Party): boolean {
  if (a.type === 'domain' || b.type === 'domain') return [a, b].some(isAllOutside);
  if (a.type === 'addresses' && b.type === 'addresses') return !isEmpty(intersect(setOf(a.cidrs), setOf(b.cidrs)));
  if (a.type === 'outside' || b.type === 'outside')
    return [a, b].every(({ type }) => type === 'outside' || type === 'addresses');
  return partyKey(a) === partyKey(b);
}

/** Where a DNS name leads nobody knows: only who bans the whole internet bans it surely. */
function isAllOutside(party: Party): boolean {
  if (party.type === 'outside') return true;
  if (party.type !== 'addresses') return false;
  const set = setOf(party.cidrs);
  return familiesOf(set).every((family) => isSubset(ofFamily(NAMED_RANGES.internet, family), set));
}

function endsOf(
  world: World,
  pair: PairExpression,
  context: QuestionContext,
): { readonly from: readonly Party[]; readonly to: readonly Meant[] } {
  const { sources, destinations } = resolvePair(world, pair, context);
  const from = distinct(sources.map(({ unit, asked }) => ({ party: partyOf(unit, pair.from), asked })));
  return {
    from: from.map(({ party }) => party),
    to: distinct(destinations.map(({ unit, asked }) => ({ party: partyOf(unit, pair.to), asked }))),
  };
}

function partyOf(unit: Unit, text: EndpointExpression): Party {
  switch (unit.type) {
    case 'workload':
      return { type: 'workload', key: unit.workload.key };
    case 'addresses':
      return addressesParty(unit.set, unit.name);
    case 'node':
      return { type: 'node', name: unit.node.name };
    case 'hypothetical':
      if (text.type === 'pods') return { type: 'pods', namespaces: text.namespaces, pods: text.pods, what: text.text };
  }
  throw new UserError('usage', `"${text.text}" is no end of a connection that a policy could name`, {
    hint: 'name workloads, pods by labels, addresses or nodes',
  });
}

function addressesParty(set: IpSet, what: string | undefined): Party {
  const [first, ...rest] = printCidrs(set);
  if (first === undefined) throw new UserError('usage', 'no address is left of what was named');
  return { type: 'addresses', cidrs: [first, ...rest], ...(what === undefined ? {} : { what }) };
}

function distinct(all: readonly Meant[]): Meant[] {
  const byKey = new Map<string, Meant>();
  for (const one of all) {
    const key = partyKey(one.party);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? one : { ...one, asked: traffic.union(known.asked, one.asked) });
  }
  return [...byKey.values()];
}

/** Inclusive ranges; every port of a protocol is one range. */
function rangesOf(
  set: traffic.TrafficSet,
): { readonly protocol: Protocol; readonly ports: readonly [number, number] }[] {
  return PROTOCOLS.flatMap((protocol) => {
    const bounds = set[protocol] ?? [];
    const ranges: { protocol: Protocol; ports: readonly [number, number] }[] = [];
    for (let i = 0; i < bounds.length; i += 2) ranges.push({ protocol, ports: [bounds[i]!, bounds[i + 1]! - 1] });
    return ranges;
  });
}
