// Tenancy: no path between pods of namespaces in different groups, for every pod that exists or could exist. Proved by
// deciding every pair of kinds of pods, or refuted by one of them.

import { compileReach } from '../compile/reach.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import { type World, withOwnNode } from '../endpoints/world.ts';
import type { Namespace } from '../model/cluster.ts';
import { labelOf } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import type { IsolationCase, QuestionContext } from '../questions/ask.ts';
import type { Breach } from '../questions/claims.ts';
import { describeDecisions, isDenied } from '../questions/describe.ts';
import { exceptions } from '../questions/exceptions.ts';
import { cutTo } from '../questions/judge.ts';
import { freshValue } from '../sets/label-selectors.ts';
import { labelSetOf } from '../sets/label-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { ALL_ROLES, type LabelQuestion, labelQuestions, mentionedValues } from '../symbolic/label-questions.ts';
import type { Place } from '../symbolic/pod-cells.ts';
import { questionOf } from './covers.ts';
import { newHomes } from './new-homes.ts';
import { existingPlaces, isNewNamespace, possibleUnits } from './possible-units.ts';

/**
 * Undefined: proved. Else the first pair, in order of keys, that has a path, or of which nobody can say that it has none; a
 * pair of pods of the snapshot, if there is one.
 */
export function proveIsolation(world: World, assertion: IsolationCase, context: QuestionContext): Breach | undefined {
  const { key, newNamespaces } = assertion;
  const homes = existingPlaces(world).flatMap((place) => {
    const group = groupOf(world, place.namespace, key);
    return group === undefined ? [] : [{ place, group }];
  });
  if (!newNamespaces && new Set(homes.map(({ group }) => group)).size < 2) throw oneGroup(key, homes[0]?.group);
  const real = world.pods.map(withOwnNode);
  const breach = firstBreach(world, assertion, real, context);
  if (breach !== undefined) return breach;
  const extra = assertion.except.flatMap(({ endpoint }) => questionOf(endpoint) ?? []);
  const places = [...homes.map(({ place }) => place), ...(newNamespaces ? newGroups(world, key, extra) : [])];
  return firstBreach(world, assertion, [...real, ...possibleUnits(world, { extra, places })], context);
}

function firstBreach(
  world: World,
  { key, except }: IsolationCase,
  units: readonly Unit[],
  context: QuestionContext,
): Breach | undefined {
  const grouped = units.flatMap((unit) => {
    const home = homeOf(world, unit);
    const group = home === undefined ? undefined : groupOf(world, home, key);
    return group === undefined ? [] : [{ unit, group }];
  });
  const { placement, behaviour } = world.state;
  const ends = grouped.map(({ unit }) => unit.endpoint);
  const reach = compileReach({ placement, knobs: behaviour.knobs }, ends, context.protocols);
  const excepted = exceptions(world, except, ['from', 'to'], context);
  const universe = traffic.allTraffic(context.protocols);
  let first: { readonly from: number; readonly to: number; readonly decisions: FamilyDecisions } | undefined;
  for (const { sources, destinations, decisions } of reach.rectangles()) {
    for (const from of sources) {
      if (first !== undefined && from > first.from) continue;
      const to = destinations.find((id) => {
        if (grouped[id]!.group === grouped[from]!.group) return false;
        const left = traffic.subtract(universe, excepted(grouped[from]!.unit, grouped[id]!.unit));
        if (Object.values(cutTo(decisions, left)).every(isDenied)) return false;
        return newHomes(world, grouped[from]!.unit, grouped[id]!.unit) !== undefined;
      });
      if (to === undefined || (first?.from === from && first.to < to)) continue;
      const left = traffic.subtract(universe, excepted(grouped[from]!.unit, grouped[to]!.unit));
      first = { from, to, decisions: cutTo(decisions, left) };
    }
  }
  if (first === undefined) return undefined;
  const [from, to] = [grouped[first.from]!, grouped[first.to]!];
  const [described] = describeDecisions(first.decisions, { from: [], to: [] }, universe);
  const { from: _from, to: _to, ...connection } = described!;
  const word = connection.allowed === undefined ? 'nobody can say that there is no path' : 'there is a path';
  const why = `${word} from ${groupText(key, from.group)} to ${groupText(key, to.group)}: ${nameOf(from.unit)} -> ${nameOf(to.unit)}${advice(from.unit, to.unit, world)}`;
  return { from: from.unit, to: to.unit, connection, why };
}

/** A test that asserts nothing must not pass: most likely the label is another one. */
function oneGroup(key: string, group: string | undefined): UserError {
  const isKnown = group?.startsWith('=') ?? false;
  const why = isKnown
    ? `the label "${key}" of namespaces has one value`
    : `no namespace is known to have the label "${key}"`;
  const hint = 'with namespaces: any, new namespaces of every value are looked at too';
  return new UserError('invalid-test', `it asserts nothing: ${why}`, { hint });
}

/**
 * New namespaces by group: one for each value that a namespace has or a policy or an exception names, and two that nobody
 * has thought of, which are different groups.
 */
function newGroups({ state }: World, key: string, extra: readonly LabelQuestion[]): Place[] {
  const { placement, cluster } = state;
  const scopes = [...labelQuestions(placement, ALL_ROLES), ...extra].flatMap(({ namespaces: scope }) =>
    'name' in scope ? [] : [scope.selector],
  );
  const known = new Set([
    ...mentionedValues(scopes)(key),
    ...[...cluster.namespaces.values()].flatMap(({ labels }) => labelOf(labels, key) ?? []),
  ]);
  const one = freshValue([...known], 'other');
  const two = freshValue([...known, one], 'another');
  return [...[...known].sort(), one, two].map((value) => ({
    namespace: 'new',
    namespaceLabels: labelSetOf({ op: 'in', key, values: [value] })!,
  }));
}

/** The group of a namespace; undefined for none. One of which nobody knows the labels is a group of its own. */
function groupOf({ state }: World, { name, labels, declared }: Namespace, key: string): string | undefined {
  const value = labelOf(labels, key);
  if (value !== undefined) return `=${value}`;
  return !declared && state.behaviour.knobs.undeclaredNamespaces === 'unknown' ? `?${name}` : undefined;
}

function homeOf({ state }: World, unit: Unit): Namespace | undefined {
  if (unit.type === 'hypothetical') return unit.namespace;
  return unit.type === 'workload' ? state.cluster.namespaces.get(unit.workload.namespace) : undefined;
}

function groupText(key: string, group: string): string {
  const name = group.slice(1);
  return group.startsWith('=') ? `${key}=${name}` : `namespace ${name}, whose labels are not known,`;
}

function nameOf({ endpoint }: Unit): string {
  return endpoint.name;
}

function advice(from: Unit, to: Unit, world: World): string {
  const isNew = (unit: Unit) => unit.type === 'hypothetical' && isNewNamespace(world, unit.namespace);
  return isNew(from) && isNew(to)
    ? '; no NetworkPolicy is there when a namespace is made: close it with a ClusterNetworkPolicy, or say namespaces: existing'
    : '';
}
