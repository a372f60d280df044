// What a test leaves out: endpoints with ports, on either side of a connection. Pods that could exist are left out where a
// selector means them.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { covers, questionOf } from '../guarantees/covers.ts';
import { isSubset } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { QuestionContext, TestCase } from './ask.ts';
import { claim, identityOf } from './claims.ts';
import { askedAt } from './resolve.ts';
import { namespaceNamed } from './resolve-pods.ts';

/** The exceptions of a test; empty: none. */
export type Exceptions = NonNullable<TestCase['except']>;

/** What one exception leaves out of a pair; ports are the destination's, and `end` is the end on the exception's side. */
type LeftOut = (end: Unit, to: Unit) => traffic.TrafficSet;

/** The ports that are left out for a pair. `sides`: where an exception stands that names no side. */
export function exceptions(
  world: World,
  except: Exceptions,
  sides: readonly ('from' | 'to')[],
  context: QuestionContext,
): (from: Unit, to: Unit) => traffic.TrafficSet {
  const at = (side: 'from' | 'to') =>
    except
      .filter((one) => (one.side === undefined ? sides.includes(side) : one.side === side))
      .map((one) => leftOutBy(world, one, side, context));
  const [left, right] = [at('from'), at('to')];
  return (from, to) =>
    [...left.map((one) => one(from, to)), ...right.map((one) => one(to, to))].reduce(
      (sum, set) => traffic.union(sum, set),
      traffic.NO_TRAFFIC,
    );
}

/** Only what the exception surely means is left out: pods whose labels or namespaces are open stay in. */
function leftOutBy(
  world: World,
  { endpoint, ports }: Exceptions[number],
  side: 'from' | 'to',
  context: QuestionContext,
): LeftOut {
  const question = questionOf(endpoint);
  // A selector, or a namespace, need not have pods yet.
  const isSelector = endpoint.type === 'pods' || endpoint.type === 'namespace';
  if (question !== undefined && 'name' in question.namespaces) namespaceNamed(world, question.namespaces.name);
  const claims = isSelector ? [] : claim(world, endpoint, side === 'to' ? ports : 'all', context);
  const named = new Map(claims.map((one) => [identityOf(one.unit), one.ports]));
  /** The ports that the exception means at the unit; a Service says itself which those are. */
  const claimedAt = (end: Unit): traffic.TrafficSet => {
    if (isSelector || end.type === 'hypothetical') {
      const isMeant = question !== undefined && covers(world, question, end);
      return isMeant ? portsAt(end, side === 'to' ? ports : 'all', context) : traffic.NO_TRAFFIC;
    }
    if (end.type !== 'addresses') return named.get(identityOf(end)) ?? traffic.NO_TRAFFIC;
    // An exception holds for a range that lies within it.
    const around = claims.find(({ unit }) => unit.type === 'addresses' && isSubset(end.set, unit.set));
    return around?.ports ?? traffic.NO_TRAFFIC;
  };
  const known = new Map<string, traffic.TrafficSet>();
  const knownAt = (end: Unit): traffic.TrafficSet => {
    const key = identityOf(end);
    const found = known.get(key) ?? claimedAt(end);
    known.set(key, found);
    return found;
  };
  if (side === 'to') return knownAt;
  return (from, to) => (traffic.isEmpty(knownAt(from)) ? traffic.NO_TRAFFIC : portsAt(to, ports, context));
}

/** The ports at a destination; a name leaves nothing out of a pod that could exist, since nobody knows what it names. */
function portsAt(to: Unit, ports: Exceptions[number]['ports'], context: QuestionContext): traffic.TrafficSet {
  const asked = ports === 'all' ? [undefined] : ports;
  return asked
    .map((port) => askedAt(to, port, context))
    .reduce<traffic.TrafficSet>((sum, set) => traffic.union(sum, set), traffic.NO_TRAFFIC);
}
