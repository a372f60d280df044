import { describe, expect, it } from 'vitest';
import { decodeForEditing, decodeText } from './decode-text.ts';

const utf16 = (text: string, isBig: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

it.each([
  ['UTF-8', Buffer.from('aé'), { text: 'aé' }],
  ['a mark', Buffer.from('\ufeffa'), { text: 'a' }],
  ['nothing', Buffer.from(''), { text: '' }],
  ['UTF-16 little-endian', utf16('aé', false), { text: 'aé' }],
  ['UTF-16 big-endian', utf16('aé', true), { text: 'aé' }],
  ['NUL', Buffer.from('a\0b'), { isBinary: true }],
  ['half a UTF-16 character', Buffer.from([0xff, 0xfe, 0x61]), { isBinary: true }],
  ['a stray byte', Buffer.from([0x61, 0x62, 0xff, 0x63]), { text: 'ab\ufffdc', invalidAt: 2 }],
  ['a sequence cut short', Buffer.from([0x61, 0xe2, 0x82, 0x28]), { text: 'a\ufffd(', invalidAt: 1 }],
  ['a cut character at the end', Buffer.from([0x61, 0xc3]), { text: 'a\ufffd', invalidAt: 1 }],
])('%s', (_name, bytes, expected) => {
  const decoded = decodeText(bytes);
  expect(decoded).toEqual(expected);
});

describe('decodeForEditing', () => {
  it.each([
    ['UTF-8', Buffer.from('aé😀\r\n')],
    ['a mark', Buffer.from('\ufeffa')],
    ['two marks', Buffer.from('\ufeff\ufeffa')],
    ['nothing', Buffer.from('')],
    ['UTF-16 little-endian', utf16('aé😀', false)],
    ['UTF-16 big-endian', utf16('aé😀', true)],
  ])('%s is encoded as it was', (_name, bytes) => {
    const decoded = decodeForEditing(bytes);
    if ('reason' in decoded) throw new Error(decoded.reason);
    expect(Buffer.from(decoded.encode(decoded.text)).equals(bytes)).toBe(true);
    expect(Buffer.from(decoded.encode(`${decoded.text}é`)).length).toBeGreaterThan(bytes.length);
  });

  it.each([
    ['a binary file', Buffer.from('a\0b')],
    ['a binary file', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
    ['byte 1 is no UTF-8', Buffer.from([0x61, 0xff])],
  ])('%s is refused', (reason, bytes) => {
    expect(decodeForEditing(bytes)).toEqual({ reason });
  });
});
