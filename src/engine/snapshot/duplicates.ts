// Objects that were read more than once: equal ones merge, of differing ones the last wins and a finding says so.

import type { Finding } from '../model/finding.ts';
import { comparePlaces, type Identified, keyOf, placeOf, titleOf } from './identity.ts';
import { isObject } from './reading.ts';
import { SNAPSHOT_CHECKS } from './snapshot-checks.ts';

/**
 * Keeps one object of each key, as several `-f` do: of equal ones the one that stands first by file and line, of
 * differing ones the last that was read. Objects without a name are kept; those with a generated name, too, once each:
 * the API server would make a new object of every one.
 */
export function mergeDuplicates(objects: readonly Identified[], findings: Finding[]): Identified[] {
  const kept: Identified[] = [];
  const positions = byName();
  const nameless: Identified[] = [];
  const generated = new Map<string, Identified[]>();
  for (const object of objects) {
    if (object.name === '') nameless.push(object);
    else if (object.isGenerated) {
      const key = keyOf(object);
      const group = generated.get(key);
      if (group === undefined) generated.set(key, [object]);
      else group.push(object);
    } else {
      const names = positions.namesOf(object);
      const earlier = names.get(object.name);
      if (earlier === undefined) names.set(object.name, kept.push(object) - 1);
      else kept[earlier] = merge(kept[earlier]!, object, findings);
    }
  }
  const result = kept.concat(nameless);
  for (const group of generated.values()) {
    const [first] = group;
    for (const object of numberApart(group, positions.namesOf(first!).has(first!.name))) result.push(object);
  }
  return result;
}

/** Positions of objects by name, apart for each namespace and kind: no key has to be written for each of 150,000. */
function byName(): { namesOf(object: Identified): Map<string, number> } {
  const groups = new Map<string, Map<string, number>>();
  let last: { readonly like: Identified; readonly names: Map<string, number> } | undefined;
  return {
    namesOf: (object) => {
      const { namespace, kind, group } = object;
      if (last?.like.namespace === namespace && last.like.kind === kind && last.like.group === group) return last.names;
      const key = keyOf({ namespace, kind, group, name: '' });
      let names = groups.get(key);
      if (names === undefined) {
        names = new Map();
        groups.set(key, names);
      }
      last = { like: object, names };
      return names;
    },
  };
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
