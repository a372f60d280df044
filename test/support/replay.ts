// Answers of both evaluators to single probes between pods, from manifests through the whole pipeline. Knows no data set.

import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { compileReach } from '../../src/engine/compile/reach.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import { DIRECTIONS, type Direction } from '../../src/engine/model/policy.ts';
import type { Placement } from '../../src/engine/model/tier.ts';
import type { Decision, FlowTrace, Verdict } from '../../src/engine/model/verdict.ts';
import type { Family } from '../../src/engine/sets/ip-set.ts';
import { contains, type Protocol } from '../../src/engine/sets/traffic-set.ts';
import { loadState, type State } from '../../src/engine/state.ts';
import { manifestObject } from './manifest-object.ts';

/** A plain manifest. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Loads manifests as `netweir -f` would. `assume` are texts of --assume. */
export function stateOf(
  manifests: readonly Manifest[],
  behaviour: Behaviour | { readonly assume?: readonly string[] } = {},
): State {
  const chosen = 'knobs' in behaviour ? behaviour : behaviourOf('default', behaviour.assume ?? []);
  return loadState({ objects: manifests.map(manifestObject), behaviour: chosen, defaultNamespace: 'default' });
}

/** A Namespace object. */
export function namespaceManifest(name: string, labels: Readonly<Record<string, string>>): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A running Pod with these addresses; `owner` is the name of its StatefulSet, absent: nobody owns it. */
export function podManifest(pod: {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly ports: readonly { readonly name?: string; readonly protocol?: string; readonly containerPort: number }[];
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly owner?: string;
}): Manifest {
  const { namespace, name, labels, addresses, ports, node, hostNetwork, owner } = pod;
  const controller = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    name: owner,
    uid: `uid-of-${owner}`,
    controller: true,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels, ...(owner === undefined ? {} : { ownerReferences: [controller] }) },
    spec: {
      ...(node === undefined ? {} : { nodeName: node }),
      ...(hostNetwork === true ? { hostNetwork } : {}),
      containers: [{ name: 'main', image: 'example.com/server', ports }],
    },
    status: { phase: 'Running', podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) },
  };
}

/** The ports of the upstream test pods: 80 and 81 over every protocol, named `serve-<port>-<protocol>`. */
export const SERVED_PORTS: readonly { name: string; protocol: string; containerPort: number }[] = [80, 81].flatMap(
  (port) =>
    ['TCP', 'UDP', 'SCTP'].map((protocol) => ({
      name: `serve-${port}-${protocol.toLowerCase()}`,
      protocol,
      containerPort: port,
    })),
);

/** What a decision says of one port. */
export function verdictAt(decision: Decision, protocol: Protocol, port: number): Verdict {
  if (contains(decision.allowed, protocol, port)) return 'allowed';
  if (decision.unknown.some((part) => contains(part.traffic, protocol, port))) return 'unknown';
  return decision.conditional.some((part) => contains(part.traffic, protocol, port)) ? 'conditional' : 'denied';
}

/** The same policies as if none said anything about the other direction. */
export function onlyDirection(placement: Placement, direction: Direction): Placement {
  const [other] = DIRECTIONS.filter((one) => one !== direction);
  const policies = placement.policies.map((placed) => {
    const { [other!]: _, ...policy } = placed.policy;
    return { ...placed, policy };
  });
  return { ...placement, policies };
}

/** Both evaluators over the pods of one state; pods are named `namespace/name`. */
export interface Replay {
  readonly pods: readonly string[];
  literal(from: string, to: string, protocol: Protocol, port: number, family?: Family): FlowTrace;
  /** Without direction: both ends together; with it: as if policies had that direction only. */
  compiled(
    from: string,
    to: string,
    protocol: Protocol,
    port: number,
    options?: { readonly direction?: Direction; readonly family?: Family },
  ): Verdict;
}

const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

/** Prepares both evaluators for a state. Throws for a pod that the pipeline lost. */
export function replayOf(state: State): Replay {
  const world = worldOf(state);
  const { placement } = state;
  const { knobs } = state.behaviour;
  const position = new Map<string, number>();
  for (const pod of state.cluster.pods) {
    const unit = world.unitOf(pod);
    if (unit === undefined) throw new Error(`no unit for pod ${pod.namespace}/${pod.name}`);
    position.set(`${pod.namespace}/${pod.name}`, world.pods.indexOf(unit));
  }
  const ends = world.pods.map((unit) => unit.endpoint);
  const idOf = (pod: string): number => {
    const id = position.get(pod);
    if (id === undefined) throw new Error(`no pod ${pod} in the state`);
    return id;
  };
  const both = compileReach({ placement, knobs }, ends, PROTOCOLS);
  const sides = new Map(
    DIRECTIONS.map((one) => [one, compileReach({ placement: onlyDirection(placement, one), knobs }, ends, PROTOCOLS)]),
  );
  return {
    pods: [...position.keys()],
    literal(from, to, protocol, port, family = 'IPv4') {
      const pair = { from: ends[idOf(from)]!, to: ends[idOf(to)]!, same: from === to };
      return evaluateFlow({ placement, knobs }, pair, { family, protocol, port });
    },
    compiled(from, to, protocol, port, { direction, family = 'IPv4' } = {}) {
      const reach = direction === undefined ? both : sides.get(direction)!;
      const decision = reach.decide(idOf(from), idOf(to))[family];
      if (decision === undefined) throw new Error(`${from} and ${to} share no ${family}`);
      return verdictAt(decision, protocol, port);
    },
  };
}
