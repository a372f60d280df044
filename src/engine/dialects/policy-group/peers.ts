// Subjects and peers of policy.networking.k8s.io in the engine's vocabulary, and what of them nobody can evaluate.

import type { NamespaceScope, Peer, Subject } from '../../model/policy.ts';
import { EVERYTHING, NOTHING } from '../../model/selector.ts';
import type { Path } from '../../model/source.ts';
import { toAddressPeer } from '../decoding/address-block.ts';
import type { LabelSelectorFields } from '../decoding/label-selector.ts';
import { findSelectorProblems, toSelector } from '../decoding/label-selector.ts';
import type { Problems } from '../decoding/problems.ts';
import type { PeerFields, PodsFields, SubjectFields } from './fields.ts';

/** Why a rule has to be closed, and where; see closed-rules.ts. */
export interface Obstacle {
  readonly path: Path;
  readonly message: string;
}

/**
 * The pods that the policy applies to. The API accepts selectors that no implementation can evaluate: such a subject
 * selects nobody, and a finding says that this is not decided.
 */
export function toSubject(subject: SubjectFields, path: Path, problems: Problems): Subject {
  const obstacle = obstacleOfPods(subject, path);
  if (obstacle !== undefined) {
    const message = `${obstacle.message}; nobody can tell which pods the policy applies to, so here it applies to none`;
    problems.note('undecidable-subject', obstacle.path, message, { hint: 'correct the selector' });
    return { namespaces: { selector: NOTHING }, pods: NOTHING };
  }
  return subject.pods === undefined ? wholeNamespaces(subject.namespaces) : selectedPods(subject.pods);
}

/** The peers of one item of a list: one for each network, otherwise exactly one. The item has no obstacle. */
export function toPeers(peer: PeerFields, path: Path): readonly Peer[] {
  if (peer.networks !== undefined) {
    return peer.networks.map((cidr, i) => toAddressPeer(cidr, [], [...path, 'networks', i]));
  }
  if (peer.nodes !== undefined) return [{ type: 'nodes', nodes: toSelector(peer.nodes), path }];
  if (peer.domainNames !== undefined) return [{ type: 'domains', names: peer.domainNames, path }];
  const pods = peer.pods === undefined ? wholeNamespaces(peer.namespaces) : selectedPods(peer.pods);
  return [{ type: 'pods', ...pods, path }];
}

/** What of the peer cannot be evaluated; undefined where everything can. */
export function obstacleOfPeer(peer: PeerFields, path: Path, action: string): Obstacle | undefined {
  if (peer.domainNames !== undefined && action !== 'Accept' && action !== 'Allow') {
    const message = `domain names are defined for accepting rules only, not for ${action}`;
    return { path: [...path, 'domainNames'], message };
  }
  return obstacleOfPods(peer, path) ?? obstacleOfSelector(peer.nodes, [...path, 'nodes']);
}

function obstacleOfPods(subject: SubjectFields, path: Path): Obstacle | undefined {
  return (
    obstacleOfSelector(subject.namespaces, [...path, 'namespaces']) ??
    obstacleOfSelector(subject.pods?.namespaceSelector, [...path, 'pods', 'namespaceSelector']) ??
    obstacleOfSelector(subject.pods?.podSelector, [...path, 'pods', 'podSelector'])
  );
}

function obstacleOfSelector(selector: LabelSelectorFields | undefined, path: Path): Obstacle | undefined {
  if (selector === undefined) return undefined;
  const [first] = findSelectorProblems(selector);
  if (first === undefined) return undefined;
  return { path: [...path, ...first.path], message: first.message };
}

function wholeNamespaces(selector: LabelSelectorFields | undefined): Subject {
  return { namespaces: { selector: toSelector(selector) }, pods: EVERYTHING };
}

/** A missing namespaceSelector (v1alpha2) means all namespaces, unlike in NetworkPolicy. */
function selectedPods(pods: PodsFields): Subject {
  const namespaces: NamespaceScope = { selector: toSelector(pods.namespaceSelector) };
  return { namespaces, pods: toSelector(pods.podSelector) };
}
