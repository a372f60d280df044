// Laws of diff over pairs of whole clusters: nothing changed, the mirror image, and every pair against the literal evaluator.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAlike } from '../../src/engine/endpoints/cut-alike.ts';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { commonFamilies, portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import { type ConnectivityDiff, diff, type State } from '../../src/engine/index.ts';
import type { Flow } from '../../src/engine/model/verdict.ts';
import { alignUnits } from '../../src/engine/questions/align.ts';
import { changesOfEnds } from '../../src/engine/questions/end-changes.ts';
import { pairUnits } from '../../src/engine/questions/pair-units.ts';
import { FAMILIES } from '../../src/engine/sets/ip-set.ts';
import { contains, PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { clusterManifests, manifests } from '../support/arbitrary-manifests.ts';
import { policies } from '../support/arbitrary-policy-manifests.ts';
import { connectionsOf, verdictOf } from '../support/document-pairs.ts';
import { type Manifest, stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

/** A workload under another name. */
function renamed(manifest: Manifest): Manifest {
  if (manifest.kind !== 'Deployment' && manifest.kind !== 'StatefulSet') return manifest;
  const metadata = manifest.metadata as Manifest;
  return { ...manifest, metadata: { ...metadata, name: `new-${metadata.name}` } };
}

/** Two states of one cluster: most objects stay, some go, workloads are renamed, policies come and go. */
const change: fc.Arbitrary<{ readonly before: readonly Manifest[]; readonly after: readonly Manifest[] }> = fc
  .record({
    cluster: clusterManifests,
    own: policies,
    other: policies,
    keep: fc.infiniteStream(fc.nat(9)),
    rename: fc.boolean(),
  })
  .map(({ cluster, own, other, keep, rename }) => {
    const dice = keep[Symbol.iterator]();
    const stays = () => (dice.next().value ?? 0) > 0;
    const kept = cluster.filter(stays).map((one) => (rename ? renamed(one) : one));
    const taken = new Set(other.map((one) => `${one.kind} ${(one.metadata as Manifest).name}`));
    const left = own.filter((one) => !taken.has(`${one.kind} ${(one.metadata as Manifest).name}`)).filter(stays);
    return { before: [...cluster, ...own], after: [...kept, ...left, ...other] };
  });

/** Two states of one cluster that differ in policies alone. */
const changeOfPolicies: typeof change = fc
  .record({ cluster: clusterManifests, own: policies, other: policies, stays: fc.infiniteStream(fc.boolean()) })
  .map(({ cluster, own, other, stays }) => {
    const dice = stays[Symbol.iterator]();
    const kept = own.filter(() => dice.next().value === true);
    const keyOf = ({ kind, metadata }: Manifest) =>
      `${kind} ${(metadata as Manifest).namespace} ${(metadata as Manifest).name}`;
    const taken = new Set(kept.map(keyOf));
    return {
      before: [...cluster, ...own],
      after: [...cluster, ...kept, ...other.filter((one) => !taken.has(keyOf(one)))],
    };
  });

describe('diff', () => {
  it('works out no whole map where policies alone change', () => {
    let exchanged = 0;
    let all = 0;
    fc.assert(
      fc.property(changeOfPolicies, behaviour, (drawn, chosen) => {
        const [before, after] = [stateOf(drawn.before, chosen), stateOf(drawn.after, chosen)];
        const worlds = cutAlike(before, after);
        const [was, is] = [worlds.before, worlds.after].map((world) => ({
          world,
          state: world.state,
          units: world.pods,
        }));
        all++;
        if (changesOfEnds(was!, is!, pairUnits(was!, is!), PORT_PROTOCOLS) !== undefined) exchanged++;
      }),
      runs(60),
    );
    expect(exchanged).toBe(all);
  });

  it('of a state and itself is empty', () => {
    fc.assert(
      fc.property(manifests, behaviour, (list, chosen) => {
        const { endpoints, added, removed, changed } = diff(stateOf(list, chosen), stateOf(list, chosen), CONTEXT);
        expect({ endpoints, added, removed, changed }).toEqual({ endpoints: [], added: [], removed: [], changed: [] });
      }),
      runs(60),
    );
  });

  it('the other way round is the mirror image', () => {
    fc.assert(
      fc.property(change, behaviour, ({ before, after }, chosen) => {
        const [a, b] = [stateOf(before, chosen), stateOf(after, chosen)];
        expect(lines(diff(b, a, CONTEXT), 'after', 'before')).toEqual(lines(diff(a, b, CONTEXT), 'before', 'after'));
      }),
      runs(60),
    );
  });

  it.each([
    ['', change, 60],
    [', where policies alone change', changeOfPolicies, 60],
  ] as const)('leads from every verdict before to the verdict after%s', (_, changes, byDefault) => {
    fc.assert(
      fc.property(changes, behaviour, (drawn, chosen) => {
        const [before, after] = [stateOf(drawn.before, chosen), stateOf(drawn.after, chosen)];
        const document = diff(before, after, CONTEXT);
        const { units } = alignUnits(before, after, CONTEXT);
        const wrong: unknown[] = [];
        for (const [s, from] of units.entries()) {
          for (const [d, to] of units.entries()) {
            const sides = [
              { state: before, from: from.before, to: to.before },
              { state: after, from: from.after, to: to.after },
            ] as const;
            for (const flow of flowsOf(sides)) {
              const [was, is] = sides.map((side) => literal(side, flow));
              const listed = read(document, s, d, flow);
              const wasThere = familiesOf(sides[0]).includes(flow.family);
              const isThere = familiesOf(sides[1]).includes(flow.family);
              const said = {
                was: wasThere ? (listed?.was ?? was) : 'denied',
                // Where nothing is listed, nothing changed.
                is: isThere ? (listed?.is ?? was) : 'denied',
              };
              if (said.was !== was || said.is !== is) {
                const names = [from, to].map((one) => (one.after ?? one.before)!.endpoint.key);
                wrong.push({ from: names[0], to: names[1], ...flow, was, is, listed });
              }
            }
          }
        }
        expect(wrong).toEqual([]);
      }),
      runs(byDefault),
    );
  });
});

interface SidePair {
  readonly state: State;
  readonly from: Unit | undefined;
  readonly to: Unit | undefined;
}

function familiesOf({ from, to }: SidePair): readonly string[] {
  return from === undefined || to === undefined ? [] : commonFamilies(from.endpoint, to.endpoint);
}

/** One flow of every stretch that the policies of either state can tell apart. */
function* flowsOf(sides: readonly SidePair[]): Generator<Flow> {
  for (const family of FAMILIES.filter((one) => sides.some((side) => familiesOf(side).includes(one)))) {
    for (const protocol of PORT_PROTOCOLS) {
      const bounds = sides.flatMap(({ state, to }) =>
        to === undefined ? [] : portBounds(state.placement, to.endpoint, protocol),
      );
      const targets = sides.flatMap(({ from }) => (from?.type === 'entry' ? from.entry.targets : []));
      const opened = targets.flatMap((target) => [...(target.traffic[protocol] ?? [])]);
      for (const port of new Set([1, ...bounds, ...opened])) {
        if (port >= 1 && port <= 65535) yield { family, protocol, port };
      }
    }
  }
}

/** The verdict in one state; denied where an end is missing, or where no map looks: outside to outside. */
function literal(side: SidePair, flow: Flow): string {
  const { state, from, to } = side;
  if (from === undefined || to === undefined || !familiesOf(side).includes(flow.family)) return 'denied';
  const isOutside = ({ type }: Unit['endpoint']) => type === 'addresses' || type === 'entry';
  if (isOutside(from.endpoint) && isOutside(to.endpoint)) return 'denied';
  if (to.endpoint.type === 'entry') return 'denied';
  if (from.type === 'entry') {
    const target = from.entry.targets.find(({ key }) => key === to.endpoint.key);
    if (target === undefined || !contains(target.traffic, flow.protocol, flow.port)) return 'denied';
  }
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  return evaluateFlow(rules, { from: from.endpoint, to: to.endpoint }, flow).verdict;
}

/** What the document lists for a pair and a flow; undefined: nothing. Throws where it is listed twice. */
function read(
  document: ConnectivityDiff,
  from: number,
  to: number,
  flow: Flow,
): { was: string; is: string } | undefined {
  const { family, protocol, port } = flow;
  const added = connectionsOf(document.added, from, to, family).map((one) => ({
    was: 'denied',
    is: verdictOf(one, protocol, port),
  }));
  const removed = connectionsOf(document.removed, from, to, family).map((one) => ({
    was: verdictOf(one, protocol, port),
    is: 'denied',
  }));
  const changed = connectionsOf(document.changed, from, to, family).map((one) => ({
    was: verdictOf(part(one, 'Before'), protocol, port),
    is: verdictOf(part(one, 'After'), protocol, port),
  }));
  const all = [...added, ...removed, ...changed];
  if (all.length > 1) throw new Error(`${from} -> ${to} ${family} is listed ${all.length} times`);
  return all[0];
}

type Changed = ConnectivityDiff['changed'][number];

function part(one: Changed, side: 'Before' | 'After') {
  const [allowed, unknown, conditional] =
    side === 'Before'
      ? [one.before, one.unknownBefore, one.conditionalBefore]
      : [one.after, one.unknownAfter, one.conditionalAfter];
  return {
    allowed,
    ...(unknown === undefined ? {} : { unknown }),
    ...(conditional === undefined ? {} : { conditional }),
  };
}

/** Every changed pair as text, with the given sides called was and is; policies behind a change aside. */
function lines(document: ConnectivityDiff, was: 'before' | 'after', is: 'before' | 'after'): string[] {
  const nameOf = new Map(document.endpoints.map((one) => [one.id, endpointName(one)]));
  const pairs = (list: readonly { readonly from: readonly number[]; readonly to: readonly number[] }[]) =>
    list.flatMap(({ from, to, ...rest }) =>
      from.flatMap((s) => to.map((d) => ({ from: nameOf.get(s), to: nameOf.get(d), rest }))),
    );
  const plain = (allowed: Changed['before'], unknown: unknown, conditional: unknown) =>
    JSON.stringify([allowed, unknown ?? [], conditional ?? []]);
  const isForward = was === 'before';
  const came = (isForward ? document.added : document.removed).map(({ policies: _, ...one }) => one);
  const went = (isForward ? document.removed : document.added).map(({ policies: _, ...one }) => one);
  const changed = document.changed.map((one) => {
    const sides = [
      plain(one.before, one.unknownBefore, one.conditionalBefore),
      plain(one.after, one.unknownAfter, one.conditionalAfter),
    ];
    const [first, second] = isForward && is === 'after' ? sides : sides.reverse();
    return { from: one.from, to: one.to, family: one.family, first, second };
  });
  return [
    ...pairs(came).map((one) => `came ${JSON.stringify(one)}`),
    ...pairs(went).map((one) => `went ${JSON.stringify(one)}`),
    ...pairs(changed).map((one) => `changed ${JSON.stringify(one)}`),
  ].sort();
}

/**
 * A renamed workload has both names, in an order that does not depend on the side. Variants go by their workload: each
 * state numbers its own.
 */
function endpointName({ key, was }: ConnectivityDiff['endpoints'][number]): string {
  const names = (was === undefined ? [key] : [key, was]).map((name) => name.replace(/#\d+$/, ''));
  return [...new Set(names)].sort().join(' = ');
}
