// Which endpoints are open to whom no rule of theirs names: pods that nothing isolates, and all that is outside. Whoever
// comes is one of those to whom they are open. Carried from one exchange to the next, and found out when somebody asks.

import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import { EMPTY, type IdSet, idSet, membersOf, subtract, unionAll } from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import { DENIED } from './decision.ts';
import type { PartialRows } from './rows.ts';

/** Endpoints, by direction, of which some row does not surely deny everything to the rest. */
export type OpenRests = Readonly<Record<Direction, IdSet>>;

/** The open rests of one form, and of the forms that come of it. */
export interface OpenRestsOf {
  get(): OpenRests;
  /** After an exchange: `changed` are those that policies select which came or went, and those that came themselves. */
  next(rows: ReadonlyMap<Family, PartialRows>, changed: Readonly<Record<Direction, IdSet>>): OpenRestsOf;
}

interface Step {
  rows: ReadonlyMap<Family, PartialRows>;
  readonly changed: Readonly<Record<Direction, IdSet>>;
  made?: OpenRests;
  before?: Step;
}

/** Those of the first form. */
export function openRestsOf(
  endpoints: readonly Endpoint[],
  rows: ReadonlyMap<Family, PartialRows>,
  present: IdSet,
): OpenRestsOf {
  const isOpen = (source: Step['rows'], id: number, direction: Direction): boolean =>
    endpoints[id]!.families.some((family) => source.get(family)!.partly(id, direction, EMPTY).rest !== DENIED);

  /** Goes back to a step that is made; what changed since then is looked at once. */
  function make(last: Step): OpenRests {
    const changed: Record<Direction, IdSet[]> = { ingress: [], egress: [] };
    let step: Step | undefined = last;
    for (; step !== undefined && step.made === undefined; step = step.before) {
      for (const direction of DIRECTIONS) changed[direction].push(step.changed[direction]);
    }
    const known = step?.made ?? { ingress: EMPTY, egress: EMPTY };
    const after = (direction: Direction): IdSet => {
      const others = unionAll(changed[direction]);
      const open = membersOf(others).filter((id) => isOpen(last.rows, id, direction));
      return unionAll([subtract(known[direction], others), idSet(open)]);
    };
    last.made = { ingress: after('ingress'), egress: after('egress') };
    delete last.before;
    return last.made;
  }

  const at = (step: Step): OpenRestsOf => ({
    get: () => step.made ?? make(step),
    next: (others, changed) => at({ rows: others, changed, before: step }),
  });
  return at({ rows, changed: { ingress: present, egress: present } });
}
