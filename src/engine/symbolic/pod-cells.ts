// All pods that could exist in a place, as cells that policies cannot tell apart, with one pod of each cell to ask the
// evaluators about. Decides nothing itself: what a cell may do is what they say of its pod.

import { dnsLabelProblem } from '../dialects/decoding/name-syntax.ts';
import type { EndpointContext } from '../endpoints/pod-endpoints.ts';
import { newNamespace, possiblePod } from '../endpoints/possible-pod.ts';
import type { Namespace } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Selector, selects, selectsPartly } from '../model/selector.ts';
import { replace, testOf } from '../sets/label-box.ts';
import { labelCells } from '../sets/label-cells.ts';
import { exampleLabels, freshValue } from '../sets/label-selectors.ts';
import { ALL_LABEL_SETS, intersect, type LabelSet, labelSetOf, NO_LABEL_SETS } from '../sets/label-set.ts';
import { allBut, intersect as intersectValues, PRESENT, valuesOf } from '../sets/value-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { type LabelQuestion, mentionedValues } from './label-questions.ts';

/** Where a pod could be made, and as what. Absent label sets do not narrow. */
export interface Place {
  /** A namespace of the snapshot, or any that could be made beside them. */
  readonly namespace: Namespace | 'new';
  /** Labels that the new namespace may have; of one of the snapshot they are known. */
  readonly namespaceLabels?: LabelSet;
  readonly podLabels?: LabelSet;
  readonly hostNetwork?: boolean;
}

/** Pods that no policy concerned tells apart. */
export interface PodCell {
  /** A namespace of the snapshot, or the labels that a new one has. */
  readonly namespace: Namespace | LabelSet;
  readonly podLabels: LabelSet;
  /** One pod of the cell, as evaluators take it; its labels are `pod.labels` where it has an identity. */
  readonly endpoint: Endpoint;
  /** The namespace of that pod: the one of the snapshot, or one that could be made. */
  readonly home: Namespace;
}

/** Why there are no cells: more boxes of labels than the limit, or a selector that looks into values (`contains` …). */
export type Undecided = { readonly undecided: 'too-many-cells' | 'looks-into-values' };

/** The cells, or why there are none. */
export type PodCells = { readonly cells: readonly PodCell[] } | Undecided;

/** More cells than a question of this kind has in practice, few enough to evaluate at once. */
export const CELL_LIMIT = 20_000;

/**
 * Splits the pods that could exist in the place so that the answer to every question is the same for all pods of a cell.
 * A question about the labels of a namespace that no object declares keeps its `maybe`: the evaluators know.
 */
export function podCells(
  context: EndpointContext,
  place: Place,
  questions: readonly LabelQuestion[],
  limit: number = CELL_LIMIT,
): PodCells {
  const hostAsNode = place.hostNetwork === true && context.behaviour.knobs.hostNetwork !== 'asPod';
  // A pod that speaks as its node has no labels that anybody sees.
  const asked = hostAsNode ? [] : questions;
  if (!asked.every(isFiniteQuestion)) return { undecided: 'looks-into-values' };
  const parts =
    place.namespace === 'new' ? newPlaces(context, place, asked, limit) : [known(context, place.namespace, asked)];
  if (parts === undefined) return { undecided: 'too-many-cells' };
  const mentioned = mentionedValues(asked.map(({ pods }) => pods));
  const within = place.podLabels ?? ALL_LABEL_SETS;
  const cells: PodCell[] = [];
  let left = limit;
  for (const part of parts) {
    const own = labelCells(within, part.pods.map(labelsOf), left);
    if (own === undefined) return { undecided: 'too-many-cells' };
    for (const { set } of own) {
      left -= set.length;
      const labels = exampleLabels(set[0]!, mentioned);
      const name = `${part.home.name}/${printLabels(labels)}`;
      const hostNetwork = place.hostNetwork === true;
      const endpoint = possiblePod(context, { key: `pods/${name}`, name, namespace: part.home, labels, hostNetwork });
      cells.push({ namespace: part.namespace, podLabels: set, endpoint, home: part.home });
    }
  }
  return { cells };
}

/** Namespaces that scopes do not tell apart, and the selectors that are asked about pods there. */
interface Part {
  readonly namespace: PodCell['namespace'];
  readonly home: Namespace;
  readonly pods: readonly Selector[];
}

function known({ behaviour }: EndpointContext, namespace: Namespace, questions: readonly LabelQuestion[]): Part {
  const declared = namespace.declared || behaviour.knobs.undeclaredNamespaces === 'unlabelled';
  const concerned = questions.filter(({ namespaces: scope }) => {
    if ('name' in scope) return scope.name === namespace.name;
    if (declared) return selects(scope.selector, namespace.labels);
    return selectsPartly(scope.selector, namespace.labels, (key) => !Object.hasOwn(namespace.labels, key)) !== 'no';
  });
  return { namespace, home: namespace, pods: concerned.map(({ pods }) => pods) };
}

/** Every namespace that could be made: any labels, and a name that none of the snapshot has. */
function newPlaces(
  { cluster }: EndpointContext,
  place: Place,
  questions: readonly LabelQuestion[],
  limit: number,
): Part[] | undefined {
  const scopes = questions.map(({ namespaces: scope }) =>
    'name' in scope ? named(scope.name) : labelsOf(scope.selector),
  );
  const selectors = questions.flatMap(({ namespaces: scope }) => ('name' in scope ? [] : [scope.selector]));
  const mentioned = mentionedValues(selectors);
  const impossible = mentioned(NAME_LABEL).filter((name) => dnsLabelProblem(name) !== undefined);
  const within = intersect(
    place.namespaceLabels ?? ALL_LABEL_SETS,
    unnamed([...cluster.namespaces.keys(), ...impossible]),
  );
  const cells = labelCells(within, scopes, limit);
  return cells?.map(({ set, inside }) => {
    const box = set[0]!;
    const name = testOf(box, NAME_LABEL);
    const chosen = name.except ? freshValue([...name.values, ...mentioned(NAME_LABEL)], 'new') : name.values[0]!;
    const labels = exampleLabels(replace(box, NAME_LABEL, valuesOf([chosen])), mentioned);
    const pods = questions.filter((_, i) => inside[i]).map((question) => question.pods);
    return { namespace: set, home: newNamespace(labels), pods };
  });
}

/** Labels of namespaces of that name. */
function named(name: string): LabelSet {
  return [[{ key: NAME_LABEL, is: valuesOf([name]) }]];
}

/** Labels of namespaces that have none of these names; the automatic label is always there. */
export function unnamed(names: readonly string[]): LabelSet {
  return [[{ key: NAME_LABEL, is: intersectValues(PRESENT, allBut(names)) }]];
}

/** Reports whether both selectors are a finite matter of values. */
function isFiniteQuestion({ namespaces: scope, pods }: LabelQuestion): boolean {
  return labelSetOf(pods) !== undefined && ('name' in scope || labelSetOf(scope.selector) !== undefined);
}

/** The label sets of a selector that {@link isFiniteQuestion} has seen. */
function labelsOf(selector: Selector): LabelSet {
  return labelSetOf(selector) ?? NO_LABEL_SETS;
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `{${pairs.sort().join(',')}}`;
}
