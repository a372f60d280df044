// Pods that could exist, as units for questions: one for each kind that policies can tell apart, seen from whom they face.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Namespace } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import { type Labels, labelOf } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import { testOf } from '../sets/label-box.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { type LabelQuestion, labelQuestions, type Roles } from '../symbolic/label-questions.ts';
import { type Place, type PodCell, podCells } from '../symbolic/pod-cells.ts';
import { mayBeSubject } from '../symbolic/symbolic-reach.ts';

/** A unit that stands for all pods of a cell. */
export type PossibleUnit = Extract<Unit, { type: 'hypothetical' }> & { readonly cell: PodCell };

/** In which role the pods are asked about. */
export interface PossibleRole {
  /** egress: as sources; ingress: as destinations. Both where absent. */
  readonly direction?: Direction;
  /** Who is at the other end; absent: anybody. Only policies of these tell the pods apart as peers. */
  readonly others?: readonly Endpoint[];
  /** Selectors that must tell them apart besides those of policies. */
  readonly extra?: readonly LabelQuestion[];
  /** Where they may be made; absent: in every namespace and in new ones. */
  readonly places?: readonly Place[];
}

/** Every place: each namespace of the snapshot, and a new one beside them. */
export function everyPlace({ state }: World): Place[] {
  return [...existingPlaces({ state }), { namespace: 'new' }];
}

/** The namespaces of the snapshot. */
export function existingPlaces({ state }: Pick<World, 'state'>): (Place & { readonly namespace: Namespace })[] {
  return [...state.cluster.namespaces.values()].map((namespace) => ({ namespace }));
}

/**
 * One unit for each kind of pod, by key. Throws UserError where the kinds are too many, or where a plugin looks into
 * values of labels: an answer for some of them would look like one for all.
 */
export function possibleUnits(world: World, role: PossibleRole): PossibleUnit[] {
  const { direction, others, extra = [], places = everyPlace(world) } = role;
  const roles: Roles = {
    subject: direction === undefined ? ['egress', 'ingress'] : [direction],
    peer: direction === undefined ? ['egress', 'ingress'] : [direction === 'egress' ? 'ingress' : 'egress'],
    selectsOther: others === undefined ? () => true : mayBeSubject(world.context, { endpoints: others }),
  };
  const questions = [...labelQuestions(world.state.placement, roles), ...extra];
  const units = new Map<string, PossibleUnit>();
  for (const place of places) {
    const result = podCells(world.context, place, questions);
    if ('undecided' in result) throw undecided(result.undecided);
    for (const cell of result.cells) {
      const unit = unitOf(cell, world);
      units.set(unit.endpoint.key, unit);
    }
  }
  return [...units.values()].sort((a, b) => (a.endpoint.key < b.endpoint.key ? -1 : 1));
}

function unitOf(cell: PodCell, { state }: World): PossibleUnit {
  const { home, namespace } = cell;
  const isLeftOut = state.behaviour.knobs.standalonePods === 'unknown';
  const endpoint = isLeftOut ? standalone(cell.endpoint) : cell.endpoint;
  const pod = `{${printLabels(endpoint.pod?.labels ?? {})}}`;
  // Two new namespaces may have one name and other labels, so these are part of what they are called.
  const place = 'name' in namespace ? home.name : `{${printLabels(home.labels)}}`;
  const { [NAME_LABEL]: _, ...unnamed } = home.labels;
  const shown = isNameOpen(cell) ? `{${printLabels(unnamed)}}` : place;
  const text = `${shown}/${pod}`;
  return {
    type: 'hypothetical',
    namespace: home,
    text,
    cell,
    endpoint: { ...endpoint, key: `pods/${place}/${pod}`, name: text },
  };
}

/** Nobody says that a workload makes the pod: where plugins may leave others alone, it is one of these. */
function standalone({ pod, ...endpoint }: Endpoint): Endpoint {
  return pod === undefined ? endpoint : { ...endpoint, pod: { ...pod, perhapsSubject: 'standalone-pods' } };
}

/** `a=b,c=d`. */
function printLabels(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labelOf(labels, key)}`)
    .join(',');
}

/** Reports whether the unit stands for a cell of pods that could exist. */
export function isPossible(unit: Unit): unit is PossibleUnit {
  return unit.type === 'hypothetical' && 'cell' in unit;
}

/** Whether the namespaces of the cell are new ones of any name but a few: what the example is called means nothing. */
export function isNameOpen({ namespace }: PodCell): boolean {
  return !('name' in namespace) && testOf(namespace[0]!, NAME_LABEL).except;
}

/** Reports whether the namespace of a possible pod is one that does not exist yet. */
export function isNewNamespace({ state }: Pick<World, 'state'>, { name }: Namespace): boolean {
  return !state.cluster.namespaces.has(name);
}

function undecided(why: 'too-many-cells' | 'looks-into-values'): UserError {
  return new UserError(
    'not-available',
    why === 'too-many-cells'
      ? 'the policies tell too many kinds of pods apart to look at all that could exist'
      : 'a policy looks into the values of labels, so pods that could exist cannot be listed',
    { hint: 'ask about fewer namespaces, or about pods of the snapshot: all in place of anything' },
  );
}
