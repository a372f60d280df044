// Repairs reach their goal, by the literal evaluator on a state that is loaded anew; what they announce to open and close
// is the difference of the whole maps; and no smaller set of edits would do.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import { applyEdits, behaviourOf, can, explain, loadState, parsePair } from '../../src/engine/index.ts';
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
import { policies } from '../support/arbitrary-policy-manifests.ts';
import { type GrammarEdit, type GrammarEnd, type GrammarGoal, singleEdits } from '../support/edit-grammar.ts';
import { jointEdits } from '../support/joint-edits.ts';
import { manifestObject } from '../support/manifest-object.ts';
import { type Manifest, namespaceManifest, podManifest } from '../support/replay.ts';
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
  return findRepairs(state, goal, CONTEXT, (after) => can(after(), pair, CONTEXT).verdict === want);
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
      { ...runs(60), endOnFailure: true },
    );
    expect(seen).toBeGreaterThan(5);
  });
});

/** Three pods of two namespaces, each with a label of its own, and a few policies over them. */
const POD_LIST = [
  { namespace: 'x', name: 'one', labels: { app: 'a', tier: 'a' }, addresses: ['10.0.0.1'] },
  { namespace: 'x', name: 'two', labels: { app: 'b', tier: 'a' }, addresses: ['10.0.0.2'] },
  { namespace: 'y', name: 'three', labels: { app: 'a', tier: 'b' }, addresses: ['10.0.0.3'] },
].map((pod) => ({ ...pod, ports: [{ name: 'web', containerPort: 80 }] }));

interface SmallGoal {
  readonly objects: readonly ManifestObject[];
  /** One for each pair; they differ in their ends only. */
  readonly goals: readonly GrammarGoal[];
  readonly pair: PairExpression;
}

/** What is asked about: each pod alone, an address, and two pods of one namespace at once. */
const ENDS = [
  ...POD_LIST.map(({ namespace, name }, at) => ({ text: `${namespace}/pod/${name}`, pods: [at] })),
  { text: '203.0.113.7', pods: [] },
  { text: 'x/tier=a', pods: [0, 1] },
] as const;
const OUTSIDE: GrammarEnd = { labels: {}, addresses: ['203.0.113.7/32'] };

const endsOf = ({ pods }: (typeof ENDS)[number]): readonly GrammarEnd[] =>
  pods.length === 0
    ? [OUTSIDE]
    : pods.map((at) => {
        const { namespace, labels, addresses } = POD_LIST[at]!;
        return { namespace, labels, addresses: addresses.map((ip) => `${ip}/32`) };
      });

/** Pairs of different ends, every third one of several pods. */
const asked: fc.Arbitrary<readonly [from: number, to: number]> = fc
  .tuple(fc.constantFrom(0, 1, 2, 3), fc.constantFrom(0, 1, 2), fc.nat(2), fc.boolean())
  .map(([from, to, joint, isFirst]) => {
    if (joint === 0) return isFirst ? [4, 2] : [from === 3 ? 2 : 3, 4];
    return [from, from === to ? (to + 1) % 3 : to];
  });

const small: fc.Arbitrary<SmallGoal> = fc
  .tuple(policies, asked, fc.boolean(), fc.constantFrom([80, 80], [79, 81]))
  .map(([list, [a, b], opens, [first, last]]) => {
    const [from, to] = [ENDS[a]!, ENDS[b]!];
    const namespaces = ['x', 'y', 'z'].map((name) => namespaceManifest(name, { team: 'a' }));
    const objects = [...namespaces, ...POD_LIST.map(podManifest), ...list].map(manifestObject);
    const want = opens ? ('allowed' as const) : ('denied' as const);
    const goals = endsOf(from).flatMap((source) =>
      endsOf(to).map((target) => ({
        from: source,
        to: target,
        protocol: 'TCP' as const,
        first: first!,
        last: last!,
        want,
      })),
    );
    return { objects, goals, pair: parsePair([from.text, `${to.text}:${first}-${last}`]) };
  });

/** Sets of more combinations than this are not enumerated. */
const FEASIBLE = 3000;

