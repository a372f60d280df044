// What changed between two states: connections gained, lost and changed, over endpoints that both states are cut into alike.

import type { FamilyDecisions } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import { BitSet } from '../sets/bit-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { type AlignedUnit, alignUnits } from './align.ts';
import type { QuestionContext } from './ask.ts';
import { commonFields, describeDecisions, describeGaps, describePorts, describeUnit, isDenied } from './describe.ts';
import { describeFindings } from './describe-findings.ts';
import { comparePolicies, policiesBehind } from './diff-policies.ts';
import type {
  ChangedConnection,
  ConnectionDocument,
  ConnectivityDiff,
  EndpointDocument,
  FindingDocument,
} from './documents.ts';
import { endsOf, type UnitRectangle } from './map.ts';
import { stateNotes } from './notes.ts';

/** A change that holds for all pairs of a rectangle. Absent decisions: one end does not exist in that state. */
interface Change {
  readonly from: number[];
  readonly to: number[];
  readonly before: FamilyDecisions;
  readonly after: FamilyDecisions;
}

/** Compares two whole states. Renamed workloads are one endpoint with its former key in `was`. */
export function diff(before: State, after: State, context: QuestionContext): ConnectivityDiff {
  const aligned = alignUnits(before, after, context);
  const changes = compare(aligned.units.length, aligned.before, aligned.after);
  const universe = traffic.allTraffic(context.protocols);
  const added: ConnectionDocument[] = [];
  const removed: ConnectionDocument[] = [];
  const changed: ChangedConnection[] = [];
  const states = comparePolicies(before, after);
  for (const change of changes) {
    const [from, to] = [aligned.units[change.from[0]!]!, aligned.units[change.to[0]!]!];
    for (const { family, ...one } of byFamily(change)) {
      const ends = { from: change.from, to: change.to, ...(family === undefined ? {} : { family }) };
      const behind = policiesBehind(states, { from, to, ...one });
      const policies = behind.length === 0 ? {} : { policies: behind };
      const was = one.before !== undefined && !isEmpty(one.before);
      const is = one.after !== undefined && !isEmpty(one.after);
      if (!was)
        added.push(...describeDecisions(one.after ?? {}, ends, universe).map((each) => ({ ...each, ...policies })));
      else if (!is)
        removed.push(...describeDecisions(one.before ?? {}, ends, universe).map((each) => ({ ...each, ...policies })));
      else changed.push({ ...describeChange(one, ends, universe), ...policies });
    }
  }
  const used = endsOf([...added, ...removed, ...changed]);
  const endpoints = aligned.units
    .map((one, id) => describeAligned(one, id, before, after))
    .filter(({ id }) => used.has(id));
  const notes = [...new Set([...stateNotes(aligned.worlds.before), ...stateNotes(aligned.worlds.after)])];
  const common = commonFields(after, notes);
  return {
    ...common,
    assumptions: [...new Set([...before.assumptions, ...common.assumptions])],
    incomplete: distinct([...describeGaps(before), ...common.incomplete]),
    kind: 'ConnectivityDiff',
    endpoints,
    added: sortConnections(added),
    removed: sortConnections(removed),
    changed: sortConnections(changed),
    findings: findingsOf(before, after),
  };
}

/** What both states say alike is said once. */
function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}

/** Findings of both states; one that reads the same in both is one. */
function findingsOf(before: State, after: State): FindingDocument[] {
  const [was, is] = [before, after].map(
    (state) => new Set(describeFindings(state.findings).map((one) => JSON.stringify(one))),
  );
  return distinct(describeFindings([...before.findings, ...after.findings])).map((one) => {
    const text = JSON.stringify(one);
    return { ...one, in: was?.has(text) === true ? (is?.has(text) === true ? 'both' : 'before') : 'after' };
  });
}

function sortConnections<T extends { readonly from: number[]; readonly to: number[] }>(list: T[]): T[] {
  return list.sort((a, b) => a.from[0]! - b.from[0]! || a.to[0]! - b.to[0]!);
}

function describeAligned(one: AlignedUnit, id: number, before: State, after: State): EndpointDocument {
  const unit = one.after ?? one.before!;
  const document = describeUnit(unit, id, one.after === undefined ? before : after);
  const where = one.after === undefined ? 'before' : one.before === undefined ? 'after' : 'both';
  const was =
    one.before !== undefined && one.after !== undefined && keyOf(one.before) !== keyOf(one.after)
      ? { was: keyOf(one.before) }
      : {};
  return { ...document, in: where, ...was };
}

function keyOf(unit: Unit): string {
  return unit.type === 'workload' ? unit.workload.key : unit.endpoint.key;
}

function isEmpty(decisions: FamilyDecisions): boolean {
  return FAMILIES.every((family) => decisions[family] === undefined || isDenied(decisions[family]));
}

/** What one entry says: a change of every family that the pair has, or of `family` alone. */
interface FamilyChange extends Pick<Change, 'before' | 'after'> {
  readonly family?: Family;
}

/** One entry where all families of the pair change alike, else one a family that changed. */
function byFamily(change: Change): FamilyChange[] {
  const only = (decisions: FamilyDecisions, family: Family): FamilyDecisions =>
    decisions[family] === undefined ? {} : { [family]: decisions[family] };
  const shared = FAMILIES.filter((family) => change.before[family] !== undefined || change.after[family] !== undefined);
  const changed = shared
    .map((family) => ({ family, before: only(change.before, family), after: only(change.after, family) }))
    .filter(({ before, after }) => decisionsKey(before) !== decisionsKey(after));
  const kinds = new Set(changed.map(({ before, after }) => changeKind(before, after)));
  if (changed.length === shared.length && kinds.size === 1) return [{ before: change.before, after: change.after }];
  return changed;
}

function changeKind(before: FamilyDecisions, after: FamilyDecisions): string {
  return `${textOf(before)}>${textOf(after)}`;
}

/** The verdicts without their family, so that equal changes of both families are seen to be equal. */
function textOf(decisions: FamilyDecisions): string {
  return decisionsKey(decisions).replace(/IPv[46]/g, '');
}

function describeChange(
  { before, after }: Pick<Change, 'before' | 'after'>,
  ends: { from: number[]; to: number[]; family?: Family },
  universe: traffic.TrafficSet,
): ChangedConnection {
  const [was] = describeDecisions(before, ends, universe);
  const [is] = describeDecisions(after, ends, universe);
  return {
    ...ends,
    before: was?.allowed ?? describePorts({}, universe),
    after: is?.allowed ?? describePorts({}, universe),
    ...(was?.unknown === undefined ? {} : { unknownBefore: was.unknown }),
    ...(is?.unknown === undefined ? {} : { unknownAfter: is.unknown }),
    ...(was?.conditional === undefined ? {} : { conditionalBefore: was.conditional }),
    ...(is?.conditional === undefined ? {} : { conditionalAfter: is.conditional }),
  };
}

/** Sources that stand in the same rectangles of both states are compared once. */
function compare(size: number, before: readonly UnitRectangle[], after: readonly UnitRectangle[]): Change[] {
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
function decisionsKey(decisions: FamilyDecisions): string {
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
