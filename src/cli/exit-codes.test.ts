import { describe, expect, it } from 'vitest';
import { exitCodeOf } from './exit-codes.ts';

describe('the exit code', () => {
  it.each<[answer: 'yes' | 'no' | 'unknown', incomplete: boolean, rejected: boolean, allowed: boolean, code: number]>([
    ['yes', false, false, false, 0],
    ['no', false, false, false, 1],
    ['unknown', false, false, false, 2],
    ['yes', true, false, false, 2],
    ['no', true, false, false, 2],
    ['yes', false, true, false, 2],
    ['no', false, true, false, 2],
    ['yes', true, true, true, 0],
    ['no', true, false, true, 1],
    ['no', false, true, true, 1],
    ['unknown', true, true, true, 2],
    ['unknown', false, false, true, 2],
  ])(
    'of %s, incomplete %s, rejected %s, --allow-incomplete %s is %i',
    (answer, incomplete, rejected, allowIncomplete, code) => {
      expect(exitCodeOf({ answer, incomplete, rejected, allowIncomplete })).toBe(code);
    },
  );
});
