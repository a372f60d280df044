// What is open beyond the snapshot: to pods and namespaces that could exist, and to addresses outside; what is not isolated.

import type { Unit } from '../endpoints/unit.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction, type Subject } from '../model/policy.ts';
import { UserError } from '../model/user-error.ts';
import { allTraffic } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { exposedAddresses } from '../symbolic/exposed-addresses.ts';
import { type ExposedPods, exposedPods } from '../symbolic/exposed-pods.ts';
import { makeSides, type Side } from '../symbolic/side.ts';
import type { QuestionContext } from './ask.ts';
import { commonFields, describeUnit } from './describe.ts';
import { exposureDescriber } from './describe-exposure.ts';
import type { ExposedDocument, Exposure, LimitDocument, UnisolatedDocument } from './exposure-document.ts';
import { namespaceOf } from './map.ts';
import { stateNotes, unknownNotes } from './notes.ts';
import { printEndpoint } from './parse-endpoint.ts';
import { podsLike } from './resolve-pods.ts';

/** Narrows what is asked about; absent: all workloads. Whom they are open to is never narrowed. */
export interface ExposureFilter {
  readonly namespaces?: readonly string[];
  /**
   * Up to so many pairs of an endpoint and a limited namespace entries say themselves what holds there, beyond that the
   * document has limits; absent: 10,000, which is as much as a person may want to read.
   */
  readonly fewPairs?: number;
}

/**
 * What workloads are open to beyond the snapshot. Without any workload in the input the subjects of its policies are asked
 * about: pods with just the labels that these select by.
 */
export function exposure(state: State, filter: ExposureFilter, context: QuestionContext): Exposure {
  const world = worldOf(state);
  const isAsked = (unit: Unit) => filter.namespaces?.includes(namespaceOf(unit) ?? '') ?? true;
  const units = (world.pods.length > 0 ? world.pods : subjectsOf(world)).filter(isAsked);
  const ends = units.map((unit) => unit.endpoint);
  const sides = makeSides(world.context, state.placement, ends, context.protocols);
  const asked = ends.map((_, id) => id);
  const describer = exposureDescriber({ world, units, sides, universe: allTraffic(context.protocols) });
  const directions = DIRECTIONS.map((direction) => ({
    direction,
    pods: exposedPods(sides, direction, asked, filter.fewPairs),
    addresses: sides.map((side) => exposedAddresses(side, direction)),
  }));
  const exposed: ExposedDocument[] = [];
  const unisolated: UnisolatedDocument[] = [];
  for (const end of asked) {
    for (const { direction, pods, addresses } of directions) {
      exposed.push(...describer.addresses(end, direction, addresses), ...describer.pods(end, direction, pods));
      unisolated.push(...findUnisolated(sides[0], end, direction));
    }
  }
  const limits: LimitDocument[] = [];
  const limited: Record<Direction, string[]> = { ingress: [], egress: [] };
  for (const { direction, pods } of directions) {
    const opposite = direction === 'ingress' ? 'egress' : 'ingress';
    for (const one of describer.limits(opposite, pods)) limits.push(one);
    limited[opposite] = namesIn(pods, ({ limited: some }) => some);
  }
  const listed = [...units, ...describer.matched()];
  return {
    ...commonFields(state, [...stateNotes(world), ...ownNotes(world, filter), ...unknownNotes(describer.decisions())]),
    kind: 'Exposure',
    protocols: [...context.protocols],
    endpoints: listed.map((unit, id) => describeUnit(unit, id, state)),
    exposed,
    unisolated,
    limited,
    unlabelled: namesIn(
      directions.flatMap(({ pods }) => pods),
      ({ unlabelled }) => unlabelled,
    ),
    limits,
  };
}

/** Subjects of policies as pods that could exist. A subject that no pod can be is left out. */
function subjectsOf(world: World): Unit[] {
  const subjects = world.state.placement.policies.flatMap(({ policy }) =>
    DIRECTIONS.flatMap((direction) => policy[direction]?.subject ?? []),
  );
  const units = subjects.flatMap(({ namespaces, pods }: Subject) => {
    const what = { text: '', type: 'pods' as const, namespaces, pods };
    try {
      return podsLike(world, { ...what, text: printEndpoint(what) });
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
  const byKey = new Map(units.map((unit) => [unit.endpoint.key, unit]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, unit]) => unit);
}

function namesIn(
  exposed: readonly ExposedPods[],
  choose: (one: ExposedPods) => readonly { readonly name: string }[],
): string[] {
  return [...new Set(exposed.flatMap((one) => choose(one).map(({ name }) => name)))].sort();
}

/** Isolation does not depend on the family; without a family there is no traffic to isolate. */
function findUnisolated(side: Side | undefined, endpoint: number, direction: Direction): UnisolatedDocument[] {
  const own = (side?.selections[direction].get(endpoint) ?? []).filter(({ part }) => part.isolates);
  if (own.some(({ reason }) => reason === undefined)) return [];
  const perhaps: UnknownReason | undefined = own[0]?.reason;
  return [{ endpoint, direction, ...(perhaps === undefined ? {} : { perhaps }) }];
}

/** What a person might take for an omission. */
function ownNotes({ pods, state }: World, { namespaces = [] }: ExposureFilter): string[] {
  const inhabited = new Set(pods.map(namespaceOf));
  const empty = pods.length === 0 ? [] : namespaces.filter((name) => !inhabited.has(name));
  const notes = empty.map((name) => `namespace ${name} has no pods`);
  if (state.placement.policies.length > 0) {
    notes.push('pods on the host network are not among those that could exist here: they speak as their nodes');
  }
  return notes;
}
