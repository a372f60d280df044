// What both sides of pairs say, compiled for flows: rows and ports as flat numbers, by protocol and family, each when it is first
// asked for.

import { compileReach, type Reach } from '../compile/reach.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Placement } from '../model/tier.ts';
import { PORT_PROTOCOLS, PROTOCOLS } from '../sets/traffic-set.ts';
import { type PortVerdicts, portVerdicts } from './port-verdicts.ts';
import { type RowLines, rowLines } from './row-lines.ts';

/** Both sides of pairs in one family. */
export interface Sides {
  readonly rows: RowLines;
  readonly ports: PortVerdicts;
}

/** Policies compiled for some protocols. */
interface Compiled {
  readonly reach: Reach;
  readonly ports: PortVerdicts;
}

/**
 * The sides for a protocol, by its position in `PROTOCOLS`, and a family, 4 or 6, that some endpoint has. Protocols without ports
 * are compiled apart from the others: hardly any policy speaks of them, and what stays open there would split decisions that are
 * one for all others.
 */
export function sidesOf(
  rules: { readonly placement: Placement; readonly knobs: Knobs },
  endpoints: readonly Endpoint[],
): (protocol: number, version: number) => Sides {
  // What exempts single pods is no business of rows, which would be others for each node.
  const plain = endpoints.map(({ ownNode: _, ...endpoint }): Endpoint => endpoint);
  const compiled: (Compiled | undefined)[] = [undefined, undefined];
  const made: (Sides | undefined)[] = [undefined, undefined, undefined, undefined];
  const compile = (hasPorts: boolean): Compiled => {
    const reach = compileReach(
      rules,
      plain,
      PROTOCOLS.filter((one) => PORT_PROTOCOLS.includes(one) === hasPorts),
    );
    return { reach, ports: portVerdicts(reach.table) };
  };
  const make = (hasPorts: boolean, version: number): Sides => {
    const kind = hasPorts ? 1 : 0;
    const { reach, ports } = compiled[kind] ?? compile(hasPorts);
    compiled[kind] = { reach, ports };
    const sides = { rows: rowLines(reach.rows.get(version === 4 ? 'IPv4' : 'IPv6')!, plain.length), ports };
    made[kind | (version & 2)] = sides;
    return sides;
  };
  return (protocol, version) => {
    const hasPorts = protocol < PORT_PROTOCOLS.length;
    return made[(hasPorts ? 1 : 0) | (version & 2)] ?? make(hasPorts, version);
  };
}
