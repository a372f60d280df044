// Times: of bytes as fast as can be, of texts with any offset, the same as JavaScript's own reading.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeOfText, utcTimeOfBytes } from './read-time.ts';

const ofBytes = (text: string) => utcTimeOfBytes(Buffer.from(`xx${text}yy`), 2, 2 + text.length);

it('reads what JavaScript writes', () => {
  const range = { min: new Date('1970-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      expect(ofBytes(date.toISOString())).toBe(date.getTime());
      expect(timeOfText(date.toISOString())).toBe(date.getTime());
    }),
    { numRuns: 1000 },
  );
});

it.each([
  ['2026-11-21T03:25:32Z', 0],
  ['2026-11-21T03:25:32.2Z', 200],
  ['2026-11-21T03:25:32.243999999Z', 243],
  ['2026-11-21T03:25:32.000000001Z', 0],
])('%s', (text, milliseconds) => expect(ofBytes(text)).toBe(1795231532000 + milliseconds));

it.each([
  '2026-13-01T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-11-21T24:00:00Z',
  '2026-11-21T00:60:00Z',
  '2026-11-21 00:00:00Z',
  '2026-11-21T00:00:00',
  '2026-11-21T00:00:00.Z',
  '2026-11-21T00:00:00.1234567890Z',
  '2026-11-21T00:00:0xZ',
  '+026-11-21T00:00:00Z',
  '',
  'Z',
])('%s is not what bytes may say', (text) => expect(ofBytes(text)).toBeNaN());

it.each([
  ['2026-11-21T04:25:32+01:00', 1795231532000],
  ['2026-11-21T04:25:32.5+0100', 1795231532500],
  ['2026-11-20T22:25:32-05:00', 1795231532000],
  ['2026-11-21 03:25:32', 1795231532000],
  ['2026-11-21 03:25:32 UTC', 1795231532000],
  ['2026-11-21t03:25:32z', 1795231532000],
  ['2026-11-31T03:25:32+01:00', Number.NaN],
  ['2026-11-21T03:25:32+99:00', Number.NaN],
  ['yesterday', Number.NaN],
])('%s as text', (text, time) => expect(timeOfText(text)).toBe(time));
