// What every policy API gives the rest of the engine. Only the folders beside this file know its field names.

import type { Finding } from '../model/finding.ts';
import type { DialectName, Policy } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import type { DialectWriter } from './writer.ts';

/** Settings of the API server that decide what it accepts and stores. */
export interface DecodeOptions {
  /** Namespace of namespaced objects without one (`default`, or -n). */
  readonly defaultNamespace: string;
  /** CIDRs with host bits, leading zeros or IPv4-mapped addresses: 1.36 rejects them, older servers accept. */
  readonly strictCIDR: 'reject' | 'warn' | 'accept';
  /**
   * Which CustomResourceDefinitions are installed. `either`: a field of the experimental channel is understood, and an
   * object is rejected only where both channels refuse it.
   */
  readonly channel: 'standard' | 'experimental' | 'either';
}

/** What became of one object. */
export interface Decoded {
  /** Absent where the API server would refuse the object: it counts as absent. */
  readonly policy?: Policy;
  readonly findings: readonly Finding[];
  /** The `spec` as the API server stores it, defaults filled in; absent where it is refused. */
  readonly stored?: Readonly<Record<string, unknown>>;
}

/** One policy API. */
export interface Dialect {
  readonly name: DialectName;
  /** Objects are chosen by apiVersion and kind together. */
  readonly kinds: readonly { readonly apiVersion: string; readonly kind: string; readonly namespaced: boolean }[];
  /** Validates and normalises one object. Never throws for what the object says. */
  decode(object: ManifestObject, options: DecodeOptions): Decoded;
  /** The way back: what decode reads, written. */
  readonly writer: DialectWriter;
}
