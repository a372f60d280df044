import { describe, expect, it } from 'vitest';
import { CONTROLS } from './controls.ts';
import { CHECKS } from './registry.ts';

describe('controls', () => {
  it('are in the table exactly where a check names them', () => {
    const named = new Set(CHECKS.flatMap(({ controls = [] }) => controls));
    expect([...named].sort()).toEqual(Object.keys(CONTROLS).sort());
  });

  it.each(Object.entries(CONTROLS))(
    '%s says whose it is and where it is published',
    (_, { asks, source, title, by }) => {
      expect(asks).toMatch(/^[a-z].*[^.]$/);
      expect(source).toMatch(/^https:\/\//);
      expect(`${title}${by}`).not.toBe('');
    },
  );
});
