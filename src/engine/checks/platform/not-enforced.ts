// Clusters in which nothing enforces policies: they are accepted, stored, shown, and have no effect.

import { findNoEnforcement } from '../../platforms/plugin-in-use.ts';
import type { Check } from '../check.ts';

/**
 * Rule 101 of the catalogue. Only where the snapshot itself shows it; silent where --cni or --assume names a plugin, and where
 * nobody knows.
 */
export const NOT_ENFORCED: Check = {
  id: 'not-enforced',
  severity: 'critical',
  scope: 'input',
  summary: 'a cluster in which no network plugin enforces policies',
  *find({ state }) {
    const shown = findNoEnforcement(state);
    if (shown?.object === undefined) return;
    const { object, because } = shown;
    const [node] = state.cluster.nodes;
    const count = state.policies.length;
    yield {
      // A node concerns every namespace, a plugin's DaemonSet its own alone.
      object: node?.object ?? object,
      path: [],
      message: `nothing in this cluster enforces network policies: ${because}`,
      hint: 'install a plugin that does, or switch its enforcement on; --cni NAME if one is there that the input does not show',
      ...(count === 0 ? {} : { effect: `leaves ${count === 1 ? '1 policy' : `${count} policies`} without effect` }),
      ...(node === undefined || node.object === object
        ? {}
        : { related: [{ object, path: [], message: 'the plugin' }] }),
    };
  },
};