describe('the smallest repair', () => {
  it('no smaller set of edits of a wider grammar reaches the goal', () => {
    const chosen = behaviourOf('default', []);
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(small, ({ objects, goals, pair }) => {
        const { want } = goals[0]!;
        const found = repair({ objects, behaviour: chosen, state: load(objects, chosen), pair, want });
        if (found === undefined) return;
        const [best] = found.repairs;
        if (best === undefined && found.proof !== 'none') return;
        const singles = [...goals.flatMap((goal) => singleEdits(objects, goal)), ...jointEdits(objects, goals)];
        const reaches = (sets: readonly GrammarEdit[]): boolean => {
          const edits = sets.flatMap((one) => one.edits);
          const after = load(applyEdits(objects, edits), chosen);
          if (after.findings.some(({ rejectedByApi }) => rejectedByApi)) return false;
          return can(after, pair, CONTEXT).verdict === want;
        };
        // First by newly isolated pods, then by number of edits.
        const rivals = singles.filter(({ isolates }) => best === undefined || best.isolates || !isolates);
        const isLess = (isolates: boolean, size: number): boolean =>
          best === undefined ||
          (best.isolates && !isolates) ||
          (best.isolates === isolates && size < best.edits.length);
        const alone = rivals.filter((one) => isLess(one.isolates, 1) && reaches([one]));
        expect(alone.map(print)).toEqual([]);
        count(seen, `${best?.edits.length ?? 'none'}`);
        if (goals.length > 1) count(seen, `several pairs, ${best?.edits.length ?? 'none'}`);
        const pairs = rivals.filter((one) => isLess(one.isolates, 2));
        if (pairs.length ** 2 / 2 > FEASIBLE) return;
        count(seen, 'pairs');
        for (const [at, one] of pairs.entries()) {
          for (const other of pairs.slice(at + 1)) {
            if (isTogether(one, other)) expect(reaches([one, other]), `${print(one)} and ${print(other)}`).toBe(false);
          }
        }
      }),
      { ...runs(60), endOnFailure: true },
    );
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['1', 'pairs', 'several pairs, 1']));
  });
});

/**
 * The policies of the Baseline tier, with blocks of no pods. None where something in them leaves open what is decided: what
 * nobody knows cannot be said in a rule of a NetworkPolicy.
 */
function baselineOf(list: readonly Manifest[]): readonly Manifest[] {
  const own = list.filter(
    ({ kind, spec }) => kind === 'BaselineAdminNetworkPolicy' || (spec as { tier?: string }).tier === 'Baseline',
  );
  const text = JSON.stringify(own);
  const orders = own.map(({ spec }) => (spec as { priority?: number }).priority);
  const isOpen = /"(nodes|domainNames|notIn)"/.test(text) || new Set(orders).size < orders.length;
  return isOpen ? [] : (JSON.parse(text.replaceAll('10.0.0.', '203.0.113.')) as Manifest[]);
}

describe('what the Baseline tier denies', () => {
  it('is opened alone: everything else stays open, and closed', () => {
    const chosen = behaviourOf('default', []);
    let seen = 0;
    fc.assert(
      fc.property(fc.tuple(policies, asked, fc.constantFrom('80', '79-81')), ([list, [a, b], ports]) => {
        const namespaces = ['x', 'y', 'z'].map((name) => namespaceManifest(name, { team: name }));
        const objects = [...namespaces, ...POD_LIST.map(podManifest), ...baselineOf(list)].map(manifestObject);
        const pair = parsePair([ENDS[a]!.text, `${ENDS[b]!.text}:${ports}`]);
        const state = load(objects, chosen);
        const before = can(state, pair, CONTEXT).verdict;
        if (before === 'unknown') return;
        const found = repair({ objects, behaviour: chosen, state, pair, want: 'allowed' });
        if (found === undefined) return;
        seen++;
        expect(found.repairs[0]?.beyond).toEqual({ pairs: 0, ports: 0 });
      }),
      { ...runs(400), endOnFailure: true },
    );
    expect(seen).toBeGreaterThan(2);
  });
});

function print({ edits }: GrammarEdit): string {
  const words = edits.map((edit) => {
    if (edit.op === 'add-object') return `add ${JSON.stringify(edit.value)}`;
    const { kind, metadata } = edit.object.value as { kind: string; metadata: { name: string } };
    const path = edit.op === 'remove-object' ? '' : edit.path.join('.');
    return `${edit.op} ${kind} ${metadata.name} ${path} ${'value' in edit ? JSON.stringify(edit.value) : ''}`;
  });
  return words.join(', ');
}

function count(seen: Map<string, number>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

/** Two edits of one place are none; and what another one takes away cannot be edited. */
function isTogether(one: GrammarEdit, other: GrammarEdit): boolean {
  const place = ({ edits: [edit] }: GrammarEdit): string =>
    edit === undefined || edit.op === 'add-object' || edit.op === 'remove-object'
      ? ''
      : `${JSON.stringify(edit.object.value['metadata'])} ${edit.path.join('/')}/`;
  const [a, b] = [place(one), place(other)];
  return a === '' || b === '' || !(a.startsWith(b) || b.startsWith(a));
}

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
