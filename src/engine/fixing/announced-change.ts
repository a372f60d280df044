// Whether a change of connectivity is the one that a fix announced: nothing opens where it only closes, and so on.

import type { Announced } from '../model/edit.ts';
import type { ChangedConnection, ConnectionDocument, ConnectivityDiff, Ports } from '../questions/documents.ts';
import * as traffic from '../sets/traffic-set.ts';

/** How many connections a change opens and closes; one that does both counts twice. */
export interface ChangeCounts {
  readonly opened: number;
  readonly closed: number;
}

/** Counts rectangles of a diff. What is unknown may be open: it opens where it was denied, and closes where it was allowed. */
export function countChanges({ added, removed, changed }: ConnectivityDiff): ChangeCounts {
  return {
    opened: added.length + changed.filter((one) => exceeds(one, 'after')).length,
    closed: removed.length + changed.filter((one) => exceeds(one, 'before')).length,
  };
}

/** What contradicts the announcement, as a clause; undefined: nothing. */
export function contradiction(change: ConnectivityDiff, announced: Announced): string | undefined {
  const { opened, closed } = countChanges(change);
  const example = (what: 'opened' | 'closed') => exampleOf(change, what);
  if (opened > 0 && (announced === 'same' || announced === 'closes')) return `it would open ${example('opened')}`;
  if (closed > 0 && (announced === 'same' || announced === 'opens')) return `it would close ${example('closed')}`;
  return undefined;
}

/** One pair of the change, by names of its ends. */
function exampleOf({ endpoints, added, removed, changed }: ConnectivityDiff, what: 'opened' | 'closed'): string {
  const whole: readonly Pick<ConnectionDocument, 'from' | 'to'>[] = what === 'opened' ? added : removed;
  const part = changed.filter((one) => exceeds(one, what === 'opened' ? 'after' : 'before'));
  const { from, to } = [...whole, ...part][0]!;
  const nameOf = (id: number | undefined) => endpoints.find((one) => one.id === id)?.key ?? '?';
  return `${nameOf(from[0])} -> ${nameOf(to[0])}`;
}

/** Whether one side allows, surely or perhaps, what the other does not. */
function exceeds(change: ChangedConnection, side: 'before' | 'after'): boolean {
  const sure = { before: trafficOf(change.before), after: trafficOf(change.after) };
  const open = {
    before: [...(change.unknownBefore ?? []), ...(change.conditionalBefore ?? [])],
    after: [...(change.unknownAfter ?? []), ...(change.conditionalAfter ?? [])],
  };
  const possible = (at: 'before' | 'after') =>
    open[at].reduce((sum, { ports }) => traffic.union(sum, trafficOf(ports)), sure[at]);
  const other = side === 'before' ? 'after' : 'before';
  return !traffic.isSubset(sure[side], sure[other]) || !traffic.isSubset(possible(side), possible(other));
}

function trafficOf(ports: Ports): traffic.TrafficSet {
  if (ports === 'all') return traffic.allTraffic(traffic.PROTOCOLS);
  return traffic.PROTOCOLS.reduce<traffic.TrafficSet>(
    (sum, protocol) =>
      (ports[protocol] ?? []).reduce(
        (set, [first, last]) => traffic.union(set, traffic.traffic(protocol, first, last)),
        sum,
      ),
    traffic.NO_TRAFFIC,
  );
}
