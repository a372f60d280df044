// Reasons of attribution as people read them. Knows the words only.

import type { AsideReason, UnattributedReason } from './attribution.ts';

/** Why a record was not attributed. */
export const UNATTRIBUTED_SAYS: Readonly<Record<UnattributedReason, string>> = {
  'no-address': 'the log says nothing of the end',
  'no-port': 'without a port',
  'invalid-address': 'the address is no address',
  'direction-unknown': 'either end may have opened the connection',
  'pod-gone': 'a pod that no longer exists, and nothing says surely whose it was',
  'address-reused': 'the address had several owners, and the time does not tell which',
  'unknown-workload': 'a workload that the input does not hold',
  'unknown-service': 'a Service that the input does not hold',
  'no-endpoints': 'a Service without that port, or with nothing behind it',
  'unknown-entity': 'neither pod, node nor outside',
  'unknown-range': 'a pod or outside: nothing shows where pods have their addresses (--assume podCIDRs=CIDR)',
};

/** Why a record needs no policy. */
export const ASIDE_SAYS: Readonly<Record<AsideReason, string>> = {
  icmp: 'NetworkPolicies name TCP, UDP and SCTP only',
  multicast: 'sent to many at once, which NetworkPolicies cannot name',
  broadcast: 'sent to everybody on the link',
  loopback: 'never leaves the pod',
  'link-local': 'only ever sent on the link',
  itself: 'a pod to itself: no policy can block it',
  'no-pod': 'no pod at either end',
};
