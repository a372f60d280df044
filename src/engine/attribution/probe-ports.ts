// Ports at which the kubelet calls a pod: probes and HTTP hooks of its containers, numbers and names. Knows no node.

import type { Pod } from '../model/cluster.ts';
import { isObject, type JsonObject } from '../snapshot/reading.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HOOKS = ['postStart', 'preStop'] as const;
const ACTIONS = ['httpGet', 'tcpSocket', 'grpc'] as const;

/** The TCP ports, each once, in written order. A probe of a template counts for the pods that it makes. */
export function probePorts(pod: Pod): readonly number[] {
  const found = new Set<number>();
  for (const container of containersIn(pod.object.value, 0)) {
    const lifecycle = isObject(container['lifecycle']) ? container['lifecycle'] : {};
    for (const probe of [...PROBES.map((key) => container[key]), ...HOOKS.map((key) => lifecycle[key])]) {
      for (const port of portsOf(probe)) {
        if (typeof port === 'number') found.add(port);
        else for (const own of pod.ports) if (own.name === port && own.protocol === 'TCP') found.add(own.number);
      }
    }
  }
  return [...found];
}

function portsOf(probe: unknown): readonly (number | string)[] {
  if (!isObject(probe)) return [];
  return ACTIONS.flatMap((action) => {
    const how = probe[action];
    const port = isObject(how) ? how['port'] : undefined;
    // A number in quotes is a number to the API server as well.
    if (typeof port === 'string' && /^\d+$/.test(port)) return [Number(port)];
    return typeof port === 'number' || typeof port === 'string' ? [port] : [];
  });
}

/** Containers of a pod, or of the templates in an object; sidecars stand among the init containers. */
function containersIn(value: unknown, depth: number): readonly JsonObject[] {
  if (!isObject(value) || depth > 8) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if ((key === 'containers' || key === 'initContainers') && Array.isArray(child)) return child.filter(isObject);
    return key === 'status' || key === 'metadata' ? [] : containersIn(child, depth + 1);
  });
}
