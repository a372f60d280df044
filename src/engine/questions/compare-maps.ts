// Two maps over the same units, compared: rectangles of pairs that meet another decision in the second one. Knows no states.

import type { FamilyDecisions } from '../compile/rectangle.ts';
import { BitSet } from '../sets/bit-set.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { isDenied } from './describe.ts';
import type { UnitRectangle } from './map.ts';

/** A change that holds for all pairs of a rectangle. Absent decisions: one end does not exist in that state. */
export interface Change {
  readonly from: number[];
  readonly to: number[];
  readonly before: FamilyDecisions;
  readonly after: FamilyDecisions;
}

/** Reports whether nothing is open in any family. */
export function isNothing(decisions: FamilyDecisions): boolean {
  return FAMILIES.every((family) => decisions[family] === undefined || isDenied(decisions[family]));
}

/**
 * All pairs whose decisions differ, each once; `size` is the number of units. Sources that stand in the same rectangles of
 * both maps are compared once.
 */
export function compareMaps(size: number, before: readonly UnitRectangle[], after: readonly UnitRectangle[]): Change[] {
  const rows = [rowsOf(size, before), rowsOf(size, after)] as const;
  const groups = new Map<string, number[]>();
  for (let source = 0; source < size; source++) {
    const key = `${rows[0].of[source]!.join(',')}|${rows[1].of[source]!.join(',')}`;
    if (key === '|') continue;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [source]);
    else list.push(source);
  }
  const changes = new Map<string, Change>();
  for (const sources of groups.values()) {
    const was = partsOf(rows[0], sources[0]!, size);
    const is = partsOf(rows[1], sources[0]!, size);
    for (const a of was) {
      for (const b of is) {
        if (a.key === b.key) continue;
        const to = a.to.clone().andWith(b.to);
        if (to.isEmpty()) continue;
        // Pairs that have other families are told apart even where the verdicts read the same.
        const key = `${a.key}>${b.key}|${Object.keys({ ...a.decisions, ...b.decisions }).sort()}|${to.key()}`;
        const known = changes.get(key);
        if (known === undefined)
          changes.set(key, { from: [...sources], to: [...to.members()], before: a.decisions, after: b.decisions });
        else for (const source of sources) known.from.push(source);
      }
    }
  }
  return [...changes.values()].map((change) => ({ ...change, from: change.from.sort((a, b) => a - b) }));
}

interface Rows {
  /** For each source the rectangles that it stands in. */
  readonly of: readonly number[][];
  readonly to: readonly BitSet[];
  readonly decisions: readonly FamilyDecisions[];
  readonly keys: readonly string[];
}

function rowsOf(size: number, rectangles: readonly UnitRectangle[]): Rows {
  const of: number[][] = Array.from({ length: size }, () => []);
  rectangles.forEach(({ from }, index) => {
    for (const source of from) of[source]!.push(index);
  });
  return {
    of,
    to: rectangles.map(({ to }) => BitSet.from(size, to)),
    decisions: rectangles.map(({ decisions }) => decisions),
    keys: rectangles.map(({ decisions }) => decisionsKey(decisions)),
  };
}

/** What a source may do with every destination: one part per rectangle, and one for those that it may not reach. */
function partsOf(rows: Rows, source: number, size: number): { to: BitSet; decisions: FamilyDecisions; key: string }[] {
  const rest = BitSet.full(size);
  const parts = rows.of[source]!.map((index) => {
    rest.andNotWith(rows.to[index]!);
    return { to: rows.to[index]!, decisions: rows.decisions[index]!, key: rows.keys[index]! };
  });
  return [...parts, { to: rest, decisions: {}, key: '' }];
}

/** Equal for equal verdicts; the policies behind an unknown part do not count. */
export function decisionsKey(decisions: FamilyDecisions): string {
  return FAMILIES.flatMap((family) => {
    const decision = decisions[family];
    if (decision === undefined || isDenied(decision)) return [];
    const unknown = decision.unknown.map((part) => `${traffic.trafficKey(part.traffic)} ${part.reason}`).sort();
    const conditional = decision.conditional.map(
      (part) => `${traffic.trafficKey(part.traffic)} ${JSON.stringify(part.conditions)}`,
    );
    return [`${family} ${traffic.trafficKey(decision.allowed)} ${unknown.join(';')} ${conditional.join(';')}`];
  }).join(' / ');
}
