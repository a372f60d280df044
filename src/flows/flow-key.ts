// Equality and order of flows: a text for each flow that is the same for equal ones. Knows no format.

import type { FlowEnd, ObservedFlow } from '../engine/model/flow.ts';
import type { PolicyRef } from '../engine/model/policy.ts';

/** All of an observed flow but how often, when and where it was recorded: what makes records equal. */
export type FlowFacts = Omit<ObservedFlow, 'count' | 'first' | 'last' | 'place'>;

/** A text equal only for equal ends. */
export function endKey(end: FlowEnd): string {
  const { before, after } = endKeyAround(end);
  return `${before}${JSON.stringify(end.address ?? '')}${after}`;
}

/** What stands before and after the address in {@link endKey}: equal only for ends that are equal but for the address. */
export function endKeyAround(end: FlowEnd): { readonly before: string; readonly after: string } {
  const { namespace, workload, pod, entity, node, service, names, labels } = end;
  const owner = workload === undefined ? '' : `${workload.kind}/${workload.name}`;
  const before = JSON.stringify([namespace ?? '', owner, pod ?? '', entity ?? '']);
  const after = JSON.stringify([
    node ?? '',
    end.apiServer === true ? 1 : 0,
    end.cluster ?? '',
    service === undefined ? '' : `${service.namespace}/${service.name}`,
    names ?? 0,
    sorted(labels),
    sorted(end.namespaceLabels),
  ]);
  return { before: `${before.slice(0, -1)},`, after: `,${after.slice(1)}` };
}

/** A text equal only for flows that are the same but for count, times and place; also the order of flows. */
export function flowKey(flow: FlowFacts): string {
  const { before, after } = factsKeyAround(flow);
  const ports = `${flow.port ?? ''}|${flow.sourcePort ?? ''}|`;
  return `${endKey(flow.source)}${endKey(flow.destination)}${before}${ports}${after}`;
}

/** What stands before and after the two ports in {@link flowKey}, without the ends; after each port comes a `|`. */
export function factsKeyAround(flow: Omit<FlowFacts, 'source' | 'destination' | 'port' | 'sourcePort'>): {
  readonly before: string;
  readonly after: string;
} {
  const { verdict, policies, foreignPolicies } = flow;
  const outcome = verdict.kind === 'denied' ? `denied by ${verdict.by} ${verdict.reason ?? ''}` : verdict.kind;
  const named =
    policies === undefined && foreignPolicies === undefined ? '' : JSON.stringify([policies, foreignPolicies]);
  return {
    before: `${flow.family}|${flow.protocol}|`,
    after: `${flow.opened}|${flow.seenAt ?? ''}|${outcome}|${named}`,
  };
}

/** The order of policies that a log names. */
export function comparePolicies(a: Omit<PolicyRef, 'dialect'>, b: Omit<PolicyRef, 'dialect'>): number {
  const [x, y] = [a, b].map(({ kind, namespace = '', name }) => `${kind}\n${namespace}\n${name}`);
  return x! < y! ? -1 : x! > y! ? 1 : 0;
}

function sorted(labels: FlowEnd['labels']): unknown {
  if (labels === undefined) return 0;
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
