// How much a move may change beside what is wanted, counted on its own side alone and only roughly: to try promising moves
// first. What it really changes is for effects.ts to say.

import type { Unit } from '../endpoints/unit.ts';
import { isSubject, matchesPeer } from '../evaluate/matching.ts';
import {
  DIRECTIONS,
  type Direction,
  type Match,
  type NamespaceScope,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
} from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import { printPath } from '../model/source.ts';
import type { Flow } from '../model/verdict.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { NAME_LABEL, trafficOf } from './authored.ts';
import { extendDraft, NO_EDITS } from './draft.ts';
import type { Move } from './move.ts';
import type { RepairContext } from './repair-context.ts';

/** Pairs beyond the goal that the move may change; equal moves are counted once. */
export type Estimate = (move: Move) => number;

/** Estimates only say what is tried first; after so many, what is least to read comes first instead. */
const MOST_ESTIMATES = 400;

/** An estimate for one search. */
export function estimator(context: RepairContext): Estimate {
  const known = new Map<string, number>();
  const units = [...context.world.pods, ...context.world.outside()];
  const wanted = wantedTraffic(context);
  return (move) => {
    if (move.lost !== undefined) return move.lost;
    const key = moveKey(move);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MOST_ESTIMATES) return Number.POSITIVE_INFINITY;
    const count = countPairs(context, units, wanted, move);
    known.set(key, count);
    return count;
  };
}

/** Equal for moves that do the same to the same objects. */
export function moveKey({ edits }: Move): string {
  return edits
    .map((edit) => {
      if (edit.op === 'add-object') return JSON.stringify([edit.op, edit.value]);
      const { metadata, kind } = edit.object.value;
      const path = edit.op === 'remove-object' ? '' : printPath(edit.path);
      return JSON.stringify([edit.op, kind, metadata, path, 'value' in edit ? edit.value : null]);
    })
    .join(' ');
}

function wantedTraffic({
  goal,
}: RepairContext): (subject: Unit, peer: Unit, direction: Direction) => traffic.TrafficSet {
  const byPair = new Map<string, traffic.TrafficSet>();
  for (const { from, to } of goal) byPair.set(`${from.endpoint.key} ${to.unit.endpoint.key}`, to.asked);
  return (subject, peer, direction) => {
    const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject];
    return byPair.get(`${from.endpoint.key} ${to.endpoint.key}`) ?? traffic.NO_TRAFFIC;
  };
}

function countPairs(
  context: RepairContext,
  units: readonly Unit[],
  wanted: ReturnType<typeof wantedTraffic>,
  { edits, isolates }: Move,
): number {
  const draft = extendDraft(NO_EDITS, edits, context.decode);
  if (draft === undefined) return Number.POSITIVE_INFINITY;
  const pairs = [
    ...[...draft.edited].map(([object, after]) => ({ before: context.policyOf(object), after })),
    ...draft.added.map(({ policy }) => ({ before: undefined, after: policy })),
  ];
  let count = 0;
  for (const { before, after } of pairs) {
    for (const direction of DIRECTIONS) {
      const subjectsOf = (policy: Policy | undefined): readonly Unit[] => {
        const part = policy?.[direction];
        return part === undefined
          ? []
          : within(context, [part.subject.namespaces], units).filter(
              ({ endpoint }) => isSubject(part.subject, endpoint, after).is !== 'no',
            );
      };
      const rulesOf = (policy: Policy | undefined): readonly Rule[] => policy?.[direction]?.rules ?? [];
      const [was, is] = [new Set(subjectsOf(before)), new Set(subjectsOf(after))];
      if (isolates) count += is.size * units.length;
      const groups = [
        { subjects: [...was].filter((unit) => is.has(unit)), rules: unequal(rulesOf(before), rulesOf(after)) },
        { subjects: [...was].filter((unit) => !is.has(unit)), rules: [rulesOf(before), []] as const },
        { subjects: [...is].filter((unit) => !was.has(unit)), rules: [[], rulesOf(after)] as const },
      ];
      for (const { subjects, rules } of groups) {
        const [subject] = subjects;
        if (subject === undefined || rules.every((list) => list.length === 0)) continue;
        for (const peer of peersOf(context, rules.flat(), units)) {
          const to = direction === 'egress' ? peer : subject;
          const [less, more] = rules.map((list) => openedBy(list, after, peer, to)) as [
            traffic.TrafficSet,
            traffic.TrafficSet,
          ];
          const changed = difference(less, more);
          if (traffic.isEmpty(changed)) continue;
          const meant = subjects.filter((one) => traffic.isSubset(changed, wanted(one, peer, direction)));
          count += subjects.length - meant.length;
        }
      }
    }
  }
  return count;
}

