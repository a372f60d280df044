// Which pods that could exist an end is open to, both sides counted: what the end's policies say of the pod, and what
// those of the pod say of the end. One family and direction at a time.

import { DENIED, type DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Namespace } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type NamespaceScope } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import { ANY_BOX, type BoxId } from '../sets/box-table.ts';
import { contains, type IdSet, idSet } from '../sets/id-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { decisionLattice } from './decision-lattice.ts';
import { type Entry, type EntryList, entryList } from './entries.ts';
import { type PeerPieces, type Piece, peerPieces } from './peer-pieces.ts';
import { findOpenings, type Opening } from './pod-limits.ts';
import type { Known } from './pod-space.ts';
import type { Side } from './side.ts';
import { knowledge, type SubjectPiece, type SubjectPieces, subjectPieces } from './subject-pieces.ts';

/** Answers for the ends of one side in one direction. */
export interface ExposedPods {
  /**
   * Entries may overlap: a pod meets the best of those that hold it. Empty: the end is open to no pod that could exist.
   * Ends of which the same is said may share the list.
   */
  entriesOf(end: number): readonly Entry[];
  /**
   * Namespaces of the snapshot that are not like any other: policies there limit their pods, or nobody knows their labels
   * and some policy asks for labels of namespaces. Sorted by name.
   */
  readonly limited: readonly Namespace[];
  /** Those of them whose labels nobody knows: entries across namespaces say nothing of them. */
  readonly unlabelled: readonly Namespace[];
  /**
   * What pods of limited namespaces may do, as the policies there have it, with those of the ends looked up so far that have
   * entries which need it.
   */
  openings(): readonly Opening[];
}

/** Up to so many pairs of an end and a limited namespace are joined one by one: a person wants to see them. */
const FEW_PAIRS = 10_000;

/**
 * Prepares the answers for ends of each of the sides. `direction` is theirs: `ingress` asks who may send to them. Where
 * neither side of a connection names addresses, sides share what they say, to the very object.
 */
export function exposedPods(
  sides: readonly Side[],
  direction: Direction,
  ends: readonly number[],
  fewPairs: number = FEW_PAIRS,
): ExposedPods[] {
  const [first] = sides;
  if (first === undefined) return [];
  const pieces = peerPieces(sides, direction);
  const subjects = subjectPieces(sides, direction === 'ingress' ? 'egress' : 'ingress');
  const groups = new Map<string, readonly Entry[]>();
  return sides.map((side, i) =>
    answersOf(side, { ends, fewPairs, pieces: pieces[i]!, subjects: subjects[i]!, groups }),
  );
}

/** What the answers of one side are made from; `groups` are entries that ends share, of all sides. */
interface Parts {
  readonly ends: readonly number[];
  readonly fewPairs: number;
  readonly pieces: PeerPieces;
  readonly subjects: SubjectPieces;
  readonly groups: Map<string, readonly Entry[]>;
}

