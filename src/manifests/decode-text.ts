// Bytes to text. Recognises the encodings that kubectl reads: UTF-8, and UTF-16 with a byte-order mark.

/** The text without byte-order mark, or that the bytes are no text at all. */
export type DecodedText =
  | {
      readonly text: string /** Offset of the first byte that is no UTF-8; each such sequence became U+FFFD. */;
      readonly invalidAt?: number;
    }
  | { readonly isBinary: true };

/** Decodes a whole file. A NUL byte makes it binary, unless a UTF-16 mark explains it. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes, 'utf-16be');
  if (bytes.includes(0)) return { isBinary: true };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), invalidAt: findInvalidByte(bytes) };
  }
}

function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): DecodedText {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { isBinary: true };
  }
}

/** Offset of the first byte that is no UTF-8. By halving: a prefix decodes as a stream as long as no invalid byte is in it. */
export function findInvalidByte(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isValid(bytes.subarray(0, middle + 1), true)) low = middle + 1;
    else high = middle;
  }
  // The sequence that was cut short began up to three bytes before.
  while (low > 0 && !isValid(bytes.subarray(0, low), false)) low--;
  return low;
}

function isValid(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}

/** The text of a file that may be written again, or why it may not. */
export type EditableBytes =
  | {
      /** Without byte-order mark. */
      readonly text: string;
      /** Bytes of another text in the same encoding, with the mark that the file has. */
      readonly encode: (text: string) => Uint8Array;
    }
  | { readonly reason: string };

/**
 * Decodes a file for editing, where `encode` gives its own bytes back; not where some of them are no text, since what
 * they were is lost in the text.
 */
export function decodeForEditing(bytes: Uint8Array): EditableBytes {
  const decoded = decodeText(bytes);
  if ('isBinary' in decoded) return { reason: 'a binary file' };
  if (decoded.invalidAt !== undefined) return { reason: `byte ${decoded.invalidAt} is no UTF-8` };
  const [first, second, third] = bytes;
  const isBig = first === 0xfe && second === 0xff;
  if (isBig || (first === 0xff && second === 0xfe)) {
    return { text: decoded.text, encode: (text) => encodeUtf16(`\ufeff${text}`, isBig) };
  }
  const mark = first === 0xef && second === 0xbb && third === 0xbf ? '\ufeff' : '';
  return { text: decoded.text, encode: (text) => new TextEncoder().encode(mark + text) };
}

function encodeUtf16(text: string, isBig: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !isBig);
  return bytes;
}
