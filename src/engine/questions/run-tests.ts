// Assertions that must stay true: each is judged over all pairs it names, and fails with a witness. Unknown fails too.

import type { Unit } from '../endpoints/unit.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import { UserError } from '../model/user-error.ts';
import type { Decision } from '../model/verdict.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { EndpointExpression, PortExpression, QuestionContext, TestCase } from './ask.ts';
import { commonFields, describeDecisions, describeUnit, isDenied, policyName, restrict } from './describe.ts';
import type { ConnectionDocument, EndpointDocument, TestReport, TestResult } from './documents.ts';
import { cutTo } from './judge.ts';
import { WHY } from './notes.ts';
import { resolve, seenThrough } from './resolve.ts';
import { compilePaths, type ServicePath } from './service-path.ts';

/** A unit with what a test says of it. */
interface Claimed {
  readonly unit: Unit;
  readonly ports: traffic.TrafficSet;
  readonly path?: ServicePath;
}

/** A pair that breaks a test. */
interface Breach {
  readonly from: Unit;
  readonly to: Unit;
  readonly connection: Omit<ConnectionDocument, 'from' | 'to'>;
  readonly why: string;
}

/** Runs all tests in order. A name that does not exist fails its test; it never passes for lack of pairs. */
export function runTests(state: State, tests: readonly TestCase[], context: QuestionContext): TestReport {
  const world = worldOf(state);
  const endpoints: EndpointDocument[] = [];
  const ids = new Map<string, number>();
  const idOf = (unit: Unit): number => {
    const known = ids.get(unit.endpoint.key);
    if (known !== undefined) return known;
    const id = endpoints.length;
    ids.set(unit.endpoint.key, id);
    endpoints.push(describeUnit(unit, id, state));
    return id;
  };
  const results = tests.map((assertion): TestResult => {
    try {
      const breach = findBreach(world, assertion, context);
      if (breach === undefined) return { name: assertion.name, passed: true, source: assertion.source };
      const witness = { from: [idOf(breach.from)], to: [idOf(breach.to)], ...breach.connection };
      return { name: assertion.name, passed: false, source: assertion.source, witness, explanation: breach.why };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const hint = error.hint === undefined ? '' : ` (${error.hint})`;
      return { name: assertion.name, passed: false, source: assertion.source, explanation: `${error.message}${hint}` };
    }
  });
  const passed = results.filter((result) => result.passed).length;
  return {
    ...commonFields(state, []),
    kind: 'TestReport',
    tests: results,
    endpoints,
    summary: { passed, failed: results.length - passed },
  };
}

const EVERYBODY: EndpointExpression = { text: '*', type: 'all' };

function findBreach(world: World, assertion: TestCase, context: QuestionContext): Breach | undefined {
  if (assertion.only !== undefined) return checkOnly(world, assertion, assertion.only, context);
  const goal = assertion.to ?? EVERYBODY;
  const sources = seenThrough(world, goal, claim(world, assertion.from ?? EVERYBODY, 'all', context), context);
  const excepted = exceptions(world, assertion, context);
  if (assertion.allow !== undefined) {
    const destinations = claim(world, goal, assertion.allow, context);
    const breach = compare(world, sources, destinations, context, (from, to) => ({
      least: without(to.ports, excepted(from, to.unit)),
    }));
    if (breach !== undefined) return breach;
  }
  if (assertion.deny === undefined) return undefined;
  const destinations = claim(world, goal, assertion.deny, context);
  return compare(world, sources, destinations, context, (from, to) => ({
    none: without(to.ports, excepted(from, to.unit)),
  }));
}

function without(ports: traffic.TrafficSet, left: traffic.TrafficSet | undefined): traffic.TrafficSet {
  return left === undefined ? ports : traffic.subtract(ports, left);
}

