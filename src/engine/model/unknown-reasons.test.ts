import { describe, expect, it } from 'vitest';
import { parseAssumption } from '../behaviours/index.ts';
import { UNKNOWN_REASONS } from './unknown-reasons.ts';

const ADVICE = Object.values(UNKNOWN_REASONS).flatMap(({ settle = '' }) =>
  [...settle.matchAll(/--assume (\S+=[^\s,]+)/g)].map(([, typed]) => typed!),
);

describe('what settles an unknown', () => {
  it.each(ADVICE)('%s is something that --assume takes', (typed) => {
    const filled = typed.replace('=NAME', '=example.com').replace(/(?<=[=:])CIDR$/, '192.0.2.0/24');
    expect(() => parseAssumption(filled)).not.toThrow();
  });

  it('is found where it is printed', () => {
    expect(ADVICE.length).toBeGreaterThan(8);
  });
});
