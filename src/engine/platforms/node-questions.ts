// What is asked where evidence names addresses of nodes and the plugin matches no node by its address.

import type { OpenQuestion } from '../model/evidence.ts';
import type { PlatformFacts } from './platform-facts.ts';

/** One question where no block matches a node, none elsewhere. `says`: what has to do with nodes, a clause. */
export function questionsOfNodes(
  { nodesUnmatchedBy }: Pick<PlatformFacts, 'nodesUnmatchedBy'>,
  says: string,
  workload?: string,
): readonly OpenQuestion[] {
  if (nodesUnmatchedBy === undefined) return [];
  return [
    {
      about: 'nodes-not-matched',
      ...(workload === undefined ? {} : { workload }),
      says: `${says}, and with ${nodesUnmatchedBy} no ipBlock matches a node`,
      hint: 'set policyCIDRMatchMode=nodes in the plugin and say --assume ipBlockMatchesNodes=true, or allow it by a policy of the plugin’s own (entities host, remote-node, kube-apiserver)',
    },
  ];
}