/** Units of an expression with the traffic that a port list means at each. */
function claim(
  world: World,
  what: EndpointExpression,
  ports: readonly PortExpression[] | 'all',
  context: QuestionContext,
): Claimed[] {
  const lists = ports === 'all' ? [undefined] : ports;
  const merged = new Map<string, Claimed>();
  for (const port of lists) {
    for (const { unit, asked, ...path } of resolve(world, what, context, port)) {
      const before = merged.get(unit.endpoint.key);
      const sum = before === undefined ? asked : traffic.union(before.ports, asked);
      merged.set(unit.endpoint.key, { unit, ports: sum, ...path });
    }
  }
  return [...merged.values()];
}

/** The ports that `except` leaves out for a pair: an endpoint is left out on the side it names, else where the test varies. */
function exceptions(
  world: World,
  assertion: TestCase,
  context: QuestionContext,
): (from: Unit, to: Unit) => traffic.TrafficSet | undefined {
  const left = { from: new Map<string, traffic.TrafficSet>(), to: new Map<string, traffic.TrafficSet>() };
  for (const { side = exceptedSide(assertion), endpoint, ports } of assertion.except ?? []) {
    const there = left[side];
    for (const one of claim(world, endpoint, ports, context)) {
      there.set(one.unit.endpoint.key, traffic.union(there.get(one.unit.endpoint.key) ?? {}, one.ports));
    }
  }
  return (from, to) => traffic.union(left.from.get(from.endpoint.key) ?? {}, left.to.get(to.endpoint.key) ?? {});
}

/** Exceptions are sources unless the destination is the open side (`to: *`, or none given). */
function exceptedSide(assertion: TestCase): 'from' | 'to' {
  const isOpen = (what: EndpointExpression | undefined) =>
    what === undefined || what.type === 'all' || what.type === 'anything';
  return isOpen(assertion.from) || !isOpen(assertion.to) ? 'from' : 'to';
}

/** Exactly these sources (or destinations) with exactly these ports, of all pods and everything outside. */
function checkOnly(
  world: World,
  assertion: TestCase,
  only: NonNullable<TestCase['only']>,
  context: QuestionContext,
): Breach | undefined {
  const everything = [...world.pods, ...world.outside()];
  const all = traffic.allTraffic(context.protocols);
  const fixed = claim(world, (assertion.to ?? assertion.from)!, 'all', context);
  const expected = new Map<string, traffic.TrafficSet>();
  const others: Claimed[] = [];
  for (const { endpoint, ports } of only) {
    // With `to`, ports are the destination's: a name is looked up there, not at the source.
    const named = assertion.to === undefined ? ports : 'all';
    for (const one of claim(world, endpoint, named, context)) {
      const opened = assertion.to === undefined ? one.ports : portsOf(world, assertion.to, ports, context);
      expected.set(one.unit.endpoint.key, traffic.union(expected.get(one.unit.endpoint.key) ?? {}, opened));
      others.push({ unit: one.unit, ports: all });
    }
  }
  const known = new Set(others.map(({ unit }) => unit.endpoint.key));
  for (const unit of everything) if (!known.has(unit.endpoint.key)) others.push({ unit, ports: all });
  const wanted = (unit: Unit) => {
    const least = expected.get(unit.endpoint.key) ?? traffic.NO_TRAFFIC;
    return { least, none: traffic.subtract(all, least) };
  };
  const skipSelf = (from: Unit, to: Unit) => from.endpoint.key === to.endpoint.key && !expected.has(from.endpoint.key);
  return assertion.to === undefined
    ? compare(world, fixed, others, context, (from, to) => (skipSelf(from, to.unit) ? {} : wanted(to.unit)))
    : compare(world, seenThrough(world, assertion.to, others, context), fixed, context, (from, to) =>
        skipSelf(from, to.unit) ? {} : wanted(from),
      );
}

function portsOf(
  world: World,
  to: EndpointExpression,
  ports: readonly PortExpression[] | 'all',
  context: QuestionContext,
): traffic.TrafficSet {
  return claim(world, to, ports, context).reduce<traffic.TrafficSet>((sum, one) => traffic.union(sum, one.ports), {});
}

/** What a pair must have: at least some traffic, and none of some. */
interface Expectation {
  readonly least?: traffic.TrafficSet;
  readonly none?: traffic.TrafficSet;
}

