// Port names in egress rules to address blocks: names belong to pods.

import type { Fix } from '../../model/edit.ts';
import type { Policy, PortMatch } from '../../model/policy.ts';
import { acceptingRules, addressPeers } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import { countPods, printImpact } from '../effect.ts';
import { subjectOf } from '../isolation.ts';

/** Numbers of names that mean the same everywhere (IANA service names). */
const WELL_KNOWN: Readonly<Record<string, number>> = { dns: 53, domain: 53, http: 80, https: 443, ssh: 22 };

/**
 * Rule 84 of the catalogue, for NetworkPolicies: of the cluster-scoped APIs, decoding reports it as
 * `named-port-without-pods`, since their CRDs refuse it or come to. In ingress, names are those of the policy's own pods.
 */
export const NAMED_PORT_WITH_ADDRESSES: Check = {
  id: 'named-port-with-addresses',
  severity: 'medium',
  scope: 'object',
  summary: 'a port name in an egress rule to address blocks, which have no names',
  *find(context) {
    for (const { policy, direction, rule } of acceptingRules(context.state.policies)) {
      if (direction !== 'egress' || policy.ref.dialect !== 'network-policy' || typeof rule.ports === 'string') continue;
      const blocks = addressPeers(rule);
      if (blocks.length === 0) continue;
      const isAlone = blocks.length === rule.peers.length;
      for (const port of rule.ports) {
        if (port.type !== 'named') continue;
        const impact = countPods(context, subjectOf(context, policy, direction));
        const fix = isAlone ? writeNumber(policy, port) : undefined;
        yield {
          object: policy.object,
          policy,
          path: port.path,
          message: `addresses have no port names, so "${port.name}" opens nothing there but where one is a pod's`,
          hint: isAlone ? 'write the number' : 'write the number, in a rule of its own for the blocks',
          ...(impact.pods === 0
            ? {}
            : { effect: `opens nothing outside of the cluster for ${printImpact(impact)}`, impact }),
          related: blocks.slice(0, 3).map((peer) => ({
            object: policy.object,
            path: peer.path,
            message: `${peer.cidr} has no port names`,
          })),
          ...(fix === undefined ? {} : { fix }),
        };
      }
    }
  },
};

function writeNumber(policy: Policy, { path, name }: Extract<PortMatch, { type: 'named' }>): Fix | undefined {
  if (!Object.hasOwn(WELL_KNOWN, name)) return undefined;
  return {
    title: `write ${WELL_KNOWN[name]} in place of ${name}`,
    edits: [{ op: 'set', object: policy.object, path: [...path, 'port'], value: WELL_KNOWN[name] }],
    announced: 'changes',
    safe: false,
  };
}
