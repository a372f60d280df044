// The short way to see that policies matter: one peer that a policy alone lets in. Most policies of a large cluster are seen
// to matter here and nowhere else, so what groups say is written out in one flat array, gone through from start to end.

import type { Placement } from '../model/tier.ts';
import { contains, type IdSet } from '../sets/id-set.ts';
import type { SubjectGroup } from './subject-groups.ts';
import type { TrafficRelations } from './traffic-relations.ts';

/** Numbers of a statement: policy, traffic, first peer, the one behind the last, its peers if there are gaps, and whether it counts. */
const WIDTH = 6;
const [POLICY, TRAFFIC, LOW, HIGH, SET, COUNTS] = [0, 1, 2, 3, 4, 5];

/** What groups say in which every rule surely accepts, where it is that or nothing: all are in one tier without order, and isolate. */
export interface FlatStatements {
  readonly numbers: Int32Array;
  /** Where each group begins, and the last one ends. */
  readonly starts: readonly number[];
  readonly groups: readonly SubjectGroup[];
  /** Peers with gaps between them. */
  readonly sets: readonly IdSet[];
}

/** Writes out what can be; `nothing` is the number of no traffic. */
export function flatStatements(all: readonly SubjectGroup[], { chain }: Placement, nothing: number): FlatStatements {
  const groups = all.filter(
    ({ voices: [first], onlyAccepts, leavesAlikeOpen, across }) =>
      first !== undefined &&
      onlyAccepts &&
      leavesAlikeOpen &&
      across.length === 0 &&
      chain.tiers[first.tier]!.combine !== 'first-match',
  );
  const count = groups.reduce((sum, { voices }) => voices.reduce((some, one) => some + one.statements.length, sum), 0);
  const numbers = new Int32Array(WIDTH * count);
  const starts: number[] = [];
  const sets: IdSet[] = [];
  let at = 0;
  for (const { voices } of groups) {
    starts.push(at);
    const framed = voices.find(({ frame }) => frame !== '');
    const another = voices.find(({ frame, policy }) => frame === framed?.frame && policy !== framed.policy);
    for (const { policy, statements, frame } of voices) {
      // Others must isolate the subjects as before when it goes.
      const isKept = frame === '' || (frame === framed!.frame && (policy !== framed!.policy || another !== undefined));
      const counts = isKept && framed?.selection.part.isolates === true;
      for (const { number, peers, isPlain } of statements) {
        if (number === nothing) continue;
        numbers[at + POLICY!] = policy;
        numbers[at + TRAFFIC!] = number;
        numbers[at + LOW!] = peers[0]!;
        numbers[at + HIGH!] = peers.at(-1)!;
        numbers[at + SET!] = peers.length === 2 ? -1 : sets.push(peers) - 1;
        numbers[at + COUNTS!] = counts && isPlain ? 1 : 0;
        at += WIDTH;
      }
    }
  }
  return { numbers, starts: [...starts, at], groups, sets };
}

/**
 * Marks policies without which some peer is denied that is allowed with them. Of those that are not marked nothing is said.
 */
export function markWitnessed(
  { numbers, starts, groups, sets }: FlatStatements,
  relations: TrafficRelations,
  marks: Uint8Array,
): void {
  /** Reports whether another policy of the group lets the peer in, surely or perhaps, to some of the traffic. */
  function isLetInElsewhere(start: number, end: number, policy: number, traffic: number, peer: number): boolean {
    for (let at = start; at < end; at += WIDTH) {
      if (numbers[at + LOW!]! > peer || numbers[at + HIGH!]! <= peer || numbers[at]! === policy) continue;
      const set = numbers[at + SET!]!;
      if (set >= 0 && !contains(sets[set]!, peer)) continue;
      const other = numbers[at + TRAFFIC!]!;
      if (other === traffic || relations.relation(traffic, other) !== 'apart') return true;
    }
    return false;
  }

  groups.forEach(({ counted }, index) => {
    const [start, end] = [starts[index]!, starts[index + 1]!];
    for (let at = start; at < end; at += WIDTH) {
      const policy = numbers[at]!;
      if (numbers[at + COUNTS!] === 0 || marks[policy] === 1) continue;
      const traffic = numbers[at + TRAFFIC!]!;
      for (const peer of [numbers[at + LOW!]!, numbers[at + HIGH!]! - 1]) {
        if (!counted.isEverybody && !contains(counted.whole, peer)) continue;
        if (isLetInElsewhere(start, end, policy, traffic, peer)) continue;
        marks[policy] = 1;
        break;
      }
    }
  });
}
