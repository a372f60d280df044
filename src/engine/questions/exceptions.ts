// What a test leaves out: endpoints with ports, on either side of a connection. Pods that could exist are left out where a
// selector means them.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { covers, questionOf } from '../guarantees/covers.ts';
import { isSubset } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { QuestionContext, TestCase } from './ask.ts';
import { claim, identityOf } from './claims.ts';

/** The exceptions of a test; empty: none. */
export type Exceptions = NonNullable<TestCase['except']>;

/** The ports that are left out for a pair. `sides`: where an exception stands that names no side. */
export function exceptions(
  world: World,
  except: Exceptions,
  sides: readonly ('from' | 'to')[],
  context: QuestionContext,
): (from: Unit, to: Unit) => traffic.TrafficSet {
  const at = (side: 'from' | 'to') =>
    exceptedAt(
      world,
      except.filter((one) => (one.side === undefined ? sides.includes(side) : one.side === side)),
      context,
    );
  const left = { from: at('from'), to: at('to') };
  return (from, to) => traffic.union(left.from(from), left.to(to));
}

/** What is left out of the units of one side. */
function exceptedAt(world: World, except: Exceptions, context: QuestionContext): (unit: Unit) => traffic.TrafficSet {
  const claims = except.flatMap(({ endpoint, ports }) => claim(world, endpoint, ports, context));
  const ranges = claims.flatMap(({ unit, ports }) => (unit.type === 'addresses' ? [{ set: unit.set, ports }] : []));
  const known = new Map<string, traffic.TrafficSet>();
  const add = (key: string, ports: traffic.TrafficSet) =>
    known.set(key, traffic.union(known.get(key) ?? traffic.NO_TRAFFIC, ports));
  for (const { unit, ports } of claims) if (unit.type !== 'addresses') add(identityOf(unit), ports);
  const asked = except.flatMap(({ endpoint, ports }) => {
    const question = questionOf(endpoint);
    return question === undefined ? [] : [{ question, ports: numbered(ports, context) }];
  });
  return (unit) => {
    const key = identityOf(unit);
    // An exception holds for a range that lies within it.
    if (unit.type === 'addresses' && !known.has(key)) {
      add(key, traffic.NO_TRAFFIC);
      for (const { set, ports } of ranges) if (isSubset(unit.set, set)) add(key, ports);
    }
    if (unit.type === 'hypothetical' && !known.has(key)) {
      add(key, traffic.NO_TRAFFIC);
      for (const { question, ports } of asked) if (covers(question, unit)) add(key, ports);
    }
    return known.get(key) ?? traffic.NO_TRAFFIC;
  };
}

/** Ports by number; a name leaves nothing out, since nobody knows what a pod that could exist calls its ports. */
function numbered(ports: Exceptions[number]['ports'], { protocols }: QuestionContext): traffic.TrafficSet {
  if (ports === 'all') return traffic.allTraffic(protocols);
  return ports.reduce<traffic.TrafficSet>(
    (sum, port) =>
      port.type === 'range' ? traffic.union(sum, traffic.traffic(port.protocol ?? 'TCP', port.first, port.last)) : sum,
    traffic.NO_TRAFFIC,
  );
}
