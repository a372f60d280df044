// Whatever a log holds, its reading ends, and every record is counted, left aside or broken.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hubbleLine, readText } from '../../test/support/flow-logs.ts';
import { UserError } from '../engine/model/user-error.ts';
import { recogniseFormat } from './flow-formats.ts';

const HEADER = 'source_ip,destination_ip,protocol,destination_port';

/** Reads the bytes and checks the sums; `lines`: how many records there are, where that is known. */
function readAnything(bytes: Buffer, lines?: number): void {
  const { flows, summary } = readText(bytes);
  const aside = Object.values(summary.aside).reduce((sum, count) => sum + count, 0);
  expect(summary.records).toBe(summary.flows + aside + summary.broken);
  expect(flows.every(({ count, place }) => count >= 1 && place.line >= 1)).toBe(true);
  if (lines !== undefined) expect(summary.records + summary.truncated).toBe(lines);
}

const NOISE = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .string({ unit: fc.constantFrom('{', '}', '"', ',', ':', '\\', '\r', ' ', '0', 'a', '\u00e9') })
    .map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(`{"flow":${text}}`)),
  fc.json().map((text) => Buffer.from(text)),
);

it('of Hubble, with anything between its lines', () => {
  fc.assert(
    fc.property(fc.array(NOISE, { maxLength: 10 }), (noise) => {
      const good = Buffer.from(`${hubbleLine()}\n`);
      readAnything(Buffer.concat([good, ...noise.flatMap((bytes) => [bytes, Buffer.from('\n'), good])]));
      const oneLine = noise.map((bytes) =>
        Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13 && byte > 32)),
      );
      const lines = oneLine.filter(({ length }) => length > 0);
      readAnything(Buffer.concat([good, ...lines.flatMap((bytes) => [bytes, Buffer.from('\n')])]), lines.length + 1);
    }),
    { numRuns: 300 },
  );
});

it('of a table, with anything between its rows', () => {
  fc.assert(
    fc.property(fc.array(NOISE, { maxLength: 10 }), (noise) => {
      const head = Buffer.from(`${HEADER}\n10.0.0.1,10.0.0.2,tcp,80\n`);
      readAnything(Buffer.concat([head, ...noise.flatMap((bytes) => [bytes, Buffer.from('\n')])]));
    }),
    { numRuns: 300 },
  );
});

it('is recognised, or refused with words', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        recogniseFormat(bytes, 'f', undefined);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        expect((error as UserError).hint).toBeDefined();
      }
    }),
  );
});
