// namespaceSelector: {}, which means every namespace there is and every one to come.

import { possible } from '../../compile/match-set.ts';
import { isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import type { Fix } from '../../model/edit.ts';
import type { Match, PortMatch, Rule } from '../../model/policy.ts';
import { isEverything, selects } from '../../model/selector.ts';
import { type IdSet, membersOf } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { portsOf } from '../fixes.ts';
import { findFlow } from '../flows.ts';
import { selectsNobody, subjectOf } from '../isolation.ts';
import { portsOfRule, trafficOfRule } from '../rule-flows.ts';
import { type SelectorUse, selectorUses } from './selector-uses.ts';

/**
 * Rule 29 of the catalogue. It is about who gets in: an egress peer opens nothing at the other end, and one with a
 * podSelector names somebody. Ports that are there for everybody (DNS, metrics) are silent.
 */
export const EVERY_NAMESPACE: Check = {
  id: 'every-namespace',
  severity: 'medium',
  scope: 'object',
  summary: 'a port open to every pod of every namespace, those to come included',
  controls: ['M1030', 'MS-TA9034', 'NSA-network-policies'],
  *find(context) {
    for (const use of selectorUses(context)) {
      const { policy, direction, namespaces: scope, pods, rule, peer } = use;
      if (peer === undefined || direction !== 'ingress' || rule!.action !== 'Accept') continue;
      if ('name' in scope || !isEverything(scope.selector) || !isEverything(pods)) continue;
      // Accepting everybody on every port in the Admin tier is a finding of its own.
      if (policy.tier === 'Baseline' || (policy.tier === 'Admin' && rule!.ports === 'any')) continue;
      const subject = subjectOf(context, policy, direction);
      const ports = privatePorts(context, subject, use);
      if (ports === 'none' || selectsNobody(context, policy, direction)) continue;
      yield problemOf(context, use, subject, { ...rule!, ports });
    }
  },
};

/** The ports of the rule that are not there for all namespaces; `any` where it names none. */
function privatePorts(context: CheckContext, subject: IdSet, { rule }: SelectorUse): Match<PortMatch> {
  const { ports } = rule!;
  if (typeof ports === 'string') return ports;
  const names = publicPorts(context, subject);
  const [first, ...more] = ports.filter((port) => {
    if (port.type === 'named') return !isPublic(port.name);
    if (port.type !== 'range' || port.first !== port.last) return true;
    return !DNS_PORTS.has(port.first) && !names.has(keyOf(port.protocol, port.first));
  });
  return first === undefined ? 'none' : [first, ...more];
}

const DNS_PORTS = new Set([53, 5353]);

/** Port names under which pods offer what monitoring collects, in any namespace. */
function isPublic(name: string): boolean {
  return /(metric|prom|health|telemetry|probe|dns)/.test(name);
}

function keyOf(protocol: PortMatch['protocol'], port: number): string {
  return `${protocol} ${port}`;
}

/** Ports that the pods themselves, their Services, or an annotation for Prometheus give such a name. */
function publicPorts(context: CheckContext, subject: IdSet): Set<string> {
  const found = new Set<string>();
  for (const id of membersOf(subject)) {
    const unit = context.pods[id]!;
    const declared = portsOf(context, id);
    for (const { name, protocol, number } of declared) {
      if (name !== undefined && isPublic(name)) found.add(keyOf(protocol, number));
    }
    const { namespace = '', labels = {} } = unit.endpoint.pod ?? {};
    for (const service of context.state.cluster.services) {
      if (service.namespace !== namespace || service.selector === undefined || !selects(service.selector, labels))
        continue;
      for (const { name, protocol, port, target = port } of service.ports) {
        if (name === undefined || !isPublic(name)) continue;
        const number = typeof target === 'number' ? target : declared.find((one) => one.name === target)?.number;
        if (number !== undefined) found.add(keyOf(protocol, number));
      }
    }
  }
  return found;
}

function problemOf(
  context: CheckContext,
  { policy, peer, pods, namespaces }: SelectorUse,
  subject: IdSet,
  rule: Rule,
): Problem {
  const { object } = policy;
  const ports = portsOfRule(rule);
  const sources = possible(context.select(namespaces, pods, policy));
  const impact = countPods(context, sources);
  const traffic = trafficOfRule(rule);
  const example = findFlow(context, {
    verdict: 'allowed',
    from: sources,
    to: subject,
    ...(traffic === undefined ? {} : { ports: traffic }),
  });
  const own: Fix = {
    title: 'let in only pods of the own namespace',
    edits: [{ op: 'set', object, path: peer!.path, value: { podSelector: {} } }],
    announced: 'closes',
    safe: false,
  };
  return {
    object,
    policy,
    path: peer!.path,
    message: 'every pod of every namespace, also of those to come, is let in',
    hint: 'name the namespaces, or the pods, that need it',
    ...(subject.length === 0 || impact.pods === 0
      ? { effect: `opens ${ports}` }
      : { effect: `opens ${ports} of ${printImpact(countPods(context, subject))} to ${printImpact(impact)}`, impact }),
    ...(example === undefined ? {} : { example }),
    ...(isNetworkPolicy(policy) ? { alternatives: [own] } : {}),
  };
}
