// Addresses and blocks as plain numbers, read in the simplest way there is. Shares no code with the engine.

/** An address: its bits, and whether it is IPv6. */
export interface PlainAddress {
  readonly v6: boolean;
  readonly value: bigint;
}

/** Reads dotted IPv4, or IPv6 with at most one `::` and without dots. */
export function parseSimple(text: string): PlainAddress {
  if (!text.includes(':')) {
    return { v6: false, value: text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  }
  const [head = '', tail] = text.split('::');
  const groups = (part: string | undefined) => (part === undefined || part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const value = [...before, ...zeros, ...after].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
  return { v6: true, value };
}

/** Reports whether an address lies in a block. */
export function contains(cidr: string, { v6, value }: PlainAddress): boolean {
  const [base = '', prefix] = cidr.split('/');
  const own = parseSimple(base);
  if (own.v6 !== v6) return false;
  const shift = BigInt((v6 ? 128 : 32) - Number(prefix));
  return own.value >> shift === value >> shift;
}
