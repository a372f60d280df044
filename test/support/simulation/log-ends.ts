// How a log describes ends of connections: with all it could know, with names alone, or with addresses alone.

import type { FlowEnd } from '../../../src/engine/model/flow.ts';
import type { SimNode, SimPod, SimService } from './application.ts';

/** How a log writes, and how bad it is. */
export interface LogStyle {
  /** `full`: owner, pod and labels; `names`: namespace and pod; `addresses`: nothing else. */
  readonly names: 'full' | 'names' | 'addresses';
  /** Records show the Service's address and port, not yet the pod's. */
  readonly isBeforeTranslation: boolean;
  readonly knowsOpener: boolean;
  readonly knowsVerdict: boolean;
  /** Shares of calls of which no record is left, and of records that are there twice. */
  readonly loss: number;
  readonly doubles: number;
  /** Records of things that are none of the application's calls. */
  readonly noise: number;
  /** Calls of each connection at most. */
  readonly calls: number;
}

/** Who an end was: a pod of some time, or an address, which may be a node's. */
export type FlowTruth =
  | { readonly is: 'pod'; readonly pod: SimPod }
  | { readonly is: 'address'; readonly address: string; readonly node?: SimNode };

/** An end as the log describes it. */
export function endAs({ names }: Pick<LogStyle, 'names'>, end: FlowTruth, address: string): FlowEnd {
  const node = end.is === 'address' ? end.node : end.pod.workload.hostNetwork ? end.pod.node : undefined;
  if (names === 'addresses') return { address };
  if (node !== undefined) return names === 'full' ? { address, entity: 'node', node: node.name } : { address };
  if (end.is === 'address') return names === 'full' ? { address, entity: 'outside' } : { address };
  const { workload, name, labels } = end.pod;
  const { namespace, kind } = workload;
  if (names === 'names') return { address, namespace, pod: name };
  return { address, namespace, pod: name, workload: { kind, name: workload.name }, labels };
}

/** A Service's address as the log describes it. */
export function serviceAs(
  { names }: Pick<LogStyle, 'names'>,
  { namespace, name }: SimService,
  address: string,
): FlowEnd {
  return names === 'full' ? { address, entity: 'outside', service: { namespace, name } } : { address };
}
