// Comparing bytes of texts eight at a time. Knows not what they say.

/** The bytes of a buffer, to be read eight at a time. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Whether the `length` bytes of a text at a place are those at another; both must lie within their views. The text must hold
 * no zero bytes, which no JSON does: eight bytes are compared as one number, and as numbers -0 and 0 are equal. What is no
 * number is unequal to itself, which is the safe side, and no UTF-8 is.
 */
export function isSameText(text: DataView, from: number, other: DataView, at: number, length: number): boolean {
  if (length < 8) {
    for (let index = 0; index < length; index++)
      if (text.getUint8(from + index) !== other.getUint8(at + index)) return false;
    return true;
  }
  const last = length - 8;
  for (let index = 0; index < last; index += 8)
    if (text.getFloat64(from + index, true) !== other.getFloat64(at + index, true)) return false;
  // The last eight bytes, of which some were compared already.
  return text.getFloat64(from + last, true) === other.getFloat64(at + last, true);
}
