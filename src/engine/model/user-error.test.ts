import { expect, it } from 'vitest';
import { UserError } from './user-error.ts';

it('carries code, message and what else is known', () => {
  const cause = new Error('ENOENT');
  const error = new UserError('not-found', 'no such file: deny.yml', { hint: 'did you mean deny.yaml?', cause });
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.code, error.message, error.hint, error.span, error.cause]).toEqual([
    'UserError',
    'not-found',
    'no such file: deny.yml',
    'did you mean deny.yaml?',
    undefined,
    cause,
  ]);
});
