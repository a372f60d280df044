// Something known of a platform together with how it is known. Knows nothing of what the facts are about.

import type { ManifestObject, Source } from '../model/source.ts';

/**
 * A fact that has a value. `shown`: objects of the snapshot or the server say so. `stated`: a flag says so. `assumed`: it is
 * usual where everything else is as it is, and nobody has seen it.
 */
export interface Known<T> {
  readonly how: 'shown' | 'stated' | 'assumed';
  readonly value: T;
  /** One clause without a full stop: `label eks.amazonaws.com/nodegroup on 3 nodes`. */
  readonly because: string;
  /** Where it is written; absent where that is no single place. */
  readonly source?: Source;
  /** The object that shows it, for findings; absent where that is no single one, or not needed. */
  readonly object?: ManifestObject;
}

/** A fact that nobody knows. Never stands for a value that is wide enough to be right. */
export interface Unknown {
  readonly how: 'unknown';
  /** What is missing, one clause without a full stop. */
  readonly because: string;
  /** How to settle it: the flag that does, or what to read. */
  readonly hint: string;
}

/** A value with its reason, or the reason for having none. */
export type Fact<T> = Known<T> | Unknown;

/** A fact that the snapshot shows. */
export function shown<T>(value: T, because: string, source?: Source): Known<T> {
  return { how: 'shown', value, because, ...(source === undefined ? {} : { source }) };
}

/** A fact that an object as a whole shows. */
export function shownBy<T>(value: T, because: string, object: ManifestObject): Known<T> {
  return { ...shown(value, because, object.locate([])), object };
}

/** A fact that a flag states. */
export function stated<T>(value: T, flag: string): Known<T> {
  return { how: 'stated', value, because: flag };
}

/** A fact that is usual and not seen. */
export function assumed<T>(value: T, because: string): Known<T> {
  return { how: 'assumed', value, because };
}

/** What is not known, and how to settle it. */
export function unknown(because: string, hint: string): Unknown {
  return { how: 'unknown', because, hint };
}
