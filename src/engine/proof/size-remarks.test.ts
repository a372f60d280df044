import { expect, it } from 'vitest';
import { ALL_PARTS, generated } from '../../../test/support/generating.ts';
import { namespace, pod } from '../../../test/support/scenario.ts';
import { needsOf } from '../generate/needs.ts';
import { planPolicies } from '../generate/plan.ts';
import { EXACT } from '../generate/widen-addresses.ts';
import { NO_ADDRESSES } from '../sets/ip-set.ts';
import { sizeRemarks } from './size-remarks.ts';

/** The policies of a pod that this many addresses call, without their proof. */
function policiesFor(addresses: number) {
  const { state } = generated([namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.1' })]);
  const evidence = Array.from({ length: addresses }, (_, index) => ({
    from: {
      type: 'addresses',
      cidrs: [`198.${18 + (index >> 15)}.${(index >> 7) & 255}.${(index & 127) * 2}/32`],
    } as const,
    to: { type: 'workload', key: 'shop/Pod/web' } as const,
    protocol: 'TCP' as const,
    ports: [8080, 8080] as const,
    kind: 'stated' as const,
    confidence: 'certain' as const,
    says: 'said',
  }));
  const options = { namespaces: ['shop'], parts: ALL_PARTS, confidence: 'likely', budget: EXACT, never: NO_ADDRESSES };
  return planPolicies(state, needsOf(evidence), options as Parameters<typeof planPolicies>[2]).policies;
}

it('as many blocks as may be are not too many', () => {
  const blocksAt = (most: number) => sizeRemarks(policiesFor(50), most).map(({ says }) => says.replace(/.* has /, ''));
  expect(blocksAt(50)).toEqual([]);
  expect(blocksAt(49)).toEqual(['50 blocks: the next address is refused']);
});

it('a policy that kubectl apply takes is not large', () => {
  expect(sizeRemarks(policiesFor(5000), 50).map(({ about }) => about)).toEqual(['many-blocks']);
});

it('a policy that kubectl apply refuses is said to be', () => {
  const [, remark, ...rest] = sizeRemarks(policiesFor(9000), 50);
  expect(rest).toEqual([]);
  expect(remark).toMatchObject({ level: 'blocks', about: 'policy-size', workload: 'shop/Pod/web' });
  expect(remark?.says).toMatch(/^shop\/web has \d+ KiB, and kubectl apply refuses more than 256$/);
});
