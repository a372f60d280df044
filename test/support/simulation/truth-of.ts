// The truth about a drawn application, in the words in which policies are measured.

import { type Application, keyOf, type SimEnd } from './application.ts';
import type { TruthEdge, TruthEnd } from './truth.ts';

/** What it is meant to do: what happened and what did not while somebody looked, but not what is long out of use. */
export function truthOf({ calls, nodes }: Application): TruthEdge[] {
  const endOf = (end: SimEnd): TruthEnd => {
    switch (end.is) {
      case 'pods':
        return { type: 'workload', key: keyOf(end.workload) };
      case 'address':
        return { type: 'address', address: end.address };
      case 'kubelet':
        return { type: 'node' };
      case 'nodes':
        return { type: 'nodes', addresses: nodes.map(({ addresses }) => addresses[0]!) };
    }
  };
  return calls
    .filter(({ meant }) => meant)
    .map(({ from, to, protocol, port }) => ({ from: endOf(from), to: endOf(to), protocol, port }));
}
