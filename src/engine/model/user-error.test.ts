import { expect, it } from 'vitest';
import { UserError } from './user-error.ts';

it('carries code, message and hint; an absent hint stays absent', () => {
  const error = new UserError('not-found', 'no such file: deny.yml', 'did you mean deny.yaml?');
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message }).toEqual({
    name: 'UserError',
    code: 'not-found',
    hint: 'did you mean deny.yaml?',
    message: 'no such file: deny.yml',
  });
  expect(Object.hasOwn(new UserError('usage', 'x'), 'hint')).toBe(false);
});
