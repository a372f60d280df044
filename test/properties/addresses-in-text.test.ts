// Addresses in any text: what is drawn into a value is found again, and no text makes the readers fail or invent a host.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHost } from '../../src/engine/evidence/addresses/host-syntax.ts';
import { readCommand, wordsOfScript } from '../../src/engine/evidence/addresses/read-command.ts';
import { readValue } from '../../src/engine/evidence/addresses/read-value.ts';
import { scanText } from '../../src/engine/evidence/addresses/scan-text.ts';

const host = fc.constantFrom(
  'cart',
  'pg.data',
  'pg.data.svc.cluster.local',
  'kafka-0.kafka',
  '10.0.0.5',
  '[fd00::5]',
  'api.example.com',
);
const port = fc.integer({ min: 10, max: 65535 });
const pair = fc.tuple(host, port).map(([name, number]) => ({ name, number, text: `${name}:${number}` }));
const user = fc.constantFrom('', 'user@', 'user:pass@', 'user:p%40ss@');
const scheme = fc.constantFrom('http', 'postgres', 'amqps', 'SASL_SSL', 'grpc', 'postgresql+psycopg2', 'tcp');
const path = fc.constantFrom('', '/', '/a/b?x=1', '?a=b', '#x');

const plain = (name: string) => name.replace(/^\[|\]$/g, '');

describe('addresses in any text', () => {
  it('finds what a URL, a list or a pair was made of', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(pair, scheme, user, path), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(',', ' ', ';'),
        (parts, separator) => {
          const wanted = parts.map(([{ name, number }]) => `${plain(name)} ${number}`);
          const found = (text: string) => readValue(text).map((one) => `${one.host} ${one.port}`);
          expect(
            found(
              parts
                .map(([{ text }, own, who, rest]) => `${own}://${who}${text}${separator === ' ' ? rest : ''}`)
                .join(separator),
            ),
          ).toEqual(wanted);
          expect(found(parts.map(([{ text }]) => text).join(separator))).toEqual(wanted);
        },
      ),
    );
  });

  it('finds a pair in a line of any format, on its line', () => {
    const line = fc.constantFrom(
      'addr: %',
      'addr = "%"',
      '- %',
      '["%"]',
      '{"addr":"%"}',
      'server % weight=1;',
      'export ADDR=%',
    );
    fc.assert(
      fc.property(pair, line, fc.nat(5), fc.boolean(), ({ name, number, text }, form, before, isWindows) => {
        const document = `${'x: 1\n'.repeat(before)}${form.replace('%', () => text)}\n`;
        const found = scanText(isWindows ? document.replaceAll('\n', '\r\n') : document);
        expect(found.map((one) => [one.host, one.port, one.line])).toContainEqual([plain(name), number, before]);
      }),
    );
  });

  it('never fails, and gives no host that cannot be one', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      ':',
      '/',
      '//',
      '://',
      '@',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '$',
      '=',
      ',',
      ';',
      ' ',
      '\n',
      '"',
      '80',
      'jdbc:',
      'tcp(',
      'host=',
      '-',
      '_',
      '%',
      '\u00e9',
      '\0',
      '.svc',
      '10.0.0.1',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        for (const one of [
          ...readValue(any),
          ...scanText(any),
          ...readCommand(wordsOfScript(any)),
          ...readCommand([any, '-h', any]),
        ]) {
          expect(readHost(one.host.includes(':') ? `[${one.host}]` : one.host)).toBe(one.host);
          if (one.port !== undefined) expect(one.port > 0 && one.port < 65536).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never shows a password', () => {
    fc.assert(
      fc.property(pair, scheme, ({ text }, own) => {
        for (const value of [
          `${own}://shop:s3cret@${text}/x`,
          `shop:s3cret@tcp(${text})/x`,
          `host=${text.split(':')[0]} password=s3cret port=1`,
        ])
          for (const one of readValue(value)) expect(one.text).not.toContain('s3cret');
      }),
    );
  });
});
