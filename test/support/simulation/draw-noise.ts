// Records of a log that are none of the application's: scans that a policy refused, multicast, ICMP, addresses of nobody, records
// without a port.

import type { FlowEnd, ObservedFlow } from '../../../src/engine/model/flow.ts';
import type { Application, SimPod } from './application.ts';
import { endAs, type LogStyle } from './log-ends.ts';
import type { Random } from './random.ts';

/** Ports at which nothing listens. */
const CLOSED = [22, 23, 135, 3306, 31_337] as const;

/** Draws such records. Scans are refused, so that a log without verdicts cannot have them. */
export function drawNoise(
  random: Random,
  { workloads, begin, end }: Application,
  style: Pick<LogStyle, 'names' | 'knowsVerdict' | 'noise'>,
): Omit<ObservedFlow, 'count' | 'place'>[] {
  const pods = workloads.filter(({ hostNetwork }) => !hostNetwork).flatMap((workload) => workload.pods);
  if (pods.length === 0) return [];
  const seen = (pod: SimPod): FlowEnd => endAs(style, { is: 'pod', pod }, pod.addresses[0]!);
  return Array.from({ length: style.noise }, (): Omit<ObservedFlow, 'count' | 'place'> => {
    const [one, other] = [random.pick(pods), random.pick(pods)];
    const time = Math.max(one.since, other.since, begin) + random.below(1000);
    const base = {
      source: seen(one),
      destination: seen(other),
      family: 'IPv4',
      protocol: 'TCP',
      opened: 'known',
      verdict: { kind: style.knowsVerdict ? 'allowed' : 'unknown' },
      seenAt: 'ingress',
      first: time,
      last: Math.min(time, end),
    } as const;
    const refused = {
      verdict: { kind: 'denied', by: 'policy', reason: 'POLICY_DENIED' },
      port: random.pick(CLOSED),
    } as const;
    switch (random.below(style.knowsVerdict ? 7 : 4)) {
      case 0:
        return { ...base, destination: { address: '224.0.0.251' }, protocol: 'UDP', port: 5353 };
      case 1:
        return { ...base, protocol: 'ICMP', port: 8 };
      case 2:
        // Nobody of the snapshot, and the log does not say who.
        return { ...base, source: { address: '10.244.0.250' }, port: 8080 };
      case 3:
        return base;
      case 4:
        return { ...base, ...refused, source: { address: '192.0.2.99' } };
      default:
        return { ...base, ...refused };
    }
  });
}
