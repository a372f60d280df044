// Assertions that must stay true: each is judged over all pairs it names, and fails with a witness. Unknown fails too.

import type { Unit } from '../endpoints/unit.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import { UserError } from '../model/user-error.ts';
import { isSubset } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { EndpointExpression, QuestionContext, TestCase } from './ask.ts';
import { checkOnly } from './check-only.ts';
import { type Breach, type Claimed, claim, findBreach, identityOf } from './claims.ts';
import { commonFields, describeUnit } from './describe.ts';
import type { EndpointDocument, TestReport, TestResult } from './documents.ts';
import { seenThrough } from './resolve.ts';

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
      const breach = check(world, assertion, context);
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

function check(world: World, assertion: TestCase, context: QuestionContext): Breach | undefined {
  if (assertion.only !== undefined) return checkOnly(world, assertion, assertion.only, context);
  const goal = assertion.to ?? EVERYBODY;
  const sources = seenThrough(world, goal, claim(world, assertion.from ?? EVERYBODY, 'all', context), context);
  const excepted = exceptions(world, assertion, context);
  if (assertion.allow !== undefined) {
    const destinations = claim(world, goal, assertion.allow, context);
    const breach = findBreach(world, sources, destinations, context, (from, one) => ({
      least: traffic.subtract(one.ports, excepted(from, one.unit)),
    }));
    if (breach !== undefined) return breach;
  }
  if (assertion.deny === undefined) return undefined;
  const destinations = claim(world, goal, assertion.deny, context);
  const wanted = (from: Unit, one: Claimed) => ({ none: traffic.subtract(one.ports, excepted(from, one.unit)) });
  return findBreach(world, sources, destinations, context, wanted, true);
}

/** The ports that `except` leaves out for a pair: an endpoint is left out on the side it names, else where the test varies. */
function exceptions(
  world: World,
  assertion: TestCase,
  context: QuestionContext,
): (from: Unit, to: Unit) => traffic.TrafficSet {
  const left = {
    from: exceptedAt(world, assertion, 'from', context),
    to: exceptedAt(world, assertion, 'to', context),
  };
  return (from, to) => traffic.union(left.from(from), left.to(to));
}

/** What is left out of the units of one side. */
function exceptedAt(
  world: World,
  assertion: TestCase,
  side: 'from' | 'to',
  context: QuestionContext,
): (unit: Unit) => traffic.TrafficSet {
  const claims = (assertion.except ?? [])
    .filter((one) => (one.side ?? exceptedSide(assertion)) === side)
    .flatMap(({ endpoint, ports }) => claim(world, endpoint, ports, context));
  const ranges = claims.flatMap(({ unit, ports }) => (unit.type === 'addresses' ? [{ set: unit.set, ports }] : []));
  const known = new Map<string, traffic.TrafficSet>();
  const add = (key: string, ports: traffic.TrafficSet) =>
    known.set(key, traffic.union(known.get(key) ?? traffic.NO_TRAFFIC, ports));
  for (const { unit, ports } of claims) if (unit.type !== 'addresses') add(identityOf(unit), ports);
  return (unit) => {
    const key = identityOf(unit);
    // An exception holds for a range that lies within it.
    if (unit.type === 'addresses' && !known.has(key)) {
      add(key, traffic.NO_TRAFFIC);
      for (const { set, ports } of ranges) if (isSubset(unit.set, set)) add(key, ports);
    }
    return known.get(key) ?? traffic.NO_TRAFFIC;
  };
}

/** Exceptions are sources unless the destination is the open side (`to: *`, or none given). */
function exceptedSide(assertion: TestCase): 'from' | 'to' {
  const isOpen = (what: EndpointExpression | undefined) =>
    what === undefined || what.type === 'all' || what.type === 'anything';
  return isOpen(assertion.from) || !isOpen(assertion.to) ? 'from' : 'to';
}
