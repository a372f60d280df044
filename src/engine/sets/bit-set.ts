// Dense sets of small integers for the compiled evaluator: one bit a member, 32 to a word.
// Mutable and without policy vocabulary; both operands of an operation must have the same size.

/**
 * A set of integers `0 <= i < size`. Operations ending in `With` change the set in place and return it. Bits beyond
 * `size` in the last word are always 0, so words can be compared as they are.
 */
export class BitSet {
  /** One more than the largest possible member. */
  readonly size: number;
  /** The members, bit `i & 31` of word `i >>> 5`. For reading in hot loops; write through the methods only. */
  readonly words: Uint32Array;

  /** The empty set of a size; throws a RangeError if the size is not an integer from 0. */
  constructor(size: number) {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`not a size of a bit set: ${size}`);
    this.size = size;
    this.words = new Uint32Array(Math.ceil(size / 32));
  }

  /** The set of every `0 <= i < size`. */
  static full(size: number): BitSet {
    const set = new BitSet(size);
    set.words.fill(0xffffffff);
    const rest = size & 31;
    if (rest !== 0) set.words[set.words.length - 1] = 2 ** rest - 1;
    return set;
  }

  /** The set of the given members, in any order, repeated or not; throws a RangeError for one outside the size. */
  static from(size: number, members: Iterable<number>): BitSet {
    const set = new BitSet(size);
    for (const member of members) set.add(member);
    return set;
  }

  /** Makes `i` a member; throws a RangeError if it is outside the size. */
  add(i: number): this {
    if (!(i >= 0 && i < this.size)) throw new RangeError(`${i} is outside a bit set of size ${this.size}`);
    this.words[i >>> 5]! |= 1 << (i & 31);
    return this;
  }

  /** Reports whether `i` is a member; false for anything outside the size. */
  has(i: number): boolean {
    return i >= 0 && i < this.size && ((this.words[i >>> 5]! >>> (i & 31)) & 1) === 1;
  }

  /** Adds the members of the other set. */
  orWith(other: BitSet): this {
    const { words } = this;
    const others = this.#wordsOf(other);
    for (let w = 0; w < words.length; w++) words[w]! |= others[w]!;
    return this;
  }

  /** Removes what is not in the other set. */
  andWith(other: BitSet): this {
    const { words } = this;
    const others = this.#wordsOf(other);
    for (let w = 0; w < words.length; w++) words[w]! &= others[w]!;
    return this;
  }

  /** Removes the members of the other set. */
  andNotWith(other: BitSet): this {
    const { words } = this;
    const others = this.#wordsOf(other);
    for (let w = 0; w < words.length; w++) words[w]! &= ~others[w]!;
    return this;
  }

  /** A copy that shares nothing with this set. */
  clone(): BitSet {
    const copy = new BitSet(this.size);
    copy.words.set(this.words);
    return copy;
  }

  /** Reports whether the set has no member. */
  isEmpty(): boolean {
    for (const word of this.words) if (word !== 0) return false;
    return true;
  }

  /** The number of members. */
  count(): number {
    let count = 0;
    for (const word of this.words) count += bitsIn(word);
    return count;
  }

  /** Visits the members in ascending order; the set must not be changed meanwhile. */
  forEach(visit: (member: number) => void): void {
    const { words } = this;
    for (let w = 0; w < words.length; w++) {
      let word = words[w]!;
      while (word !== 0) {
        const lowest = word & -word;
        visit((w << 5) + 31 - Math.clz32(lowest));
        word ^= lowest;
      }
    }
  }

  /** The members in ascending order. */
  members(): number[] {
    const members: number[] = [];
    this.forEach((member) => {
      members.push(member);
    });
    return members;
  }

  /** Reports whether both sets have the same members. */
  equals(other: BitSet): boolean {
    const { words } = this;
    const others = this.#wordsOf(other);
    for (let w = 0; w < words.length; w++) if (words[w] !== others[w]) return false;
    return true;
  }

  /** Reports whether the sets have a member in common. */
  intersects(other: BitSet): boolean {
    const { words } = this;
    const others = this.#wordsOf(other);
    for (let w = 0; w < words.length; w++) if ((words[w]! & others[w]!) !== 0) return true;
    return false;
  }

  /** Reports whether every member is in the other set; true for the empty set. */
  isSubsetOf(other: BitSet): boolean {
    const { words } = this;
    const others = this.#wordsOf(other);
    for (let w = 0; w < words.length; w++) if ((words[w]! & ~others[w]!) !== 0) return false;
    return true;
  }

  /** A key for a Map: equal for equal sets of one size and for no others. Not for people: two UTF-16 units a word. */
  key(): string {
    const { words } = this;
    let end = words.length;
    while (end > 0 && words[end - 1] === 0) end--;
    let key = '';
    for (let w = 0; w < end; w++) key += String.fromCharCode(words[w]! >>> 16, words[w]! & 0xffff);
    return key;
  }

  #wordsOf(other: BitSet): Uint32Array {
    if (other.size !== this.size) throw new RangeError(`bit sets of sizes ${this.size} and ${other.size}`);
    return other.words;
  }
}

/** The number of 1 bits in a 32-bit word, summed in parallel by pairs, nibbles and bytes. */
function bitsIn(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
