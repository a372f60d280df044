// Selectors that mean certain pods of one namespace and no others: by the labels of whoever owns them, the fewest that do.

import type { Unit } from '../endpoints/unit.ts';
import type { Pod } from '../model/cluster.ts';
import { EVERYTHING, type Labels, labelOf, type Requirement, type Selector, selects } from '../model/selector.ts';
import { CONTROLLER_LABELS } from '../snapshot/controller-labels.ts';
import type { RepairContext } from './repair-context.ts';

/** Labels that change with every release, or that say who installed a thing: never chosen unless an owner selects by them. */
const FLEETING: ReadonlySet<string> = new Set([
  ...CONTROLLER_LABELS,
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/version',
  'chart',
  'helm.sh/chart',
  'heritage',
  'version',
]);

/** Labels that name an application, the most telling first. */
const TELLING: readonly string[] = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'name',
  'app.kubernetes.io/component',
  'component',
  'role',
  'tier',
  'app.kubernetes.io/instance',
];

/** More labels than this are not combined; all that there are take their place. */
const MAX_COMBINED = 3;

/** Labels by which a selector may choose a unit's pods, most telling first: those of its owner's selector before others. */
export function tellingLabels(unit: Unit): readonly (readonly [key: string, value: string])[] {
  const labels = sharedLabels(unit);
  const own = ownerLabels(unit);
  const isOwn = (key: string): boolean => labelOf(own, key) === labelOf(labels, key);
  const rank = (key: string): number => {
    const at = TELLING.indexOf(key);
    return (isOwn(key) ? 0 : 100) + (at < 0 ? TELLING.length : at);
  };
  return Object.entries(labels)
    .filter(([key]) => isOwn(key) || !FLEETING.has(key))
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Labels that all pods of the unit have alike. */
function sharedLabels(unit: Unit): Labels {
  if (unit.type !== 'workload') return unit.endpoint.pod?.labels ?? {};
  const [first, ...others] = unit.pods;
  const shared = Object.entries(first!.labels).filter(([key, value]) =>
    others.every(({ labels }) => labelOf(labels, key) === value),
  );
  return Object.fromEntries(shared);
}

/** The labels that the owner of the pods selects them by; empty where it has no such selector. */
function ownerLabels(unit: Unit): Labels {
  if (unit.type !== 'workload' || unit.workload.kind === 'Pod') return {};
  const spec = unit.workload.object?.value['spec'];
  const selector = field(spec, 'selector');
  const labels = field(selector, 'matchLabels');
  if (typeof labels !== 'object' || labels === null) return {};
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => typeof value === 'string'));
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/**
 * The shortest selector that means the pods of one unit and no others of their namespace. Where labels cannot tell them
 * apart, it means the fewest others that labels allow for; without labels it means everything.
 */
export function selectorOf(context: RepairContext, unit: Unit): Selector {
  const labels = tellingLabels(unit);
  const others = strangers(context, [unit]);
  const isExact = (chosen: readonly (readonly [string, string])[]): boolean => {
    const selector = conjunction(chosen);
    return !others.some((pod) => selects(selector, pod.labels));
  };
  for (let size = 1; size <= Math.min(MAX_COMBINED, labels.length); size++) {
    const found = combinations(labels, size).find(isExact);
    if (found !== undefined) return conjunction(found);
  }
  return conjunction(labels);
}

/** One selector for several units of one namespace, and for no other pod there; undefined where there is none. */
export function selectorOfAll(context: RepairContext, units: readonly Unit[]): Selector | undefined {
  if (units.length < 2) return units[0] === undefined ? undefined : selectorOf(context, units[0]);
  const others = strangers(context, units);
  if (others.length === 0) return EVERYTHING;
  for (const [key] of tellingLabels(units[0]!)) {
    const selector = valuesOf(units, key);
    if (selector !== undefined && !others.some((pod) => selects(selector, pod.labels))) return selector;
  }
  return undefined;
}

/** Pods of the units' namespace that are none of theirs. */
function strangers({ podsOf }: RepairContext, units: readonly Unit[]): readonly Pod[] {
  const own = new Set(units.flatMap((unit) => (unit.type === 'workload' ? unit.pods : [])));
  const namespace = units[0]?.endpoint.pod?.namespace ?? '';
  return podsOf(namespace).filter((pod) => !own.has(pod));
}

/** A requirement that names values. */
type OneOf = Extract<Requirement, { op: 'in' | 'not-in' }>;

/** `key in (values of the units)`; undefined where one of them has no such label. */
function valuesOf(units: readonly Unit[], key: string): OneOf | undefined {
  const values = units.map((unit) => labelOf(sharedLabels(unit), key));
  if (!values.every((value) => value !== undefined)) return undefined;
  return { op: 'in', key, values: [...new Set(values)].sort() };
}

/**
 * Requirements that none of the units meets, and as many other pods as possible do: the least that rules the units out
 * comes first. `isMeant`: the pods whose selector is narrowed.
 */
export function exclusionsOf(
  context: RepairContext,
  units: readonly Unit[],
  isMeant: (unit: Unit) => boolean,
): readonly Requirement[] {
  const [first] = units;
  if (first === undefined) return [];
  const keys = new Set(units.map(({ endpoint }) => endpoint.key));
  const meant = context.world.pods.filter((unit) => !keys.has(unit.endpoint.key) && isMeant(unit));
  return tellingLabels(first)
    .flatMap(([key]) => valuesOf(units, key) ?? [])
    .map((chosen) => ({
      keep: { op: 'not-in' as const, key: chosen.key, values: chosen.values },
      lost: meant.filter((unit) => selects(chosen, sharedLabels(unit))).length,
    }))
    .sort((a, b) => a.lost - b.lost)
    .slice(0, MAX_EXCLUSIONS)
    .map(({ keep }) => keep);
}

/** Ways to rule units out that are worth a try. */
const MAX_EXCLUSIONS = 2;

function conjunction(labels: readonly (readonly [key: string, value: string])[]): Selector {
  return { op: 'and', of: labels.map(([key, value]) => ({ op: 'in', key, values: [value] })) };
}

/** All combinations of a size, in the order of their members. */
function combinations<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => combinations(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}
