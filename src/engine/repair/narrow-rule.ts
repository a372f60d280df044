// Ways to take flows out of a rule that matches them: without the rule, a peer or a port entry, with less of them, or with
// the rule split in two. Serves accepting rules that are to close and denying ones that are to open.

import type { Cut } from '../dialects/writer.ts';
import type { Unit } from '../endpoints/unit.ts';
import { isSubject, matchesPeer, matchesPort } from '../evaluate/matching.ts';
import type { Edit } from '../model/edit.ts';
import type { Peer, PortMatch, Rule } from '../model/policy.ts';
import type { Requirement, Selector } from '../model/selector.ts';
import type { Path } from '../model/source.ts';
import { policyName } from '../questions/describe.ts';
import { printCidrs } from '../sets/ip-address.ts';
import { unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { knownAddresses, NAME_LABEL, peersFor, portEntries, portsFor, trafficOf } from './authored.ts';
import { type Cause, peerOf } from './cause.ts';
import type { Draft } from './draft.ts';
import { type Move, move, present } from './move.ts';
import { needsOf } from './need.ts';
import type { RepairContext } from './repair-context.ts';
import { exclusionsOf } from './single-out.ts';
import type { UnmetFlow } from './unmet.ts';
import {
  changeWithin,
  currentValue,
  insertBehind,
  placeIn,
  removeAt,
  rulesAt,
  setAt,
  type Written,
  writtenPolicy,
} from './written.ts';

/** The moves that take some or all of the flows out of the rule. `flows` share the cause. */
export function narrowRule(
  context: RepairContext,
  draft: Draft,
  cause: Extract<Cause, { is: 'rule' }>,
  flows: readonly UnmetFlow[],
): readonly Move[] {
  const target = writtenPolicy(context, draft, cause.policy);
  if (target === undefined) return [];
  const name = policyName(target.policy);
  const rule = { context, target, cause, flows, rules: rulesAt(target, cause.direction, cause.path) };
  return [
    ...narrowPeer(rule),
    ...narrowPort(rule),
    ...present([move(`remove a rule of ${name}`, 1, [removeAt(target, cause.path)])]),
    ...leaveOut(rule),
  ];
}

/** Other subjects for the policy: what accepts is not for these pods any more. Others must isolate them, or it opens. */
function leaveOut({ context, target, cause, flows }: Matching): readonly Move[] {
  const subject = target.policy[cause.direction]?.subject;
  // Of rules that deny only the rules are narrowed: all that a policy denies would be too much to open.
  if (flows[0]!.wanted.want === 'allowed' || subject === undefined) return [];
  const field = ['spec', target.writer.subjectField];
  return needsOf(cause, flows).flatMap(({ subjects }) => {
    const isMeant = ({ endpoint }: Unit): boolean => isSubject(subject, endpoint, target.policy).is !== 'no';
    const moves = exclusionsOf(context, subjects, isMeant)
      .filter((keep) => !contradicts(subject.pods, keep))
      .map((keep) => {
        const changes = target.writer.narrowSubject(currentValue(target, field), keep) ?? [];
        const edits = changes.map((change) => changeWithin(target, field, change));
        return move(`leave pods out of ${policyName(target.policy)}`, 0, edits);
      });
    return present(moves);
  });
}

/** One written rule and the flows that it matches. */
interface Matching {
  readonly context: RepairContext;
  readonly target: Written;
  readonly cause: Extract<Cause, { is: 'rule' }>;
  readonly flows: readonly UnmetFlow[];
  /** Two where one item of the list means two rules. */
  readonly rules: readonly Rule[];
}

const pointOf = ({ family, protocol, first }: UnmetFlow) => ({ family, protocol, port: first });

/** The peer that matches the first flow: removed, narrowed, or put into a rule of its own with the other ports. */
function narrowPeer(rule: Matching): readonly Move[] {
  const { context, target, cause, flows, rules } = rule;
  const [first] = flows;
  const matches = (peer: Peer, flow: UnmetFlow): boolean =>
    matchesPeer(peer, peerOf(cause, flow).endpoint, pointOf(flow), target.policy).is !== 'no';
  const peer = peersIn(rules).find((one) => matches(one, first!));
  if (peer === undefined) return [];
  const met = flows.filter((flow) => matches(peer, flow));
  const name = policyName(target.policy);
  const item = itemPath(peer.path);
  const moves: (Move | undefined)[] = [];
  const remove = removePeer(target, rules, peer);
  if (remove !== undefined) moves.push(move(`take a peer out of ${name}`, 0, [remove]));
  const cuts = cutsOf(context, peer, cause, met);
  const narrowed = cuts.map(({ cut, title }) => {
    const written = currentValue(target, item);
    const changes =
      typeof written === 'object' && written !== null ? target.writer.narrow({ ...written }, peer, cut) : [];
    const edits = (changes ?? []).map((change) => changeWithin(target, item, change));
    return { title: `${title} of ${name}`, edits };
  });
  for (const { title, edits } of narrowed) moves.push(move(title, 0, edits));
  // What these peers may do on other ports stays, in a rule of its own.
  const apart = splitOff(rule, met);
  const ways = [...(remove === undefined ? [] : [[remove]]), ...narrowed.slice(0, 1).map(({ edits }) => edits)];
  if (apart !== undefined) for (const edits of ways) moves.push(move(`split a rule of ${name}`, 1, [...edits, apart]));
  return present(moves);
}

function peersIn(rules: readonly Rule[]): readonly Peer[] {
  return rules.flatMap(({ peers }) => (typeof peers === 'string' ? [] : peers));
}

/** One of several blocks stands below the item of the list. */
function itemPath(path: Path): Path {
  const at = path.indexOf('networks');
  return at < 0 ? path : path.slice(0, at);
}

/** Undefined where nothing would be left of the list: an empty one means everybody, or is refused. */
function removePeer(target: Written, rules: readonly Rule[], peer: Peer): Edit | undefined {
  const item = itemPath(peer.path);
  const siblings = item === peer.path ? [] : currentValue(target, peer.path.slice(0, -1));
  if (Array.isArray(siblings) && siblings.length > 1) return removeAt(target, peer.path);
  const list = currentValue(target, item.slice(0, -1));
  return Array.isArray(list) && list.length > 1 && rules.length > 0 ? removeAt(target, item) : undefined;
}

/** More blocks than this are not left out one by one: nobody could read that. */
const MOST_BLOCKS = 24;

function cutsOf(
  context: RepairContext,
  peer: Peer,
  cause: Cause,
  flows: readonly UnmetFlow[],
): readonly { readonly cut: Cut; readonly title: string }[] {
  const units = [...new Map(flows.map((flow) => [peerOf(cause, flow).endpoint.key, peerOf(cause, flow)])).values()];
  if (peer.type === 'addresses') {
    const known = units.map(knownAddresses);
    if (!known.every((set) => set !== undefined) || printCidrs(unionAll(known)).length > MOST_BLOCKS) return [];
    return [{ cut: { of: 'addresses', drop: unionAll(known) }, title: 'leave addresses out of a peer' }];
  }
  if (peer.type !== 'pods') return [];
  const [flow] = flows;
  const policy = cause.is === 'rule' ? cause.policy : undefined;
  const isMeant = ({ endpoint }: (typeof units)[number]): boolean =>
    policy !== undefined && matchesPeer(peer, endpoint, pointOf(flow!), policy).is !== 'no';
  const namespaces = [...new Set(units.flatMap(({ endpoint }) => endpoint.pod?.namespace ?? []))].sort();
  const names: Requirement = { op: 'not-in', key: NAME_LABEL, values: namespaces };
  const cuts: Cut[] = [
    ...exclusionsOf(context, units, isMeant)
      .filter((keep) => !contradicts(peer.pods, keep))
      .map((keep): Cut => ({ of: 'pods', keep })),
    ...('selector' in peer.namespaces && !contradicts(peer.namespaces.selector, names)
      ? [{ of: 'namespaces' as const, keep: names }]
      : []),
  ];
  return cuts.map((cut) => ({ cut, title: 'narrow a peer' }));
}

/** Reports whether the selector asks for a value that the requirement rules out: together they would mean nobody. */
function contradicts(selector: Selector, keep: Requirement): boolean {
  const parts = selector.op === 'and' ? selector.of : [selector];
  return parts.some(
    (part) =>
      part.op === 'in' &&
      keep.op === 'not-in' &&
      part.key === keep.key &&
      part.values.every((value) => keep.values.includes(value)),
  );
}

/** The rule once more for the flows' peers alone, without their ports; undefined where no other ports are left. */
function splitOff({ context, target, cause, rules }: Matching, flows: readonly UnmetFlow[]): Edit | undefined {
  const [rule] = rules;
  if (rule === undefined || rules.length > 1) return undefined;
  const left = remainingPorts(rule, flows);
  const units = [...new Map(flows.map((flow) => [peerOf(cause, flow).endpoint.key, peerOf(cause, flow)])).values()];
  const place = placeIn(target, cause.direction);
  const peers = peersFor(context, units, place.namespace);
  if (left === undefined || peers === undefined) return undefined;
  const { action } = rule;
  const value = target.writer.rule({ action, peers, ports: left }, place);
  return value === undefined ? undefined : insertBehind(target, cause.path, value);
}

/** The ports of the rule without those of the flows; undefined where none is left, or where a name hides some. */
function remainingPorts(rule: Rule, flows: readonly UnmetFlow[]): Rule['ports'] | undefined {
  if (rule.ports === 'none') return undefined;
  if (typeof rule.ports !== 'string' && rule.ports.some(({ type }) => type === 'named')) return undefined;
  const all = rule.ports === 'any' ? traffic.allTraffic(traffic.PORT_PROTOCOLS) : trafficOf(rule.ports);
  const left = traffic.subtract(all, flowsTraffic(flows));
  return traffic.isEmpty(left) ? undefined : portsFor(left);
}

function flowsTraffic(flows: readonly UnmetFlow[]): traffic.TrafficSet {
  return flows.reduce<traffic.TrafficSet>(
    (sum, { protocol, first, last }) => traffic.union(sum, traffic.traffic(protocol, first, last)),
    traffic.NO_TRAFFIC,
  );
}

/** The port entry that matches the first flow: removed, or left with its other ports. */
function narrowPort({ target, cause, flows, rules }: Matching): readonly Move[] {
  const [first] = flows;
  const name = policyName(target.policy);
  if (rules.some(({ ports }) => ports === 'any')) {
    const [rule] = rules;
    const left = rule === undefined ? undefined : remainingPorts(rule, flows);
    const items = left === undefined || typeof left === 'string' ? [] : left.map((port) => target.writer.port(port));
    if (items.length === 0 || !items.every((item) => item !== undefined)) return [];
    const edit = setAt(target, [...cause.path, target.writer.portsField], items);
    return present([move(`list the ports of a rule of ${name}`, 0, [edit])]);
  }
  const matches = (port: PortMatch, flow: UnmetFlow): boolean =>
    matchesPort(port, flow.wanted.to.unit.endpoint, pointOf(flow)).is !== 'no';
  const entries = [
    ...new Map(rules.flatMap(({ ports }) => portsIn(ports)).map((port) => [port.path.join(), port])).values(),
  ];
  const entry = entries.find((port) => matches(port, first!));
  if (entry === undefined) return [];
  const list = currentValue(target, entry.path.slice(0, -1));
  const remove = Array.isArray(list) && list.length > 1 ? removeAt(target, entry.path) : undefined;
  const met = flows.filter((flow) => matches(entry, flow));
  const left = entry.type === 'named' ? [] : portEntries(traffic.subtract(trafficOf([entry]), flowsTraffic(met)));
  const [head, ...tail] = left.map((port) => target.writer.port(port));
  const split =
    head === undefined
      ? undefined
      : move(`leave ports out of a rule of ${name}`, 0, [
          setAt(target, entry.path, head),
          ...tail.map((item) => (item === undefined ? undefined : insertBehind(target, entry.path, item))),
        ]);
  return present([remove === undefined ? undefined : move(`take a port out of ${name}`, 0, [remove]), split]);
}

function portsIn(ports: Rule['ports']): readonly PortMatch[] {
  return typeof ports === 'string' ? [] : ports;
}
