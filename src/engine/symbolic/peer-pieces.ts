// What the policies of an end that exists say of every pod that could: pieces that may overlap. A pod meets the best that
// the pieces holding it say, which is exactly what the fold of its rules says.

import type { PeerContribution } from '../compile/contributions.ts';
import { DENIED, type DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import { ANY_NUMBER, type NumberedMap, numberedMap } from '../compile/numbered-map.ts';
import type { Selection } from '../compile/selections.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { ANY_BOX, type BoxId } from '../sets/box-table.ts';
import { labelCells } from '../sets/label-cells.ts';
import { intersect, isEmpty, subtract } from '../sets/label-set.ts';
import { EVERYWHERE, type Known, type PodRegion } from './pod-space.ts';
import { contributeRegions, type RegionContribution } from './region-contributions.ts';
import type { Side } from './side.ts';

/** Pods of the box meet at least this decision, never denied. `policies`: whose rules allow it; none: nothing forbids it. */
export interface Piece {
  readonly box: BoxId;
  readonly decision: DecisionId;
  readonly policies: readonly Policy[];
}

/** Most boxes of cells at one end: policies of tiers that deny cross each other rarely. */
export const BOX_LIMIT = 2_000;

/** Looks up the pieces of ends in one direction. */
export interface PeerPieces {
  of(end: number, known: Known): readonly Piece[];
  /** Equal for ends of which all pieces of these readings are equal, of whatever side; some of those may differ in it. */
  groupOf(end: number, readings: readonly Known[]): string;
}

/**
 * Prepares the pieces, one look-up for each side; `known` says of which namespaces they speak: those of which labels, or
 * names alone, are known. What is the same for all sides is one object in all.
 */
export function peerPieces(sides: readonly Side[], direction: Direction): PeerPieces[] {
  const shared: Shared = { first: emptyWork(), alone: new Map(), numbers: new Map() };
  return sides.map((side) => piecesOf(side, direction, shared));
}

type Contributed = RegionContribution<PodRegion>;

/** What sides have in common. */
interface Shared {
  /** What was contributed on the side that was asked first: others take the parts that say the same from there. */
  readonly first: Record<Known, Contributions>;
  /** Pieces of a contribution that meets no cells, by the standing of the end. */
  readonly alone: Map<string, Map<Contributed, readonly Piece[]>>;
  readonly numbers: Map<readonly Contributed[], number>;
}

function piecesOf(side: Side, direction: Direction, { first, alone, numbers }: Shared): PeerPieces {
  const { pods } = side;
  const own = emptyWork();

  /** Subjects that a policy selects in the same way share its contributions, if their ports have the same names. */
  function contributionsOf(selection: Selection, subject: number, reading: Known): readonly Contributed[] | undefined {
    const names = direction === 'ingress' && selection.hasNames ? side.matcher.namesAt(subject) : ANY_NUMBER;
    const make = () => contribute(side, selection, subject, direction, reading);
    if (!selection.hasBlocks) return first[reading].entry(selection, names, make);
    return own[reading].entry(selection, names, () => {
      const made = make();
      return adopted(
        made,
        first[reading].entry(selection, names, () => made),
      );
    });
  }

  function groupOf(end: number, readings: readonly Known[]): string {
    if (side.endpoints[end]!.pod === undefined) return 'host';
    const selections = side.selections[direction].get(end) ?? [];
    const base = side.baseOf(end, direction);
    const alike = base === undefined ? undefined : alikeIn(selections, end, readings);
    if (alike !== undefined) return `${base}|${alike.join()}`;
    const names = direction === 'ingress' ? side.matcher.namesAt(end) : '';
    return `${side.family}|${selections.map(({ key }) => key).join()}|${names}|${side.selectedOf(end).join()}`;
  }

  /** Numbers of the lists of contributions; undefined: for some rule it cannot be told whom it is about. */
  function alikeIn(selections: readonly Selection[], end: number, readings: readonly Known[]): number[] | undefined {
    const alike: number[] = [];
    for (const reading of readings) {
      for (const selection of selections) {
        const list = contributionsOf(selection, end, reading);
        if (list === undefined) return undefined;
        if (list.length > 0) alike.push(entry(numbers, list, () => numbers.size));
      }
      alike.push(-1);
    }
    return alike;
  }

  function of(subject: number, reading: Known): readonly Piece[] {
    const undecided = [{ box: ANY_BOX, decision: side.undecided, policies: [] }];
    if (side.endpoints[subject]!.pod === undefined) return [{ box: ANY_BOX, decision: side.allowed, policies: [] }];
    const own = side.selections[direction].get(subject) ?? [];
    const additive: Contributed[] = [];
    const splitting: Contributed[] = [];
    for (const selection of own) {
      const contributions = contributionsOf(selection, subject, reading);
      if (contributions === undefined) return undecided;
      const into = side.isAdditive(selection.placed, direction) ? additive : splitting;
      for (const one of contributions) into.push(one);
    }
    const decide = side.memo.subject(own, side.selectedOf(subject));
    const sets = splitting.map(({ region }) => region);
    const cells = labelCells(EVERYWHERE.yes, sets, BOX_LIMIT);
    if (cells === undefined) return undecided;
    const pieces: Piece[] = [];
    for (const { set, inside } of cells) {
      const members = splitting.filter((_, i) => inside[i]).map(({ contribution }) => contribution);
      const base = decide(members);
      const policies = accepting(members);
      if (base !== DENIED) for (const box of set) pieces.push({ box: pods.intern(box), decision: base, policies });
      for (const one of additive) {
        const make = () => {
          const decision = decide([...members, one.contribution]);
          if (decision === base) return NO_PIECES;
          return intersect(set, one.region).map((box) => ({ box: pods.intern(box), decision, policies: one.policies }));
        };
        // Without cells the same rule makes the same pieces for all ends under policies of the same effect.
        const isAlone = splitting.length === 0 && decide.base !== undefined;
        const own = isAlone
          ? entry(
              entry(alone, decide.base, () => new Map()),
              one,
              make,
            )
          : make();
        for (const piece of own) pieces.push(piece);
      }
    }
    return pieces;
  }

  return { of, groupOf };
}

const NO_PIECES: readonly Piece[] = [];

/** By what names of ports resolve to. */
type Contributions = NumberedMap<Selection, readonly Contributed[] | undefined>;

/** The contributions, with those of the model in place of those that say the same; the model itself where all do. */
function adopted(
  made: readonly Contributed[] | undefined,
  model: readonly Contributed[] | undefined,
): readonly Contributed[] | undefined {
  if (made === undefined || model === undefined) return made;
  const list = made.map((one) => model.find((other) => isSame(one, other)) ?? one);
  return list.length === model.length && list.every((one, i) => one === model[i]) ? model : list;
}

/** Of the same selection. Sets and lists are compared as objects: two that look alike may differ. */
function isSame(a: Contributed, b: Contributed): boolean {
  const [one, other] = [a.contribution, b.contribution];
  return (
    one.action === other.action &&
    one.traffic === other.traffic &&
    one.reason === other.reason &&
    one.conditions === other.conditions &&
    a.region.length === b.region.length &&
    a.region.every((box, i) => box === b.region[i])
  );
}

/** What selections contribute, by what is known of namespaces. */
function emptyWork(): Record<Known, Contributions> {
  return { labels: numberedMap(), names: numberedMap() };
}

/** The contributions of one selection, each with the pods that it holds for. */
function contribute(
  side: Side,
  selection: Selection,
  subject: number,
  direction: Direction,
  known: Known,
): RegionContribution<PodRegion>[] | undefined {
  const splits = !side.isAdditive(selection.placed, direction);
  return contributeRegions(selection, {
    matcher: side.matcher,
    destination: direction === 'ingress' ? subject : side.template,
    regions: (list, policy) => {
      const peers = side.peersOf(list, policy, known);
      if (peers === undefined || !splits) return peers;
      // What is sure of a pod is not also perhaps; where pieces add up, saying both does no harm.
      return { ...peers, maybe: peers.maybe.map(([reason, set]) => [reason, subtract(set, peers.yes)]) };
    },
    isEmpty,
  });
}

/** Policies with a rule that accepts, each once. */
export function accepting(contributions: readonly PeerContribution[]): Policy[] {
  const rules = contributions.filter(({ action }) => action === 'Accept');
  return [...new Set(rules.map(({ selection }) => selection.placed.policy))];
}
