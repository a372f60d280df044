// What policies of limited namespaces leave to new pods there: openings towards ends that exist. An entry across
// namespaces holds in such a namespace only where an opening does too.

import type { DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Namespace } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { BoxId } from '../sets/box-table.ts';
import { count, type IdSet, intersect } from '../sets/id-set.ts';
import type { LabelBox } from '../sets/label-box.ts';
import { podLabelsOf } from './pod-space.ts';
import type { Side } from './side.ts';
import type { SubjectPieces } from './subject-pieces.ts';

/** Pods of the namespace with labels in the box meet at least this decision with these ends. */
export interface Opening {
  readonly namespace: string;
  readonly labels: LabelBox;
  /** The number of the box that asks for the labels, and for nothing else. */
  readonly box: BoxId;
  readonly decision: DecisionId;
  readonly ends: IdSet;
  /** Whether it is for all ends that there are, those included that need no openings. */
  readonly isForAll: boolean;
  /** Policies whose rules open it; none: nothing forbids it. */
  readonly policies: readonly Policy[];
}

/** The openings of these namespaces towards some ends; openings may overlap, and a pod meets the best. */
export function findOpenings(
  side: Side,
  limited: readonly Namespace[],
  subjects: SubjectPieces,
  { ends, all }: { readonly ends: IdSet; readonly all: IdSet },
): Opening[] {
  // Rules that name the same ends share one set.
  const known = new Map<IdSet, { readonly shared: IdSet; readonly isForAll: boolean }>();
  const among = (peers: IdSet) =>
    entry(known, peers, () => ({
      shared: intersect(peers, ends),
      isForAll: count(intersect(peers, all)) === count(all),
    }));
  const openings: Opening[] = [];
  for (const namespace of limited) {
    for (const { box, decision, peers, policies } of subjects.at(namespace)) {
      const { shared, isForAll } = among(peers);
      if (shared.length === 0) continue;
      const labels = podLabelsOf(side.pods.get(box));
      openings.push({ namespace: namespace.name, labels, box, decision, ends: shared, isForAll, policies });
    }
  }
  return openings;
}
