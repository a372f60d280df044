// What items that measure the engine in this process share: objects that are parsed already, and the reference over them.

import { behaviourOf, loadState, type ManifestObject, type State } from '../../src/engine/index.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { timeOf } from '../measure.ts';
import type { DrawnCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { SAMPLED_PAIRS } from './cluster-item.ts';
import { objectsOf } from './command.ts';

/** How questions are asked. */
export const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS } as const;

/** Bytes that the reference parses; for more it parses so many, and the time is that of all in proportion. */
const PARSED_BYTES = 16 * 2 ** 20;

/** A drawn cluster as `JSON.parse` makes it: that is how objects arrive, each with values of its own. */
export interface ParsedCluster extends DrawnCluster {
  /** Milliseconds that parsing takes. */
  timeToParse(): number;
}

/** Prints and parses every object. */
export function parsed(drawn: DrawnCluster): ParsedCluster {
  let [bytes, sampled] = [0, 0];
  const sample: string[] = [];
  const parse = (object: Json): Json => {
    const text = JSON.stringify(object);
    bytes += text.length;
    return JSON.parse(text) as Json;
  };
  const [namespaces, workloads, policies] = [drawn.namespaces, drawn.workloads, drawn.policies].map((list) =>
    list.map(parse),
  );
  // Every n-th object, so that the sample has as much of each kind as the whole.
  const all = objectsOf(drawn);
  const step = Math.ceil(bytes / PARSED_BYTES);
  for (let index = 0; index < all.length; index += step) {
    const text = JSON.stringify(all[index]!);
    sampled += text.length;
    sample.push(text);
  }
  const text = `[${sample.join(',')}]`;
  return {
    namespaces: namespaces!,
    workloads: workloads!,
    policies: policies!,
    ...(drawn.probes === undefined ? {} : { probes: drawn.probes }),
    timeToParse: () => (timeOf(() => JSON.parse(text)) * bytes) / sampled,
  };
}

/** Builds the state of a cluster, anew each time. */
export function stateOf(drawn: DrawnCluster): State {
  const objects = objectsOf(drawn).map((value): ManifestObject => ({ value, locate: () => ({ path: '' }) }));
  return loadState({ objects, behaviour: behaviourOf('default', []), defaultNamespace: 'default' });
}

/** Policies and rules that the naive evaluator looks at for each flow, of the namespace that has most. */
function looks({ policies }: DrawnCluster): number {
  const counts = new Map<unknown, number>();
  let everywhere = 0;
  for (const { metadata, spec } of policies) {
    const { namespace } = metadata as { namespace?: string };
    const { ingress = [], egress = [] } = spec as { ingress?: readonly Json[]; egress?: readonly Json[] };
    if (namespace === undefined) everywhere += ingress.length + egress.length;
    else counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return everywhere + Math.max(1, ...counts.values());
}

/** So many pairs as the naive evaluator judges in some seconds. */
export function sampledPairs(drawn: DrawnCluster): number {
  return Math.min(SAMPLED_PAIRS, Math.ceil(4_000_000 / looks(drawn)));
}

/** Reports whether it can go through all pairs in some seconds. */
export function isCountable(drawn: DrawnCluster): boolean {
  return drawn.workloads.length ** 2 * looks(drawn) < 50_000_000;
}
