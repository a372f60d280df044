// What a policy asks for and the plugin does not do. Speaks only of what somebody said about the plugin.

import type { KnobName } from '../../behaviours/index.ts';
import { entry } from '../../compile/entry.ts';
import { isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import { DIRECTIONS, type Policy, type PortMatch } from '../../model/policy.ts';
import { selects } from '../../model/selector.ts';
import type { State } from '../../state.ts';
import { acceptingRules } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';

/** Rule 20 of the catalogue, and policies that the plugin does not enforce at all. */
export const NOT_SUPPORTED_BY_PLUGIN: Check = {
  id: 'not-supported-by-plugin',
  severity: 'high',
  scope: 'plugin',
  summary: 'something that a policy asks for and the plugin that was named does not do',
  *find(context) {
    const { state } = context;
    yield* notEnforced(state);
    if (state.behaviour.knobs.enforces === 'no') return;
    for (const { policy, direction, rule } of acceptingRules(state.policies)) {
      if (typeof rule.ports === 'string' || !isNetworkPolicy(policy)) continue;
      for (const port of rule.ports) {
        const problem = endPort(state, policy, port) ?? sctp(state, policy, port);
        if (problem !== undefined) yield problem;
        else if (direction === 'egress') yield* egressName(context, policy, port);
      }
    }
    if (isKnown(state, 'hostNetwork') && state.behaviour.knobs.hostNetwork === 'asNode') yield* onHost(state);
  },
};

/** Whether the value of the knob is what somebody said of the plugin, and not the default for all. */
function isKnown({ behaviour }: State, knob: KnobName): boolean {
  return behaviour.name !== 'default' || behaviour.assumed.some((typed) => typed.trim().startsWith(`${knob}=`));
}

/** Where nothing is enforced, one finding says so for all policies. */
function* notEnforced({ placement, behaviour, policies }: State): Generator<Problem> {
  const { name, knobs } = behaviour;
  const [first] = policies;
  if (knobs.enforces === 'no') {
    if (first === undefined) return;
    const { object } = first;
    yield {
      object,
      policy: first,
      path: ['kind'],
      severity: 'critical',
      message: `${pluginName(name)} enforces no policies: neither this one nor any other has an effect`,
      hint: 'install a plugin that enforces policies, or name the one that is there (--cni)',
      effect: `${policies.length} ${policies.length === 1 ? 'policy has' : 'policies have'} no effect`,
    };
    return;
  }
  for (const policy of placement.notEnforced) {
    yield {
      object: policy.object,
      policy,
      path: ['kind'],
      message: `${pluginName(name)} does not enforce ${policy.ref.kind}: this policy has no effect`,
      hint: 'say it with a kind that the plugin enforces',
    };
  }
}

function pluginName(name: string): string {
  return name === 'none' || name === 'default' ? 'the plugin' : name;
}

/** How many single ports are offered in place of a range. */
const FEW = 8;

function endPort(state: State, { object, ...policy }: Policy, port: PortMatch): Problem | undefined {
  const { knobs, name } = state.behaviour;
  if (port.type !== 'range' || port.last <= port.first) return undefined;
  if (knobs.endPort !== 'portOnly' || !isKnown(state, 'endPort')) return undefined;
  const list = port.path.slice(0, -1);
  const at = Number(port.path.at(-1));
  const more = Array.from({ length: port.last - port.first }, (_, i) => port.first + 1 + i);
  return {
    object,
    policy: { object, ...policy },
    path: [...port.path, 'endPort'],
    message: `${pluginName(name)} does not read endPort: only port ${port.first} is open, ${port.first + 1}-${port.last} stay closed`,
    hint: 'list the ports one by one',
    ...(more.length >= FEW
      ? {}
      : {
          fix: {
            title: `list ports ${port.first}-${port.last} one by one`,
            edits: [
              { op: 'remove', object, path: [...port.path, 'endPort'] },
              ...more.map((number) => ({
                op: 'insert' as const,
                object,
                path: [...list, at + 1],
                value: { protocol: port.protocol, port: number },
              })),
            ],
            announced: 'opens',
            safe: false,
          },
        }),
  };
}

function sctp(state: State, policy: Policy, port: PortMatch): Problem | undefined {
  const { knobs, name } = state.behaviour;
  if (port.protocol !== 'SCTP' || knobs.sctp !== 'unknown' || !isKnown(state, 'sctp')) return undefined;
  return {
    object: policy.object,
    policy,
    path: [...port.path, 'protocol'],
    severity: 'medium',
    message: `${pluginName(name)} supports SCTP only where that is switched on: nobody can tell what becomes of this port`,
    hint: 'if it is switched on, write --assume sctp=enforced',
  };
}

const numbersByName = oncePerRun(({ state }) => {
  const numbers = new Map<string, Set<number>>();
  for (const pod of state.cluster.pods) {
    for (const { name, number } of pod.hostNetwork ? [] : pod.ports) {
      if (name !== undefined) entry(numbers, name, () => new Set()).add(number);
    }
  }
  return numbers;
});

/** A name that stands for one number of the whole cluster means nothing where pods give it several. */
function* egressName(context: CheckContext, policy: Policy, port: PortMatch): Generator<Problem> {
  const { state } = context;
  const { knobs, name } = state.behaviour;
  if (port.type !== 'named' || knobs.egressNamedPorts !== 'clusterWide' || !isKnown(state, 'egressNamedPorts')) return;
  const numbers = [...(numbersByName(context).get(port.name) ?? [])].sort((a, b) => a - b);
  if (numbers.length < 2) return;
  yield {
    object: policy.object,
    policy,
    path: [...port.path, 'port'],
    message: `${pluginName(name)} looks the port name ${port.name} up once for the whole cluster, and pods give it different numbers: on egress it matches nothing`,
    hint: `write the number; pods have ${numbers.slice(0, FEW).join(', ')}`,
  };
}

/** Policies that select only hostNetwork pods, where the plugin takes those for their nodes. */
function* onHost({ cluster, policies, behaviour }: State): Generator<Problem> {
  const byNamespace = new Map<string, (typeof cluster.pods)[number][]>();
  for (const pod of cluster.pods) entry(byNamespace, pod.namespace, () => []).push(pod);
  for (const policy of policies) {
    if (!isNetworkPolicy(policy)) continue;
    const part = DIRECTIONS.map((direction) => policy[direction]).find((one) => one?.listed);
    if (part === undefined || !('name' in part.subject.namespaces)) continue;
    const { namespaces, pods } = part.subject;
    const selected = (byNamespace.get(namespaces.name) ?? []).filter(({ labels }) => selects(pods, labels));
    if (selected.length === 0 || selected.some(({ hostNetwork }) => !hostNetwork)) continue;
    yield {
      object: policy.object,
      policy,
      path: ['spec', 'podSelector'],
      severity: 'medium',
      message: `the policy selects only hostNetwork pods, which ${pluginName(behaviour.name)} takes for their nodes: it has no effect`,
      hint: 'protect the nodes instead, by the means of the plugin or the platform',
    };
  }
}
