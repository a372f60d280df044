// Splits all endpoints by which contributions hold for them: one pass over the members of each contribution.

import { type IdSet, idSet } from '../sets/id-set.ts';

/** Endpoints for which exactly these contributions hold, in their order. */
export interface PeerBlock<C> {
  readonly peers: IdSet;
  readonly members: readonly C[];
}

/** Blocks whose endpoints are listed, and what holds for all others. */
export interface SplitPeers<C> {
  readonly blocks: readonly PeerBlock<C>[];
  readonly rest: readonly C[];
}

/** A splitter for endpoints `0 <= i < size`; it may be used again and again, one split at a time. */
export function peerSplitter(
  size: number,
): <C extends { readonly peers: IdSet }>(contributions: readonly C[]) => SplitPeers<C> {
  // For each endpoint the number of its block: 0 is the rest. Cleared after every split by what was touched.
  const blockOf = new Int32Array(size);
  return <C extends { readonly peers: IdSet }>(contributions: readonly C[]): SplitPeers<C> => {
    const members: C[][] = [[]];
    const touched: number[] = [];
    for (const one of contributions) {
      if (one.peers.length === size) {
        for (const block of members) block.push(one);
        continue;
      }
      const inside = new Map<number, number>();
      for (const id of one.peers) {
        const before = blockOf[id]!;
        let after = inside.get(before);
        if (after === undefined) {
          after = members.push([...members[before]!, one]) - 1;
          inside.set(before, after);
        }
        if (before === 0) touched.push(id);
        blockOf[id] = after;
      }
    }
    const peers: number[][] = members.map(() => []);
    for (const id of touched) {
      peers[blockOf[id]!]!.push(id);
      blockOf[id] = 0;
    }
    const blocks = members.flatMap((list, block) =>
      peers[block]!.length === 0 ? [] : [{ peers: idSet(peers[block]!), members: list }],
    );
    return { blocks, rest: members[0]! };
  };
}
