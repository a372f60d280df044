// Rows of the compiled evaluator, asked about one peer at a time: each row becomes flat numbers when a flow first names its
// subject. Subjects with the same row share it, and rows share their large groups of peers, with what is different apart.

import type { DecisionId } from '../compile/decision.ts';
import type { Row } from '../compile/row.ts';
import type { RowSource } from '../compile/rows.ts';
import type { Direction } from '../model/policy.ts';
import { type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import { alikeSets } from './alike-sets.ts';
import { withRoom } from './grown-array.ts';
import { peerSets } from './peer-sets.ts';

/** What one side says of one peer. Subjects and peers are positions in the endpoints. */
export interface SideLines {
  decision(subject: number, peer: number): DecisionId;
  /** Looks where `decision` will look first, so that it is at hand; the value means nothing. Of a subject that was named. */
  touchRow(subject: number): number;
  /** Looks where `decision` will look then. */
  touchPeers(subject: number, peer: number): number;
}

/** Both sides. */
export type RowLines = Readonly<Record<Direction, SideLines>>;

/** Runs of peers above which a group is a set of its own, and in which a set that is used in its stead may differ. */
const MOST_RUNS = 16;
/** Of a subject whose row was not made yet. */
const NOT_MADE = -1;
/** Of peers about whom the steps of a row say nothing. */
const ELSEWHERE = -1;

/** Asks the rows of one family, of `size` endpoints. Nothing is computed before it is asked. */
export function rowLines(rows: RowSource, size: number): RowLines {
  const sets = peerSets(size);
  const alike = alikeSets(size, MOST_RUNS);
  /**
   * Rows one after the other: the number of large groups, the number of steps, and the decision of the rest; for each group
   * its set, the bounds of that and the decision; for each step its first peer and the decision, which may be ELSEWHERE.
   */
  let store = new Int32Array(1 << 10);
  let used = 0;
  const lines = new Map<Row, number>();

  /** Where the row stands; where all peers meet one decision, -2 - that. */
  function lineOf(row: Row): number {
    const known = lines.get(row);
    if (known !== undefined) return known;
    const start = row.groups.length === 0 ? -2 - row.rest : write(row);
    lines.set(row, start);
    return start;
  }

  function write(row: Row): number {
    const { groups, rest } = row;
    const large: number[] = [];
    const apart: IdSet[] = [];
    for (const { peers, decision } of groups) {
      if (peers.length <= 2 * MOST_RUNS) {
        apart.push(peers);
        continue;
      }
      const { base, differences } = alike.find(peers);
      const set = sets.add(base);
      large.push(set, sets.bounds(set), decision);
      apart.push(differences);
    }
    const steps = stepsOf(row, unionAll(apart), large.length === 0 ? rest : ELSEWHERE);
    const line = [large.length / 3, steps.length / 2, rest, ...large, ...steps];
    const start = used;
    used += line.length;
    store = withRoom(store, used);
    store.set(line, start);
    return start;
  }

  function decisionOf(line: number, peer: number): DecisionId {
    const groups = line + 3;
    const steps = groups + 3 * store[line]!;
    let low = 0;
    let high = store[line + 1]!;
    // The last step that starts at the peer or before it.
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (store[steps + 2 * middle]! <= peer) low = middle;
      else high = middle;
    }
    const decision = store[steps + 2 * low + 1]!;
    if (decision !== ELSEWHERE) return decision;
    for (let at = groups; at < steps; at += 3) {
      if (sets.has(store[at]!, store[at + 1]!, peer)) return store[at + 2]!;
    }
    return store[line + 2]!;
  }

  const side = (direction: Direction): SideLines => {
    /** By subject: where its row stands. */
    const made = new Int32Array(size).fill(NOT_MADE);
    return {
      decision(subject, peer) {
        let line = made[subject]!;
        if (line === NOT_MADE) {
          line = lineOf(rows.row(subject, direction));
          made[subject] = line;
        }
        return line < 0 ? -2 - line : decisionOf(line, peer);
      },
      touchRow(subject) {
        const line = made[subject]!;
        // No branch on what is only being fetched: it would wait for it.
        return store[line & ~(line >> 31)]!;
      },
      touchPeers(subject, peer) {
        const line = made[subject]!;
        if (line < 0 || store[line] === 0) return 0;
        return sets.touch(store[line + 3]!, store[line + 4]!, peer);
      },
    };
  };
  return { egress: side('egress'), ingress: side('ingress') };
}

/** What a row says of some peers, from the first to the last: the first peer of each stretch, and its decision; `others` outside. */
function stepsOf({ groups, rest }: Row, some: IdSet, others: DecisionId): number[] {
  const runs: { readonly start: number; readonly end: number; readonly decision: DecisionId }[] = [];
  const add = (peers: IdSet, decision: DecisionId) => {
    for (let i = 0; i < peers.length; i += 2) runs.push({ start: peers[i]!, end: peers[i + 1]!, decision });
  };
  let left = some;
  for (const { peers, decision } of groups) {
    const own = intersect(some, peers);
    add(own, decision);
    left = subtract(left, own);
  }
  add(left, rest);
  runs.sort((a, b) => a.start - b.start);
  const steps: number[] = [];
  let end = 0;
  for (const run of runs) {
    if (run.start > end) steps.push(end, others);
    steps.push(run.start, run.decision);
    end = run.end;
  }
  steps.push(end, others);
  return steps;
}
