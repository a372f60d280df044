// Assertions that must stay true: each is judged over all pairs it names, and fails with a witness. Unknown fails too.

import type { Unit } from '../endpoints/unit.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import { type Expanded, expandGuarantee, type GuaranteeRequest } from '../guarantees/built-in.ts';
import { questionOf } from '../guarantees/covers.ts';
import { existingPlaces, type PossibleRole } from '../guarantees/possible-units.ts';
import { proveClients } from '../guarantees/prove-clients.ts';
import { proveIsolation } from '../guarantees/prove-isolation.ts';
import { witnessManifests } from '../guarantees/witness-manifests.ts';
import type { Direction } from '../model/policy.ts';
import { UserError } from '../model/user-error.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { Assertion, EndpointExpression, QuestionContext, TestCase } from './ask.ts';
import { checkOnly } from './check-only.ts';
import { type Breach, type Claimed, claim, findBreaches, firstOf } from './claims.ts';
import { commonFields, describeUnit } from './describe.ts';
import type { EndpointDocument, TestReport, TestResult } from './documents.ts';
import { exceptions } from './exceptions.ts';
import { meansPossiblePods, seenThrough } from './resolve.ts';
import { mayLackPolicies } from './unread-policies.ts';

/** Runs all tests in order. A name that does not exist fails its test; it never passes for lack of pairs. */
export function runTests(state: State, tests: readonly AskedTest[], context: QuestionContext): TestReport {
  const world = worldOf(state);
  const expanded = tests.map((test): Expanded => {
    return isRequest(test) ? expandGuarantee(test, world) : { assertions: [test], notes: [] };
  });
  const assertions = expanded.flatMap((one) => one.assertions);
  const notes = expanded.flatMap((one) => one.notes);
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
  const results = assertions.map((assertion): TestResult => {
    try {
      const breach = breachOf(world, assertion, context);
      const { name, source } = assertion;
      if (breach === undefined) {
        return mayLackPolicies(state.gaps, endsOf(assertion), context)
          ? { name, passed: false, source, explanation: UNREAD }
          : { name, passed: true, source };
      }
      const witness = { from: [idOf(breach.from)], to: [idOf(breach.to)], ...breach.connection };
      const manifests = witnessManifests(world, breach.from, breach.to);
      return {
        name: assertion.name,
        passed: false,
        source: assertion.source,
        witness,
        ...(breach.expected === undefined ? {} : { expected: breach.expected }),
        explanation: breach.why,
        ...(manifests.length === 0 ? {} : { manifests }),
      };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const hint = error.hint === undefined ? '' : ` (${error.hint})`;
      return { name: assertion.name, passed: false, source: assertion.source, explanation: `${error.message}${hint}` };
    }
  });
  const passed = results.filter((result) => result.passed).length;
  return {
    ...commonFields(state, notes),
    kind: 'TestReport',
    tests: results,
    endpoints,
    summary: { passed, failed: results.length - passed },
  };
}

/** An assertion, or a guarantee that stands for some. */
export type AskedTest = Assertion | GuaranteeRequest;

/** Reports whether it stands for assertions that depend on what there is. */
export function isRequest(test: AskedTest): test is GuaranteeRequest {
  return 'guarantee' in test;
}

/** What breaks an assertion; undefined: it holds. Throws UserError for names that do not exist. */
export function breachOf(world: World, assertion: Assertion, context: QuestionContext): Breach | undefined {
  return firstOf(breachesOf(world, assertion, context));
}

/** Pairs that break an assertion, as they are asked for; of proofs over what could exist the first one only. */
export function* breachesOf(world: World, assertion: Assertion, context: QuestionContext): Generator<Breach, void> {
  if (!('key' in assertion) && !('clientsOf' in assertion)) {
    yield* check(world, assertion, context);
    return;
  }
  const only = 'key' in assertion ? proveIsolation(world, assertion, context) : proveClients(world, assertion, context);
  if (only !== undefined) yield only;
}

const UNREAD = 'policies that are in force were not read, so that nothing is proved';

/** Everybody that an assertion is about; of proofs over what could exist that is everybody. */
function endsOf(assertion: Assertion): readonly EndpointExpression[] {
  if ('key' in assertion || 'clientsOf' in assertion) return [EVERYBODY];
  return [assertion.from ?? EVERYBODY, assertion.to ?? EVERYBODY];
}

const EVERYBODY: EndpointExpression = { text: '*', type: 'all' };

function* check(world: World, assertion: TestCase, context: QuestionContext): Generator<Breach, void> {
  const where = assertion.newNamespaces === false ? { places: existingPlaces(world) } : {};
  if (assertion.only !== undefined) {
    yield* checkOnly(world, { ...assertion, only: assertion.only }, where, context);
    return;
  }
  const goal = assertion.to ?? EVERYBODY;
  const origin = assertion.from ?? EVERYBODY;
  const role = (direction: Direction, others: readonly Claimed[] | undefined): PossibleRole => ({
    direction,
    extra: (assertion.except ?? []).flatMap(({ endpoint }) => questionOf(endpoint) ?? []),
    ...(others === undefined ? {} : { others: others.map(({ unit }) => unit.endpoint) }),
    ...where,
  });
  // Whoever could exist is told apart by the policies of those that are asked about.
  const known = meansPossiblePods(goal) ? undefined : claim(world, goal, 'all', context);
  const sources = seenThrough(world, goal, claim(world, origin, 'all', context, role('egress', known)), context);
  const opposite = meansPossiblePods(origin) ? undefined : sources;
  const destinationsOn = (ports: NonNullable<TestCase['deny']>) =>
    claim(world, goal, ports, context, role('ingress', opposite));
  const excepted = exceptions(world, assertion.except ?? [], [exceptedSide(assertion)], context);
  if (assertion.allow !== undefined) {
    yield* findBreaches(world, sources, destinationsOn(assertion.allow), context, (from, one) => ({
      least: traffic.subtract(one.ports, excepted(from, one.unit)),
    }));
  }
  if (assertion.deny === undefined) return;
  const wanted = (from: Unit, one: Claimed) => ({ none: traffic.subtract(one.ports, excepted(from, one.unit)) });
  yield* findBreaches(world, sources, destinationsOn(assertion.deny), context, wanted, true);
}

/** Exceptions are sources unless the destination is the open side (`to: *`, or none given). */
function exceptedSide(assertion: TestCase): 'from' | 'to' {
  const isOpen = (what: EndpointExpression | undefined) =>
    what === undefined || what.type === 'all' || meansPossiblePods(what);
  return isOpen(assertion.from) || !isOpen(assertion.to) ? 'from' : 'to';
}
