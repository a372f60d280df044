// The laws of portable answers: each is what the plain map says under each plugin, and each cause turns the verdict.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparedBehaviours } from '../../src/engine/behaviours/index.ts';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { portBounds } from '../../src/engine/evaluate/cases.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import type { Decision } from '../../src/engine/model/verdict.ts';
import { mapUnits, type UnitMap } from '../../src/engine/questions/map.ts';
import { comparePlugins } from '../../src/engine/questions/portable/compare-plugins.ts';
import { mapQuestion } from '../../src/engine/questions/portable/map-portable.ts';
import { opensFor } from '../../src/engine/questions/portable/open-knobs.ts';
import { outcomeKey, partsOf, verdictKey } from '../../src/engine/questions/portable/outcome.ts';
import { adopt } from '../../src/engine/questions/portable/traits.ts';
import { contains as holdsId } from '../../src/engine/sets/id-set.ts';
import { FAMILIES, type Family, intersect, isEmpty, ofFamily } from '../../src/engine/sets/ip-set.ts';
import { contains, PORT_PROTOCOLS, PROTOCOLS, type Protocol, traffic } from '../../src/engine/sets/traffic-set.ts';
import { type State, withBehaviour } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { clusterManifests, manifests } from '../support/arbitrary-manifests.ts';
import { policies } from '../support/arbitrary-policy-manifests.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const PLUGINS = comparedBehaviours();

/** What is asked alike of all plugins: how CIDRs are read and which addresses there are. */
const SHARED = ['strictCIDR', 'families', 'podCIDRs', 'serviceCIDRs', 'nodeCIDRs', 'selfTraffic'] as const;

/** Two to four behaviours of which each may have any knob its own way. */
const drawn: fc.Arbitrary<readonly Behaviour[]> = fc
  .array(behaviour, { minLength: 2, maxLength: 4 })
  .map(([first, ...others]) => {
    const shared = Object.fromEntries(SHARED.map((knob) => [knob, first!.knobs[knob]]));
    return [first!, ...others].map((one, i) => ({
      ...one,
      name: `${i}:${one.name}`,
      knobs: { ...one.knobs, ...shared },
    }));
  });

const input = fc.oneof(
  manifests,
  fc.tuple(clusterManifests, policies).map(([cluster, own]) => [...cluster, ...own]),
);

/** One map, to be asked for the verdict on one flow of one pair; undefined where it does not list an end. */
interface Plain {
  at(from: Unit, to: Unit, family: Family, protocol: Protocol, port: number): string | undefined;
}

function plainMap(state: State, protocols: readonly Protocol[]): Plain {
  const { units, rectangles } = mapUnits(state, { protocols }, { defaultNamespace: 'default', protocols });
  return {
    at(from, to, family, protocol, port) {
      const [source, destination] = [positionOf(units, from, family), positionOf(units, to, family)];
      if (source < 0 || destination < 0) return undefined;
      const found = rectangles.find((one) => one.from.includes(source) && one.to.includes(destination));
      return outcomeAt(found?.decisions[family], protocol, port);
    },
  };
}

function outcomeAt(decision: Decision | undefined, protocol: Protocol, port: number): string {
  return outcomeKey(partsOf(decision, traffic(protocol, port))[0]!.outcome);
}

/** The unit that holds the first pod or an address of that family of another, which may be cut smaller. */
function positionOf(units: UnitMap['units'], other: Unit, family: Family): number {
  return units.findIndex((unit) => {
    if (other.type === 'workload') return unit.type === 'workload' && unit.pods.includes(other.pods[0]!);
    if (other.type === 'addresses')
      return unit.type === 'addresses' && !isEmpty(ofFamily(intersect(unit.set, other.set), family));
    return unit.endpoint.key === other.endpoint.key;
  });
}

