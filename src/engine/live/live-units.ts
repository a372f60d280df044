// The units of one namespace of a live cluster, or those outside, and which of them go on when they are made anew.

import { addressUnits, outsideAddresses } from '../endpoints/outside.ts';
import { type EndpointContext, podUnits } from '../endpoints/pod-endpoints.ts';
import type { Relevance } from '../endpoints/relevance.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Behaviour } from '../model/behaviour.ts';
import type { AddressPlan } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { IpSet } from '../sets/ip-set.ts';
import type { ClusterParts } from './cluster-parts.ts';
import type { EndpointText } from './told-apart.ts';

/** Where units outside are kept: no namespace has this name. */
export const OUTSIDE = '';

/** What units are made from. */
export interface UnitSource {
  readonly parts: ClusterParts;
  readonly plan: AddressPlan;
  readonly behaviour: Behaviour;
  /** What policies tell apart; also what some did that are gone. */
  readonly relevance: Relevance;
  /** Addresses within the range of pods that policies name. */
  readonly named: IpSet;
}

/** The units of a namespace, or of {@link OUTSIDE}; sorted by key. */
export function unitsIn(name: string, { parts, plan, behaviour, relevance, named }: UnitSource): readonly Unit[] {
  const part = parts.byName.get(name);
  const context: EndpointContext = {
    cluster: {
      namespaces: parts.namespaces,
      nodes: parts.nodes,
      workloads: part?.workloads ?? new Map(),
      pods: part?.pods ?? [],
      services: [],
      endpointSlices: [],
      ingresses: [],
      openShiftRoutes: [],
      gatewayApi: { gateways: [], listenerSets: [], routes: [], grants: [] },
      operatorObjects: [],
      gaps: [],
    },
    plan,
    behaviour,
    relevance,
  };
  if (name !== OUTSIDE) return podUnits(context);
  return addressUnits(context, outsideAddresses({ ...context, relevance: { ...relevance, blocks: [named] } }));
}

/** Units that were there, by number, against units as they are now. */
export interface UnitChange {
  /** Units that go on, by their numbers: policies see no difference. */
  readonly kept: ReadonlyMap<number, Unit>;
  readonly gone: readonly number[];
  /** `instead`: the number of a unit that goes and is followed by this one, as of a workload whose pods got other labels. */
  readonly come: readonly { readonly unit: Unit; readonly instead?: number }[];
}

/** Compares the units of one namespace. `endpointOf` is what was compiled for a number. */
export function compareUnits(
  numbers: readonly number[],
  unitOf: (number: number) => Unit,
  endpointOf: (number: number) => Endpoint,
  now: readonly Unit[],
  text: EndpointText,
): UnitChange {
  const known = new Map<string, number[]>();
  for (const number of numbers) into(known, `${ownerOf(unitOf(number))} ${text(endpointOf(number))}`).push(number);
  const kept = new Map<number, Unit>();
  const left: Unit[] = [];
  for (const unit of now) {
    const number = known.get(`${ownerOf(unit)} ${text(unit.endpoint)}`)?.shift();
    if (number === undefined) left.push(unit);
    else kept.set(number, unit);
  }
  const gone = numbers.filter((number) => !kept.has(number));
  const goneOf = new Map<string, number[]>();
  for (const number of gone) into(goneOf, ownerOf(unitOf(number))).push(number);
  const comeOf = new Map<string, Unit[]>();
  for (const unit of left) into(comeOf, ownerOf(unit)).push(unit);
  const come = left.map((unit) => {
    const owner = ownerOf(unit);
    const [number, ...others] = goneOf.get(owner) ?? [];
    // Of several nobody can say which one follows which.
    if (number === undefined || others.length > 0 || comeOf.get(owner)!.length > 1) return { unit };
    return { unit, instead: number };
  });
  return { kept, gone, come };
}

function ownerOf(unit: Unit): string {
  return unit.type === 'workload' ? unit.workload.key : unit.endpoint.key;
}

function into<V>(map: Map<string, V[]>, key: string): V[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
