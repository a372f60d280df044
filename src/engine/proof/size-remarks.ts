// Rules with more blocks of addresses than people read or plugins like, and policies that kubectl would refuse for their size.

import type { PlannedRule } from '../generate/demands.ts';
import type { PlannedPolicy } from '../generate/plan.ts';
import type { Party } from '../model/evidence.ts';
import { typedPair } from '../model/party-names.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import { blocks, type Remark } from './remark.ts';

/**
 * Bytes of annotations that an object may have in all
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/). `kubectl apply` keeps the whole object in one.
 */
const MOST_ANNOTATED = 256 * 1024;

/** Remarks about rules with more than `mostBlocks` blocks, and about what they make of their policies. */
export function sizeRemarks(policies: readonly PlannedPolicy[], mostBlocks: number): Remark[] {
  return policies.flatMap((policy) => {
    const rules = DIRECTIONS.flatMap((direction) => policy[direction].rules.map((rule) => ({ direction, rule })));
    const large = rules.filter(({ rule }) => countBlocks(rule) > mostBlocks);
    return [
      ...large.map(({ direction, rule }) => ({ ...blocksRemark(policy, direction, rule), workload: policy.workload! })),
      ...(large.length === 0 ? [] : bytesRemark(policy)),
    ];
  });
}

function countBlocks({ content: { peers } }: PlannedRule): number {
  return typeof peers === 'string' ? 0 : peers.filter(({ type }) => type === 'addresses').length;
}

/** So many addresses are rarely all that there will be: the next one is refused. */
function blocksRemark({ ref }: PlannedPolicy, direction: Direction, rule: PlannedRule): Remark {
  const { from, to, protocol, ports } = rule.needs[0]!;
  const outside: Party = { type: 'outside' };
  const [what, pair] =
    direction === 'ingress'
      ? ['is called by', typedPair(outside, to, protocol, ports)]
      : ['calls', typedPair(from, outside, protocol, ports)];
  const says = `${ref.namespace}/${ref.name} ${what} so many addresses outside that one rule has ${countBlocks(rule)} blocks: the next address is refused`;
  return blocks('many-blocks', says, `--allow "${pair}" where it may be any address; --widen FACTOR joins neighbours`);
}

function bytesRemark({ ref, workload, value }: PlannedPolicy): Remark[] {
  const bytes = JSON.stringify(value).length;
  if (bytes <= MOST_ANNOTATED) return [];
  const says = `${ref.namespace}/${ref.name} has ${Math.ceil(bytes / 1024)} KiB, and kubectl apply refuses more than 256`;
  const hint = 'fewer blocks, as above; or kubectl apply --server-side, up to 1.5 MiB';
  return [{ ...blocks('policy-size', says, hint), workload: workload! }];
}
