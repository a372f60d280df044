// How much wider than needed the blocks of a rule are, in a few words. Knows no addresses.

import type { GeneratedRule } from '../engine/questions/generated-document.ts';

/** What a rule says of its blocks, where they hold more than was needed. */
export type Widened = NonNullable<GeneratedRule['widened']>;

/** `1 block instead of 4, 2.1 times as many addresses as needed`. The factor is rounded up: it is never said to be less than it is. */
export function widenedText({ blocks, exact, factor }: Widened): string {
  const times = Math.ceil(factor * 10) / 10;
  return `${blocks} ${blocks === 1 ? 'block' : 'blocks'} instead of ${exact}, ${times} times as many addresses as needed`;
}
