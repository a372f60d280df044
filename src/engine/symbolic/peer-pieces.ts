// What the policies of an end that exists say of every pod that could: pieces that may overlap. A pod meets the best that
// the pieces holding it say, which is exactly what the fold of its rules says.

import { addMatches, type PeerContribution, rulesOf } from '../compile/contributions.ts';
import { DENIED, type DecisionId } from '../compile/decision.ts';
import { selectedTiers } from '../compile/rows.ts';
import type { Selection } from '../compile/selections.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { EMPTY } from '../sets/id-set.ts';
import { labelCells } from '../sets/label-cells.ts';
import { intersect, subtract } from '../sets/label-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { EVERYWHERE, type Known, type PodBox, type PodRegion } from './pod-space.ts';
import type { Side } from './side.ts';

/** Pods of the box meet at least this decision, never denied. `policies`: whose rules allow it; none: nothing forbids it. */
export interface Piece {
  readonly box: PodBox;
  readonly decision: DecisionId;
  readonly policies: readonly Policy[];
}

/** Most boxes of cells at one end: policies of tiers that deny cross each other rarely. */
export const BOX_LIMIT = 2_000;

interface RegionContribution {
  readonly region: PodRegion;
  readonly contribution: PeerContribution;
}

/** The pieces of one end in one direction, for namespaces of which labels, or names alone, are known. */
export function peerPieces(side: Side, subject: number, direction: Direction, known: Known): readonly Piece[] {
  if (side.endpoints[subject]!.pod === undefined) return [{ box: [], decision: side.allowed, policies: [] }];
  const own = side.selections[direction].get(subject) ?? [];
  const additive: RegionContribution[] = [];
  const splitting: RegionContribution[] = [];
  for (const selection of own) {
    const into = side.isAdditive(selection.placed, direction) ? additive : splitting;
    const contributions = contribute(side, selection, subject, direction, known);
    if (contributions === undefined) return [{ box: [], decision: side.undecided, policies: [] }];
    into.push(...contributions);
  }
  const decide = side.memo.subject(own, selectedTiers(side.placement, side.selections, subject));
  const cells = labelCells(
    EVERYWHERE.yes,
    splitting.map(({ region }) => region),
    BOX_LIMIT,
  );
  if (cells === undefined) return [{ box: [], decision: side.undecided, policies: [] }];
  const pieces: Piece[] = [];
  for (const { set, inside } of cells) {
    const members = splitting.filter((_, i) => inside[i]).map(({ contribution }) => contribution);
    const base = decide(members);
    if (base !== DENIED) {
      const policies = accepting(members);
      for (const box of set) pieces.push({ box, decision: base, policies });
    }
    for (const { region, contribution } of additive) {
      const decision = decide([...members, contribution]);
      if (decision === base) continue;
      for (const box of intersect(set, region)) {
        pieces.push({ box, decision, policies: [contribution.selection.placed.policy] });
      }
    }
  }
  return pieces;
}

/** The contributions of one selection, each with the pods that it holds for; see compile/contributions.ts. */
function contribute(
  side: Side,
  selection: Selection,
  subject: number,
  direction: Direction,
  known: Known,
): RegionContribution[] | undefined {
  const result: RegionContribution[] = [];
  const { policy } = selection.placed;
  const splits = !side.isAdditive(selection.placed, direction);
  for (const { rule, narrowed } of rulesOf(selection)) {
    const peers = side.peersOf(rule.peers, policy, known);
    if (peers === undefined) return undefined;
    // What is sure of a pod is not also perhaps; where pieces add up, saying both does no harm.
    const maybe = splits
      ? peers.maybe.map(([reason, set]) => [reason, subtract(set, peers.yes)] as const)
      : peers.maybe;
    const destination = direction === 'ingress' ? subject : side.template;
    const add = (region: PodRegion, opened: traffic.TrafficSet, open?: UnknownReason): void => {
      const reason = open ?? narrowed;
      if (traffic.isEmpty(opened) || region.length === 0) return;
      const contribution: PeerContribution = {
        action: rule.action,
        traffic: opened,
        conditions: rule.conditions,
        ...(reason === undefined ? {} : { reason }),
        peers: EMPTY,
        selection,
      };
      result.push({ region, contribution });
    };
    addMatches({ yes: peers.yes, maybe }, side.matcher.portsOn(rule.ports, destination), add);
  }
  return result;
}

/** Policies with a rule that accepts, each once. */
export function accepting(contributions: readonly PeerContribution[]): Policy[] {
  const rules = contributions.filter(({ action }) => action === 'Accept');
  return [...new Set(rules.map(({ selection }) => selection.placed.policy))];
}
