import { describe, expect, it } from 'vitest';
import type { Gap } from '../engine/index.ts';
import { parsePair } from '../engine/index.ts';
import { bearsOn } from './missing-input.ts';

const ELSEWHERE: Gap = { reason: 'not-listable', message: 'm', namespaces: ['bank'] };
const UNKNOWN: Gap = { reason: 'not-listable', message: 'm', namespaces: [] };
const FILE: Gap = { reason: 'unparsable', message: 'm', namespaces: ['bank'] };
const EVERYWHERE: Gap = { reason: 'not-listable', message: 'm', namespaces: 'all' };

describe('what is missing', () => {
  it.each<[string, Gap, boolean]>([
    ['shop/web -> shop/db:80', ELSEWHERE, false],
    ['shop/web -> shop/service/db', UNKNOWN, false],
    ['shop/app=web -> shop/', ELSEWHERE, false],
    ['shop/web -> internet:443', ELSEWHERE, false],
    ['node/a -> shop/db', ELSEWHERE, false],
    // Who else there is, nobody knows.
    ['all -> shop/db', UNKNOWN, true],
    ['{team=a}/app=web -> shop/db', UNKNOWN, true],
    ['shop/web -> anything', UNKNOWN, true],
    ['shop/web -> 10.1.2.3', UNKNOWN, true],
    ['shop/web -> private', UNKNOWN, true],
    ['shop/web -> shop/db', FILE, true],
    ['shop/web -> shop/db', EVERYWHERE, true],
  ])('%s with %j: %s', (text, gap, expected) => {
    expect(bearsOn([gap], parsePair([text]), ['shop'])).toBe(expected);
    expect(bearsOn([], parsePair([text]), ['shop'])).toBe(false);
  });

  it('in the namespace of an end bears on it', () => {
    expect(bearsOn([ELSEWHERE], parsePair(['shop/web -> bank/db']), ['shop', 'bank'])).toBe(true);
  });
});
