// Pairs of ports as numbers: a scan has millions of them, all else alike. Knows not whose they are.

import { createNumberTable } from './number-table.ts';
import { placesIn, type Rank, ranksOf, sortByRanks } from './ranks.ts';

/** Distinct pairs of a destination's and a source's port, below 65,536; either may be absent. */
export interface FlowPorts {
  /** The number of a pair. */
  of(port: number | undefined, sourcePort: number | undefined): number;
  portOf(pair: number): number | undefined;
  sourcePortOf(pair: number): number | undefined;
  /** All pairs, two fields each, in the order of their numbers. */
  pack(): Int32Array;
  /** Adds all pairs of somebody else's; by their number there, the number here. */
  addPacked(pairs: Int32Array): Int32Array;
  /** Where each pair stands in the order of the texts of both. */
  ranks(): Int32Array;
  clear(): void;
}

/** Fields of a pair: 0 where there is no port, else one more than it. */
const [PORT, SOURCE_PORT] = [0, 1];
const FIELD_VALUES = 65_537;

/** No pairs. */
export function createFlowPorts(): FlowPorts {
  const pairs = createNumberTable(2);
  const portAt = (pair: number, field: number): number | undefined => {
    const value = pairs.fieldOf(pair, field);
    return value === 0 ? undefined : value - 1;
  };
  const rankOf = (field: number): Rank => {
    const ranks = new Int32Array(FIELD_VALUES);
    for (let pair = 0; pair < pairs.count(); pair++) ranks[pairs.fieldOf(pair, field)] = 1;
    const values = [...ranks.keys()].filter((value) => ranks[value] === 1);
    for (const [index, rank] of ranksOf(values.map(textOf)).entries()) ranks[values[index]!] = rank;
    return { of: (pair) => ranks[pairs.fieldOf(pair, field)]!, count: values.length };
  };
  return {
    of(port, sourcePort) {
      pairs.row[PORT] = port === undefined ? 0 : port + 1;
      pairs.row[SOURCE_PORT] = sourcePort === undefined ? 0 : sourcePort + 1;
      const known = pairs.find();
      return known === -1 ? pairs.add() : known;
    },
    portOf: (pair) => portAt(pair, PORT),
    sourcePortOf: (pair) => portAt(pair, SOURCE_PORT),
    ranks: () => placesIn(sortByRanks(pairs.count(), [rankOf(PORT), rankOf(SOURCE_PORT)])),
    pack: pairs.rows,
    addPacked: pairs.addRows,
    clear: pairs.clear,
  };
}

/** A port as the key of a flow has it, with what comes after it there. */
function textOf(value: number): string {
  return value === 0 ? '|' : `${value - 1}|`;
}
