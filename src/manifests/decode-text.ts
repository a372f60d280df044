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

/** By halving: a prefix decodes as a stream as long as no invalid byte is in it. */
function findInvalidByte(bytes: Uint8Array): number {
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
