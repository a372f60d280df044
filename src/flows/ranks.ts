// Sorting by ranks: texts are compared once each, and whatever has several of them is put in order without comparing.

/** Where each text stands in the order of all; `texts` are distinct. */
export function ranksOf(texts: readonly string[]): Int32Array<ArrayBuffer> {
  const ranks = new Int32Array(texts.length);
  const order = new Map<string, number>();
  for (const [index, text] of texts.entries()) order.set(text, index);
  for (const [rank, text] of [...texts].sort().entries()) ranks[order.get(text)!] = rank;
  return ranks;
}

/** A rank that numbers have: `of` gives it, below `count`. */
export interface Rank {
  of(number: number): number;
  readonly count: number;
}

/** The numbers in the order of the first rank, among equals of the second, and so on. */
export function sortByRanks(numbers: Int32Array, ranks: readonly Rank[]): Int32Array {
  // From the last rank to the first: each pass leaves what is equal in the order of the one before.
  return ranks.reduceRight((given, { of, count }) => {
    if (count < 2) return given;
    const begins = new Int32Array(count + 1);
    for (const number of given) begins[of(number) + 1]!++;
    for (let rank = 0; rank < count; rank++) begins[rank + 1]! += begins[rank]!;
    const sorted = new Int32Array(given.length);
    for (const number of given) sorted[begins[of(number)]!++] = number;
    return sorted;
  }, numbers);
}
