// What one pod spec says about traffic: ports, host network, service account, node. The same for pods and templates.

import type { ContainerPort } from '../model/cluster.ts';
import type { Path } from '../model/source.ts';
import {
  booleanAt,
  type JsonObject,
  objectsAt,
  portAt,
  protocolAt,
  type Reading,
  reportMissing,
  stringAt,
} from './reading.ts';

/** The part of a pod that its spec decides. */
export interface PodSpecFacts {
  /** In written order, containers first; empty where none declares a port. */
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  readonly serviceAccount: string;
  readonly node?: string;
}

/**
 * The ports that were read last: pods of one template that come from one list share what their containers say, which is
 * then read once. Nothing is remembered where something was wrong, since that is to be said of every pod.
 */
export interface LastPorts {
  containers?: unknown;
  initContainers?: unknown;
  ports?: readonly ContainerPort[];
}

/** Reads a pod spec that stands at the path. `last`: absent where specs share nothing. */
export function readPodSpec(reading: Reading, spec: JsonObject, path: Path, last: LastPorts = {}): PodSpecFacts {
  const ports = readAllPorts(reading, spec, path, last);
  const node = stringAt(reading, spec, 'nodeName', path);
  const account =
    stringAt(reading, spec, 'serviceAccountName', path) ?? stringAt(reading, spec, 'serviceAccount', path);
  const hostNetwork = booleanAt(reading, spec, 'hostNetwork', path);
  const serviceAccount = account ?? 'default';
  return node === undefined ? { ports, hostNetwork, serviceAccount } : { ports, hostNetwork, serviceAccount, node };
}

function readAllPorts(reading: Reading, spec: JsonObject, path: Path, last: LastPorts): readonly ContainerPort[] {
  const { containers, initContainers } = spec;
  if (last.ports !== undefined && last.containers === containers && last.initContainers === initContainers) {
    return last.ports;
  }
  const before = reading.problems.length;
  const ports: ContainerPort[] = [];
  if (containers === undefined || containers === null) reportMissing(reading, [...path, 'containers']);
  for (const [index, container] of objectsAt(reading, spec, 'containers', path)) {
    if (hasPorts(container)) readPorts(reading, container, [...path, 'containers', index], 'container', ports);
  }
  for (const [index, container] of objectsAt(reading, spec, 'initContainers', path)) {
    const from = container.restartPolicy === 'Always' ? 'sidecar' : 'init';
    if (hasPorts(container)) readPorts(reading, container, [...path, 'initContainers', index], from, ports);
  }
  if (reading.problems.length === before) Object.assign(last, { containers, initContainers, ports });
  return ports;
}

function hasPorts(container: JsonObject): boolean {
  return container.ports !== undefined && container.ports !== null;
}

/**
 * Adds the ports of one container. A port that cannot be read is left out. hostPort is not read: with hostNetwork the
 * API demands that it equals containerPort, and without it policies see the pod's own port.
 */
function readPorts(
  reading: Reading,
  container: JsonObject,
  path: Path,
  from: ContainerPort['from'],
  ports: ContainerPort[],
): void {
  for (const [index, port] of objectsAt(reading, container, 'ports', path)) {
    const at = [...path, 'ports', index];
    const number = portAt(reading, port, 'containerPort', at);
    if (port.containerPort === undefined || port.containerPort === null)
      reportMissing(reading, [...at, 'containerPort']);
    const protocol = protocolAt(reading, port, at);
    const name = stringAt(reading, port, 'name', at);
    if (number === undefined || protocol === undefined) continue;
    // Written out: an object that begins with what was spread has a shape of its own in V8.
    ports.push(name === undefined ? { protocol, number, from } : { name, protocol, number, from });
  }
}
