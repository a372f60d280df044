// What a saved snapshot says about itself: where it comes from, and what is missing in it. Its objects are read like those of
// a List.

import type { Gap } from '../engine/model/cluster.ts';
import { type Limit, PURPOSES, type ServerFacts } from '../engine/model/server-facts.ts';
import { API_VERSION } from '../engine/questions/documents.ts';
import type { Place } from './place.ts';
import { type Reading, report } from './problem.ts';

/** A saved snapshot without its objects. Absent fields are not known. */
export interface SavedSnapshot {
  readonly file: string;
  readonly taken?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly server?: ServerFacts;
  readonly gaps: readonly Gap[];
  /** What is missing and changes no verdict. */
  readonly limits: readonly Limit[];
}

const REASONS: readonly Gap['reason'][] = ['unreadable', 'unparsable', 'not-understood', 'not-listable'];

/** Reports whether an object is a saved snapshot. */
export function isSnapshot({ apiVersion, kind }: Readonly<Record<string, unknown>>): boolean {
  return kind === 'Snapshot' && typeof apiVersion === 'string' && apiVersion.startsWith('netweir.dev/');
}

/** Adds what the snapshot says about itself to the reading; its gaps are gaps of the reading. */
export function readSnapshot(
  value: Readonly<Record<string, unknown>>,
  place: Place,
  file: string,
  reading: Reading,
): void {
  const missing = listOf(value['incomplete'], 'incomplete', place, reading).map((one) => gapOf(one, file));
  const { apiVersion } = value;
  const gaps = apiVersion === API_VERSION ? missing : [...missing, otherVersion(String(apiVersion), file)];
  const notes = listOf(value['notes'], 'notes', place, reading);
  const saved: SavedSnapshot = {
    file,
    ...textsOf(value, ['taken', 'context', 'namespace']),
    ...serverOf(value['server']),
    gaps,
    limits: notes.flatMap(limitOf),
  };
  reading.snapshots.push(saved);
  for (const gap of gaps) reading.gaps.push(gap);
}

/** A snapshot that does not say what is missing is not one that says that nothing is. */
function listOf(value: unknown, key: string, place: Place, reading: Reading): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const message = `a snapshot says in ${key} what is missing in it; this one does not`;
  report(reading, 'malformed-list', place.locate([key]), message, { lost: 'unparsable' });
  return [];
}

/** What a later version says beside what is known here may change every answer. */
function otherVersion(apiVersion: string, file: string): Gap {
  const message = `a snapshot of version ${apiVersion}, and this program knows ${API_VERSION}: a newer program reads it`;
  return { reason: 'not-understood', message, namespaces: 'all', file, lost: 'policies' };
}

function gapOf(value: unknown, file: string): Gap {
  const { reason, message, namespaces, lost } = isMapping(value) ? value : {};
  const isList = Array.isArray(namespaces) && namespaces.every((name) => typeof name === 'string');
  return {
    reason: REASONS.find((one) => one === reason) ?? 'not-understood',
    message: typeof message === 'string' ? message : 'something is missing',
    namespaces: isList ? namespaces : 'all',
    file,
    ...(lost === 'policies' ? { lost } : {}),
  };
}

function limitOf(value: unknown): readonly Limit[] {
  if (!isMapping(value) || typeof value['message'] !== 'string') return [];
  return [{ purpose: PURPOSES.find((one) => one === value['purpose']) ?? 'answers', message: value['message'] }];
}

function serverOf(value: unknown): { readonly server?: ServerFacts } {
  if (!isMapping(value)) return {};
  const texts = (list: unknown): readonly string[] =>
    Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  return {
    server: {
      ...textsOf(value, ['gitVersion']),
      groups: texts(value['groups']),
      unlisted: texts(value['unlisted']),
      isLive: false,
    },
  };
}

function textsOf<K extends string>(
  value: Readonly<Record<string, unknown>>,
  keys: readonly K[],
): { readonly [P in K]?: string } {
  const found = keys.flatMap((key) => (typeof value[key] === 'string' ? [[key, value[key]]] : []));
  return Object.fromEntries(found);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
