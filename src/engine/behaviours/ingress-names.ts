// Port names in ingress rules where a plugin looks them up on all pods of the policy at once (knob ingressNamedPorts).

import type { Knobs } from '../model/behaviour.ts';
import type { Pod } from '../model/cluster.ts';
import type { Policy, PolicyDirection, PortMatch, Rule } from '../model/policy.ts';
import { type Selector, selectsPartly, type Tristate } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { countedPorts } from './egress-names.ts';
import { matchOf } from './read-rule.ts';

/**
 * Adds to names in ingress rules of NetworkPolicies the numbers that any pod of the policy gives them, if the plugin reads
 * them `perPolicy`; otherwise returns the same placement. The names stay: a pod that is only asked about adds its own. A
 * number of a pod that is selected only perhaps opens perhaps.
 */
export function resolveIngressNames(placement: Placement, pods: readonly Pod[], knobs: Knobs): Placement {
  if (knobs.ingressNamedPorts === 'perPod') return placement;
  const byNamespace = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (pod.hostNetwork) continue;
    const known = byNamespace.get(pod.namespace);
    if (known === undefined) byNamespace.set(pod.namespace, [pod]);
    else known.push(pod);
  }
  const policies = placement.policies.map((placed) => {
    const { policy } = placed;
    const part = policy.ingress;
    if (part === undefined || policy.ref.dialect !== 'network-policy' || !part.rules.some(namesPort)) return placed;
    const own = byNamespace.get(policy.ref.namespace ?? '') ?? [];
    const read: Policy = { ...policy, ingress: withNumbers(part, own, knobs) };
    return { ...placed, policy: read };
  });
  return { ...placement, policies };
}

function withNumbers(part: PolicyDirection, pods: readonly Pod[], knobs: Knobs): PolicyDirection {
  const selected = pods.map((pod) => ({ pod, is: isSelected(part.subject.pods, pod) }));
  const numbersFor = (port: PortMatch, is: Tristate): PortMatch[] => {
    if (port.type !== 'named') return [];
    const protocols = port.protocol === 'any' ? PORT_PROTOCOLS : [port.protocol];
    const own = selected.filter((one) => one.is === is).flatMap(({ pod }) => countedPorts(pod, knobs));
    return protocols.flatMap((protocol) => {
      const named = own.filter((one) => one.name === port.name && one.protocol === protocol);
      const numbers = [...new Set(named.map(({ number }) => number))].sort((a, b) => a - b);
      return numbers.map(
        (number): PortMatch => ({ path: port.path, protocol, type: 'range', first: number, last: number }),
      );
    });
  };
  const rules = part.rules.flatMap((rule): readonly Rule[] => {
    if (typeof rule.ports === 'string' || !namesPort(rule)) return [rule];
    const sure = matchOf([...rule.ports, ...rule.ports.flatMap((port) => numbersFor(port, 'yes'))]);
    const open = matchOf(rule.ports.flatMap((port) => numbersFor(port, 'maybe')));
    const perhaps: Rule = { ...rule, ports: open, perhaps: rule.perhaps ?? 'pod-labels' };
    return [{ ...rule, ports: sure }, ...(open === 'none' ? [] : [perhaps])];
  });
  return { ...part, rules };
}

function isSelected(selector: Selector, pod: Pod): Tristate {
  return selectsPartly(selector, pod.labels, (key) => pod.openLabels?.includes(key) ?? false);
}

function namesPort({ ports }: Rule): boolean {
  return typeof ports !== 'string' && ports.some(({ type }) => type === 'named');
}
