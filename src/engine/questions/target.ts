// What an endpoint expression resolves to.

import type { Unit } from '../endpoints/unit.ts';
import type * as traffic from '../sets/traffic-set.ts';
import type { ServicePath } from './service-path.ts';

/** A unit and the traffic that is asked about there. */
export interface Target {
  readonly unit: Unit;
  readonly asked: traffic.TrafficSet;
  /** How a Service forwards there; absent: it is reached directly. */
  readonly path?: ServicePath;
}
