import { expect, it } from 'vitest';
import { resolveTagged } from './resolve-tagged.ts';

const core = (name: string): string => `tag:yaml.org,2002:${name}`;

it.each([
  [core('str'), 'yes', 'yes'],
  [core('int'), '0x1F', 31],
  [core('float'), '3', 3],
  [core('bool'), 'yes', true],
  [core('null'), '', null],
  [core('timestamp'), '2001-01-01', '2001-01-01'],
  [core('timestamp'), '2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
  [core('binary'), 'aGVs\nbG8=', 'hello'],
  [core('binary'), '/w==', '\ufffd'],
  ['!local', '1', '1'],
  ['!', '1', '1'],
])('%s %j is %j', (tag, text, value) => {
  expect(resolveTagged(tag, text)).toEqual({ value });
});

it.each([
  ['null', 'foo'],
  ['bool', 'foo'],
  ['int', '1.5'],
  ['float', 'foo'],
  ['timestamp', 'foo'],
  ['binary', '%%%%'],
  ['binary', 'abc'],
])('!!%s refuses %j', (name, text) => {
  expect(resolveTagged(core(name), text)).toHaveProperty('error');
});
