// The reference of lint: what two checks must find, straight from raw objects, each policy held against each workload.

import type { Json } from '../shapes/policy-shape.ts';
import { selects } from './naive.ts';

/** A finding as `lint -o json` prints it, as far as it is compared. */
export interface PrintedFinding {
  readonly check: string;
  readonly message: string;
  readonly policy?: { readonly namespace: string; readonly name: string };
}

interface Drawn {
  readonly namespaces: readonly Json[];
  readonly workloads: readonly Json[];
  readonly policies: readonly Json[];
}

type Metadata = { readonly name: string; readonly namespace: string };

/** Policies that select no workload, and namespaces of which no policy isolates every pod: what was missed or is too many. */
export function compareFindings(all: Drawn, findings: readonly PrintedFinding[]): string[] {
  // Rules of the Admin tier select pods in a form of their own, and may close namespaces.
  const isPlain = all.policies.every(({ kind }) => kind === 'NetworkPolicy');
  const drawn = { ...all, policies: all.policies.filter(({ kind }) => kind === 'NetworkPolicy') };
  const found = findings.flatMap(({ check, message, policy }) => {
    if (check === 'selects-no-pod') return [`${check} ${policy?.namespace}/${policy?.name}`];
    return check === 'no-default-deny' && isPlain ? [`${check} ${/namespace "([^"]*)"/.exec(message)?.[1]}`] : [];
  });
  const expected = new Set([...emptyPolicies(drawn), ...(isPlain ? openNamespaces(drawn) : [])]);
  return [
    ...[...expected].filter((one) => !found.includes(one)).map((one) => `${one}: not found`),
    ...found.filter((one) => !expected.has(one)).map((one) => `${one}: found, naively not`),
    ...(new Set(found).size === found.length ? [] : ['a finding is there twice']),
  ];
}

function emptyPolicies({ workloads, policies }: Drawn): string[] {
  const inNamespace = new Map<string, Json[]>();
  for (const workload of workloads) {
    const { namespace } = workload.metadata as Metadata;
    inNamespace.set(namespace, [...(inNamespace.get(namespace) ?? []), workload]);
  }
  return policies.flatMap((policy) => {
    const { namespace, name } = policy.metadata as Metadata;
    const there = inNamespace.get(namespace) ?? [];
    const isEmpty = there.length > 0 && !there.some((workload) => selects(policy, workload));
    return isEmpty ? [`selects-no-pod ${namespace}/${name}`] : [];
  });
}

/** Of namespaces that have workloads: the check says nothing of the others. */
function openNamespaces({ namespaces, workloads, policies }: Drawn): string[] {
  const closed = new Set(
    policies.flatMap(({ metadata, spec }) => {
      const { podSelector, policyTypes } = spec as { podSelector: object; policyTypes: readonly string[] };
      const isWhole = Object.keys(podSelector).length === 0 && policyTypes.includes('Ingress');
      return isWhole ? [(metadata as Metadata).namespace] : [];
    }),
  );
  const names = namespaces.map(({ metadata }) => (metadata as Metadata).name);
  const used = new Set(workloads.map(({ metadata }) => (metadata as Metadata).namespace));
  return names.filter((name) => used.has(name) && !closed.has(name)).map((name) => `no-default-deny ${name}`);
}
