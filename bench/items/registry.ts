// All items, in the order of the table: a line each.

import { ADVERSARIAL_ITEMS } from './adversarial.ts';
import { ADVERSARIAL_COMMAND_ITEMS } from './adversarial-commands.ts';
import { ALL_PAIRS_ITEMS } from './all-pairs.ts';
import { ANTREA_ITEMS } from './antrea.ts';
import { COMPILED_SNAPSHOT_ITEM } from './compiled-snapshot.ts';
import { DIFF_ITEMS } from './diff.ts';
import { EXPOSURE_ITEMS } from './exposure.ts';
import { FLOW_LOG_ITEM } from './flow-log.ts';
import { FLOW_VERDICT_ITEMS } from './flow-verdicts.ts';
import { GENERATE_ITEMS } from './generate.ts';
import type { Item } from './item.ts';
import { LINT_ITEMS } from './lint.ts';
import { GENERATE_FOR_PODS_ITEM, LISTED_PODS_ITEM } from './listed-pods.ts';
import { LIVE_EVENT_ITEMS } from './live-events.ts';
import { MANY_FILES_ITEM } from './many-files.ts';
import { MAP_ITEMS } from './map.ts';
import { ONE_PAIR_ITEMS } from './one-pair.ts';
import { OVN_KUBERNETES_ITEMS } from './ovn-kubernetes.ts';
import { POD_EVENT_ITEM } from './pod-events.ts';
import { POLICY_CHANGE_ITEMS } from './policy-change.ts';
import { REDUNDANCY_ITEMS } from './redundancy.ts';
import { REGULAR_ITEMS } from './regular.ts';
import { TWO_VERSIONS_ITEMS } from './two-versions.ts';

/** All items. */
export const ITEMS: readonly Item[] = [
  ...MAP_ITEMS,
  ...LINT_ITEMS,
  ...EXPOSURE_ITEMS,
  ...DIFF_ITEMS,
  ...GENERATE_ITEMS,
  LISTED_PODS_ITEM,
  GENERATE_FOR_PODS_ITEM,
  COMPILED_SNAPSHOT_ITEM,
  ...ALL_PAIRS_ITEMS,
  ...ONE_PAIR_ITEMS,
  ...POLICY_CHANGE_ITEMS,
  POD_EVENT_ITEM,
  ...LIVE_EVENT_ITEMS,
  ...TWO_VERSIONS_ITEMS,
  ...REDUNDANCY_ITEMS,
  MANY_FILES_ITEM,
  ...FLOW_VERDICT_ITEMS,
  FLOW_LOG_ITEM,
  ...REGULAR_ITEMS,
  ...ANTREA_ITEMS,
  ...OVN_KUBERNETES_ITEMS,
  ...ADVERSARIAL_ITEMS,
  ...ADVERSARIAL_COMMAND_ITEMS,
];