function answersOf(side: Side, { ends, fewPairs, pieces, subjects, groups }: Parts): ExposedPods {
  const { namespaces } = side.context.cluster;
  const { pods } = side;
  const lattice = decisionLattice(side.table);
  const asksForLabels = asksForNamespaceLabels(side.placement);
  /** Labels that nobody asks for may as well be none. */
  const knownOf = ({ declared }: Namespace): Known => (asksForLabels ? knowledge(side, declared) : 'labels');
  const limited = [...namespaces.values()].filter((one) => subjects.isLimited(one) || knownOf(one) === 'names');
  const isLimited = new Map(limited.map((namespace) => [namespace.name, namespace]));
  const byReading = {
    labels: limited.filter((one) => knownOf(one) === 'labels'),
    names: limited.filter((one) => knownOf(one) === 'names'),
  };
  const readings: readonly Known[] = byReading.names.length === 0 ? ['labels'] : ['labels', 'names'];
  const areFew = ends.length * limited.length <= fewPairs;

  /** What both sides say; most often one of them says nothing against it. */
  const both = (a: DecisionId, b: DecisionId): DecisionId =>
    a === side.allowed ? b : b === side.allowed ? a : side.table.and(a, b);

  /** Pods of one limited namespace, under its own policies. */
  function joinAt(piece: Piece, namespace: Namespace, others: readonly SubjectPiece[], into: EntryList): void {
    if (others.length === 0 || !pods.holds(piece.box, namespace)) return;
    const here = pods.inNamespace(piece.box, namespace);
    const isAnyPod = pods.anyNamespace(piece.box) === ANY_BOX;
    for (const other of others) {
      const met = pods.intersect(here, other.box);
      const decision = met === undefined ? DENIED : both(piece.decision, other.decision);
      if (met === undefined || decision === DENIED) continue;
      // Whom no policy isolates is told by what all of them together do not select: that has a name.
      const unisolated = isAnyPod && other.isUnisolated;
      into.add('all', met, decision, piece.policies, other.policies, unisolated);
    }
  }

  /** Pods of all other namespaces: those of the snapshot have the labels that they have. */
  function joinElsewhere(piece: Piece, openTo: readonly SubjectPiece[], into: EntryList): void {
    for (const other of openTo) {
      const met = pods.intersect(piece.box, other.box);
      const decision = met === undefined ? DENIED : both(piece.decision, other.decision);
      if (met === undefined || decision === DENIED) continue;
      const names = pods.namesOf(met);
      if (names === undefined) into.add('unlimited', met, decision, piece.policies, other.policies);
      for (const name of names ?? []) {
        if (isLimited.has(name)) continue;
        const namespace = namespaces.get(name);
        if (namespace !== undefined && !pods.holds(met, namespace)) continue;
        const here = namespace === undefined ? pods.confined(met, [name]) : pods.inNamespace(met, namespace);
        into.add('all', here, decision, piece.policies, other.policies);
      }
    }
  }

  const context = {
    pods,
    lattice,
    limited: isLimited,
    isOpenLabelled: byReading.names.length > 0,
    isEachSaid: areFew,
  };

  /** The end with pods of limited namespaces, one namespace after the other. */
  function joinEach(
    piece: Piece,
    reading: Known,
    openTo: (home: Namespace) => readonly SubjectPiece[],
    into: EntryList,
  ) {
    for (const home of limitedOf(piece, reading)) joinAt(piece, home, openTo(home), into);
  }

  /** What the end says of pods of limited namespaces, as far as openings bear it out. */
  function leaveToOpenings(piece: Piece, reading: Known, into: EntryList): void {
    const homes = reading === 'names' ? 'unlabelled' : 'limited';
    const add = (box: BoxId) => into.add(homes, box, piece.decision, piece.policies, []);
    if (pods.namesOf(piece.box) !== undefined) {
      for (const home of limitedOf(piece, reading))
        if (pods.holds(piece.box, home)) add(pods.inNamespace(piece.box, home));
    } else if (byReading[reading].length > 0) add(piece.box);
  }

  /** Limited namespaces that are read so and that the box may hold. */
  function limitedOf({ box }: Piece, reading: Known): readonly Namespace[] {
    const names = pods.namesOf(box);
    if (names === undefined) return byReading[reading];
    const homes = names.flatMap((name) => isLimited.get(name) ?? []);
    return homes.filter((home) => knownOf(home) === reading);
  }

  function findEntries(end: number): Entry[] {
    const found = entryList(context);
    const openings = new Map<Namespace, readonly SubjectPiece[]>();
    const openTo = (namespace: Namespace) =>
      entry(openings, namespace, () => subjects.at(namespace).filter(({ peers }) => contains(peers, end)));
    const openElsewhere = subjects.elsewhere().filter(({ peers }) => contains(peers, end));
    for (const reading of readings) {
      for (const piece of pieces.of(end, reading)) {
        if (reading === 'labels') joinElsewhere(piece, openElsewhere, found);
        if (areFew) joinEach(piece, reading, openTo, found);
        else leaveToOpenings(piece, reading, found);
      }
    }
    return found.simplified();
  }

  /** Where openings are left to say the rest, ends under policies of the same effect have the same entries. */
  function groupOf(end: number): string {
    const open = subjects.elsewhere().map(({ peers }) => (contains(peers, end) ? '+' : '-'));
    return `${subjects.isSharedElsewhere ? '' : side.family}|${open.join('')}|${pieces.groupOf(end, readings)}`;
  }

  const reached = new Map<string, readonly Namespace[]>();
  const openings = new Map<Namespace, readonly IdSet[]>();

  /** Where everything is joined, also what limited namespaces say of the end that its pieces reach. */
  function joinedGroupOf(end: number): string {
    const group = groupOf(end);
    const homes = entry(reached, group, () => {
      const all = readings.flatMap((reading) =>
        pieces.of(end, reading).flatMap((piece) => [...limitedOf(piece, reading)]),
      );
      return [...new Set(all)];
    });
    let key = `${side.family}|${group}`;
    for (const home of homes) {
      for (const peers of entry(openings, home, () => [...new Set(subjects.at(home).map((one) => one.peers))])) {
        key += contains(peers, end) ? '+' : '-';
      }
    }
    return key;
  }

  const bounded = new Set<number>();
  return {
    entriesOf(end) {
      const entries = entry(groups, areFew ? joinedGroupOf(end) : groupOf(end), () => findEntries(end));
      if (!areFew && entries.some(({ homes }) => homes !== 'all' && homes !== 'unlimited')) bounded.add(end);
      return entries;
    },
    limited,
    unlabelled: byReading.names,
    openings: () =>
      areFew ? [] : findOpenings(side, limited, subjects, { ends: idSet([...bounded]), all: idSet(ends) }),
  };
}

/** Whether some policy asks for a label of a namespace that is not its name. */
function asksForNamespaceLabels({ policies }: Placement): boolean {
  const asks = (scope: NamespaceScope) => !('name' in scope) && namesOtherKey(scope.selector);
  return policies.some(({ policy }) =>
    DIRECTIONS.some((direction) => {
      const part = policy[direction];
      if (part === undefined) return false;
      if (asks(part.subject.namespaces)) return true;
      return part.rules.some(
        ({ subject, peers }) =>
          (subject !== undefined && asks(subject.namespaces)) ||
          (typeof peers !== 'string' && peers.some((peer) => peer.type === 'pods' && asks(peer.namespaces))),
      );
    }),
  );
}

function namesOtherKey(selector: Selector): boolean {
  if (selector.op === 'and' || selector.op === 'or') return selector.of.some(namesOtherKey);
  return selector.op === 'not' ? namesOtherKey(selector.of) : selector.key !== NAME_LABEL;
}
