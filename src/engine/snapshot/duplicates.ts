// Objects that were read more than once: equal ones merge, of differing ones the last wins and a finding says so.

import type { Finding } from '../model/finding.ts';
import { briefOf } from '../model/source.ts';
import { comparePlaces, type Identified, keyOf, placeOf, titleOf } from './identity.ts';
import { isObject } from './reading.ts';
import { SNAPSHOT_CHECKS } from './snapshot-checks.ts';

/**
 * Keeps one object of each key, as several `-f` do: of equal ones the one that stands first by file and line, of
 * differing ones the last that was read. Objects without a name are kept; those with a generated name, too, once each:
 * the API server would make a new object of every one.
 */
export function mergeDuplicates(objects: readonly Identified[], findings: Finding[]): Identified[] {
  const kept = new Map<string, Identified>();
  const nameless: Identified[] = [];
  const generated = new Map<string, Identified[]>();
  for (const object of objects) {
    const key = keyOf(object);
    if (object.name === '') nameless.push(object);
    else if (hasGeneratedName(object)) {
      const group = generated.get(key);
      if (group === undefined) generated.set(key, [object]);
      else group.push(object);
    } else {
      const earlier = kept.get(key);
      kept.set(key, earlier === undefined ? object : merge(earlier, object, findings));
    }
  }
  const result = [...kept.values(), ...nameless];
  for (const [key, group] of generated) result.push(...numberApart(group, kept.has(key)));
  return result;
}

function merge(earlier: Identified, later: Identified, findings: Finding[]): Identified {
  if (areEqual(earlier.object.value, later.object.value)) {
    return comparePlaces(later.object, earlier.object) < 0 ? later : earlier;
  }
  findings.push({
    check: 'duplicate-object',
    // An object that no answer uses cannot make one wrong.
    severity: later.use === 'other' ? 'low' : SNAPSHOT_CHECKS['duplicate-object'].severity,
    rejectedByApi: false,
    message:
      `${titleOf(later)} is defined twice with different content, at ${placeOf(earlier.object)} and ` +
      `${placeOf(later.object)}; the last one read counts`,
    hint: 'remove one of them, or read them apart',
    object: later.object,
    source: later.object.locate([]),
  });
  return later;
}

function hasGeneratedName({ object }: Identified): boolean {
  const metadata: unknown = briefOf(object).metadata;
  return isObject(metadata) && (metadata.name === undefined || metadata.name === null || metadata.name === '');
}

/** Gives objects of one generated name a number each, in the order of their places; the first keeps the bare prefix. */
function numberApart(group: readonly Identified[], isTaken: boolean): Identified[] {
  const distinct: Identified[] = [];
  for (const object of [...group].sort((a, b) => comparePlaces(a.object, b.object))) {
    if (!distinct.some((other) => areEqual(other.object.value, object.object.value))) distinct.push(object);
  }
  return distinct.map((object, index) => {
    const number = index + (isTaken ? 2 : 1);
    return number === 1 ? object : { ...object, name: `${object.name}#${number}` };
  });
}

/** Reports whether two JSON values are equal, whatever the order of keys. */
export function areEqual(a: unknown, b: unknown): boolean {
  const pairs: [unknown, unknown][] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (Object.is(left, right)) continue;
    if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false;
      for (let i = 0; i < left.length; i++) pairs.push([left[i], right[i]]);
    } else if (isObject(left) && isObject(right)) {
      const keys = Object.keys(left);
      if (keys.length !== Object.keys(right).length) return false;
      for (const key of keys) {
        if (!Object.hasOwn(right, key)) return false;
        pairs.push([left[key], right[key]]);
      }
    } else return false;
  }
  return true;
}
