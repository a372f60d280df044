// Namespaces in which a new pod is open until somebody writes a policy for it.

import type { Fix } from '../../model/edit.ts';
import { everyId, membersOf } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { addPolicy, isPolicyThere } from '../fixes.ts';
import { findFlow } from '../flows.ts';
import {
  declaresPort,
  isSystemNamespace,
  type NamespaceIsolation,
  namespaceIsolation,
  workloadsOf,
} from './namespace-isolation.ts';

/**
 * Rule 71 of the catalogue, by ingress. Only namespaces that the input declares: whoever writes the policies of one
 * application into a namespace of somebody else has no business closing it.
 */
export const NO_DEFAULT_DENY: Check = {
  id: 'no-default-deny',
  severity: 'medium',
  scope: 'input',
  summary: 'a namespace in which no policy isolates the ingress of every pod',
  controls: ['CIS-5.3.2', 'NSA-network-policies'],
  *find(context) {
    for (const one of namespaceIsolation(context)) {
      const { name, namespace, ingress } = one;
      if (namespace?.object === undefined || ingress.closesNew || isSystemNamespace(name)) continue;
      yield problemOf(context, one, namespace.object);
    }
  },
};

function problemOf(
  context: CheckContext,
  { name, ingress: { open, restricted } }: NamespaceIsolation,
  object: Problem['object'],
): Problem {
  const impact = countPods(context, open);
  const isMostlyOpen = open.length > 0 && workloadsOf(context, open).length >= workloadsOf(context, restricted).length;
  const example = findFlow(context, { verdict: 'allowed', from: everyId(context.pods.length), to: open });
  const fix = open.length === 0 ? denyByDefault(context, name, object) : undefined;
  return {
    object,
    path: ['metadata', 'name'],
    // Without a declared port, the pods may well serve nobody.
    severity: !isMostlyOpen ? 'info' : membersOf(open).some((id) => declaresPort(context, id)) ? 'medium' : 'low',
    message: isMostlyOpen
      ? restricted.length === 0
        ? `no policy isolates the pods of namespace "${name}": everybody may connect to them`
        : `policies isolate only some pods of namespace "${name}": everybody may connect to the others`
      : `no policy selects every pod of namespace "${name}": a new pod is open until it has a policy of its own`,
    hint: 'add a policy with podSelector: {} and policyTypes: [Ingress] that allows nothing, and rules for what is needed',
    ...(open.length === 0 ? {} : { effect: `leaves ${printImpact(impact)} open`, impact }),
    ...(example === undefined ? {} : { example }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** A policy that isolates every pod: no change for pods that are isolated anyway, all that is left to close are new ones. */
function denyByDefault(context: CheckContext, namespace: string, beside: Problem['object']): Fix | undefined {
  const name = 'default-deny-ingress';
  if (isPolicyThere(context, namespace, name)) return undefined;
  return {
    title: 'close new pods by default',
    edits: [addPolicy(beside, { name, namespace }, { podSelector: {}, policyTypes: ['Ingress'] })],
    announced: 'closes',
    safe: false,
  };
}
