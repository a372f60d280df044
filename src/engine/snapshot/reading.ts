// Typed access to the plain JSON of one object. Wrong types become problems, never exceptions; what the problems mean
// for answers is not known here beyond "this object may say more than was read".

import type { Gap } from '../model/cluster.ts';
import type { Finding } from '../model/finding.ts';
import type { Labels } from '../model/selector.ts';
import { type ManifestObject, type Path, printPath } from '../model/source.ts';
import { parseAddress, printAddress } from '../sets/ip-address.ts';
import type { Protocol } from '../sets/traffic-set.ts';

/** A JSON object: neither null nor a list. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The checks that the shape of an object can raise; SNAPSHOT_CHECKS describes them. */
export type ShapeCheck =
  | 'wrong-type'
  | 'missing-field'
  | 'invalid-port'
  | 'invalid-protocol'
  | 'invalid-address'
  | 'invalid-value';

/** One thing that is wrong in an object, before it has a place. */
export interface Problem {
  readonly check: ShapeCheck;
  readonly path: Path;
  readonly message: string;
  /** Set where the API server stores it all the same; absent: it refuses the object. */
  readonly isStored?: true;
}

/** One object being read, and what was found wrong in it so far. */
export interface Reading {
  readonly object: ManifestObject;
  readonly problems: Problem[];
}

/** Findings and gaps of a whole snapshot while it is read. */
export interface Ledger {
  readonly findings: Finding[];
  readonly gaps: Gap[];
}

/** Starts to read an object. */
export function startReading(object: ManifestObject): Reading {
  return { object, problems: [] };
}

/**
 * Turns the problems of an object into findings and, as the API server would have refused what was read only in part,
 * into one gap for the given namespaces. Does nothing where there are none.
 */
export function closeReading(
  reading: Reading,
  title: string,
  namespaces: readonly string[] | 'all',
  ledger: Ledger,
): void {
  if (reading.problems.length === 0) return;
  for (const { check, path, message, isStored = false } of reading.problems) {
    const { object } = reading;
    ledger.findings.push({
      check,
      severity: 'high',
      rejectedByApi: !isStored,
      message,
      object,
      source: object.locate(path),
    });
  }
  const file = reading.object.file;
  const message = `${title} was read only in part: ${reading.problems[0]!.message}`;
  ledger.gaps.push({ reason: 'not-understood', message, namespaces, ...(file === undefined ? {} : { file }) });
}

/** Reports whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Notes that a field has another type than the API defines. */
export function reportWrongType(reading: Reading, path: Path, value: unknown, wanted: string): void {
  const message = `${printPath(path)} is ${typeName(value)}, but must be ${wanted}`;
  reading.problems.push({ check: 'wrong-type', path, message });
}

/** Notes that a field has the right type and a value that the API does not accept. */
export function reportInvalid(reading: Reading, check: ShapeCheck, path: Path, message: string): void {
  reading.problems.push({ check, path, message: `${printPath(path)} ${message}` });
}

/** Notes that a required field is absent. */
export function reportMissing(reading: Reading, path: Path): void {
  reading.problems.push({ check: 'missing-field', path, message: `${printPath(path)} is required` });
}

/** A field that holds an object; absent, null and (as a problem) anything else give undefined. */
export function objectAt(reading: Reading, parent: JsonObject, key: string, path: Path): JsonObject | undefined {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  reportWrongType(reading, [...path, key], value, 'a map');
  return undefined;
}

/** A field that holds a list; absent, null and (as a problem) anything else give the empty list. */
export function listAt(reading: Reading, parent: JsonObject, key: string, path: Path): readonly unknown[] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  reportWrongType(reading, [...path, key], value, 'a list');
  return [];
}

/** The objects of a list field with their indexes; other items are problems. */
export function objectsAt(
  reading: Reading,
  parent: JsonObject,
  key: string,
  path: Path,
): readonly (readonly [index: number, item: JsonObject])[] {
  const result: (readonly [number, JsonObject])[] = [];
  listAt(reading, parent, key, path).forEach((item, index) => {
    if (isObject(item)) result.push([index, item]);
    else reportWrongType(reading, [...path, key, index], item, 'a map');
  });
  return result;
}

