// What changed between two states: connections gained, lost and changed, over endpoints that both states are cut into alike.

import type { FamilyDecisions } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { type AlignedUnit, alignUnits } from './align.ts';
import type { QuestionContext } from './ask.ts';
import { type Change, compareMaps, decisionsKey, isNothing } from './compare-maps.ts';
import { commonFields, describeDecisions, describeGaps, describePorts, describeUnit } from './describe.ts';
import { describeFindings } from './describe-findings.ts';
import { comparePolicies, policiesBehind } from './diff-policies.ts';
import type {
  ChangedConnection,
  ConnectionDocument,
  ConnectivityDiff,
  EndpointDocument,
  FindingDocument,
} from './documents.ts';
import { endsOf } from './map.ts';
import { stateNotes } from './notes.ts';

/** Compares two whole states. Renamed workloads are one endpoint with its former key in `was`. */
export function diff(before: State, after: State, context: QuestionContext): ConnectivityDiff {
  const aligned = alignUnits(before, after, context);
  const changes = compareMaps(aligned.units.length, aligned.before, aligned.after);
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
      const was = one.before !== undefined && !isNothing(one.before);
      const is = one.after !== undefined && !isNothing(one.after);
      if (!was)
        added.push(...describeDecisions(one.after ?? {}, ends, universe).map((each) => ({ ...each, ...policies })));
      else if (!is)
        removed.push(...describeDecisions(one.before ?? {}, ends, universe).map((each) => ({ ...each, ...policies })));
      else changed.push({ ...describeChange(one, ends, universe), ...policies });
    }
  }
  const used = [...endsOf([...added, ...removed, ...changed])].sort((a, b) => a - b);
  const endpoints = used.map((id) => describeAligned(aligned.units[id]!, id, before, after));
  const notes = [...new Set([...notesOf(aligned.worlds.before), ...notesOf(aligned.worlds.after)])];
  const common = commonFields(after, notes);
  return {
    ...common,
    assumptions: [...new Set([...before.assumptions, ...common.assumptions])],
    notes: distinct([...before.limits, ...common.notes]),
    incomplete: distinct([...describeGaps(before), ...common.incomplete]),
    kind: 'ConnectivityDiff',
    endpoints,
    added: sortConnections(added),
    removed: sortConnections(removed),
    changed: sortConnections(changed),
    findings: findingsOf(before, after),
  };
}

/** Those of a world are looked for among all of its objects. */
const knownNotes = new WeakMap<World, readonly string[]>();

function notesOf(world: World): readonly string[] {
  const notes = knownNotes.get(world) ?? stateNotes(world);
  knownNotes.set(world, notes);
  return notes;
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

function sortConnections<T extends { readonly from: readonly number[]; readonly to: readonly number[] }>(
  list: T[],
): T[] {
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
  ends: { from: readonly number[]; to: readonly number[]; family?: Family },
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
