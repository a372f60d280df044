// One space for pods that could exist anywhere: boxes over the labels of the pod and of its namespace at once. The keys of
// both stand in one box under different prefixes, so that the algebra of boxes serves as it is.

import { dnsLabelProblem } from '../dialects/decoding/name-syntax.ts';
import type { Namespace } from '../model/cluster.ts';
import type { NamespaceScope } from '../model/policy.ts';
import { type Labels, type Selector, selectsPartly, type Tristate } from '../model/selector.ts';
import type { LabelBox, LabelTest } from '../sets/label-box.ts';
import { contains, intersect as intersectBoxes, replace } from '../sets/label-box.ts';
import { intersect, type LabelSet, labelSetOf } from '../sets/label-set.ts';
import * as values from '../sets/value-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { mentionedValues } from './label-questions.ts';

/** Pods whose own labels and whose namespace's labels lie in the box. */
export type PodBox = LabelBox;

/** A union of such boxes. */
export type PodRegion = LabelSet;

const OF_NAMESPACE = 'namespace ';
const OF_POD = 'pod ';
const NAME = `${OF_NAMESPACE}${NAME_LABEL}`;

/** What a selector says of pods: surely, and perhaps where the labels of a namespace are not known. */
export interface Region {
  readonly yes: PodRegion;
  /** For the reason `namespace-labels`. */
  readonly maybe: PodRegion;
}

/** Pods that nothing is said of. */
export const NO_REGION: Region = { yes: [], maybe: [] };
/** All pods. */
export const EVERYWHERE: Region = { yes: [[]], maybe: [] };

/**
 * Whether the labels of namespaces are what the objects of the snapshot say, or nobody knows them but the automatic one:
 * the same policies say other things then.
 */
export type Known = 'labels' | 'names';

/** Pods of the scope with labels of the selector. Undefined: one of the selectors looks into values. */
export function regionOf(scope: NamespaceScope, pods: Selector, known: Known): Region | undefined {
  const own = labelSetOf(pods);
  const home = scopeRegion(scope, known);
  if (own === undefined || home === undefined) return undefined;
  const prefixed = own.map((box) => prefix(box, OF_POD));
  return { yes: intersect(home.yes, prefixed), maybe: intersect(home.maybe, prefixed) };
}

function scopeRegion(scope: NamespaceScope, known: Known): Region | undefined {
  if ('name' in scope) return { yes: [[{ key: NAME, is: values.valuesOf([scope.name]) }]], maybe: [] };
  const set = labelSetOf(scope.selector);
  if (set === undefined) return undefined;
  if (known === 'labels') return { yes: set.flatMap((box) => possible(prefix(box, OF_NAMESPACE))), maybe: [] };
  return byName(scope.selector);
}

/** Where only names are known: a name that no requirement mentions is like any other such name. */
function byName(selector: Selector): Region {
  const mentioned = mentionedValues([selector])(NAME_LABEL);
  const answers = mentioned.map((name) => [name, answerFor(selector, name)] as const);
  const other = answerFor(selector, `other ${mentioned.join(' ')}`);
  const region = (answer: Tristate): PodRegion => {
    const named = answers.filter(([, own]) => own === answer).map(([name]) => name);
    const others = answers.filter(([, own]) => own !== answer).map(([name]) => name);
    if (other === answer) return others.length === 0 ? [[]] : [[{ key: NAME, is: values.allBut(others) }]];
    return named.length === 0 ? [] : [[{ key: NAME, is: values.valuesOf(named) }]];
  };
  return { yes: region('yes'), maybe: region('maybe') };
}

function answerFor(selector: Selector, name: string): Tristate {
  return selectsPartly(selector, { [NAME_LABEL]: name }, (key) => key !== NAME_LABEL);
}

/**
 * The box as far as there can be such namespaces: the name is always there and always a name. Whether it may be absent is
 * of no account, so that a test of it has one form.
 */
function possible(box: PodBox): PodBox[] {
  const test = box.find(({ key }) => key === NAME);
  if (test === undefined) return [box];
  const rest = box.filter((one) => one !== test);
  const { except, values: names } = test.is;
  const proper = names.filter((name) => dnsLabelProblem(name) === undefined);
  if (!except && proper.length === 0) return [];
  const is = except ? values.allBut(proper) : values.valuesOf(proper);
  const named = intersectBoxes(rest, values.isAnything(is) ? [] : [{ key: NAME, is }]);
  return named === undefined ? [] : [named];
}

function prefix(box: LabelBox, word: string): PodBox {
  return box.map(({ key, is }) => ({ key: word + key, is }));
}

function only(box: PodBox, word: string): LabelTest[] {
  return box.flatMap(({ key, is }) => (key.startsWith(word) ? [{ key: key.slice(word.length), is }] : []));
}

/** What the box asks of the pod's labels. */
export function podLabelsOf(box: PodBox): LabelBox {
  return only(box, OF_POD);
}

/** What the box asks of the namespace's labels, the automatic one included. */
export function namespaceLabelsOf(box: PodBox): LabelBox {
  return only(box, OF_NAMESPACE);
}

/** The same without what it asks of the namespace. */
export function anyNamespace(box: PodBox): PodBox {
  return box.filter(({ key }) => key.startsWith(OF_POD));
}

/** Names of namespaces that the box is confined to; undefined: others may be in it too. */
export function namesOf(box: PodBox): readonly string[] | undefined {
  const is = box.find(({ key }) => key === NAME)?.is;
  return is === undefined || is.except ? undefined : is.values;
}

/** The box confined to namespaces of these names, at least one, which it must not exclude. */
export function confinedTo(box: PodBox, names: readonly string[]): PodBox {
  return replace(box, NAME, values.valuesOf(names));
}

/** Whether the box asks of the namespace that it has this name, and nothing else. */
export function saysOnly(box: PodBox, name: string): boolean {
  const [first, second] = box;
  if (first?.key !== NAME || second?.key.startsWith(OF_NAMESPACE) === true) return false;
  return !first.is.except && first.is.values.length === 1 && first.is.values[0] === name;
}

/** Whether the box holds pods of a namespace of the snapshot: with its labels, or its name alone where they are not known. */
export function holdsNamespace(box: PodBox, namespace: Namespace): boolean {
  return contains(namespaceLabelsOf(box), namespace.labels);
}

/** Whether a pod with these labels is in the box. */
export function holdsPod(box: PodBox, namespace: Labels, pod: Labels): boolean {
  return contains(podLabelsOf(box), pod) && contains(namespaceLabelsOf(box), namespace);
}

/** The labels of a pod and of its namespace as keys of boxes with their values. */
export function* labelsOfPod(pod: Labels, namespace: Labels): Generator<readonly [key: string, value: string]> {
  for (const [key, value] of Object.entries(pod)) yield [OF_POD + key, value];
  for (const [key, value] of Object.entries(namespace)) yield [OF_NAMESPACE + key, value];
}
