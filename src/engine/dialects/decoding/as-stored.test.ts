// Values that are stored as they are written, and those in which something is to be decoded.

import { describe, expect, it } from 'vitest';
import { isAsStored } from './as-stored.ts';
import type { FieldType, ObjectType } from './field-table.ts';

const TEXT: FieldType = { type: 'string' };
const PORT: ObjectType = {
  type: 'object',
  what: 'a port',
  fields: { protocol: { type: TEXT, default: 'TCP' }, port: { type: { type: 'integer-or-string' } } },
};
const RULE: ObjectType = {
  type: 'object',
  what: 'a rule',
  fields: {
    ports: { type: { type: 'list', of: PORT } },
    labels: { type: { type: 'map' } },
    name: { type: TEXT },
    order: { type: { type: 'integer' } },
    note: { type: { type: 'anything' } },
    later: { type: TEXT, isExperimental: true },
  },
};

describe('isAsStored', () => {
  it.each([
    {},
    { ports: [{ protocol: 'UDP' }, { protocol: 'TCP', port: 'http' }], labels: { app: 'web' } },
    { name: '', order: -1, note: [null] },
  ])('is true of %j', (value) => {
    expect(isAsStored(value, RULE)).toBe(true);
  });

  it.each([
    ['an unknown field', { nmae: 'a' }],
    ['a field of Object', { constructor: 'a' }],
    ['an experimental field', { later: 'a' }],
    ['a list without items', { ports: [] }],
    ['a map without entries', { labels: {} }],
    ['a default to be filled in', { ports: [{ protocol: 'TCP' }, { port: 80 }] }],
    ['a null', { name: null }],
    ['a null item', { ports: [null] }],
    ['a null in a map', { labels: { app: null } }],
    ['a list for a map', { labels: ['app'] }],
    ['a map for a list', { ports: {} }],
    ['a number for a text', { name: 1 }],
    ['half a number', { order: 0.5 }],
    ['a number of more than 32 bits', { ports: [{ protocol: 'TCP', port: 2 ** 31 }] }],
    ['nothing for anything', { note: null }],
    ['a list', []],
    ['a null instead of all', null],
  ])('is false of %s', (_, value) => {
    expect(isAsStored(value, RULE)).toBe(false);
  });
});
