import { expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';

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
