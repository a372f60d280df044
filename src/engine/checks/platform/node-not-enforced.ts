// Nodes on which no plugin enforces policies: pods there are open whatever is written.

import type { Pod } from '../../model/cluster.ts';
import { findUnenforcedNodes } from '../../platforms/enforcement.ts';
import type { Check } from '../check.ts';

/**
 * Rule 100 of the catalogue. One finding for each kind of node, at the first of them: on Fargate every pod has a node of its
 * own. Silent for nodes on which no pod of the snapshot runs that has a network of its own.
 */
export const NODE_NOT_ENFORCED: Check = {
  id: 'node-not-enforced',
  severity: 'high',
  scope: 'input',
  summary: 'pods on a node on which no plugin enforces policies',
  *find({ state: { cluster } }) {
    const nodes = findUnenforcedNodes({ cluster });
    for (const because of new Set(nodes.map((node) => node.because))) {
      const alike = new Map(nodes.filter((node) => node.because === because).map((node) => [node.value, node.object]));
      const pods = cluster.pods.filter((pod): pod is Pod & { readonly node: string } => {
        return !pod.hostNetwork && pod.node !== undefined && alike.has(pod.node);
      });
      const used = new Set(pods.map(({ node }) => node));
      const object = [...alike].find(([name]) => used.has(name))?.[1];
      if (object === undefined) continue;
      yield {
        object,
        path: ['metadata', 'labels'],
        message: `policies have no effect on pods that run here: it is ${because}`,
        hint: 'run what policies protect on other nodes, or filter by what the cloud has for these (security groups)',
        effect: `leaves ${pods.length === 1 ? '1 pod' : `${pods.length} pods`} open on ${used.size === 1 ? '1 such node' : `${used.size} such nodes`}`,
        impact: { pods: pods.length, namespaces: new Set(pods.map(({ namespace }) => namespace)).size },
      };
    }
  },
};
