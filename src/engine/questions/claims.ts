// What a test claims of pairs, checked: the first pair that does not hold up is the witness.

import { possibleTraffic } from '../compile/decision.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { commonFamilies } from '../evaluate/cases.ts';
import { newHomes } from '../guarantees/new-homes.ts';
import type { PossibleRole } from '../guarantees/possible-units.ts';
import { whyUnknown } from '../model/unknown-reasons.ts';
import { UserError } from '../model/user-error.ts';
import type { Decision } from '../model/verdict.ts';
import { BitSet } from '../sets/bit-set.ts';
import { printAddresses } from '../sets/ip-address.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { EndpointExpression, PortExpression, QuestionContext } from './ask.ts';
import { describeDecisions, isDenied, policyName, restrict } from './describe.ts';
import type { ConnectionDocument } from './documents.ts';
import { cutTo, isItself, isOutside } from './judge.ts';
import { joinPaths, resolve } from './resolve.ts';
import { compilePaths, type PathReach, type ServicePath } from './service-path.ts';
import type { Target } from './target.ts';

/** A unit with what a test says of it. */
export interface Claimed {
  readonly unit: Unit;
  readonly ports: traffic.TrafficSet;
  readonly path?: ServicePath;
}

type Want = 'allowed' | 'denied';

/** A pair that breaks a test. */
export interface Breach {
  readonly from: Unit;
  readonly to: Unit;
  readonly connection: Omit<ConnectionDocument, 'from' | 'to'>;
  readonly why: string;
  /** What the test asserts of the pair: `5432/TCP allowed`. Absent where the pair has no address family in common. */
  readonly expected?: string;
  /** What the pair would have to have; absent where no policy could give it that. */
  readonly wanted?: { readonly want: 'allowed' | 'denied'; readonly to: Target };
}

/** Equal for units that stand for the same pods: the only pod of a workload may be named either way. */
export function identityOf(unit: Unit): string {
  if (unit.type !== 'workload' || unit.pods.length !== 1 || !unit.pods[0]!.real) return unit.endpoint.key;
  return `${unit.workload.namespace}/Pod/${unit.pods[0]!.name}`;
}

/** Units of an expression with the traffic that a port list means at each. */
export function claim(
  world: World,
  what: EndpointExpression,
  ports: readonly PortExpression[] | 'all',
  context: QuestionContext,
  role: PossibleRole = {},
): Claimed[] {
  const lists = ports === 'all' ? [undefined] : ports;
  const merged = new Map<string, Claimed>();
  for (const port of lists) {
    for (const { unit, asked, ...path } of resolve(world, what, context, port, role)) {
      const before = merged.get(unit.endpoint.key);
      const one = { unit, ports: asked, ...path };
      const both = before && { unit, ports: traffic.union(before.ports, asked), ...joinPaths(before, one) };
      merged.set(unit.endpoint.key, both ?? one);
    }
  }
  return [...merged.values()];
}

/** What a pair must have: at least some traffic, and none of some. */
export interface Expectation {
  readonly least?: traffic.TrafficSet;
  readonly none?: traffic.TrafficSet;
  /** Judged as if no Service stood between. */
  readonly direct?: boolean;
}

/**
 * The pairs, in order of keys, that do not meet their expectation. Throws UserError at the end where no pair has one: a test
 * that asserts nothing must not pass. `onlyDenies`: no expectation has a least, so that pairs of which nothing is open are
 * well and need no look.
 */
export function* findBreaches(
  world: World,
  sources: readonly Claimed[],
  destinations: readonly Claimed[],
  context: QuestionContext,
  expect: (from: Unit, to: Claimed) => Expectation,
  onlyDenies = false,
): Generator<Breach, void> {
  const units = [...new Map([...sources, ...destinations].map(({ unit }) => [unit.endpoint.key, unit])).values()];
  const position = new Map(units.map((unit, index) => [unit.endpoint.key, index]));
  const asked = [...destinations.map(({ ports }) => ports), traffic.allTraffic(context.protocols)];
  const protocols = traffic.PROTOCOLS.filter((protocol) => asked.some((set) => set[protocol] !== undefined));
  const universe = traffic.allTraffic(protocols);
  const reach = compilePaths(world, units, protocols);
  const isOnly = sources.length * destinations.length === 1;
  const viaService = destinations.some(({ path }) => path !== undefined);
  const open = onlyDenies && !viaService ? openPairs(reach, units, position, sources, destinations) : undefined;
  let pairs = 0;
  let claims = 0;
  for (const { unit: from } of sources) {
    const reached = open?.get(position.get(from.endpoint.key)!);
    for (const to of destinations) {
      if (open !== undefined && claims > 0 && !reached?.has(position.get(to.unit.endpoint.key)!)) continue;
      const isSelf = isItself(world, from, to);
      if ((isOutside(from) && isOutside(to.unit)) || (isSelf && !isOnly)) continue;
      pairs++;
      const wanted = expect(from, to);
      if (traffic.isEmpty(wanted.least ?? {}) && traffic.isEmpty(wanted.none ?? {})) continue;
      claims++;
      const decisions = isSelf
        ? everythingAllowed(from, universe)
        : reach.decide(
            position.get(from.endpoint.key)!,
            position.get(to.unit.endpoint.key)!,
            wanted.direct ? undefined : to.path,
          );
      const found = breachOf(decisions, wanted, universe);
      if (found === undefined || newHomes(world, from, to.unit) === undefined) continue;
      const why = `${nameOf(from)} -> ${nameOf(to.unit)}: ${found.text}`;
      const { connection, missed, expected } = found;
      const path = wanted.direct === true || to.path === undefined ? {} : { path: to.path };
      yield {
        from,
        to: to.unit,
        connection,
        why,
        ...(expected === undefined ? {} : { expected }),
        ...(missed === undefined
          ? {}
          : { wanted: { want: missed[0], to: { unit: to.unit, asked: missed[1], ...path } } }),
      };
    }
  }
  if (sources.length * destinations.length === 0) throw nothing('one end is nobody, since there is no namespace');
  if (pairs === 0) throw nothing('both ends are outside of the cluster');
  if (claims === 0) throw nothing('the exceptions leave no pair and port');
}