/** Units that may be in one of the scopes; all where a scope is not one namespace by its name. */
function within(
  { unitsOf }: RepairContext,
  scopes: readonly NamespaceScope[],
  units: readonly Unit[],
): readonly Unit[] {
  const names = scopes.map((scope) => ('name' in scope ? scope.name : namedBy(scope.selector)));
  if (!names.every((name) => name !== undefined)) return units;
  return [...new Set(names)].flatMap((name) => unitsOf(name));
}

/** The one namespace that a selector names; undefined where it may mean others. */
function namedBy(selector: Selector): string | undefined {
  const parts = selector.op === 'and' ? selector.of : [selector];
  const byName = parts.find((part) => part.op === 'in' && part.key === NAME_LABEL && part.values.length === 1);
  return byName?.op === 'in' ? byName.values[0] : undefined;
}

/** Units that some of the rules may mean. */
function peersOf(context: RepairContext, rules: readonly Rule[], units: readonly Unit[]): readonly Unit[] {
  const peers = rules.flatMap((rule) => (typeof rule.peers === 'string' ? [undefined] : rule.peers));
  const scopes = peers.map((peer) => (peer?.type === 'pods' ? peer.namespaces : undefined));
  return scopes.every((scope) => scope !== undefined) ? within(context, scopes, units) : units;
}

/** The rules of two lists without those that both have. */
function unequal(a: readonly Rule[], b: readonly Rule[]): [Rule[], Rule[]] {
  const keys = (rules: readonly Rule[]): Set<string> => new Set(rules.map(ruleKey));
  const [left, right] = [keys(a), keys(b)];
  return [a.filter((rule) => !right.has(ruleKey(rule))), b.filter((rule) => !left.has(ruleKey(rule)))];
}

/** Equal for rules that say the same, wherever they stand. */
function ruleKey({ action, peers, ports }: Rule): string {
  const part = (match: Match<Peer | PortMatch>): unknown =>
    typeof match === 'string' ? match : match.map(({ path: _, ...rest }) => rest);
  return JSON.stringify([action, part(peers), part(ports)], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function openedBy(rules: readonly Rule[], policy: Policy, peer: Unit, to: Unit): traffic.TrafficSet {
  return rules.reduce<traffic.TrafficSet>((sum, { peers, ports }) => {
    const isMeant = typeof peers === 'string' ? peers === 'any' : peers.some((one) => isNamed(one, peer, policy));
    return isMeant ? traffic.union(sum, openedPorts(ports, to)) : sum;
  }, traffic.NO_TRAFFIC);
}

function isNamed(one: Peer, { endpoint }: Unit, policy: Policy): boolean {
  return FAMILIES.some((family) => {
    if (!endpoint.families.includes(family)) return false;
    const flow: Flow = { family, protocol: 'TCP', port: 1 };
    return matchesPeer(one, endpoint, flow, policy).is !== 'no';
  });
}

function openedPorts(ports: Match<PortMatch>, { endpoint }: Unit): traffic.TrafficSet {
  if (ports === 'none') return traffic.NO_TRAFFIC;
  if (ports === 'any') return traffic.allTraffic(traffic.PROTOCOLS);
  const own = endpoint.ports === 'unknown' ? [] : endpoint.ports;
  const named = own.filter((port) =>
    ports.some(
      (one) =>
        one.type === 'named' && one.name === port.name && (one.protocol === 'any' || one.protocol === port.protocol),
    ),
  );
  return named.reduce(
    (sum, { protocol, number }) => traffic.union(sum, traffic.traffic(protocol, number)),
    trafficOf(ports),
  );
}

function difference(a: traffic.TrafficSet, b: traffic.TrafficSet): traffic.TrafficSet {
  return traffic.union(traffic.subtract(a, b), traffic.subtract(b, a));
}
