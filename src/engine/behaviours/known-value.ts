// What is known of a plugin, and how well: the shape of the data in this folder. Knows no plugin.

import type { Behaviour } from '../model/behaviour.ts';
import type { Assumption } from './knobs.ts';

/**
 * How a value is known, best first: seen on a running cluster; read in the plugin's source code; said by its
 * documentation or maintainers; concluded from one of those.
 */
export type Confidence = 'measured' | 'source' | 'documented' | 'inferred';

/** One value of one knob, and how it is known. */
export type KnownValue = Assumption & {
  readonly confidence: Confidence;
  /** An address, or the name of a document. */
  readonly source: string;
  /** What it says, in one sentence. */
  readonly because: string;
  /** Where the value holds only for a setting that the snapshot does not show: what is assumed, and how to say otherwise. */
  readonly provided?: string;
};

/** One version of a plugin, or a plugin without versions. A knob is there once. */
export interface PluginVersion {
  /** `major.minor`; absent for a behaviour that has no versions. */
  readonly version?: string;
  readonly values: readonly KnownValue[];
  /** See {@link Behaviour.kindsNotEnforced}. */
  readonly kindsNotEnforced?: readonly string[];
}

/** A plugin. Its versions ascend; a version that is not listed behaves as the nearest lower one that is. */
export interface Plugin {
  readonly name: string;
  /** One line for lists. */
  readonly title: string;
  readonly placement: Behaviour['placement'];
  readonly versions: readonly [PluginVersion, ...PluginVersion[]];
}
