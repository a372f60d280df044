// What judging needs beside the groups. Only types.

import type { AppliedPart } from '../compile/fold.ts';
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
  /** The number of no traffic. */
  readonly nothing: number;
  /** The numbers of all traffic but what is left open, as far as they were asked for. */
  readonly spoken: Map<AppliedPart['open'], number>;
}
