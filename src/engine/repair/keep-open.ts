// What a pod's side lets through while nothing isolates it, as rules: a NetworkPolicy in front of the Baseline tier has to say
// it, since whatever it does not say is denied from then on.

import { compileReach } from '../compile/reach.ts';
import type { RuleContent } from '../dialects/writer.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Direction } from '../model/policy.ts';
import { membersOf } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { placementOf } from '../state.ts';
import { peersFor, portsFor } from './authored.ts';
import { crowdOf, peersOfCrowd } from './crowd.ts';
import type { Need } from './need.ts';
import type { RepairContext } from './repair-context.ts';

/** Rules that open what is needed and keep what was open. */
export interface Kept {
  /** Never empty. */
  readonly rules: readonly RuleContent[];
  /** Peers of which no rule can say what was open to them: all or some of it closes. */
  readonly lost: number;
}

/** More peers than this in one policy nobody could review. */
const MOST_PEERS = 24;

/**
 * The rules of a NetworkPolicy for the subjects of a need; `home` is its namespace. Undefined where the subjects do not have
 * the same open, where a peer of the need cannot be named, and where it would take too many peers.
 */
export function rulesThatKeep(context: RepairContext, need: Need, home: string): Kept | undefined {
  const crowd = crowdOf(context);
  const [first, ...others] = need.subjects.map((subject) => openTo(context, crowd, subject, need.direction));
  const peers = peersFor(context, need.peers, home);
  if (peers === undefined || first === undefined || others.some((other) => !isSameOpen(first, other))) return undefined;
  // What is asked for is said of its peers alone: whoever else has it by now, had it before.
  const rules: RuleContent[] = [{ action: 'Accept', peers, ports: portsFor(need.traffic) }];
  const told = crowd.map(() => traffic.NO_TRAFFIC);
  let lost = first.unsure;
  for (const set of inOrder(first.open)) {
    const members = crowd.flatMap((_, id) => (traffic.isSubset(set, first.open[id]!) ? [id] : []));
    // What more peers may do was said before: only the rest of it is left to say.
    const left = members.reduce((sum, id) => traffic.union(sum, traffic.subtract(set, told[id]!)), traffic.NO_TRAFFIC);
    if (traffic.isEmpty(left)) continue;
    const kept = peersOfCrowd(context, crowd, members, home);
    lost += kept.unnamed;
    for (const id of members) told[id] = traffic.union(told[id]!, left);
    if (kept.peers !== 'none') rules.push({ action: 'Accept', peers: kept.peers, ports: portsFor(left) });
  }
  const size = rules.reduce((sum, rule) => sum + (typeof rule.peers === 'string' ? 1 : rule.peers.length), 0);
  return size > MOST_PEERS ? undefined : { rules, lost };
}

/** What a side surely lets through, unit by unit of a crowd. */
interface Open {
  readonly open: readonly traffic.TrafficSet[];
  /** Units of which nobody knows all. */
  readonly unsure: number;
}

const known = new WeakMap<RepairContext, Map<string, Open>>();

/** What was open before all edits: policies of the other end are none of its business. */
function openTo(context: RepairContext, crowd: readonly Unit[], subject: Unit, direction: Direction): Open {
  const key = `${direction} ${subject.endpoint.key}`;
  const table = known.get(context) ?? new Map<string, Open>();
  known.set(context, table);
  const found = table.get(key) ?? computeOpen(context, crowd, subject, direction);
  table.set(key, found);
  return found;
}

function computeOpen(context: RepairContext, units: readonly Unit[], subject: Unit, direction: Direction): Open {
  const { state } = context;
  const endpoints = [...units, subject].map(({ endpoint }) => endpoint);
  const placement = placementOf(context.selecting(subject), state);
  const { knobs } = state.behaviour;
  const reach = compileReach({ placement, knobs }, endpoints, traffic.PORT_PROTOCOLS);
  const open = new Array<traffic.TrafficSet | undefined>(units.length).fill(undefined);
  const unsure = new Set<number>();
  for (const family of subject.endpoint.families) {
    const row = reach.rows.get(family)?.row(units.length, direction);
    if (row === undefined) continue;
    const decisions = new Array<(typeof row)['rest']>(units.length).fill(row.rest);
    for (const { peers, decision } of row.groups) for (const id of membersOf(peers)) decisions[id] = decision;
    units.forEach(({ endpoint }, id) => {
      if (!endpoint.families.includes(family)) return;
      const { allowed, unknown, conditional } = reach.table.get(decisions[id] ?? row.rest);
      // A rule that names a pod means all of its addresses.
      open[id] = open[id] === undefined ? allowed : traffic.intersect(open[id], allowed);
      if (unknown.length + conditional.length > 0) unsure.add(id);
    });
  }
  return { open: open.map((set) => set ?? traffic.NO_TRAFFIC), unsure: unsure.size };
}

function isSameOpen(a: Open, b: Open): boolean {
  return a.open.every((set, id) => traffic.trafficKey(set) === traffic.trafficKey(b.open[id]!));
}

/** The distinct sets but the empty one, those first that most of the list hold; of a tie, the smaller text. */
function inOrder(wanted: readonly traffic.TrafficSet[]): readonly traffic.TrafficSet[] {
  const distinct = new Map(wanted.map((set) => [traffic.trafficKey(set), set]));
  const counted = new Map<string, number>();
  for (const set of wanted) counted.set(traffic.trafficKey(set), (counted.get(traffic.trafficKey(set)) ?? 0) + 1);
  return [...distinct]
    .filter(([, set]) => !traffic.isEmpty(set))
    .map(([key, set]) => ({
      key,
      set,
      holders: [...distinct].reduce(
        (sum, [other, larger]) => sum + (traffic.isSubset(set, larger) ? counted.get(other)! : 0),
        0,
      ),
    }))
    .sort((a, b) => b.holders - a.holders || (a.key < b.key ? -1 : 1))
    .map(({ set }) => set);
}
