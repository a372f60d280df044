// Splits all endpoints by which contributions hold for them. Sets that stay whole are passed on, never copied.

import { count, equals, type IdSet, intersect, subtract } from '../sets/id-set.ts';

/** Endpoints for which exactly these contributions hold, in their order. */
export interface PeerBlock<C> {
  readonly peers: IdSet;
  readonly members: readonly C[];
}

/** Disjoint blocks whose endpoints are listed, and what holds for all others. */
export interface SplitPeers<C> {
  readonly blocks: readonly PeerBlock<C>[];
  readonly rest: readonly C[];
}

/** Splits the endpoints `0 <= i < size`. */
export function splitPeers<C extends { readonly peers: IdSet }>(
  size: number,
  contributions: readonly C[],
): SplitPeers<C> {
  let blocks: { peers: IdSet; members: C[] }[] = [];
  const rest: C[] = [];
  for (const one of contributions) {
    if (count(one.peers) === size) {
      for (const block of blocks) block.members.push(one);
      rest.push(one);
      continue;
    }
    const next: typeof blocks = [];
    let left = one.peers;
    for (const block of blocks) {
      next.push(block);
      const inside = intersect(left, block.peers);
      if (inside.length === 0) continue;
      left = subtract(left, inside);
      if (equals(inside, block.peers)) block.members.push(one);
      else {
        next.push({ peers: inside, members: [...block.members, one] });
        block.peers = subtract(block.peers, inside);
      }
    }
    if (left.length > 0) next.push({ peers: left, members: [...rest, one] });
    blocks = next;
  }
  return { blocks, rest };
}
