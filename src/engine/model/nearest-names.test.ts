import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestNames } from './nearest-names.ts';

describe('nearestNames', () => {
  it.each([
    ['frontned', ['frontend', 'backend', 'db'], ['frontend']],
    ['WEB', ['web', 'wed'], ['web', 'wed']],
    ['deny', ['deny.yaml', 'allow.yaml'], ['deny.yaml']],
    ['xyz', ['frontend', 'backend'], []],
    ['ba', ['ab', 'bb', 'ba'], ['ab', 'bb']],
    ['', ['a', 'long-name'], ['a']],
    ['constructor', ['__proto__', 'construct'], ['construct']],
  ])('%s among %j', (word, candidates, expected) => {
    expect(nearestNames(word, candidates)).toEqual(expected);
  });

  it('offers at most max names, each once', () => {
    expect(nearestNames('app', ['app1', 'app2', 'app2', 'app3', 'app4'])).toEqual(['app1', 'app2', 'app3']);
    expect(nearestNames('app', ['app1', 'app2'], 1)).toEqual(['app1']);
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.array(fc.string({ maxLength: 8 })), (word, names) => {
        expect(nearestNames(word, [...names].reverse())).toEqual(nearestNames(word, names));
      }),
    );
  });
});