/** The first pair, in order of keys, that does not meet its expectation. */
function compare(
  world: World,
  sources: readonly Claimed[],
  destinations: readonly Claimed[],
  context: QuestionContext,
  expect: (from: Unit, to: Claimed) => Expectation,
): Breach | undefined {
  const units = [...new Map([...sources, ...destinations].map(({ unit }) => [unit.endpoint.key, unit])).values()];
  const position = new Map(units.map((unit, index) => [unit.endpoint.key, index]));
  const asked = [...destinations.map(({ ports }) => ports), traffic.allTraffic(context.protocols)];
  const protocols = traffic.PROTOCOLS.filter((protocol) => asked.some((set) => set[protocol] !== undefined));
  const reach = compilePaths(world, units, protocols);
  const outside = (unit: Unit) => unit.endpoint.type === 'addresses';
  for (const { unit: from } of sources) {
    for (const to of destinations) {
      if (outside(from) && outside(to.unit)) continue;
      const wanted = expect(from, to);
      const decisions = reach.decide(position.get(from.endpoint.key)!, position.get(to.unit.endpoint.key)!, to.path);
      for (const family of FAMILIES) {
        const decision = decisions[family];
        if (decision === undefined) continue;
        const why = breach(decision, wanted);
        if (why === undefined) continue;
        const universe = traffic.allTraffic(protocols);
        const shown = why.least ? cutTo(decisions, wanted.least ?? {}) : cutTo(decisions, wanted.none ?? {});
        const [connection] = describeDecisions(shown, { from: [], to: [] }, universe);
        const { from: _from, to: _to, ...rest } = connection ?? { from: [], to: [] };
        return {
          from,
          to: to.unit,
          connection: rest,
          why: `${from.endpoint.name} -> ${to.unit.endpoint.name}: ${why.text}`,
        };
      }
      if (Object.keys(decisions).length === 0 && !traffic.isEmpty(wanted.least ?? {})) {
        const why = `${from.endpoint.name} -> ${to.unit.endpoint.name}: no address family in common`;
        return { from, to: to.unit, connection: {}, why };
      }
    }
  }
  return undefined;
}

function breach(
  decision: Decision,
  wanted: Expectation,
): { readonly least: boolean; readonly text: string } | undefined {
  const { least, none } = wanted;
  if (least !== undefined && !traffic.isSubset(least, decision.allowed)) {
    const cut = restrict(decision, least);
    const open = reasons(cut);
    const missing = traffic.subtract(least, decision.allowed);
    return {
      least: true,
      text: open === '' ? `${printTraffic(missing)} is not allowed` : `${printTraffic(missing)} is unknown: ${open}`,
    };
  }
  if (none === undefined) return undefined;
  const cut = restrict(decision, none);
  if (isDenied(cut)) return undefined;
  const open = reasons(cut);
  if (!traffic.isEmpty(cut.allowed)) return { least: false, text: `${printTraffic(cut.allowed)} is allowed` };
  if (open !== '') return { least: false, text: `whether it is denied is unknown: ${open}` };
  return { least: false, text: 'it is allowed under conditions' };
}

function reasons(decision: Decision): string {
  return decision.unknown
    .map(
      (part) =>
        `${part.reason}${part.policies.length === 0 ? '' : ` (${part.policies.map(policyName).join(', ')})`}, ${WHY[part.reason]}`,
    )
    .join('; ');
}

/** Prints traffic for a sentence: `80,443/TCP 53/UDP`. */
export function printTraffic(set: traffic.TrafficSet): string {
  return traffic.PROTOCOLS.flatMap((protocol) => {
    const bounds = set[protocol];
    if (bounds === undefined) return [];
    const whole = traffic.everyPort(protocol);
    if (bounds.length === 2 && bounds[0] === whole[0] && bounds[1] === whole[1]) return [`all ${protocol}`];
    const ranges: string[] = [];
    for (let i = 0; i < bounds.length; i += 2) {
      const [first, last] = [bounds[i]!, bounds[i + 1]! - 1];
      ranges.push(first === last ? `${first}` : `${first}-${last}`);
    }
    return [`${ranges.join(',')}/${protocol}`];
  }).join(' ');
}
