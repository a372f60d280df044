// What a plan says of policies that were there before and that it does not touch. Knows no layout.

import type { GeneratedPolicies, UnjustifiedDocument } from '../engine/questions/generated-document.ts';
import { policyText } from './ports-text.ts';

/** `closed by shop/default-deny, which was there before`: why a namespace gets no default deny. */
export function closedText({ policies }: GeneratedPolicies['closed'][number]): string {
  const [first, ...rest] = policies.map(policyText);
  const names =
    rest.length === 0
      ? first
      : `${rest.slice(0, -1).reduce((text, one) => `${text}, ${one}`, first)} and ${rest.at(-1)}`;
  return `no default deny is needed: ${names} ${rest.length === 0 ? 'isolates' : 'isolate'} every pod of the namespace already`;
}

/** What to do about connections that policies of somebody else allow; undefined where none of them does. */
export function existingHint(unjustified: readonly UnjustifiedDocument[]): string | undefined {
  if (!unjustified.some(({ reason }) => reason.endsWith('not generated'))) return undefined;
  return 'policies only add up: once these are applied, take away those that were there before and allow too much, or generate without them to see what is left';
}
