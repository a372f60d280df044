// Repairs reach their goal, by the literal evaluator on a state that is loaded anew; what they announce to open and close
// is the difference of the whole maps; and no smaller set of edits would do.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import { applyEdits, can, explain, loadState, parsePair } from '../../src/engine/index.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import type { ManifestObject } from '../../src/engine/model/source.ts';
import type { Decision, Flow } from '../../src/engine/model/verdict.ts';
import type { PairExpression } from '../../src/engine/questions/ask.ts';
import type { UnitRectangle } from '../../src/engine/questions/map.ts';
import { resolvePair } from '../../src/engine/questions/resolve.ts';
import { findRepairs, type Repairs } from '../../src/engine/repair/find-repairs.ts';
import { goalOf } from '../../src/engine/repair/repair-pair.ts';
import { contains, PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { manifestObject } from '../support/manifest-object.ts';
import type { Manifest } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

interface Asked {
  readonly objects: readonly ManifestObject[];
  readonly behaviour: Behaviour;
  readonly state: State;
  readonly pair: PairExpression;
  readonly want: 'allowed' | 'denied';
}

function load(objects: readonly ManifestObject[], chosen: Behaviour): State {
  return loadState({ objects, behaviour: chosen, defaultNamespace: CONTEXT.defaultNamespace });
}

/** Turns the answer on a pair; undefined where nothing is to be turned. */
function repair(asked: Asked): Repairs | undefined {
  const { state, pair, want } = asked;
  if (can(state, pair, CONTEXT).verdict === want) return undefined;
  const { sources, destinations } = resolvePair(worldOf(state), pair, CONTEXT);
  const goal = goalOf(state, sources, destinations, want);
  if (goal.length === 0) return undefined;
  return findRepairs(state, goal, CONTEXT, (after) => can(after, pair, CONTEXT).verdict === want);
}

const names = (units: readonly Unit[]): string[] =>
  units
    .map(({ endpoint }) => endpoint.key)
    .map((key) => {
      const [namespace, kind, name] = key.replace(/#\d+$/, '').split('/') as [string, string, string];
      return `${namespace}/${kind.replace(/\..*/, '').toLowerCase()}/${name}`;
    });

const drawn: fc.Arbitrary<Asked | undefined> = fc
  .tuple(
    manifests,
    behaviour,
    fc.nat(),
    fc.nat(),
    fc.constantFrom('80', '82/udp', '79-81', '65535/sctp'),
    fc.boolean(),
    fc.nat(9),
  )
  .map(([list, chosen, a, b, port, opens, outside]) => {
    const objects = list.map((value: Manifest) => manifestObject(value));
    const state = load(objects, chosen);
    const pods = [...new Set(names(worldOf(state).pods))];
    if (pods.length === 0) return undefined;
    const end = (at: number): string => pods[at % pods.length]!;
    const from = outside === 0 ? '203.0.113.7' : end(a);
    const to = outside === 1 ? '203.0.113.7' : end(b);
    const pair = parsePair([from, `${to}:${port}`]);
    return { objects, behaviour: chosen, state, pair, want: opens ? 'allowed' : 'denied' };
  });

describe('repairs', () => {
  it('reach the goal, and open and close exactly what they announce', () => {
    let seen = 0;
    fc.assert(
      fc.property(drawn, (asked) => {
        const found = asked === undefined ? undefined : repair(asked);
        if (asked === undefined || found === undefined) return;
        for (const { edits, effects } of found.repairs) {
          seen++;
          const after = load(applyEdits(asked.objects, edits), asked.behaviour);
          expect(explain(after, asked.pair, CONTEXT).verdict).toBe(asked.want);
          expect(differences(asked.state, after, found.units, effects)).toEqual([]);
        }
      }),
      { ...runs(100), endOnFailure: true },
    );
    expect(seen).toBeGreaterThan(5);
  });
});

/** Flows of which the announced effects and the literal evaluator say different things. */
function differences(
  before: State,
  after: State,
  units: readonly Unit[],
  effects: { readonly opens: readonly UnitRectangle[]; readonly closes: readonly UnitRectangle[] },
): string[] {
  const wrong: string[] = [];
  for (const [s, from] of units.entries()) {
    for (const [d, to] of units.entries()) {
      for (const flow of flowsOf(before, after, from, to)) {
        const [was, is] = [literal(before, from, to, flow), literal(after, from, to, flow)];
        const expected = was === is ? 'same' : `${was} > ${is}`;
        const announced = read(effects, s, d, flow);
        if (announced !== wording(was, is)) {
          const where = `${from.endpoint.key} -> ${to.endpoint.key} ${flow.family} ${flow.port}/${flow.protocol}`;
          wrong.push(`${where}: ${expected}, announced ${announced}`);
        }
      }
    }
  }
  return wrong;
}

/** What effects should list for a change. */
function wording(was: string, is: string): string {
  const opens =
    is === 'allowed' && was !== 'allowed' ? 'allowed' : is === 'unknown' && was === 'denied' ? 'unknown' : '';
  const closes =
    was === 'allowed' && is !== 'allowed' ? 'allowed' : was === 'unknown' && is === 'denied' ? 'unknown' : '';
  return `+${opens} -${closes}`;
}

function read(
  { opens, closes }: { readonly opens: readonly UnitRectangle[]; readonly closes: readonly UnitRectangle[] },
  from: number,
  to: number,
  flow: Flow,
): string {
  const at = (list: readonly UnitRectangle[]): string => {
    const own = list.filter((one) => one.from.includes(from) && one.to.includes(to));
    const verdicts = own.map(({ decisions }) => verdictAt(decisions[flow.family], flow)).filter((word) => word !== '');
    return verdicts.join('+');
  };
  return `+${at(opens)} -${at(closes)}`;
}

function verdictAt(decision: Decision | undefined, { protocol, port }: Flow): string {
  if (decision === undefined) return '';
  if (contains(decision.allowed, protocol, port)) return 'allowed';
  return decision.unknown.some((part) => contains(part.traffic, protocol, port)) ? 'unknown' : '';
}

const isOutside = ({ type }: Unit): boolean => type === 'addresses' || type === 'entry';

function* flowsOf(before: State, after: State, from: Unit, to: Unit): Generator<Flow> {
  if ((isOutside(from) && isOutside(to)) || to.type === 'entry') return;
  const behind = from.type === 'entry' ? from.entry.targets.find(({ key }) => key === to.endpoint.key) : undefined;
  if (from.type === 'entry' && behind === undefined) return;
  for (const family of commonFamilies(from.endpoint, to.endpoint)) {
    for (const protocol of PORT_PROTOCOLS) {
      const bounds = [before, after].flatMap(({ placement }) => portBounds(placement, to.endpoint, protocol));
      for (const port of new Set([1, ...bounds])) {
        if (port < 1 || port > 65535) continue;
        if (behind !== undefined && !contains(behind.traffic, protocol, port)) continue;
        yield { family, protocol, port };
      }
    }
  }
}

function literal({ placement, behaviour: { knobs } }: State, from: Unit, to: Unit, flow: Flow): string {
  return evaluateFlow({ placement, knobs }, { from: from.endpoint, to: to.endpoint }, flow).verdict;
}
