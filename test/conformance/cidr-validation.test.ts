// The CIDR parser against a real API server's answers, and its idea of an address against Node's.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CidrSloppiness } from '../../src/engine/sets/ip-address.ts';
import { isStrictCidr, parseAddress, parseCidr } from '../../src/engine/sets/ip-address.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

interface ValidationCase {
  readonly title: string;
  readonly object: unknown;
  readonly accepted: boolean;
  readonly causes?: readonly { readonly message: string }[];
  readonly warnings?: string;
}

/** Every CIDR in the object: values of `cidr`, `except` and `networks`, at any depth these small objects have. */
function cidrsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === 'cidr') return [String(child)];
    if (key === 'except' || key === 'networks') return (child as unknown[]).map(String);
    return cidrsIn(child);
  });
}

const SLOPPY_MESSAGE: Readonly<Record<CidrSloppiness, string>> = {
  'leading-zeros': 'must not have leading 0s in IP or prefix length',
  'ipv4-mapped': 'must not have an IPv4-mapped IPv6 address',
  'host-bits': 'must not have bits set beyond the prefix length',
};

/** What strict validation says about one CIDR of a NetworkPolicy; undefined: nothing. */
function complaintAbout(text: string): string | undefined {
  if (text === '') return 'Required value';
  const cidr = parseCidr(text);
  if (!cidr.ok) return `Invalid value: "${text}": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`;
  const first = cidr.sloppy[0];
  return first && `Invalid value: "${text}": ${SLOPPY_MESSAGE[first]}`;
}

describeWithShared("the API server's answers about one CIDR", () => {
  const { cases } = JSON.parse(readFileSync(sharedPath('conformance', 'validation-cases.json'), 'utf8')) as {
    cases: readonly ValidationCase[];
  };
  const single = cases
    .filter(({ title }) => /cidr|networks/.test(title))
    .map((entry) => ({ ...entry, cidrs: cidrsIn(entry.object) }))
    .filter(({ cidrs }) => cidrs.length === 1);
  const blocks = single.filter(({ title }) => title.startsWith('cidr '));
  // An ingress peer has no networks at all, so these two say nothing about the CIDR.
  const networks = single.filter(({ title }) => /^[ca]np (?!from )/.test(title));

  it('are all replayed', () => {
    expect([blocks.length, networks.length]).toEqual([19, 10]);
    const replayed = [...blocks, ...networks].map(({ title }) => title);
    expect(single.map(({ title }) => title).filter((title) => !replayed.includes(title))).toEqual([
      'cnp from networks in ingress',
      'anp from networks in ingress',
    ]);
  });

  it.each(blocks)('ipBlock: $title', ({ accepted, causes, cidrs, warnings }) => {
    const text = cidrs[0]!;
    expect(complaintAbout(text)).toBe(causes?.[0]?.message);
    expect(complaintAbout(text) === undefined).toBe(accepted);
    const canonical = /canonical format \(\\"(.*?)\\"\)/.exec(warnings ?? '')?.[1];
    const cidr = parseCidr(text);
    if (accepted) expect(cidr).toMatchObject({ ok: true, canonical: canonical ?? text });
  });

  it.each(networks)('$title', ({ accepted, cidrs }) => expect(isStrictCidr(cidrs[0]!)).toBe(accepted));
});

describe('addresses', () => {
  it('are what Node takes for one, once leading zeros are set aside', () => {
    const piece = fc.constantFrom(
      ':',
      ':',
      '::',
      '.',
      '0',
      '1',
      '10',
      '255',
      '256',
      'ff',
      'FFFF',
      'fffff',
      '00',
      '1.2.3.4',
    );
    const valid = fc.oneof(fc.ipV4(), fc.ipV6());
    const texts = fc.oneof(
      valid,
      fc.array(piece, { maxLength: 17 }).map((pieces) => pieces.join('')),
      fc.tuple(valid, piece, fc.nat(40)).map(([text, more, at]) => text.slice(0, at) + more + text.slice(at)),
      fc.tuple(valid, fc.nat(40)).map(([text, at]) => text.slice(0, at) + text.slice(at + 1)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const cidr = parseCidr(`${text}/0`);
        const clean = cidr.ok && !cidr.sloppy.includes('leading-zeros');
        expect(clean).toBe(isIP(text) !== 0);
        expect(parseAddress(text).ok).toBe(cidr.ok);
      }),
      { numRuns: 3000 },
    );
  });
});
