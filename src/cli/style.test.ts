import { describe, expect, it } from 'vitest';
import { usesColor } from './style.ts';

describe('colour', () => {
  it.each<[string, boolean | undefined, Record<string, string>, boolean, boolean]>([
    ['a terminal', undefined, {}, true, true],
    ['no terminal', undefined, {}, false, false],
    ['a dumb terminal', undefined, { TERM: 'dumb' }, true, false],
    ['NO_COLOR', undefined, { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', undefined, { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR', undefined, { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0', undefined, { FORCE_COLOR: '0' }, true, false],
    ['NO_COLOR against FORCE_COLOR', undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['--color against NO_COLOR', true, { NO_COLOR: '1' }, false, true],
    ['--no-color against FORCE_COLOR', false, { FORCE_COLOR: '1' }, true, false],
  ])('with %s', (_, flag, env, isTTY, expected) => {
    expect(usesColor(flag, env, isTTY)).toBe(expected);
  });
});
