// What the CRDs of policy.networking.k8s.io demand beyond their field tables: their CEL rules. Reports only.

import type { Path } from '../../model/source.ts';
import { validateNetwork } from '../decoding/address-block.ts';
import { portNameProblem } from '../decoding/name-syntax.ts';
import type { Problems } from '../decoding/problems.ts';
import type { PeerFields, RuleFields } from './fields.ts';

const EXPERIMENTAL = ['nodes', 'domainNames'] as const;
const WITHOUT_PORT_NAMES = ['networks', 'nodes', 'domainNames'] as const;

/**
 * Validates the rules of one direction: CIDRs, and port names beside peers that have none, which only the experimental
 * CRD refuses. Says what only that channel knows.
 */
export function validateRules(
  rules: readonly RuleFields[] | undefined,
  direction: 'ingress' | 'egress',
  channel: 'standard' | 'experimental',
  hasNamedPort: (index: number) => boolean,
  problems: Problems,
): void {
  for (const [index, rule] of (rules ?? []).entries()) {
    const path = ['spec', direction, index];
    const list = direction === 'ingress' ? 'from' : 'to';
    const items = rule[list] ?? [];
    for (const [i, peer] of items.entries()) validatePeer(peer, [...path, list, i], problems);
    const nameless = items.flatMap((peer) => WITHOUT_PORT_NAMES.filter((field) => peer[field] !== undefined));
    if (nameless.length > 0 && hasNamedPort(index)) {
      const message = `port names exist on pods only, so a named port never matches peers of ${nameless[0]}`;
      const hint = 'write the port number, or split the rule';
      if (channel === 'experimental') {
        problems.refuse('named-port-without-pods', path, 'FieldValueInvalid', message, { hint });
      } else problems.note('named-port-without-pods', path, message, { hint });
    }
  }
}

function validatePeer(peer: PeerFields, path: Path, problems: Problems): void {
  const { networks = [] } = peer;
  for (const [i, text] of networks.entries()) validateNetwork(text, [...path, 'networks', i], problems, networks);
  for (const field of EXPERIMENTAL) {
    if (peer[field] !== undefined) noteExperimental(field, [...path, field], problems);
  }
}

/** Notes a field that clusters with the standard CRD refuse. */
export function noteExperimental(field: string, path: Path, problems: Problems): void {
  const message = `field ${JSON.stringify(field)} exists only in the experimental channel of the CRD; elsewhere the API server refuses the policy`;
  problems.note('experimental-field', path, message, { key: true });
}

/** Notes a port name that the CRD accepts and no container port can have. */
export function notePortName(name: string, path: Path, problems: Problems): void {
  const problem = portNameProblem(name);
  if (problem === undefined) return;
  const message = `no container port can be called ${JSON.stringify(name)}, so this matches nothing: a port name ${problem}`;
  problems.note('invalid-port-name', path, message);
}
