// The document of exposure against the literal evaluator: every pod and namespace of a small universe of labels, and every
// class of addresses. Selectors are read here anew, as the API server reads them; nothing of the symbolic code is used.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import type { Namespace } from '../../src/engine/model/cluster.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import { DIRECTIONS, type Direction } from '../../src/engine/model/policy.ts';
import { type Labels, labelOf } from '../../src/engine/model/selector.ts';
import type { Verdict } from '../../src/engine/model/verdict.ts';
import type { Ports } from '../../src/engine/questions/documents.ts';
import { exposure } from '../../src/engine/questions/exposure.ts';
import type { ExposedDocument, Exposure, LimitDocument } from '../../src/engine/questions/exposure-document.ts';
import { parseAddress } from '../../src/engine/sets/ip-address.ts';
import type { Family } from '../../src/engine/sets/ip-set.ts';
import type { LabelSelector } from '../../src/engine/sets/label-selectors.ts';
import { PORT_PROTOCOLS, type Protocol } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { askedOf } from '../support/label-questions.ts';
import { behaviourTowardsPods, EVERY_POD, everyNamespace, possibleEnd } from '../support/possible-pods.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';
import { validateDocument } from '../support/schemas.ts';

/** Ports of drawn rules and pods, and one beside each. */
const PORTS = [1, 79, 80, 81, 82, 83, 65534, 65535];
const POINTS = PORT_PROTOCOLS.flatMap((protocol) => PORTS.map((port) => [protocol, port] as const));
const ORDER: readonly Verdict[] = ['denied', 'conditional', 'unknown', 'allowed'];
const rank = (verdict: Verdict) => ORDER.indexOf(verdict);

/** Verdicts on all points, best of several. */
type Verdicts = readonly number[];
const NOTHING: Verdicts = POINTS.map(() => rank('denied'));
const best = (all: readonly Verdicts[]): Verdicts =>
  all.reduce((a, b) => a.map((one, i) => Math.max(one, b[i]!)), NOTHING);
const least = (a: Verdicts, b: Verdicts): Verdicts => a.map((one, i) => Math.min(one, b[i]!));

function matches({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(labels, key) === value) &&
    matchExpressions.every((one) => {
      const value = labelOf(labels, one.key);
      if (!('values' in one)) return (one.operator === 'Exists') === (value !== undefined);
      const isListed = value !== undefined && one.values.includes(value);
      return one.operator === 'In' ? isListed : !isListed;
    })
  );
}

function holdsPort(ports: Ports | undefined, protocol: Protocol, port: number): boolean {
  if (ports === undefined || ports === 'all') return ports === 'all';
  return ports[protocol]?.some(([first, last]) => first <= port && port <= last) ?? false;
}

function verdictsIn(one: Pick<ExposedDocument, 'allowed' | 'unknown' | 'conditional'>): Verdicts {
  return POINTS.map(([protocol, port]) => {
    if (holdsPort(one.allowed, protocol, port)) return rank('allowed');
    if (one.unknown?.some(({ ports }) => holdsPort(ports, protocol, port)) === true) return rank('unknown');
    return rank(
      one.conditional?.some(({ ports }) => holdsPort(ports, protocol, port)) === true ? 'conditional' : 'denied',
    );
  });
}

function literal(state: State, from: Endpoint, to: Endpoint, family: Family): Verdicts {
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  return POINTS.map(([protocol, port]) => rank(evaluateFlow(rules, { from, to }, { family, protocol, port }).verdict));
}

const speaksOf = (one: { readonly family?: Family }, family: Family) =>
  one.family === undefined || one.family === family;

/** What the document says of one pod, as docs/exposure.md has it. */
function documented(
  document: Exposure,
  entries: readonly ExposedDocument[],
  limits: readonly LimitDocument[],
  direction: Direction,
  pod: { readonly namespace: Namespace; readonly labels: Labels },
): Verdicts {
  const { name, labels } = pod.namespace;
  const opposite = direction === 'ingress' ? 'egress' : 'ingress';
  const isUnlabelled = document.unlabelled.includes(name);
  const isLimited = document.limited[opposite].includes(name);
  const home = isUnlabelled ? 'unlabelled' : isLimited ? 'limited' : 'unlimited';
  const own = best(limits.filter(({ podSelector }) => matches(podSelector, pod.labels)).map(verdictsIn));
  const held = entries.filter(({ to, namespaces }) => {
    if (to === 'internet' || (typeof to === 'object' && 'ranges' in to)) return false;
    if (namespaces !== undefined && namespaces !== home && (namespaces !== 'any' || isUnlabelled)) return false;
    if (to === 'any-namespace') return true;
    return matches(to.namespaceSelector, labels) && matches(to.podSelector, pod.labels);
  });
  return best(
    held.map((one) => {
      const said = verdictsIn(one);
      return one.namespaces === undefined || home === 'unlimited' ? said : least(said, own);
    }),
  );
}

