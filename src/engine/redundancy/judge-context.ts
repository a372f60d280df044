// What judging needs beside the groups. Only types.

import type { Placement } from '../model/tier.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';
import type { TrafficRelations } from './traffic-relations.ts';

/** The same for all groups of one search. */
export interface JudgeContext {
  readonly placement: Placement;
  /** All traffic that counts. */
  readonly universe: TrafficSet;
  /** How many endpoints there are. */
  readonly size: number;
  readonly relations: TrafficRelations;
}
