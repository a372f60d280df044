// Two maps over the same units, compared: rectangles of pairs that meet another decision in the second one. Knows no states.

import { entry } from '../compile/entry.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import { type IdSet, idSet, idSetTable } from '../sets/id-set.ts';
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
 * both maps are compared once, and what both maps say in so many words is not looked at: cost grows with what differs.
 */
export function compareMaps(size: number, before: readonly UnitRectangle[], after: readonly UnitRectangle[]): Change[] {
  const number = rectangleNumbers();
  const [was, is] = [read(before, number), read(after, number)];
  const groups = new Map<string, number[]>();
  for (const source of [...new Set([...was.keys(), ...is.keys()])].sort((a, b) => a - b)) {
    const [own, other] = [was.get(source) ?? NONE, is.get(source) ?? NONE];
    if (own.length === other.length && own.every((one, index) => one.number === other[index]!.number)) continue;
    const key = `${own.map((one) => one.number)}|${other.map((one) => one.number)}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [source]);
    else list.push(source);
  }
  const changes = new Map<string, Change>();
  const compare = comparer(size);
  for (const sources of groups.values()) {
    for (const part of compare(was.get(sources[0]!) ?? NONE, is.get(sources[0]!) ?? NONE)) {
      const key = `${part.key}|${part.to}`;
      const known = changes.get(key);
      if (known === undefined) {
        changes.set(key, { from: [...sources], to: part.to, before: part.before, after: part.after });
      } else for (const source of sources) known.from.push(source);
    }
  }
  return [...changes.values()].map((change) => ({ ...change, from: change.from.sort((a, b) => a - b) }));
}

/** A rectangle of either map, as one of its sources sees it. */
interface Numbered {
  /** Equal for the same destinations, verdicts and families. */
  readonly number: number;
  readonly to: readonly number[];
  readonly decisions: FamilyDecisions;
  /** Of the verdicts alone. */
  readonly key: string;
}

const NONE: readonly Numbered[] = [];

/** For each source that has any, its rectangles, by number. */
function read(
  rectangles: readonly UnitRectangle[],
  number: (key: string, to: IdSet) => number,
): ReadonlyMap<number, readonly Numbered[]> {
  const of = new Map<number, Numbered[]>();
  for (const { from, to, decisions } of rectangles) {
    const key = decisionsKey(decisions);
    const one: Numbered = { number: number(`${key} ${Object.keys(decisions)}`, idSet(to)), to, decisions, key };
    for (const source of from) {
      const list = of.get(source);
      if (list === undefined) of.set(source, [one]);
      else list.push(one);
    }
  }
  for (const list of of.values()) list.sort((a, b) => a.number - b.number);
  return of;
}

function rectangleNumbers(): (key: string, to: IdSet) => number {
  const sets = idSetTable();
  const numbers = new Map<IdSet, Map<string, number>>();
  let next = 0;
  return (key, to) => {
    const set = sets.intern(to);
    let own = numbers.get(set);
    if (own === undefined) {
      own = new Map();
      numbers.set(set, own);
    }
    const known = own.get(key);
    if (known !== undefined) return known;
    own.set(key, next);
    return next++;
  };
}

/** Destinations that meet other verdicts, with both. */
type Difference = Omit<Change, 'from'> & { readonly key: string };

/** Compares the rectangles of one source; `size` is the number of units. The tables are made once for all sources. */
function comparer(size: number): (before: readonly Numbered[], after: readonly Numbered[]) => Difference[] {
  const [was, is] = [new Int32Array(size).fill(-1), new Int32Array(size).fill(-1)];
  return (before, after) => {
    const common = new Set(before.map((one) => one.number));
    const stays = new Set(after.flatMap((one) => (common.has(one.number) ? [one.number] : [])));
    const touched: number[] = [];
    const mark = (table: Int32Array, { number, to }: Numbered, index: number): void => {
      if (stays.has(number)) return;
      for (const id of to) {
        if (was[id]! < 0 && is[id]! < 0) touched.push(id);
        table[id] = index;
      }
    };
    before.forEach((one, index) => {
      mark(was, one, index);
    });
    after.forEach((one, index) => {
      mark(is, one, index);
    });
    const parts = new Map<string, Difference>();
    const differenceOf = (left: Numbered | undefined, right: Numbered | undefined): Difference | undefined => {
      if ((left?.key ?? '') === (right?.key ?? '')) return undefined;
      const decisions = { before: left?.decisions ?? {}, after: right?.decisions ?? {} };
      // Pairs that have other families are told apart even where the verdicts read the same.
      const families = Object.keys({ ...decisions.before, ...decisions.after }).sort();
      const key = `${left?.key ?? ''}>${right?.key ?? ''}|${families}`;
      return entry(parts, key, (): Difference => ({ ...decisions, to: [], key }));
    };
    // Very many destinations stand in the same two rectangles.
    const known = new Map<number, Difference | null>();
    for (const id of touched.sort((a, b) => a - b)) {
      const [left, right] = [was[id]!, is[id]!];
      was[id] = -1;
      is[id] = -1;
      const both = (left + 1) * (after.length + 1) + right + 1;
      entry(known, both, () => differenceOf(before[left], after[right]) ?? null)?.to.push(id);
    }
    return [...parts.values()];
  };
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
