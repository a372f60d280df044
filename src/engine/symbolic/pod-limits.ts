// What policies of limited namespaces leave to new pods there: openings towards ends that exist. An entry across
// namespaces holds in such a namespace only where an opening does too.

import type { DecisionId } from '../compile/decision.ts';
import type { Namespace } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { type IdSet, intersect } from '../sets/id-set.ts';
import type { LabelBox } from '../sets/label-box.ts';
import { podLabelsOf } from './pod-space.ts';
import type { Side } from './side.ts';
import type { SubjectPieces } from './subject-pieces.ts';

/** Pods of the namespace with labels in the box meet at least this decision with these ends. */
export interface Opening {
  readonly namespace: string;
  readonly labels: LabelBox;
  readonly decision: DecisionId;
  readonly ends: IdSet;
  /** Policies whose rules open it; none: nothing forbids it. */
  readonly policies: readonly Policy[];
}

/** The openings of these namespaces towards some ends; openings may overlap, and a pod meets the best. */
export function findOpenings(
  side: Side,
  limited: readonly Namespace[],
  subjects: SubjectPieces,
  ends: IdSet,
): Opening[] {
  return limited.flatMap((namespace) =>
    subjects.at(namespace).flatMap(({ box, decision, peers, policies }) => {
      const shared = intersect(peers, ends);
      if (shared.length === 0) return [];
      const labels = podLabelsOf(side.pods.get(box));
      return [{ namespace: namespace.name, labels, decision, ends: shared, policies }];
    }),
  );
}
