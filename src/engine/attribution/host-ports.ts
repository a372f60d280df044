// Ports of nodes that lead to pods (hostPort), as pod specs have them. Knows no Service, no flow and nobody who calls.

import type { Pod } from '../model/cluster.ts';
import { valueAt } from '../model/source.ts';
import { PORT_PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { isObject, type JsonObject } from '../snapshot/reading.ts';

/** A port of a pod's node that leads to the pod. */
export interface HostPort {
  readonly pod: Pod;
  readonly protocol: Protocol;
  readonly onNode: number;
  /** Of the pod itself. */
  readonly port: number;
  /** The only address of the node that leads there, as it is written; absent: all of them. */
  readonly address?: string;
}

/**
 * Those of one pod. Pods of the host network have none but their nodes' own; init containers end before anybody calls, but for
 * sidecars; a port on the node's loopback is for the node alone.
 */
export function hostPortsOf(pod: Pod): readonly HostPort[] {
  if (pod.hostNetwork) return [];
  const spec = valueAt(pod.object, pod.specPath ?? ['spec']);
  if (!isObject(spec)) return [];
  const sidecars = objectsIn(spec['initContainers']).filter((one) => one['restartPolicy'] === 'Always');
  return [...objectsIn(spec['containers']), ...sidecars].flatMap((container) =>
    objectsIn(container['ports']).flatMap((port): HostPort[] => {
      const { hostPort: onNode, containerPort, protocol: written = 'TCP', hostIP } = port;
      const protocol = PORT_PROTOCOLS.find((one) => one === written);
      if (typeof onNode !== 'number' || typeof containerPort !== 'number' || protocol === undefined) return [];
      if (onNode === 0 || (typeof hostIP === 'string' && /^127\.|^::1$/.test(hostIP))) return [];
      const isBound = typeof hostIP === 'string' && hostIP !== '' && hostIP !== '0.0.0.0' && hostIP !== '::';
      return [{ pod, protocol, onNode, port: containerPort, ...(isBound ? { address: hostIP } : {}) }];
    }),
  );
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
