// Why a need is not allowed, in words: the side that says no, and the policies that make it do so.

import type { Endpoint } from '../model/endpoint.ts';
import { UNKNOWN_REASONS } from '../model/unknown-reasons.ts';
import { policyName } from '../questions/describe.ts';
import type { Judged } from './soundness.ts';

/** A clause such as `denied at shop/db (ingress) by shop/deny`; undefined for what is allowed. */
export function whyNot(judged: Judged): string | undefined {
  if (judged.verdict === 'allowed') return undefined;
  if (judged.verdict === 'unproved') return judged.because;
  const { trace, from, to } = judged.witness;
  if (judged.verdict === 'unknown') {
    return trace.reasons.map((reason) => UNKNOWN_REASONS[reason].sentence).join('; ');
  }
  const side = trace.egress.verdict === 'denied' ? trace.egress : trace.ingress;
  const [subject, other] = side.direction === 'egress' ? [from, to] : [to, from];
  // A rule that denies does so whatever the policies that isolate would let in.
  const denying = side.steps.flatMap(({ action, policy, perhaps }) =>
    action === 'Deny' && policy !== undefined && perhaps === undefined ? [policy] : [],
  );
  const by = (denying.length > 0 ? denying : side.isolatedBy).map(policyName).join(', ');
  const why = isUnmatchedNode(other) ? ': no ipBlock matches a node with this plugin' : '';
  return `denied at ${subject.name} (${side.direction}) by ${by === '' ? 'a rule' : by}${why}`;
}

/** Reports whether an end is an address of a node, and the plugin compares no block with those. */
export function isUnmatchedNode({ matchesBlocks, addressReason }: Endpoint): boolean {
  return matchesBlocks === 'no' && addressReason === 'node-address';
}
