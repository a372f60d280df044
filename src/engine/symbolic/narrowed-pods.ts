// What is left of entries across namespaces in namespaces whose own policies limit their pods. Such entries are many and
// such namespaces too, so both are grouped before they meet: the result is lists against lists, never pairs.

import { DENIED, type DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Namespace } from '../model/cluster.ts';
import { type IdSet, idSet, intersect as intersectIds, membersOf } from '../sets/id-set.ts';
import { boxKey, intersect, type LabelBox } from '../sets/label-box.ts';
import { simplify } from '../sets/label-set.ts';
import { anyNamespace, holdsNamespace, type Known, namespaceLabelsOf, type PodBox } from './pod-space.ts';
import type { Side } from './side.ts';
import type { SubjectPieces } from './subject-pieces.ts';

/** What some ends say of pods across namespaces, read for namespaces of which that much is known. */
export interface WideEntry {
  readonly box: PodBox;
  readonly decision: DecisionId;
  readonly known: Known;
  /** Ascending; repeats do no harm. */
  readonly ends: readonly number[];
}

/** These ends meet at least this decision with pods of these boxes, each of one namespace of the snapshot. */
export interface Narrowed {
  readonly ends: readonly number[];
  readonly decision: DecisionId;
  readonly pods: readonly { readonly namespace: string; readonly boxes: readonly LabelBox[] }[];
}

/** What the pods of some namespaces may do with some ends, as their own policies have it. */
interface Opening {
  readonly box: PodBox;
  readonly decision: DecisionId;
  readonly peers: IdSet;
  readonly known: Known;
  readonly namespaces: Namespace[];
}

/** Joins entries across namespaces with what the policies of the limited namespaces leave open. */
export function narrowEntries(
  side: Side,
  wide: readonly WideEntry[],
  limited: readonly Namespace[],
  where: { readonly subjects: SubjectPieces; readonly knownOf: (namespace: Namespace) => Known },
): Narrowed[] {
  if (wide.length === 0) return [];
  const openings = findOpenings(limited, where);
  const found = new Map<string, Narrowing>();
  const held = new Map<string, ReadonlySet<Namespace>>();
  for (const one of wide) {
    const home = namespaceLabelsOf(one.box);
    const holds = entry(held, boxKey(home), () => new Set(limited.filter((each) => holdsNamespace(one.box, each))));
    const box = anyNamespace(one.box);
    const ends = idSet(one.ends);
    for (const opening of openings) {
      if (opening.known !== one.known) continue;
      const shared = intersectIds(ends, opening.peers);
      if (shared.length === 0) continue;
      const both = intersect(box, opening.box);
      const decision = both === undefined ? DENIED : side.table.and(one.decision, opening.decision);
      if (both === undefined || decision === DENIED) continue;
      const into = entry(found, `${decision} ${shared.join()}`, () => ({ ends: shared, decision, boxes: new Map() }));
      const key = boxKey(both);
      for (const { name } of opening.namespaces.filter((each) => holds.has(each))) {
        entry(into.boxes, name, () => new Map<string, LabelBox>()).set(key, both);
      }
    }
  }
  return [...found.values()]
    .filter(({ boxes }) => boxes.size > 0)
    .map(({ ends, decision, boxes }) => ({
      ends: membersOf(ends),
      decision,
      pods: [...boxes]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([namespace, own]) => ({ namespace, boxes: simplify([...own.values()]) })),
    }));
}

interface Narrowing {
  readonly ends: IdSet;
  readonly decision: DecisionId;
  readonly boxes: Map<string, Map<string, LabelBox>>;
}

/** The openings of all limited namespaces, equal ones together. */
function findOpenings(
  limited: readonly Namespace[],
  { subjects, knownOf }: Parameters<typeof narrowEntries>[3],
): Opening[] {
  const openings = new Map<string, Opening>();
  for (const namespace of limited) {
    const known = knownOf(namespace);
    for (const { box, decision, peers } of subjects.at(namespace)) {
      const key = `${known} ${decision} ${peers.join()} ${boxKey(box)}`;
      entry(openings, key, () => ({ box, decision, peers, known, namespaces: [] })).namespaces.push(namespace);
    }
  }
  return [...openings.values()];
}
