// What a repair must reach: pairs of units with the traffic that must be allowed, or denied. Knows no edits.

import type { Unit } from '../endpoints/unit.ts';
import type { Target } from '../questions/target.ts';

/** One pair. `to.asked` is never empty. */
export interface Wanted {
  readonly from: Unit;
  readonly to: Target;
  readonly want: 'allowed' | 'denied';
  /** True for one and the same pod, whose traffic no policy sees. */
  readonly same: boolean;
}

/** All of it must hold, for certain: what is unknown counts as not reached. Never empty. */
export type Goal = readonly Wanted[];
