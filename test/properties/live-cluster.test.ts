// Long sequences of events of every sort, in batches, against reading and compiling everything anew after each: the same
// pods, the same decisions of every pair, and changes that are all and only those, under every plugin and knob.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionKey } from '../../src/engine/compile/decision.ts';
import { compileReach, type Reach } from '../../src/engine/compile/reach.ts';
import type { FamilyDecisions } from '../../src/engine/compile/rectangle.ts';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { type LiveCluster, type LiveStep, liveCluster } from '../../src/engine/live/live-cluster.ts';
import type { ObjectEvent } from '../../src/engine/live/object-events.ts';
import type { Pod } from '../../src/engine/model/cluster.ts';
import type { ManifestObject } from '../../src/engine/model/source.ts';
import { decisionsKey, isNothing } from '../../src/engine/questions/compare-maps.ts';
import { membersOf } from '../../src/engine/sets/id-set.ts';
import { ipSetKey, isSubset, NO_ADDRESSES, union } from '../../src/engine/sets/ip-set.ts';
import { PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { manifestObject } from '../support/manifest-object.ts';
import { type Manifest, stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

/** Batches of events: which object of the pool comes next, which that is there goes, or is like another of its kind from now on. */
const batches = fc.array(
  fc.array(fc.tuple(fc.nat(), fc.constantFrom('set', 'deleted', 'relabelled', 'respecified', 'readdressed')), {
    minLength: 1,
    maxLength: 3,
  }),
  { minLength: 5, maxLength: 10 },
);

function nameOf({ kind, metadata }: Manifest): string {
  const { namespace = '', name } = metadata as { readonly namespace?: string; readonly name: string };
  return `${kind} ${namespace} ${name}`;
}

function podKey({ workload, name, real }: Pod): string {
  return `${workload} ${name} ${real}`;
}

/** What is open, by family; `said` tells what counts. */
function said(decisions: FamilyDecisions): string {
  return Object.entries(decisions)
    .map(([family, decision]) => `${family} ${decisionKey(decision)}`)
    .join('|');
}

/** Numbers of a live cluster by pod; each is of one unit. */
function numbersOfPods(live: LiveCluster): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const number of membersOf(live.reach.present)) {
    const unit = live.unit(number)!;
    if (unit.type !== 'workload') continue;
    for (const pod of unit.pods) {
      expect(numbers.has(podKey(pod))).toBe(false);
      numbers.set(podKey(pod), number);
    }
  }
  return numbers;
}

/** Pairs of a number and the position of what it is in the cluster that was compiled anew. */
function aligned(live: LiveCluster, anew: readonly Unit[], state: State): [number, number][] {
  const numbers = numbersOfPods(live);
  expect([...numbers.keys()].sort()).toEqual(state.cluster.pods.map(podKey).sort());
  const pairs: [number, number][] = [];
  const position = new Map(
    anew.flatMap((unit, index) => (unit.type === 'workload' ? unit.pods.map((pod) => [podKey(pod), index]) : [])) as [
      string,
      number,
    ][],
  );
  for (const [key, number] of numbers) pairs.push([number, position.get(key)!]);
  let all = NO_ADDRESSES;
  for (const number of membersOf(live.reach.present)) {
    const unit = live.unit(number)!;
    if (unit.type !== 'addresses') continue;
    all = union(all, unit.set);
    const there = anew.findIndex((other) => other.type === 'addresses' && isSubset(unit.set, other.set));
    expect(there).toBeGreaterThanOrEqual(0);
    pairs.push([number, there]);
  }
  const whole = anew.reduce((sum, unit) => (unit.type === 'addresses' ? union(sum, unit.set) : sum), NO_ADDRESSES);
  expect(ipSetKey(all)).toBe(ipSetKey(whole));
  return pairs;
}

function compiledAnew(state: State): { readonly reach: Reach; readonly units: readonly Unit[] } {
  const world = worldOf(state);
  const units = [...world.pods, ...world.outside()];
  const ends = units.map(({ endpoint }) => endpoint);
  return { units, reach: compileReach({ placement: state.placement, knobs: state.behaviour.knobs }, ends, PROTOCOLS) };
}

function expectAnew(live: LiveCluster, state: State): void {
  const { reach, units } = compiledAnew(state);
  const pairs = aligned(live, units, state);
  for (const [s, from] of pairs) {
    for (const [d, to] of pairs) {
      if (units[from]!.type === 'addresses' && units[to]!.type === 'addresses') continue;
      const names = `${units[from]!.endpoint.key} > ${units[to]!.endpoint.key}`;
      // Of addresses that are cut finer one part may be of one family alone.
      const families = [s, d].flatMap((number) => {
        const unit = live.unit(number)!;
        return unit.type === 'addresses' ? [unit.endpoint.families] : [];
      });
      const expected = Object.entries(reach.decide(from, to)).filter(([family]) =>
        families.every((own) => own.some((one) => one === family)),
      );
      expect(`${names} ${said(live.reach.decide(s, d))}`).toBe(`${names} ${said(Object.fromEntries(expected))}`);
    }
  }
}

function open(decisions: FamilyDecisions): string {
  return isNothing(decisions) ? '' : decisionsKey(decisions);
}