/** Whatever differs for pods; literal verdicts are shared by pods of whom no selector of a policy says different things. */
function* podDifferences(state: State, document: Exposure, units: readonly Unit[]): Generator<unknown> {
  const asked = askedOf(state.placement);
  for (const [id, { endpoint }] of units.entries()) {
    for (const direction of DIRECTIONS) {
      const opposite = direction === 'ingress' ? 'egress' : 'ingress';
      const entries = document.exposed.filter((one) => one.endpoint === id && one.direction === direction);
      const limits = document.limits.filter(
        (one) => one.direction === opposite && (one.endpoints === 'all' || one.endpoints.includes(id)),
      );
      for (const family of endpoint.families.filter((one) => state.plan.families.includes(one))) {
        const mine = entries.filter((one) => speaksOf(one, family));
        const known = new Map<string, Verdicts>();
        for (const namespace of everyNamespace(state)) {
          const theirs = limits.filter((one) => one.namespace === namespace.name && speaksOf(one, family));
          for (const labels of EVERY_POD) {
            const other = possibleEnd(state, namespace, labels);
            const key = asked(other);
            const [from, to] = direction === 'ingress' ? [other, endpoint] : [endpoint, other];
            const expected = known.get(key) ?? literal(state, from, to, family);
            known.set(key, expected);
            const found = documented(document, mine, theirs, direction, { namespace, labels });
            if (found.join() !== expected.join()) yield [direction, from.key, to.key, family, expected, found];
          }
        }
      }
    }
  }
}

/** Whatever differs for addresses, each class of which every policy treats alike. */
function* addressDifferences(state: State, document: Exposure, units: readonly Unit[]): Generator<unknown> {
  const outside = worldOf(state).outside();
  for (const [id, { endpoint }] of units.entries()) {
    for (const direction of DIRECTIONS) {
      const entries = document.exposed.filter((one) => one.endpoint === id && one.direction === direction);
      for (const { endpoint: other } of outside) {
        const [from, to] = direction === 'ingress' ? [other, endpoint] : [endpoint, other];
        for (const family of commonFamilies(from, to)) {
          const address = family === 'IPv4' ? other.addresses.v4[0]! : other.addresses.v6[0]!;
          const held = entries.filter((one) => rangesOf(one).some((range) => isWithin(address, range)));
          const found = best(held.map(verdictsIn));
          const expected = literal(state, from, to, family);
          if (found.join() !== expected.join()) yield [direction, from.key, to.key, family, expected, found];
        }
      }
    }
  }
}

function rangesOf({ to, ranges }: ExposedDocument): readonly (readonly [string, string])[] {
  if (to === 'internet') return ranges ?? [];
  return typeof to === 'object' && 'ranges' in to ? to.ranges : [];
}

function isWithin(address: number | bigint, [first, last]: readonly [string, string]): boolean {
  const [low, high] = [parseAddress(first), parseAddress(last)];
  if (!low.ok || !high.ok || typeof low.value !== typeof address) return false;
  return low.value <= address && address <= high.value;
}

describe('exposure', () => {
  it.each([
    ['entries that say all themselves', undefined],
    ['limits of namespaces', 0],
  ])('is what the literal evaluator says of every pod and address that could be: %s', (_, fewPairs) => {
    fc.assert(
      fc.property(manifests, behaviourTowardsPods, (drawn, chosen) => {
        const state = stateOf(drawn, chosen);
        const units = worldOf(state).pods;
        const filter = fewPairs === undefined ? {} : { fewPairs };
        const document = exposure(state, filter, { defaultNamespace: 'default', protocols: PORT_PROTOCOLS });
        expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
        if (units.length === 0) return;
        const wrong = [...podDifferences(state, document, units), ...addressDifferences(state, document, units)];
        expect(wrong.slice(0, 5)).toEqual([]);
      }),
      runs(15),
    );
  });
});
