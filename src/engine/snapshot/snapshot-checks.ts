// The checks that reading a snapshot can raise: a table for documentation and configuration.

import type { Severity } from '../model/finding.ts';
import type { ShapeCheck } from './reading.ts';

/** What a check of the snapshot says. */
export interface SnapshotCheckInfo {
  readonly severity: Severity;
  /** One clause: what is reported. */
  readonly summary: string;
}

const wrongShape = (summary: string): SnapshotCheckInfo => ({ severity: 'high', summary });

/** Id of a check of the snapshot. */
export type SnapshotCheckId = ShapeCheck | 'duplicate-object' | 'wrong-api-version' | 'removed-api-version';

/** By id. Those of severity high about one field are also gaps: the object was read only in part. */
export const SNAPSHOT_CHECKS: Readonly<Record<SnapshotCheckId, SnapshotCheckInfo>> = {
  'wrong-type': wrongShape('a value of the wrong JSON type'),
  'missing-field': wrongShape('a required field that is missing, null or empty'),
  'invalid-port': wrongShape('a port number outside 1-65535'),
  'invalid-protocol': wrongShape('a protocol other than TCP, UDP and SCTP'),
  'invalid-address': wrongShape('not an IP address or address block'),
  'invalid-value': wrongShape('a value that the field does not take'),
  'duplicate-object': { severity: 'high', summary: 'an object that is defined twice with different content' },
  'wrong-api-version': { severity: 'high', summary: 'a kind under an apiVersion that no server has for it' },
  'removed-api-version': { severity: 'low', summary: 'an apiVersion that servers no longer have' },
};
