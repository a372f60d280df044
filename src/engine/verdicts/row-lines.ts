// Rows of the compiled evaluator, asked about one peer at a time: each row becomes flat numbers when a flow first names its
// subject. Subjects with the same row share it, and rows share their large groups of peers.

import type { DecisionId } from '../compile/decision.ts';
import type { PeerGroup, Row, RowSource } from '../compile/rows.ts';
import { withRoom } from './grown-array.ts';
import { peerSets } from './peer-sets.ts';

/** What one side says of one peer. Subjects and peers are positions in the endpoints. */
export interface RowLines {
  egress(source: number, destination: number): DecisionId;
  ingress(destination: number, source: number): DecisionId;
}

/** Bounds of peers above which a group is a set of its own that other rows may have too. */
const MOST_BOUNDS = 32;
/** Of a subject whose row was not made yet. */
const NOT_MADE = -1;

/** Asks the rows of one family, of `size` endpoints. Nothing is computed before it is asked. */
export function rowLines(rows: RowSource, size: number): RowLines {
  const sets = peerSets(size);
  /**
   * Rows one after the other: the number of large groups; for each its set and its decision; the number of steps; for each
   * its first peer and the decision of those who are in no large group.
   */
  let store = new Int32Array(1 << 10);
  let used = 0;
  const lines = new Map<Row, number>();

  /** Where the row stands; where all peers meet one decision, -2 - that. */
  function lineOf(row: Row): number {
    if (row.groups.length === 0) return -2 - row.rest;
    const known = lines.get(row);
    if (known !== undefined) return known;
    const isLarge = ({ peers }: PeerGroup) => peers.length > MOST_BOUNDS;
    const large = row.groups.filter(isLarge).flatMap(({ peers, decision }) => [sets.add(peers), decision]);
    const steps = stepsOf(
      row.groups.filter((group) => !isLarge(group)),
      row.rest,
    );
    const line = [large.length >> 1, ...large, steps.length >> 1, ...steps];
    const start = used;
    used += line.length;
    store = withRoom(store, used);
    store.set(line, start);
    lines.set(row, start);
    return start;
  }

  function decisionOf(line: number, peer: number): DecisionId {
    let at = line + 1;
    for (const end = at + 2 * store[line]!; at < end; at += 2) if (sets.has(store[at]!, peer)) return store[at + 1]!;
    let low = 0;
    let high = store[at++]!;
    // The last step that starts at the peer or before it.
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (store[at + 2 * middle]! <= peer) low = middle;
      else high = middle;
    }
    return store[at + 2 * low + 1]!;
  }

  const side = (direction: 'egress' | 'ingress') => {
    const made = new Int32Array(size).fill(NOT_MADE);
    return (subject: number, peer: number): DecisionId => {
      let line = made[subject]!;
      if (line === NOT_MADE) {
        line = lineOf(rows.row(subject, direction));
        made[subject] = line;
      }
      return line < 0 ? -2 - line : decisionOf(line, peer);
    };
  };
  return { egress: side('egress'), ingress: side('ingress') };
}

/** Groups from the first peer to the last: the first peer of each stretch, and the decision that it meets. */
function stepsOf(groups: readonly PeerGroup[], rest: DecisionId): number[] {
  const runs = groups.flatMap(({ peers, decision }) => {
    const own: { start: number; end: number; decision: DecisionId }[] = [];
    for (let i = 0; i < peers.length; i += 2) own.push({ start: peers[i]!, end: peers[i + 1]!, decision });
    return own;
  });
  runs.sort((a, b) => a.start - b.start);
  const steps: number[] = [];
  let end = 0;
  for (const run of runs) {
    if (run.start > end) steps.push(end, rest);
    steps.push(run.start, run.decision);
    end = run.end;
  }
  steps.push(end, rest);
  return steps;
}
