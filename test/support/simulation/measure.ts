// Generated policies against what an application is meant to do: what was learned, what is allowed beyond, what is denied.
// Whoever generated them is not asked: what is learned is compared end by end, what is allowed is computed anew.

import { possibleTraffic } from '../../../src/engine/compile/decision.ts';
import { compileReach } from '../../../src/engine/compile/reach.ts';
import { addressUnits, outsideAddresses } from '../../../src/engine/endpoints/outside.ts';
import { worldOf } from '../../../src/engine/endpoints/world.ts';
import type { Endpoint } from '../../../src/engine/model/endpoint.ts';
import type { Party } from '../../../src/engine/model/evidence.ts';
import { courtOf } from '../../../src/engine/proof/prove.ts';
import { judgeNeed } from '../../../src/engine/proof/soundness.ts';
import { isEmpty, subtract, unionAll } from '../../../src/engine/sets/ip-set.ts';
import * as traffic from '../../../src/engine/sets/traffic-set.ts';
import { PORT_PROTOCOLS } from '../../../src/engine/sets/traffic-set.ts';
import { type State, withPolicies } from '../../../src/engine/state.ts';
import type { Made } from './generate-from.ts';
import {
  type Atom,
  type Atoms,
  atomsOf,
  ELSEWHERE,
  edgeKey,
  NODE,
  pairsOf,
  setOfAddress,
  type TruthEdge,
  type TruthEnd,
} from './truth.ts';

/** What became of the connections of the truth, and what else there is. Lists are sorted. */
export interface Measured {
  /** Connections of the truth with an end that got a policy, and those of them that a need speaks of. */
  readonly meant: number;
  readonly found: number;
  readonly missed: readonly string[];
  /** Needs with an end that got a policy, and those of them that the truth has. */
  readonly learned: number;
  readonly right: number;
  readonly wrong: readonly string[];
  /** Ports that are open between two ends, summed over all ends, and those of them that nothing in the truth uses. */
  readonly allowed: number;
  readonly over: number;
  /** What they are, stretches of ports in one. */
  readonly overPairs: readonly string[];
  /** Connections of the truth that the policies deny, or perhaps deny. */
  readonly denied: readonly string[];
  readonly undecided: readonly string[];
  /** What the program claims itself. */
  readonly claims: { readonly sound: boolean; readonly tight: boolean; readonly safeOrder: boolean };
  readonly needs: { readonly asked: number; readonly allowed: number };
}

/**
 * Measures in the cluster where the policies are to live, which may show more than they were generated from. `nodeAddresses` are
 * known to be nodes' beside those that it shows.
 */
export function measure(
  { document, after: made, needs }: Made,
  truth: readonly TruthEdge[],
  reality: State,
  nodeAddresses: readonly string[] = [],
): Measured {
  const after = withPolicies(reality, made.policies);
  const atoms = atomsOf(after, truth, nodeAddresses);
  const planned = new Set(document.workloads.filter(({ status }) => status === 'planned').map(({ key }) => key));
  const isOurs = (...ends: readonly Atom[]) => ends.some((atom) => planned.has(atom));

  const meant = new Map<string, TruthEdge>();
  for (const edge of truth) {
    const [from, to] = [atoms.ofEnd(edge.from), atoms.ofEnd(edge.to)];
    if (isOurs(from, to)) meant.set(edgeKey(from, to, edge.protocol, edge.port), edge);
  }
  const found = new Set<string>();
  const wrong: string[] = [];
  let learned = 0;
  for (const need of needs) {
    const pairs = pairsOf(atoms, need).filter((pair) => isOurs(...pair));
    if (pairs.length === 0) continue;
    learned++;
    const [first, last] = need.ports;
    const keys = pairs.flatMap(([from, to]) =>
      Array.from({ length: last - first + 1 }, (_, i) => edgeKey(from, to, need.protocol, first + i)),
    );
    const right = keys.filter((key) => meant.has(key));
    for (const key of right) found.add(key);
    if (right.length === 0) wrong.push(keys[0]!);
  }

  const { allowed, over, overPairs } = measureAllowed(after, atoms, isOurs, meant.values());
  const verdicts = [...meant].map(([key, edge]) => ({ key, verdict: judge(after, edge) }));
  const withVerdict = (verdict: string) => verdicts.filter((one) => one.verdict === verdict).map(({ key }) => key);
  const { sound, tight, safeOrder, needs: asked, allowed: proved } = document.proof;
  return {
    meant: meant.size,
    found: found.size,
    missed: [...meant.keys()].filter((key) => !found.has(key)).sort(),
    learned,
    right: learned - wrong.length,
    wrong: wrong.sort(),
    allowed,
    over,
    overPairs,
    denied: withVerdict('denied').sort(),
    undecided: [...withVerdict('unknown'), ...withVerdict('unproved')].sort(),
    claims: { sound, tight, safeOrder },
    needs: { asked, allowed: proved },
  };
}