/** The first of {@link findBreaches}; undefined: there is none. */
export function findBreach(...asked: Parameters<typeof findBreaches>): Breach | undefined {
  return firstOf(findBreaches(...asked));
}

/** The first of some breaches, without a look at the others. */
export function firstOf(breaches: Iterable<Breach>): Breach | undefined {
  for (const breach of breaches) return breach;
  return undefined;
}

const NO_PATHS: ReadonlyMap<number, ServicePath> = new Map();

/** For each source the destinations of which some claimed traffic is not surely denied, or that are the source itself. */
function openPairs(
  reach: PathReach,
  units: readonly Unit[],
  position: ReadonlyMap<string, number>,
  sources: readonly Claimed[],
  destinations: readonly Claimed[],
): ReadonlyMap<number, BitSet> {
  const idOf = ({ unit }: Claimed): number => position.get(unit.endpoint.key)!;
  const claimed = destinations.reduce<traffic.TrafficSet>((sum, one) => traffic.union(sum, one.ports), {});
  const open = new Map(sources.map((one) => [idOf(one), BitSet.from(units.length, [idOf(one)])]));
  for (const { sources: from, destinations: to, decisions } of reach.rectangles(
    sources.map(idOf),
    destinations.map(idOf),
    NO_PATHS,
  )) {
    if (Object.values(cutTo(decisions, claimed)).every((decision: Decision) => isDenied(decision))) continue;
    const reached = BitSet.from(units.length, to);
    for (const source of from) open.get(source)!.orWith(reached);
  }
  return open;
}

/** A range by its addresses too: `private` may be any part of what is private. */
function nameOf(unit: Unit): string {
  const { name } = unit.endpoint;
  if (unit.type !== 'addresses' || unit.name === undefined || unit.name === 'internet') return name;
  return `${printAddresses(unit.set)} (${name})`;
}

function nothing(why: string): UserError {
  return new UserError('invalid-test', `it asserts nothing: ${why}`);
}

function everythingAllowed(from: Unit, universe: traffic.TrafficSet): FamilyDecisions {
  const decision: Decision = { allowed: universe, unknown: [], conditional: [] };
  return Object.fromEntries(commonFamilies(from.endpoint, from.endpoint).map((family) => [family, decision]));
}

/** What is wrong with the decisions of a pair, in the first family in which something is. */
function breachOf(
  decisions: FamilyDecisions,
  wanted: Expectation,
  universe: traffic.TrafficSet,
):
  | {
      readonly text: string;
      readonly connection: Breach['connection'];
      readonly missed?: readonly [Want, traffic.TrafficSet];
      readonly expected?: string;
    }
  | undefined {
  for (const family of FAMILIES) {
    const decision = decisions[family];
    const found = decision === undefined ? undefined : breach(decision, wanted);
    if (found === undefined) continue;
    const claimed = (found.least ? wanted.least : wanted.none) ?? {};
    const shown = cutTo(decisions, claimed);
    const [connection] = describeDecisions(shown, { from: [], to: [] }, universe);
    const { from: _from, to: _to, ...rest } = connection ?? { from: [], to: [] };
    const missed = [found.least ? 'allowed' : 'denied', found.traffic] as const;
    const ports = traffic.isSubset(universe, claimed) ? 'all ports' : printTraffic(claimed);
    return { text: found.text, connection: rest, missed, expected: `${ports} ${missed[0]}` };
  }
  if (Object.keys(decisions).length > 0 || traffic.isEmpty(wanted.least ?? {})) return undefined;
  return { text: 'no address family in common', connection: {} };
}

function breach(
  decision: Decision,
  wanted: Expectation,
): { readonly least: boolean; readonly text: string; readonly traffic: traffic.TrafficSet } | undefined {
  const { least, none } = wanted;
  if (least !== undefined && !traffic.isSubset(least, decision.allowed)) {
    const cut = restrict(decision, least);
    const open = reasons(cut);
    const missing = traffic.subtract(least, decision.allowed);
    return {
      least: true,
      traffic: missing,
      text: open === '' ? `${printTraffic(missing)} is not allowed` : `${printTraffic(missing)} is unknown: ${open}`,
    };
  }
  if (none === undefined) return undefined;
  const cut = restrict(decision, none);
  if (isDenied(cut)) return undefined;
  const open = reasons(cut);
  const possible = { least: false, traffic: possibleTraffic(cut) };
  if (!traffic.isEmpty(cut.allowed)) return { ...possible, text: `${printTraffic(cut.allowed)} is allowed` };
  if (open !== '') return { ...possible, text: `whether it is denied is unknown: ${open}` };
  return { ...possible, text: 'it is allowed under conditions' };
}

function reasons(decision: Decision): string {
  return decision.unknown
    .map(
      (part) =>
        `${part.reason}${part.policies.length === 0 ? '' : ` (${part.policies.map(policyName).join(', ')})`}, ${whyUnknown(part.reason)}`,
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
