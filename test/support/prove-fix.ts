// Proves a fix as a person would check it: apply it, read again, look what is left and what else changed.

import { expect } from 'vitest';
import { FOLLOWING_CHECKS } from '../../src/engine/checks/registry.ts';
import { applyEdits } from '../../src/engine/edits/apply-edits.ts';
import {
  behaviourOf,
  type Finding,
  type Fix,
  loadState,
  type ManifestObject,
  type State,
} from '../../src/engine/index.ts';
import { diff } from '../../src/engine/questions/diff.ts';
import type { ChangedConnection, ConnectivityDiff, Ports } from '../../src/engine/questions/documents.ts';
import { findProblems } from '../../src/engine/questions/lint.ts';
import * as traffic from '../../src/engine/sets/traffic-set.ts';
import { readText } from '../../src/manifests/index.ts';
import type { LintSettings } from './lint.ts';
import { witnessesOf } from './witnesses.ts';

/** What a fix announces is about protocols with ports, as `lint` proves it: of ICMP NetworkPolicies say nothing. */
const CONTEXT = { defaultNamespace: 'default', protocols: traffic.PORT_PROTOCOLS };

/**
 * Asserts that the fix (the finding's own where none is named; else the alternative of that title) makes the finding go
 * away, that no finding comes that was not there, and that the map changes as the fix announces: for the pods of the
 * text, and for one that each selector of each policy would mean. The finding may be of another reading of the same text.
 * Returns the findings that are left.
 */
export function proveFix(text: string, finding: Finding, title?: string, settings: LintSettings = {}): Finding[] {
  const read = readText(text, 'test.yaml');
  const behaviour = behaviourOf(settings.cni ?? 'default', settings.assume ?? []);
  const load = (objects: readonly ManifestObject[]) =>
    loadState({ ...read, objects, behaviour, defaultNamespace: 'default' });
  const before = { objects: read.objects, state: load(read.objects) };
  const known = findProblems(before.state);
  const same = known.find(({ fingerprint }) => fingerprint === finding.fingerprint);
  expect(same, `the finding ${finding.check} in this text`).toBeDefined();
  const fix = fixOf(same!, title);
  const left = proveEdits(before, load, finding, fix);
  const old = new Set(known.map(kindOf));
  const fresh = left.filter((one) => !old.has(kindOf(one)) && !FOLLOWING_CHECKS.has(one.check));
  expect(fresh.map(say), `"${fix.title}" brings no finding`).toEqual([]);
  return left;
}

/**
 * Asserts that the edits lead somewhere, that the finding goes away, and that the map changes as the fix announces. The
 * finding is of this state. Returns all findings that there are then.
 */
export function proveEdits(
  before: { readonly objects: readonly ManifestObject[]; readonly state: State },
  load: (objects: readonly ManifestObject[]) => State,
  finding: Finding,
  { title, edits, announced }: Fix,
): Finding[] {
  const objects = applyEdits(before.objects, edits);
  const after = load(objects);
  const left = findProblems(after);
  const alike = (list: readonly Finding[]) => list.filter((one) => kindOf(one) === kindOf(finding)).length;
  expect(alike(left), `"${title}" makes ${finding.check} go away`).toBeLessThan(alike(findProblems(before.state)));
  const pods = witnessesOf([before.state, after]);
  const change = diff(load([...before.objects, ...pods]), load([...objects, ...pods]), CONTEXT);
  const { opened, closed } = sidesOf(change);
  if (announced === 'same' || announced === 'closes') expect(opened, `"${title}" opens nothing`).toEqual([]);
  if (announced === 'same' || announced === 'opens') expect(closed, `"${title}" closes nothing`).toEqual([]);
  return left;
}

function fixOf({ check, fix, alternatives = [] }: Finding, title: string | undefined): Fix {
  const all = fix === undefined ? alternatives : [fix, ...alternatives];
  const chosen = title === undefined ? fix : all.find((one) => one.title === title);
  expect(
    chosen,
    `${check} has the fix "${title ?? 'its own'}": ${all.map((one) => one.title).join(', ')}`,
  ).toBeDefined();
  return chosen!;
}

/** Equal for findings that only their number tells apart: where one of two goes, the other takes its number. */
function kindOf({ fingerprint = '' }: Finding): string {
  return fingerprint.replace(/-\d+$/, '');
}

function say({ check, source, message }: Finding): string {
  return `${check} ${source.path}: ${message}`;
}

/** Connections of which something opens, and something closes; an unknown part may be either. */
function sidesOf({ endpoints, added, removed, changed }: ConnectivityDiff): { opened: string[]; closed: string[] } {
  const names = new Map(endpoints.map(({ id, key }) => [id, key]));
  const list = (ids: readonly number[]) => ids.map((id) => names.get(id)).join(',');
  const pair = ({ from, to }: { readonly from: readonly number[]; readonly to: readonly number[] }) =>
    `${list(from)} -> ${list(to)}`;
  return {
    opened: [...added, ...changed.filter((one) => exceeds(one, 'after'))].map(pair),
    closed: [...removed, ...changed.filter((one) => exceeds(one, 'before'))].map(pair),
  };
}

/** Whether one side allows, surely or perhaps, what the other does not. */
function exceeds(change: ChangedConnection, side: 'before' | 'after'): boolean {
  const sure = { before: trafficOf(change.before), after: trafficOf(change.after) };
  const open = (parts: readonly { readonly ports: Ports }[] = []) => parts.map(({ ports }) => trafficOf(ports));
  const unsure = {
    before: [...open(change.unknownBefore), ...open(change.conditionalBefore)],
    after: [...open(change.unknownAfter), ...open(change.conditionalAfter)],
  };
  const other = side === 'before' ? 'after' : 'before';
  const possible = (at: 'before' | 'after') => unsure[at].reduce(traffic.union, sure[at]);
  return (
    !traffic.isEmpty(traffic.subtract(sure[side], sure[other])) ||
    !traffic.isEmpty(traffic.subtract(possible(side), possible(other)))
  );
}

function trafficOf(ports: Ports): traffic.TrafficSet {
  if (ports === 'all') return traffic.allTraffic(CONTEXT.protocols);
  return traffic.PROTOCOLS.flatMap((protocol) =>
    (ports[protocol] ?? []).map(([first, last]) => traffic.traffic(protocol, first, last)),
  ).reduce(traffic.union, traffic.NO_TRAFFIC);
}
