// Which pods that could exist an end is open to, both sides counted: what the end's policies say of the pod, and what
// those of the pod say of the end. One family and direction at a time.

import { DENIED } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Namespace } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type NamespaceScope } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import { contains } from '../sets/id-set.ts';
import { boxKey, intersect } from '../sets/label-box.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { decisionLattice } from './decision-lattice.ts';
import { type Entry, simplifyEntries } from './entries.ts';
import { type Narrowed, narrowEntries, type WideEntry } from './narrowed-pods.ts';
import { type Piece, peerPieces } from './peer-pieces.ts';
import { anyNamespace, holdsNamespace, inNamespaces, type Known, namesOf, type PodBox } from './pod-space.ts';
import type { Side } from './side.ts';
import { knowledge, type SubjectPiece, subjectPieces } from './subject-pieces.ts';

/** Answers for the ends of one side in one direction. */
export interface ExposedPods {
  /** Entries may overlap: a pod meets the best of those that hold it. Empty: the end is open to no pod that could exist. */
  entriesOf(end: number): readonly Entry[];
  /**
   * Namespaces of the snapshot of which entries across namespaces say nothing: policies there limit their pods, or nobody
   * knows their labels and some policy asks for labels of namespaces. Sorted.
   */
  readonly limited: readonly string[];
  /** What is left of entries across namespaces in the limited ones, for the ends asked about so far. */
  narrowed(): readonly Narrowed[];
}

/** Prepares the answers. `direction` is that of the ends: `ingress` asks who may send to them. */
export function exposedPods(side: Side, direction: Direction): ExposedPods {
  const { namespaces } = side.context.cluster;
  const lattice = decisionLattice(side.table);
  const subjects = subjectPieces(side, direction === 'ingress' ? 'egress' : 'ingress');
  const asksForLabels = asksForNamespaceLabels(side.placement);
  /** Labels that nobody asks for may as well be none. */
  const knownOf = ({ declared }: Namespace): Known => (asksForLabels ? knowledge(side, declared) : 'labels');
  const limited = [...namespaces.values()].filter((one) => subjects.isLimited(one) || knownOf(one) === 'names');
  const isLimited = new Set(limited.map(({ name }) => name));
  const readings = [...new Set(['labels' as const, ...limited.map(knownOf)])];
  const wide = new Map<string, WideEntry & { readonly ends: number[] }>();

  /** Both sides: pods of the box that their own policies let reach the end, or be reached by it. */
  function join(piece: Piece, box: PodBox, others: readonly SubjectPiece[], end: number): Entry[] {
    const found: Entry[] = [];
    for (const other of others) {
      if (!contains(other.peers, end)) continue;
      const both = intersect(box, other.box);
      const decision = both === undefined ? DENIED : side.table.and(piece.decision, other.decision);
      if (both === undefined || decision === DENIED) continue;
      found.push({ box: both, decision, policies: [...piece.policies, ...other.policies], across: false });
    }
    return found;
  }

  /** The pods of one namespace of the snapshot, under its own policies. */
  function joinAt(piece: Piece, namespace: Namespace, end: number): Entry[] {
    if (!holdsNamespace(piece.box, namespace)) return [];
    return join(piece, anyNamespace(piece.box), subjects.at(namespace), end).flatMap((found) => {
      const box = inNamespaces(found.box, [namespace.name]);
      return box === undefined ? [] : [{ ...found, box }];
    });
  }

  /** An entry for namespaces that are not limited: those of the snapshot have the labels that they have. */
  function settle(found: Entry): Entry[] {
    const names = namesOf(found.box);
    if (names === undefined) return [{ ...found, across: true }];
    return names.flatMap((name) => {
      const namespace = namespaces.get(name);
      if (isLimited.has(name) || (namespace !== undefined && !holdsNamespace(found.box, namespace))) return [];
      const box = inNamespaces(namespace === undefined ? found.box : anyNamespace(found.box), [name]);
      return box === undefined ? [] : [{ ...found, box }];
    });
  }

  function findEntries(end: number): Entry[] {
    const found: Entry[] = [];
    for (const reading of readings) {
      for (const piece of peerPieces(side, end, direction, reading)) {
        if (reading === 'labels') found.push(...join(piece, piece.box, subjects.elsewhere(), end).flatMap(settle));
        const names = namesOf(piece.box);
        if (names === undefined) {
          const key = `${reading} ${piece.decision} ${boxKey(piece.box)}`;
          const { box, decision } = piece;
          entry(wide, key, () => ({ box, decision, known: reading, ends: [] })).ends.push(end);
          continue;
        }
        for (const name of names) {
          const namespace = namespaces.get(name);
          if (namespace === undefined || !isLimited.has(name) || knownOf(namespace) !== reading) continue;
          found.push(...joinAt(piece, namespace, end));
        }
      }
    }
    return found;
  }

  const known = new Map<number, readonly Entry[]>();
  return {
    entriesOf: (end) => entry(known, end, () => simplifyEntries(findEntries(end), lattice, isLimited)),
    limited: [...isLimited].sort(),
    narrowed: () => narrowEntries(side, [...wide.values()], limited, { knownOf, subjects }),
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