/** Every disagreement between a portable answer and the plain ones, and every cause that turns nothing. */
function disagreements(state: State, behaviours: readonly Behaviour[], protocols: readonly Protocol[]) {
  const context = { defaultNamespace: 'default', protocols };
  const { views, areas } = comparePlugins(mapQuestion(state, behaviours, { protocols }, context));
  const maps = new Map<Behaviour, Plain>();
  const mapOf = (one: Behaviour): Plain => {
    const map = maps.get(one) ?? plainMap(withBehaviour(state, one), protocols);
    maps.set(one, map);
    return map;
  };
  const wrong: unknown[] = [];
  const check = (from: number, to: number, family: Family, protocol: Protocol, port: number): void => {
    const [source, destination] = [views.units[from]!, views.units[to]!];
    const plain = behaviours.map((one) => mapOf(one).at(source, destination, family, protocol, port));
    const here = areas.filter(
      (area) =>
        area.family === family &&
        holdsId(area.from, from) &&
        holdsId(area.to, to) &&
        contains(area.traffic, protocol, port),
    );
    const flow = `${source.endpoint.key} -> ${destination.endpoint.key} ${family} ${port}/${protocol}`;
    if (here.length > 1) wrong.push({ flow, areas: here.length });
    const [area] = here;
    if (area === undefined) {
      const verdicts = new Set(plain.flatMap((key) => key?.replace(/ \S*$/, '') ?? []));
      if (verdicts.size > 1) wrong.push({ flow, plain, portable: 'alike' });
      return;
    }
    const said = behaviours.map((one) =>
      outcomeKey(area.outcomes[views.plugins.findIndex((view) => view.behaviours.includes(one))]!),
    );
    if (plain.some((key, i) => key !== undefined && key !== said[i])) wrong.push({ flow, plain, said });
    for (const { view, base, causes } of area.explained) {
      const outcome = area.outcomes[view]!;
      const [reference] = views.plugins[base]!.behaviours;
      const [other] = views.plugins[view]!.behaviours;
      if (causes.length === 0) wrong.push({ flow, said, view: other.name, causes });
      for (const { knobs } of causes) {
        const { reason } = outcome;
        const isOpen = reason !== undefined && knobs.some((knob) => opensFor(other, knob, reason));
        const keyOf = (switched: Behaviour) => mapOf(switched).at(source, destination, family, protocol, port);
        const turned = keyOf(adopt(reference, other, knobs));
        if (turned === undefined) continue;
        // Each cause is enough: of two knobs that leave a verdict open, taking one back settles nothing.
        const isEnough = turned.replace(/ \S*$/, '') === verdictKey(outcome);
        const isRight = isEnough || (isOpen && keyOf(adopt(other, reference, knobs)) !== outcomeKey(outcome));
        if (!isRight) wrong.push({ flow, said, view: other.name, base: reference.name, knobs, turned });
      }
    }
  };
  for (const [from, source] of views.units.entries()) {
    for (const [to, { endpoint }] of views.units.entries()) {
      if (source.type !== 'workload' && views.units[to]!.type !== 'workload') continue;
      for (const family of FAMILIES) {
        if (!source.endpoint.families.includes(family) || !endpoint.families.includes(family)) continue;
        for (const protocol of protocols) {
          const bounds = new Set(
            views.plugins.flatMap(({ world }) => portBounds(world.state.placement, endpoint, protocol)),
          );
          for (const port of [1, ...bounds]) if (port > 0 && port < 65536) check(from, to, family, protocol, port);
        }
      }
    }
  }
  return wrong;
}

describe('a portable map', () => {
  it('says of every pair and port what the plain map says under each plugin', () => {
    fc.assert(
      fc.property(input, fc.constantFrom(PORT_PROTOCOLS, PROTOCOLS), (list, protocols) => {
        expect(disagreements(stateOf(list, PLUGINS[0]!), PLUGINS, protocols).slice(0, 3)).toEqual([]);
      }),
      runs(25),
    );
  });

  it('does so for behaviours with any knob any way, the causes of which turn the verdict', () => {
    fc.assert(
      fc.property(input, drawn, (list, behaviours) => {
        expect(disagreements(stateOf(list, behaviours[0]!), behaviours, PORT_PROTOCOLS).slice(0, 3)).toEqual([]);
      }),
      runs(25),
    );
  });
});
