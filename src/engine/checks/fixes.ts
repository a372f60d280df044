// Fixes that several checks offer, as structural edits. Announces what each does; whoever applies one has it proved.

import { areTypesOmitted, POLICY_TYPES, rulesPath, TYPES_PATH } from '../dialects/network-policy/written.ts';
import type { ContainerPort } from '../model/cluster.ts';
import type { Announced, Edit, Fix } from '../model/edit.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import { type IdSet, membersOf } from '../sets/id-set.ts';
import type { CheckContext } from './context.ts';
import { oncePerRun } from './once.ts';

/** Takes rules of one direction of a NetworkPolicy away; what it isolates stays isolated. */
export function removeRules(policy: Policy, direction: Direction, rules: readonly Rule[], title: string): Fix {
  const { object } = policy;
  const edits: Edit[] = rules.map(({ path }) => ({ op: 'remove', object, path }));
  // Without egress rules and without types the API server would not list Egress any more.
  if (areTypesOmitted(policy) && direction === 'egress') {
    const types = DIRECTIONS.filter((one) => policy[one]?.listed).map((one) => POLICY_TYPES[one]);
    edits.push({ op: 'set', object, path: TYPES_PATH, value: types.sort().reverse() });
  }
  return { title, edits, announced: 'closes', safe: false };
}

/**
 * What it does that pods are no longer isolated by a NetworkPolicy: it opens them, unless a Baseline policy, which isolated
 * pods never meet, then denies something.
 */
export function isolationLost({ state }: CheckContext): Announced {
  return state.policies.some(({ tier }) => tier === 'Baseline') ? 'changes' : 'opens';
}

/** Makes the rules of the direction an empty list, which says that nothing is meant to be allowed. */
export function writeNoRules({ object }: Policy, direction: Direction): Fix {
  return {
    title: `write ${direction}: [], which says that nothing is allowed on purpose`,
    edits: [{ op: 'set', object, path: rulesPath(direction), value: [] }],
    announced: 'same',
    safe: false,
  };
}

/** Puts a new NetworkPolicy behind the object that the problem is about; {@link isPolicyThere} says whether the name is free. */
export function addPolicy(
  beside: ManifestObject,
  metadata: { readonly name: string; readonly namespace: string },
  spec: Readonly<Record<string, unknown>>,
): Edit {
  const value = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
  return { op: 'add-object', beside, value };
}

/** A port as a list of ports has it. */
export interface PortValue {
  readonly protocol: string;
  readonly port: number;
}

/**
 * The ports that the pods declare, each once, sorted; undefined where there are no pods, or one of them declares none:
 * then nobody knows what it listens on.
 */
export function declaredPorts(context: CheckContext, pods: IdSet): PortValue[] | undefined {
  const found = new Map<string, PortValue>();
  const members = membersOf(pods);
  for (const id of members) {
    const own = portsOf(context, id);
    if (own.length === 0) return undefined;
    for (const { protocol, number } of own) found.set(`${number} ${protocol}`, { protocol, port: number });
  }
  if (members.length === 0) return undefined;
  return [...found.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}

/** The ports that a pod declares, by position in `context.pods`. */
export function portsOf({ pods }: CheckContext, id: number): readonly ContainerPort[] {
  const { ports } = pods[id]!.endpoint;
  return ports === 'unknown' ? [] : ports;
}

/** Names the ports of a rule. */
export function writePorts({ object }: Policy, rule: Rule, ports: readonly PortValue[]): Fix {
  return {
    title: `allow only ${printPorts(ports)}`,
    edits: [{ op: 'set', object, path: [...rule.path, 'ports'], value: ports.map((port) => ({ ...port })) }],
    announced: 'closes',
    safe: false,
  };
}

/** Ports for a sentence: `8080, 53/UDP`. */
export function printPorts(ports: readonly PortValue[]): string {
  return ports.map(({ protocol, port }) => (protocol === 'TCP' ? `${port}` : `${port}/${protocol}`)).join(', ');
}

const policyNames = oncePerRun(
  ({ state }) => new Set(state.policies.map(({ ref }) => `${ref.kind} ${ref.namespace ?? ''} ${ref.name}`)),
);

/** Reports whether a NetworkPolicy of that name is there, so that a new one needs another. */
export function isPolicyThere(context: CheckContext, namespace: string, name: string): boolean {
  return policyNames(context).has(`NetworkPolicy ${namespace} ${name}`);
}
