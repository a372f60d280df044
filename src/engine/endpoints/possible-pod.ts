// Pods that do not exist but could be made: the endpoint that policies would see. Knows no policy.

import type { Namespace } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Labels, labelOf } from '../model/selector.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { type EndpointContext, namespaceIdentity, seenByBlocks } from './pod-endpoints.ts';

/** What is known of a pod that does not exist. */
export interface PossiblePod {
  readonly key: string;
  readonly name: string;
  readonly namespace: Namespace;
  readonly labels: Labels;
  /** Whether it is on the host network; absent: it is not. */
  readonly hostNetwork?: boolean;
}

/** The name of a namespace that does not exist where nobody gave it one; no namespace can have it. */
export const UNNAMED = '(new)';

/** A namespace that does not exist, with these labels; the automatic label is its name, {@link UNNAMED} where it has none. */
export function newNamespace(labels: Labels): Namespace {
  const name = labelOf(labels, NAME_LABEL) ?? UNNAMED;
  return { name, labels: { ...labels, [NAME_LABEL]: name }, declared: true };
}

/**
 * The endpoint of such a pod. Its ports are unknown: it may name any. Its address is one of the pods' range, or of the
 * nodes' on the host network, where it speaks as some node unless the plugin can tell.
 */
export function possiblePod(context: EndpointContext, pod: PossiblePod): Endpoint {
  const { plan, behaviour } = context;
  const { hostNetwork, ipBlockMatchesNodes, ipBlockMatchesPods } = behaviour.knobs;
  const onHost = pod.hostNetwork === true;
  const common = {
    key: pod.key,
    name: pod.name,
    type: 'pod' as const,
    addresses: onHost ? plan.nodes : plan.pods,
    families: plan.families,
    ...(onHost ? seenByBlocks(ipBlockMatchesNodes, 'node-address') : seenByBlocks(ipBlockMatchesPods, 'pod-address')),
    ...(onHost ? { node: { certain: true } } : {}),
  };
  if (onHost && hostNetwork === 'asNode') return { ...common, ports: [] };
  if (onHost && hostNetwork === 'unknown') return { ...common, ports: 'unknown', perhapsSelected: 'host-network' };
  return {
    ...common,
    pod: {
      ...namespaceIdentity(context, pod.namespace, pod.namespace.name),
      labels: pod.labels,
      openLabels: [],
      hostNetwork: onHost,
      // Whoever makes it may make it without a controller.
      ...(behaviour.knobs.standalonePods === 'unknown' ? { perhapsSubject: 'standalone-pods' as const } : {}),
    },
    ports: 'unknown',
  };
}
