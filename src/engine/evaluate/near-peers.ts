// The peers of a rule that may mean an end, out of very many: whoever everybody calls has a rule with thousands of them.
// What is left out surely does not match, so that no verdict depends on it.

import type { Endpoint } from '../model/endpoint.ts';
import type { Peer } from '../model/policy.ts';
import { indexByRequiredLabel, type NearItems, requiredLabels } from './required-labels.ts';

/** Shorter lists are gone through. */
const LEAST_PEERS = 24;

/** Rules never change, and many questions are about the same ones. */
const indexes = new WeakMap<readonly Peer[], NearPeers>();

interface NearPeers {
  /** Of a pod. */
  readonly near: NearItems<Peer>;
  /** Peers that may mean what is no pod, in their order. */
  readonly others: readonly Peer[];
}

/** The peers that may match an end, in their order; all of them where the list is short. */
export function nearPeers(peers: readonly Peer[], end: Endpoint): readonly Peer[] {
  // Of whom nobody knows what it is, and of what perhaps some selector means, every peer is a question.
  if (peers.length < LEAST_PEERS || end.unidentified !== undefined || end.perhapsSelected !== undefined) return peers;
  const index = indexes.get(peers) ?? makeIndex(peers);
  indexes.set(peers, index);
  return end.pod === undefined ? index.others : index.near(end.pod);
}

function makeIndex(peers: readonly Peer[]): NearPeers {
  return {
    near: indexByRequiredLabel(peers, (peer) =>
      peer.type === 'pods' ? requiredLabels(peer.namespaces, peer.pods) : [],
    ),
    others: peers.filter(({ type }) => type !== 'pods'),
  };
}