/** A string field; the empty string, absent and null give undefined, as the API treats them alike. */
export function stringAt(reading: Reading, parent: JsonObject, key: string, path: Path): string | undefined {
  const value = parent[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  reportWrongType(reading, [...path, key], value, 'a string');
  return undefined;
}

/** The strings of a list field; other items are problems, null and empty ones are left out. */
export function stringsAt(reading: Reading, parent: JsonObject, key: string, path: Path): readonly string[] {
  const result: string[] = [];
  listAt(reading, parent, key, path).forEach((item, index) => {
    if (typeof item === 'string') {
      if (item !== '') result.push(item);
    } else if (item !== null) reportWrongType(reading, [...path, key, index], item, 'a string');
  });
  return result;
}

/** A boolean field; absent and null are false. */
export function booleanAt(reading: Reading, parent: JsonObject, key: string, path: Path): boolean {
  const value = parent[key];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  reportWrongType(reading, [...path, key], value, 'true or false');
  return false;
}

/** A field that counts something; absent, null and (as a problem) anything but an integer from 0 give undefined. */
export function countAt(reading: Reading, parent: JsonObject, key: string, path: Path): number | undefined {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  reportWrongType(reading, [...path, key], value, 'an integer from 0');
  return undefined;
}

/** A port number; absent, null and (as a problem) anything but an integer from 1 to 65535 give undefined. */
export function portAt(reading: Reading, parent: JsonObject, key: string, path: Path): number | undefined {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    reportWrongType(reading, [...path, key], value, 'an integer');
    return undefined;
  }
  if (value >= 1 && value <= 65535) return value;
  reportInvalid(reading, 'invalid-port', [...path, key], `is ${value}, but must be from 1 to 65535`);
  return undefined;
}

/** A protocol field; absent, null and empty are TCP. Anything but TCP, UDP and SCTP is a problem and gives undefined. */
export function protocolAt(reading: Reading, parent: JsonObject, path: Path): Protocol | undefined {
  const value = parent.protocol;
  if (value === undefined || value === null || value === '') return 'TCP';
  if (value === 'TCP' || value === 'UDP' || value === 'SCTP') return value;
  if (typeof value !== 'string') reportWrongType(reading, [...path, 'protocol'], value, 'a string');
  else reportInvalid(reading, 'invalid-protocol', [...path, 'protocol'], `is ${value}, but must be TCP, UDP or SCTP`);
  return undefined;
}

/** The canonical text of an address; undefined for a text that is none, which is a problem unless `mayBeName`. */
export function canonicalAddress(
  reading: Reading,
  text: string,
  path: Path,
  mayBeName: boolean = false,
): string | undefined {
  const parsed = parseAddress(text);
  if (parsed.ok) {
    const canonical = printAddress(parsed.family, parsed.value);
    // Nearly all are written so; the one text is enough.
    return canonical === text ? text : canonical;
  }
  if (!mayBeName) reportInvalid(reading, 'invalid-address', path, `is ${parsed.problem}`);
  return undefined;
}

/** Canonical texts of a list of addresses, each once, in order; see {@link canonicalAddress}. */
export function canonicalAddresses(
  reading: Reading,
  texts: readonly string[],
  path: Path,
  mayBeName: boolean = false,
): readonly string[] {
  const result = new Set<string>();
  texts.forEach((text, index) => {
    const address = canonicalAddress(reading, text, [...path, index], mayBeName);
    if (address !== undefined) result.add(address);
  });
  return [...result];
}

const NO_LABELS: Labels = Object.freeze({});

/**
 * A map of strings such as labels; absent and null are empty. A null value is the empty string, as Go's decoder reads
 * it; a value of another type is a problem and its key is left out. The map itself is returned where nothing is wrong.
 */
export function stringMapAt(reading: Reading, parent: JsonObject, key: string, path: Path): Labels {
  const map = objectAt(reading, parent, key, path);
  if (map === undefined) return NO_LABELS;
  let clean = true;
  for (const name of Object.keys(map)) if (typeof map[name] !== 'string') clean = false;
  if (clean) return map as Labels;
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(map)) {
    if (typeof value === 'string') entries.push([name, value]);
    else if (value === null || value === undefined) entries.push([name, '']);
    else reportWrongType(reading, [...path, key, name], value, 'a string (put it in quotes)');
  }
  return Object.fromEntries(entries);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `the ${typeof value} ${String(value).slice(0, 40)}`;
}
