// Questions about whole clusters give the answers that the map gives.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { type World, withOwnNode, worldOf } from '../../src/engine/endpoints/world.ts';
import {
  type ConnectivityMap,
  can,
  explain,
  mapConnectivity,
  parsePair,
  parsePort,
  runTests,
  UserError,
  whoCan,
} from '../../src/engine/index.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import { parseEndpoint } from '../../src/engine/questions/parse-endpoint.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { connectionsOf, verdictIn } from '../support/document-pairs.ts';
import { type Manifest, stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
const FAMILIES = ['IPv4', 'IPv6'] as const;
const PORTS = [1, 79, 80, 81, 82, 65535];

/** Addresses, one of which drawn pods may have, and a pod that could exist. */
const OTHERS = ['203.0.113.7', '10.0.0.3', '10.0.0.15', 'x/app=new'];

type Workload = Extract<Unit, { readonly type: 'workload' }>;

function workloadsOf(world: World): Map<string, Workload[]> {
  const found = new Map<string, Workload[]>();
  for (const unit of world.pods) {
    if (unit.type !== 'workload') continue;
    const { namespace, kind, name } = unit.workload;
    const text = `${namespace}/${kind.toLowerCase()}/${name}`;
    found.set(text, [...(found.get(text) ?? []), unit]);
  }
  return found;
}

/** The map leaves out what speaks as a node; questions do not (a note says so). */
const speaksAsNode = (unit: Unit) => withOwnNode(unit) !== unit;

interface Drawn {
  readonly state: State;
  readonly map: ConnectivityMap;
  readonly workloads: ReadonlyMap<string, readonly Workload[]>;
  readonly idOf: ReadonlyMap<string, number>;
}

function mapped([list, chosen]: readonly [readonly Manifest[], Behaviour]): Drawn {
  const state = stateOf(list, chosen);
  const map = mapConnectivity(state, { protocols: PORT_PROTOCOLS }, CONTEXT);
  const idOf = new Map(map.endpoints.map(({ key, id }) => [key, id]));
  return { state, map, workloads: workloadsOf(worldOf(state)), idOf };
}

const input = fc.tuple(manifests, behaviour);

/** One verdict for many, as `can` says it. */
function total(verdicts: readonly string[]): string {
  if (verdicts.includes('unknown')) return 'unknown';
  const distinct = [...new Set(verdicts)];
  if (distinct.length === 0) return 'denied';
  return distinct.length === 1 && distinct[0] !== 'conditional' ? distinct[0]! : 'partly';
}

/** A pod that nobody owns and that is asked about itself is exempt, unless the knob says otherwise. */
const isItself = ({ state }: Drawn, from: readonly Workload[], to: readonly Workload[]) =>
  from.length === 1 &&
  to.length === 1 &&
  from[0] === to[0] &&
  from[0]!.workload.kind === 'Pod' &&
  state.behaviour.knobs.selfTraffic === 'allow';

describe('questions', () => {
  it('can: agrees with the map on every pair of workloads and every port', () => {
    fc.assert(
      fc.property(input, fc.constantFrom(...PORTS), fc.constantFrom(...PORT_PROTOCOLS), (drawn, port, protocol) => {
        const one = mapped(drawn);
        const { state, map, workloads, idOf } = one;
        const wrong: unknown[] = [];
        for (const [source, from] of workloads) {
          for (const [destination, to] of workloads) {
            if ([...from, ...to].some(speaksAsNode)) continue;
            const verdicts = from.flatMap((a) =>
              to.flatMap((b) =>
                FAMILIES.filter((family) => [a, b].every(({ endpoint }) => endpoint.families.includes(family))).map(
                  (family) => {
                    const ids = { from: idOf.get(a.endpoint.key)!, to: idOf.get(b.endpoint.key)! };
                    return verdictIn(map.connections, ids, { family, protocol, port });
                  },
                ),
              ),
            );
            const expected = isItself(one, from, to) ? 'allowed' : total(verdicts);
            const pair = parsePair([source, `${destination}:${port}/${protocol.toLowerCase()}`]);
            const answer = can(state, pair, CONTEXT).verdict;
            if (answer !== expected) wrong.push({ source, destination, answer, expected });
          }
        }
        expect(wrong).toEqual([]);
      }),
      runs(150),
    );
  });

  it('explain: gives the verdict that can gives', () => {
    const asked = fc.constantFrom('', ':80', ':79-82/udp', ':81/sctp', ':80/tcp');
    fc.assert(
      fc.property(input, asked, (drawn, port) => {
        const { state, workloads } = mapped(drawn);
        const texts = [...workloads.keys(), ...new Set([...workloads.keys()].map((text) => `${text.split('/')[0]}/*`))];
        const others = [
          ...OTHERS,
          ...state.cluster.nodes.map(({ name }) => `node/${name}`),
          ...state.cluster.services.map(({ namespace, name }) => `${namespace}/service/${name}`),
        ];
        const wrong: unknown[] = [];
        for (const from of [...texts, ...others]) {
          for (const to of [...texts, ...others]) {
            const pair = parsePair([from, `${to}${port}`]);
            const [answer, explanation] = [can, explain].map((ask) => verdictOrError(() => ask(state, pair, CONTEXT)));
            if (answer !== explanation) wrong.push({ from, to: `${to}${port}`, can: answer, explain: explanation });
          }
        }
        expect(wrong).toEqual([]);
      }),
      runs(60),
    );
  });

  it('who-can: lists what the map has at one end, both ways', () => {
    fc.assert(
      fc.property(input, (drawn) => {
        const { state, map, workloads } = mapped(drawn);
        for (const [text, units] of workloads) {
          const subject = parseEndpoint(text);
          const own = new Set(units.map(({ endpoint }) => endpoint.key));
          for (const question of ['reach', 'be-reached-by'] as const) {
            const answer = whoCan(state, question, subject, undefined, CONTEXT);
            const side = question === 'reach' ? 'to' : 'from';
            const expected = lines(map).filter((line) => own.has(line[side]));
            expect({ text, question, lines: lines(answer) }).toEqual({ text, question, lines: expected });
          }
        }
      }),
      runs(60),
    );
  });
});

/** What a question answers, or what it says of names that do not exist. */
function verdictOrError(ask: () => { readonly verdict: string }): string {
  try {
    return ask().verdict;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** A document's connections pair by pair and family by family, named by keys and sorted. */
function lines({ endpoints, connections }: Pick<ConnectivityMap, 'endpoints' | 'connections'>) {
  const keyOf = new Map(endpoints.map(({ id, key }) => [id, key]));
  const found = endpoints.flatMap((from) =>
    endpoints.flatMap((to) =>
      FAMILIES.flatMap((family) =>
        connectionsOf(connections, from.id, to.id, family).map(({ from: _, to: __, family: ___, ...rest }) => ({
          from: keyOf.get(from.id)!,
          to: keyOf.get(to.id)!,
          family,
          ...rest,
        })),
      ),
    ),
  );
  return found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

it('a test that denies a port passes exactly where can says that nobody may use it', () => {
  fc.assert(
    fc.property(input, fc.constantFrom('80', '82', '53/udp'), ([list, chosen], port) => {
      const state = stateOf(list, chosen);
      if (worldOf(state).pods.length === 0) return;
      const all = parseEndpoint('all');
      const one = { name: 'closed', from: all, to: all, deny: [parsePort(port)], source: { path: '' } };
      const { passed, explanation = '' } = runTests(state, [one], CONTEXT).tests[0]!;
      const { verdict, reason = '' } = can(state, parsePair(['all', `all:${port}`]), CONTEXT);
      // Without any pair there is nothing to assert; can calls that denied and says why.
      if (explanation.includes('asserts nothing')) expect([verdict, reason === '']).toEqual(['denied', false]);
      else expect(passed).toBe(verdict === 'denied');
    }),
    runs(150),
  );
});
