// Port names where a plugin reads them as numbers of the whole cluster (knob egressNamedPorts). Knows the port names of
// pods, but not which pods a rule is about.

import type { Knobs } from '../model/behaviour.ts';
import type { ContainerPort, Pod } from '../model/cluster.ts';
import type { Policy, PortMatch, Rule } from '../model/policy.ts';
import type { Placement } from '../model/tier.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';

/** Where ports come from whose names count, by the knob sidecarNamedPorts. */
const COUNTED: Readonly<Record<Knobs['sidecarNamedPorts'], readonly ContainerPort['from'][]>> = {
  none: ['container'],
  restartable: ['container', 'sidecar'],
  all: ['container', 'sidecar', 'init'],
};

/** Ports of a pod whose names count (knob sidecarNamedPorts); its own list where all do. */
export function countedPorts({ ports }: Pod, { sidecarNamedPorts }: Knobs): readonly ContainerPort[] {
  const counted = COUNTED[sidecarNamedPorts];
  return ports.every(({ from }) => counted.includes(from)) ? ports : ports.filter(({ from }) => counted.includes(from));
}

/**
 * Replaces names of ports in egress rules by their numbers if the plugin reads them `clusterWide`; otherwise returns the
 * same placement. A name that pods give different numbers, or none, matches nothing; pods of the host network do not count,
 * since such a plugin knows only the pods that it connects. A list of which nothing is left becomes `none`.
 */
export function resolveEgressNames(placement: Placement, pods: readonly Pod[], knobs: Knobs): Placement {
  if (knobs.egressNamedPorts !== 'clusterWide') return placement;
  const numbers = new Map<string, Set<number>>();
  for (const pod of pods) {
    if (pod.hostNetwork) continue;
    for (const { name, protocol, number } of countedPorts(pod, knobs)) {
      if (name === undefined) continue;
      const key = `${protocol} ${name}`;
      const known = numbers.get(key);
      if (known === undefined) numbers.set(key, new Set([number]));
      else known.add(number);
    }
  }
  const resolve = (port: PortMatch): readonly PortMatch[] => {
    if (port.type !== 'named') return [port];
    const protocols = port.protocol === 'any' ? PORT_PROTOCOLS : [port.protocol];
    return protocols.flatMap((protocol): readonly PortMatch[] => {
      const [first, ...others] = numbers.get(`${protocol} ${port.name}`) ?? [];
      if (first === undefined || others.length > 0) return [];
      return [{ path: port.path, protocol, type: 'range', first, last: first }];
    });
  };
  const policies = placement.policies.map((placed) => {
    const policy = withEgressPorts(placed.policy, resolve);
    return policy === placed.policy ? placed : { ...placed, policy };
  });
  return { ...placement, policies };
}

/** The same policy where it names no port on egress. */
function withEgressPorts(policy: Policy, resolve: (port: PortMatch) => readonly PortMatch[]): Policy {
  const { egress } = policy;
  if (egress === undefined || !egress.rules.some(namesPort)) return policy;
  const rules = egress.rules.map((rule): Rule => {
    if (!namesPort(rule) || typeof rule.ports === 'string') return rule;
    const [first, ...more] = rule.ports.flatMap(resolve);
    return { ...rule, ports: first === undefined ? 'none' : [first, ...more] };
  });
  return { ...policy, egress: { ...egress, rules } };
}

function namesPort({ ports }: Rule): boolean {
  return typeof ports !== 'string' && ports.some(({ type }) => type === 'named');
}
