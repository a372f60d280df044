import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../model/user-error.ts';
import { parseDestination, parsePair, printDestination, printPair } from './parse-pair.ts';
import { parsePort, parsePortValue, printPort } from './parse-ports.ts';

function errorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a port', () => {
  it.each<[string, unknown]>([
    ['8080', { type: 'range', first: 8080, last: 8080 }],
    ['53/udp', { type: 'range', protocol: 'UDP', first: 53, last: 53 }],
    ['53/UDP', { type: 'range', protocol: 'UDP', first: 53, last: 53 }],
    ['8000-8999/tcp', { type: 'range', protocol: 'TCP', first: 8000, last: 8999 }],
    ['1-65535', { type: 'range', first: 1, last: 65535 }],
    ['http', { type: 'named', name: 'http' }],
    ['http/tcp', { type: 'named', protocol: 'TCP', name: 'http' }],
    ['http-web-metrics-of-prometheus', { type: 'named', name: 'http-web-metrics-of-prometheus' }],
    ['38412/sctp', { type: 'range', protocol: 'SCTP', first: 38412, last: 38412 }],
    ['8080-x', { type: 'named', name: '8080-x' }],
  ])('%s', (text, expected) => {
    expect(parsePort(text)).toEqual({ text, ...(expected as object) });
  });

  it.each<[string, string, string?]>([
    ['0', 'port "0" is outside 1-65535'],
    ['65536', 'port "65536" is outside 1-65535'],
    ['90-80', 'port "90-80" ends before it begins', 'write 80-90'],
    ['80/tcp/udp', 'port "80/tcp/udp" has more than one slash'],
    ['80/http', 'port "80/http" has the protocol "http"'],
    ['tcp/80', 'port "tcp/80" has the protocol first', 'write 80/tcp'],
    ['tcp:80', 'port "tcp:80" is neither a port number nor a port name', 'write 80/tcp'],
    ['8/icmp', 'port "8/icmp" asks for a protocol without ports', '--protocols icmp'],
    ['80,443', 'port "80,443" is neither', 'one port or one range at a time'],
    ['HTTP', 'port "HTTP" is neither a port number nor a port name'],
    ['/tcp', 'port "/tcp" has no port before the protocol'],
    ['', 'port "" has no port before the protocol'],
    ['80/constructor', 'has the protocol "constructor"'],
  ])('%s is refused', (text, message, hint) => {
    const error = errorOf(() => parsePort(text));
    expect(error.code).toBe('invalid-port');
    expect(error.message).toContain(message);
    expect(error.hint ?? '').toContain(hint ?? '');
  });

  it('may be a YAML number in a test file', () => {
    expect(parsePortValue(53)).toEqual({ text: '53', type: 'range', first: 53, last: 53 });
    expect(errorOf(() => parsePortValue(true)).message).toBe('true is no port');
    expect(errorOf(() => parsePortValue(1.5)).code).toBe('invalid-port');
  });
});

describe('a destination', () => {
  it.each([
    ['shop/web', 'shop/web'],
    ['shop/web:8080', 'shop/web:8080'],
    ['shop/svc/web:http', 'shop/service/web:http'],
    ['shop/:53/udp', 'shop/:53/udp'],
    ['*:80', 'all:80'],
    ['web:8000-8999', 'web:8000-8999'],
    ['10.1.2.3:443', '10.1.2.3:443'],
    ['10.0.0.0/8:443/tcp', '10.0.0.0/8:443/tcp'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['[2001:db8::1]:443', '[2001:db8::1]:443'],
    ['[2001:db8::/32]:443', '[2001:db8::/32]:443'],
    ['{team=a}/{app=web}:80', '{team=a}/{app=web}:80'],
    ['shop/app.kubernetes.io/name=web:80', 'shop/app.kubernetes.io/name=web:80'],
    ['internet:443', 'internet:443'],
  ])('%s', (text, printed) => {
    expect(printDestination(parseDestination(text))).toBe(printed);
  });

  it.each([
    ['shop/web:', '"shop/web:" has no port after the colon'],
    ['shop/web:80:90', 'port "80:90" is neither a port number nor a port name'],
    ['[::1]443', 'endpoint "[::1]443"'],
  ])('%s is refused', (text, message) => {
    expect(errorOf(() => parseDestination(text)).message).toContain(message);
  });
});

describe('a pair', () => {
  it.each([
    [['shop/web', 'shop/db:5432']],
    [['shop/web -> shop/db:5432']],
    [['shop/web->shop/db:5432']],
    [['shop/web → shop/db:5432']],
    [['shop/web', '→', 'shop/db:5432']],
    [['shop/web', '->', 'shop/db:5432']],
  ])('%j', (typed) => {
    expect(printPair(parsePair(typed))).toBe('shop/web -> shop/db:5432');
  });

  it.each([
    [['shop/web'], '"shop/web" is not one source and one destination'],
    [['a', 'b', 'c'], '"a b c" is not one source and one destination'],
    [['a -> b -> c'], '"a -> b -> c" is not one source and one destination'],
    [['a -> b', 'c'], '"a -> b c" is not one source and one destination'],
    [[], '"" is not one source and one destination'],
    [['shop/web', '-'], 'the shell took the rest of the arrow for a file name'],
    [['shop/web:80 -> shop/db'], 'the source "shop/web:80" has a port'],
    [['-> shop/db'], 'an endpoint is missing'],
  ])('%j is refused', (typed, message) => {
    expect(errorOf(() => parsePair(typed)).message).toBe(message);
  });

  it('printed and read again is the same text', () => {
    const end = fc.constantFrom('web', 'shop/web', 'shop/', 'all', '10.0.0.0/8', 'fd00::1', 'shop/app=a,!b', '{}/{x}');
    const port = fc.option(fc.constantFrom('80', '53/udp', '1-2/sctp', 'http', 'dns/udp').map(parsePort), {
      nil: undefined,
    });
    fc.assert(
      fc.property(end, end, port, (from, to, asked) => {
        const { from: source, to: destination } = parsePair([from, to]);
        const text = printPair({ from: source, to: destination, ...(asked === undefined ? {} : { port: asked }) });
        const again = parsePair([text]);
        expect(printPair(again)).toBe(text);
        expect(again.port && printPort(again.port)).toBe(asked && printPort(asked));
      }),
    );
  });
});
