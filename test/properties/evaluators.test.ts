// Both evaluators on whole clusters: every pair of units, and every member of a unit as its unit.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileReach } from '../../src/engine/compile/reach.ts';
import { addressUnits } from '../../src/engine/endpoints/outside.ts';
import { podEndpoint } from '../../src/engine/endpoints/pod-endpoints.ts';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { type World, withOwnNode, worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow, type Rules } from '../../src/engine/evaluate/evaluate.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import type { Verdict } from '../../src/engine/model/verdict.ts';
import { parseEndpoint } from '../../src/engine/questions/parse-endpoint.ts';
import { resolve } from '../../src/engine/questions/resolve.ts';
import { everyPort, PROTOCOLS, type Protocol } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { partSizes } from '../support/arbitrary.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { stateOf, verdictAt } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PROTOCOLS };
/** Pods that exist in no drawn cluster, and an address that is none of theirs. */
const ASKED = ['x/app=new', '{team=a}/{tier=new}', '10.0.0.3', '203.0.113.7', 'fd00::3'];

/** Everything that a question about the state may be about, each key once. */
function unitsOf(state: State): Unit[] {
  const world = worldOf(state);
  const asked = ASKED.filter((text) => !text.startsWith('x/') || state.cluster.namespaces.has('x'));
  const units = [
    ...world.pods,
    ...world.outside(),
    ...world.nodes(),
    ...world.entries(),
    ...asked.flatMap((text) => resolve(world, parseEndpoint(text), CONTEXT).map(({ unit }) => unit)),
  ];
  const distinct = new Map(units.map((unit) => [unit.endpoint.key, unit]));
  const hosts = world.pods.map(withOwnNode).filter((unit) => !world.pods.includes(unit));
  return [
    ...distinct.values(),
    ...hosts.map((unit) => ({ ...unit, endpoint: { ...unit.endpoint, key: `${unit.endpoint.key} asked` } })),
  ];
}

/** One port of every stretch in which no policy can tell ports apart. */
function representatives({ placement }: Rules, to: Endpoint, protocol: Protocol): number[] {
  const [first, end] = everyPort(protocol) as [number, number];
  const bounds = [first, ...portBounds(placement, to, protocol), end - 1];
  return [...new Set(bounds)].filter((port) => first <= port && port < end);
}

type Row = readonly [from: string, to: string, family: string, protocol: string, port: number, verdict: Verdict];

/** The literal evaluator's verdicts on one pair, over all families that it shares. */
function* literalVerdicts(rules: Rules, from: Endpoint, to: Endpoint, bounds: Endpoint = to): Generator<Row> {
  for (const family of commonFamilies(from, to)) {
    for (const protocol of PROTOCOLS) {
      for (const port of representatives(rules, bounds, protocol)) {
        const { verdict } = evaluateFlow(rules, { from, to }, { family, protocol, port });
        yield [from.key, to.key, family, protocol, port, verdict];
      }
    }
  }
}

describe('the evaluators', () => {
  it('agree on every pair of units, family, protocol and port', () => {
    fc.assert(
      fc.property(manifests, behaviour, partSizes, (drawn, chosen, sizes) => {
        const state = stateOf(drawn, chosen);
        const rules: Rules = { placement: state.placement, knobs: chosen.knobs };
        const ends = unitsOf(state).map((unit) => unit.endpoint);
        const reach = compileReach(rules, ends, PROTOCOLS, { sizes });
        const wrong: unknown[] = [];
        for (const [s, from] of ends.entries()) {
          for (const [d, to] of ends.entries()) {
            const decisions = reach.decide(s, d);
            expect(Object.keys(decisions)).toEqual(commonFamilies(from, to));
            for (const row of literalVerdicts(rules, from, to)) {
              const [, , family, protocol, port, literal] = row;
              const compiled = verdictAt(decisions[family as 'IPv4']!, protocol as Protocol, port);
              if (compiled !== literal) wrong.push([...row, compiled]);
            }
          }
        }
        expect(wrong).toEqual([]);
      }),
      runs(100),
    );
  });

  it('say of every pod and address what they say of its unit', () => {
    fc.assert(
      fc.property(manifests, behaviour, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const rules: Rules = { placement: state.placement, knobs: chosen.knobs };
        const world = worldOf(state);
        const wrong: unknown[] = [];
        const same = (from: readonly [Endpoint, Endpoint], to: readonly [Endpoint, Endpoint]) => {
          const [unit, member] = [0, 1].map((i) => [...literalVerdicts(rules, from[i]!, to[i]!, to[0]!)]);
          const families = new Set(member!.map(([, , family]) => family));
          const expected = unit!.filter(([, , family]) => families.has(family)).map((row) => row.slice(2));
          member!.forEach((row, i) => {
            if (String(row.slice(2)) !== String(expected[i])) wrong.push([...row, ...(expected[i] ?? [])]);
          });
        };
        const members = [...podMembers(world), ...addressMembers(world)];
        for (const from of members) {
          for (const to of members) if (from[0].type === 'pod' || to[0].type === 'pod') same(from, to);
        }
        expect(wrong).toEqual([]);
      }),
      runs(300),
    );
  });
});

/** Each pod of each unit alone, beside its unit. */
function podMembers(world: World): (readonly [Endpoint, Endpoint])[] {
  const nodes = new Map(world.state.cluster.nodes.map((node) => [node.name, node]));
  return world.pods.flatMap((unit) =>
    unit.type === 'workload'
      ? unit.pods.map((pod) => {
          const key = `${unit.endpoint.key} ${pod.name}`;
          return [unit.endpoint, podEndpoint(world.context, [pod], nodes, { key, name: key })] as const;
        })
      : [],
  );
}

/** The first and the last address of each class outside, beside their class. */
function addressMembers(world: World): (readonly [Endpoint, Endpoint])[] {
  return world.outside().flatMap((unit) => {
    const { v4, v6 } = unit.endpoint.addresses;
    const sets = [
      ...(v4.length === 0 ? [] : [v4[0]!, v4.at(-1)! - 1].map((one) => ({ v4: [one, one + 1], v6: [] }))),
      ...(v6.length === 0 ? [] : [v6[0]!, v6.at(-1)! - 1n].map((one) => ({ v4: [], v6: [one, one + 1n] }))),
    ];
    return sets.flatMap((set) => addressUnits(world.context, set).map((one) => [unit.endpoint, one.endpoint] as const));
  });
}
