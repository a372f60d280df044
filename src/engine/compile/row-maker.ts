// From the contributions that hold for a subject to its row. In a large cluster the row is kept in parts: what large sets of
// peers meet is the same for many subjects and made once; of small sets each subject has its own.

import type { Direction } from '../model/policy.ts';
import { count, type IdSet, idSetTable, intersect, unionAll } from '../sets/id-set.ts';
import type { PeerContribution } from './contributions.ts';
import { entry } from './entry.ts';
import type { Decide } from './fold-memo.ts';
import type { OwnNode } from './own-node.ts';
import { mergeGroups, type NearRow, type PlainRow, type Row, rowOfParts } from './row.ts';
import { splitPeers } from './split-peers.ts';

/** Makes the row of a subject from all contributions to its direction, in order. */
export type RowMaker = (
  subject: number,
  direction: Direction,
  decide: Decide,
  contributions: readonly PeerContribution[],
) => Row;

/** What is large. */
export interface PartSizes {
  /** Rows of fewer endpoints are not kept in parts: whoever reads about few would rather have large rectangles. */
  readonly endpoints: number;
  /** A set with more members than that is large. */
  readonly members: number;
  /** A set with more runs than that is. */
  readonly runs: number;
}

/** For clusters: large is what takes longer to walk over than to look up, many times over. */
export const PART_SIZES: PartSizes = { endpoints: 2000, members: 256, runs: 64 };

/** Makes rows of `size` endpoints. */
export function rowMaker(size: number, node: OwnNode, sizes: PartSizes): RowMaker {
  const isInParts = size >= sizes.endpoints;
  const isLarge = (peers: IdSet) => peers.length > 2 * sizes.runs || count(peers) > sizes.members;
  const { keyOfLarge, farRow } = farRows();

  function plain(decide: Decide, contributions: readonly PeerContribution[]): PlainRow {
    const { blocks, rest } = splitPeers(size, contributions);
    const groups = blocks.map(({ peers, members }) => ({ peers, decision: decide(members) }));
    return mergeGroups(groups, decide(rest));
  }

  return (subject, direction, decide, contributions) => {
    if (!isInParts) return node.exempt(subject, direction, plain(decide, contributions));
    const concerned = node.concerned(subject, direction);
    const isFarExempt = isLarge(concerned);
    const large = contributions.filter(({ peers }) => isLarge(peers));
    const small = contributions.flatMap(({ peers }) => (isLarge(peers) ? [] : [peers]));
    const key = keyOfLarge(decide, large);
    const exemption = isFarExempt ? `${direction}${node.keyOf(subject)}` : '';
    const far = farRow(key === undefined ? undefined : `${key}|${exemption}`, () => {
      const row = plain(decide, large);
      return isFarExempt ? node.exempt(subject, direction, row) : row;
    });
    const domain = unionAll(isFarExempt ? small : [...small, concerned]);
    if (domain.length === 0) return far;
    const near = nearRow(size, domain, decide, contributions);
    return rowOfParts(far, concerned.length === 0 ? near : within(domain, node.exempt(subject, direction, near)));
  };
}

/** Finds again what large sets of peers meet: subjects of which everything else is equal share it. */
function farRows() {
  const known = new Map<string, PlainRow>();
  const sets = idSetTable();
  const numbers = new Map<IdSet, number>();
  const numberOf = (peers: IdSet): number => {
    const set = sets.intern(peers);
    return entry(numbers, set, () => numbers.size);
  };
  return {
    /** Equal where the same sets meet the same; undefined: not known. */
    keyOfLarge(decide: Decide, large: readonly PeerContribution[]): string | undefined {
      if (decide.base === undefined) return undefined;
      let key = decide.base;
      for (const one of large) {
        const word = decide.wordOf(one);
        if (word === undefined) return undefined;
        key += ` ${numberOf(one.peers)}:${word}`;
      }
      return key;
    },
    farRow: (key: string | undefined, make: () => PlainRow): PlainRow =>
      key === undefined ? make() : entry(known, key, make),
  };
}

/** What the peers of a domain meet. */
function nearRow(size: number, domain: IdSet, decide: Decide, contributions: readonly PeerContribution[]): NearRow {
  const inside = contributions.flatMap((one) => {
    const peers = intersect(domain, one.peers);
    return peers.length === 0 ? [] : [{ peers, one }];
  });
  const { blocks, rest } = splitPeers(size, inside);
  const groups = blocks.map(({ peers, members }) => ({ peers, decision: decide(members.map(({ one }) => one)) }));
  return { domain, ...mergeGroups(groups, decide(rest.map(({ one }) => one))) };
}

function within(domain: IdSet, { groups, rest }: PlainRow): NearRow {
  const inside = groups.map(({ peers, decision }) => ({ peers: intersect(domain, peers), decision }));
  return { domain, ...mergeGroups(inside, rest) };
}