/** The number of a unit, or of what it was cut from. */
function numberIn(live: LiveCluster, unit: Unit | undefined): number | undefined {
  if (unit === undefined) return undefined;
  return membersOf(live.reach.present).find((number) => {
    const other = live.unit(number)!;
    if (unit.type === 'workload') {
      return other.type === 'workload' && other.pods.some((pod) => podKey(pod) === podKey(unit.pods[0]!));
    }
    return unit.type === 'addresses' && other.type === 'addresses' && isSubset(unit.set, other.set);
  });
}

function expectTold(before: LiveCluster, step: LiveStep): number {
  const places = membersOf(step.places());
  for (const place of places) expect(Object.keys(step.at(place))).not.toEqual([]);
  const told = new Map<string, string>();
  for (const { sources, destinations, before: was, after: is } of step.changes) {
    for (const s of membersOf(sources)) {
      for (const d of membersOf(destinations)) {
        expect(told.has(`${s} ${d}`)).toBe(false);
        told.set(`${s} ${d}`, `${open(was)} > ${open(is)}`);
      }
    }
  }
  const ends = places.map((place) => {
    const at = step.at(place);
    return {
      place,
      isOutside: (at.before ?? at.after)!.type === 'addresses',
      families: at.before?.endpoint.families ?? [],
      was: numberIn(before, at.before),
      is: numberIn(step.live, at.after),
    };
  });
  const expected = new Map<string, string>();
  for (const s of ends) {
    for (const d of ends) {
      if (s.isOutside && d.isOutside) continue;
      // What was cut may have less families than what it was cut from.
      const whole = s.was === undefined || d.was === undefined ? {} : before.reach.decide(s.was, d.was);
      const had = Object.entries(whole).filter(([family]) =>
        [s, d].every((end) => end.families.some((one) => one === family)),
      );
      const was = open(Object.fromEntries(had));
      const is = s.is === undefined || d.is === undefined ? '' : open(step.live.reach.decide(s.is, d.is));
      if (was !== is) expected.set(`${s.place} ${d.place}`, `${was} > ${is}`);
    }
  }
  expect(told).toEqual(expected);
  expectMoved(step, places);
  return told.size;
}

/** Pods that are told to move are those whose place is another one. */
function expectMoved(step: LiveStep, places: readonly number[]): void {
  const at = (side: 'before' | 'after') =>
    new Map(
      places.flatMap((place) => {
        const unit = step.at(place)[side];
        const pods = unit?.type === 'workload' ? unit.pods.filter(({ real }) => real) : [];
        return pods.map(({ namespace, name }) => [`${namespace}/${name}`, place] as const);
      }),
    );
  const [was, is] = [at('before'), at('after')];
  const moved = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  const text = (name: string, before?: number, after?: number) => `${name} ${before} > ${after}`;
  expect(step.pods.map((one) => text(`${one.namespace}/${one.name}`, one.before, one.after)).sort()).toEqual(
    moved.map((name) => text(name, was.get(name), is.get(name))).sort(),
  );
}

function eventOf(
  dice: number,
  type: string,
  pool: readonly ManifestObject[],
  here: readonly ManifestObject[],
): ObjectEvent[] {
  const from = type === 'set' ? pool : here;
  const object = from[dice % Math.max(1, from.length)];
  if (object === undefined) return [];
  if (type === 'set' || type === 'deleted') return [{ type, object }];
  const { kind, metadata, spec, status } = object.value;
  const alike = pool.filter(({ value }) => value['kind'] === kind).map(({ value }) => value);
  const other = alike[(dice >>> 8) % Math.max(1, alike.length)] ?? object.value;
  const { labels } = other['metadata'] as Manifest;
  const value =
    type === 'relabelled'
      ? { ...object.value, metadata: { ...(metadata as Manifest), labels } }
      : type === 'readdressed'
        ? { ...object.value, status: other['status'] ?? status }
        : { ...object.value, spec: other['spec'] ?? spec };
  return [{ type: 'set', object: manifestObject(value) }];
}

describe('a live cluster', () => {
  it.each([
    ['', undefined],
    [', where there is little room', 2],
  ] as const)('is what reading and compiling anew leads to, and tells every change%s', (_, room) => {
    const counts = { changed: 0, exchanged: 0, anew: 0 };
    fc.assert(
      fc.property(manifests, manifests, manifests, behaviour, batches, (first, more, others, chosen, drawn) => {
        const options = { behaviour: chosen, defaultNamespace: 'default', protocols: PROTOCOLS };
        const pool = [...first, ...more, ...others].map(manifestObject);
        let here = new Map(pool.slice(0, first.length).map((object) => [nameOf(object.value), object]));
        let live = liveCluster([...here.values()], room === undefined ? options : { ...options, room });
        for (const batch of drawn) {
          const events = batch.flatMap(([dice, type]) => eventOf(dice, type, pool, [...here.values()]));
          here = new Map(here);
          for (const { type, object } of events) {
            here.delete(nameOf(object.value));
            if (type === 'set') here.set(nameOf(object.value), object);
          }
          const step = live.apply(events);
          expectAnew(
            step.live,
            stateOf(
              [...here.values()].map(({ value }) => value),
              chosen,
            ),
          );
          counts.changed += expectTold(live, step);
          counts[step.compiledAnew ? 'anew' : 'exchanged']++;
          live = step.live;
        }
      }),
      // Each run of a smaller cluster compiles everything some ten times: shrinking takes longer than looking.
      { ...runs(40), endOnFailure: true },
    );
    expect(counts.changed).toBeGreaterThan(0);
    expect(counts.exchanged).toBeGreaterThan(0);
    expect(counts.anew > 0).toBe(room !== undefined);
  });
});
