// Pods of a workload are alike but for name, node and address: the rest is stored once for all of them, and is one value for all
// of them when it is read.

import { areEqual } from '../engine/snapshot/duplicates.ts';

type Json = Readonly<Record<string, unknown>>;

/** What pods have in common. */
export interface PodShape {
  readonly metadata: Json;
  readonly spec: Json;
  /** Absent: the pods have none. */
  readonly status?: Json;
}

/** A pod: the position of its shape, its name, node and address; 0 for one that it has not. */
export type PodRow = readonly [shape: number, name: string, node: string | 0, address: string | 0];

/** Shapes that are being collected. */
export interface PodShapes {
  readonly shapes: readonly PodShape[];
  /** The row of a Pod; undefined for what is no Pod, and for Pods that a row does not say in full. */
  rowOf(value: Json): PodRow | undefined;
}

/** Begins without a shape. */
export function collectShapes(): PodShapes {
  const shapes: PodShape[] = [];
  const positions = new Map<string, number>();
  const positionOf = (shape: PodShape): number => {
    const key = JSON.stringify(shape);
    const position = positions.get(key) ?? shapes.push(shape) - 1;
    positions.set(key, position);
    return position;
  };
  return {
    shapes,
    rowOf: (value) => {
      const { apiVersion, kind, metadata, spec, status } = value;
      if (apiVersion !== 'v1' || kind !== 'Pod' || !isObject(metadata) || !isObject(spec)) return undefined;
      if (status !== undefined && !isObject(status)) return undefined;
      const { name, ...ownMetadata } = metadata;
      const { nodeName, ...ownSpec } = spec;
      const { podIP, podIPs: _, ...ownStatus } = status ?? {};
      if (typeof name !== 'string') return undefined;
      const shape = { metadata: ownMetadata, spec: ownSpec, ...(status === undefined ? {} : { status: ownStatus }) };
      const [node, address] = [textOrNone(nodeName), textOrNone(podIP)];
      return areEqual(podOf([0, name, node, address], [shape]), value)
        ? [positionOf(shape), name, node, address]
        : undefined;
    },
  };
}

/** The Pod of a row. */
export function podOf([shape, name, node, address]: PodRow, shapes: readonly PodShape[]): Json {
  const { metadata, spec, status } = shapes[shape]!;
  const value = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: node === 0 ? spec : { nodeName: node, ...spec },
  };
  if (status === undefined) return value;
  return { ...value, status: address === 0 ? status : { podIP: address, podIPs: [{ ip: address }], ...status } };
}

/** Reports whether what was read is a row: objects are stored as objects, and nothing else as a list. */
export function isPodRow(stored: unknown): stored is PodRow {
  return Array.isArray(stored);
}

function textOrNone(value: unknown): string | 0 {
  return typeof value === 'string' ? value : 0;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