/** What the literal evaluator says of one connection, over all pods and families of its ends. */
function judge(after: State, { from, to, protocol, port }: TruthEdge): string {
  const connection = { from: partyOf(from), to: partyOf(to), protocol, ports: [port, port] } as const;
  return judgeNeed(courtOf(worldOf(after)), connection).verdict;
}

function partyOf(end: TruthEnd): Party {
  if (end.type === 'workload') return end;
  if (end.type === 'node') return { type: 'node' };
  const [first, ...rest] = (end.type === 'nodes' ? end.addresses : [end.address]).map(
    (address) => `${address}/${address.includes(':') ? 128 : 32}`,
  );
  return { type: 'addresses', cidrs: [first!, ...rest] };
}

/** All ends of the map: workloads, all nodes as one, each address of the truth, and everything elsewhere. */
function endpointsOf(after: State, atoms: Atoms): { readonly atom: Atom; readonly endpoint: Endpoint }[] {
  const world = worldOf(after);
  const pods = world.pods.flatMap((unit) =>
    unit.type === 'workload' && !atoms.hosts.has(unit.workload.key)
      ? [{ atom: unit.workload.key, endpoint: unit.endpoint }]
      : [],
  );
  const own = atoms.addresses.map((address) => ({ atom: address, set: setOfAddress(address) }));
  const nodes = isEmpty(atoms.nodeAddresses) ? [] : [{ atom: NODE, set: atoms.nodeAddresses }];
  const rest = subtract(outsideAddresses(world.context), unionAll([...own, ...nodes].map(({ set }) => set)));
  return [
    ...pods,
    ...[...own, ...nodes, { atom: ELSEWHERE, set: rest }].flatMap(({ atom, set }) =>
      addressUnits(world.context, set).map(({ endpoint }) => ({ atom, endpoint })),
    ),
  ];
}

function measureAllowed(
  after: State,
  atoms: Atoms,
  isOurs: (from: Atom, to: Atom) => boolean,
  truth: Iterable<TruthEdge>,
): Pick<Measured, 'allowed' | 'over' | 'overPairs'> {
  const { placement, behaviour } = after;
  const ends = endpointsOf(after, atoms);
  const reach = compileReach(
    { placement, knobs: behaviour.knobs },
    ends.map(({ endpoint }) => endpoint),
    PORT_PROTOCOLS,
  );
  const meant = new Map<string, traffic.TrafficSet>();
  for (const { from, to, protocol, port } of truth) {
    const key = `${atoms.ofEnd(from)} -> ${atoms.ofEnd(to)}`;
    meant.set(key, traffic.union(meant.get(key) ?? traffic.NO_TRAFFIC, traffic.traffic(protocol, port)));
  }
  // An address that the truth names for somebody else is one of those elsewhere.
  const addresses = new Set(atoms.addresses);
  const pairKey = (from: Atom, to: Atom): string => {
    const key = `${from} -> ${to}`;
    if (meant.has(key)) return key;
    return [from, to].map((atom) => (addresses.has(atom) ? ELSEWHERE : atom)).join(' -> ');
  };
  const open = new Map<string, { set: traffic.TrafficSet }>();
  for (const [i, { atom: from }] of ends.entries()) {
    for (const [j, { atom: to }] of ends.entries()) {
      if (!isOurs(from, to)) continue;
      const key = pairKey(from, to);
      const entry = open.get(key) ?? { set: traffic.NO_TRAFFIC };
      open.set(key, entry);
      for (const decision of Object.values(reach.decide(i, j))) {
        entry.set = traffic.union(entry.set, possibleTraffic({ ...decision, unknown: [] }));
      }
    }
  }
  let [allowed, over] = [0, 0];
  const overPairs: string[] = [];
  for (const [key, { set }] of open) {
    const rest = traffic.subtract(set, meant.get(key) ?? traffic.NO_TRAFFIC);
    allowed += count(set);
    over += count(rest);
    for (const [protocol, bounds] of Object.entries(rest)) {
      const ports = bounds[1]! - bounds[0]! > 1 ? `${bounds[0]}-${bounds[1]! - 1}` : `${bounds[0]}`;
      overPairs.push(`${key}:${ports}/${protocol}`);
    }
  }
  return { allowed, over, overPairs: overPairs.sort() };
}

function count(set: traffic.TrafficSet): number {
  return Object.values(set).reduce((sum, bounds) => {
    let ports = 0;
    for (let i = 0; i < bounds.length; i += 2) ports += bounds[i + 1]! - bounds[i]!;
    return sum + ports;
  }, 0);
}
