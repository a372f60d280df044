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

/** The numbers from 0 to before `length` in the order of the first rank, among equals of the second, and so on. */
export function sortByRanks(length: number, ranks: readonly Rank[]): Int32Array<ArrayBuffer> {
  return sortedByRanks(
    new Int32Array(length).map((_, number) => number),
    ranks,
  );
}

/** The same with numbers of one's own, which are overwritten. */
export function sortedByRanks(numbers: Int32Array<ArrayBuffer>, ranks: readonly Rank[]): Int32Array<ArrayBuffer> {
  let [given, sorted] = [numbers, new Int32Array(numbers.length)];
  // From the last rank to the first: each pass leaves what is equal in the order of the one before.
  for (const { of, count } of [...ranks].reverse()) {
    if (count < 2) continue;
    const begins = new Int32Array(count + 1);
    for (const number of given) begins[of(number) + 1]!++;
    for (let rank = 0; rank < count; rank++) begins[rank + 1]! += begins[rank]!;
    for (const number of given) sorted[begins[of(number)]!++] = number;
    [given, sorted] = [sorted, given];
  }
  return given;
}

/** By number: its place in the order. */
export function placesIn(order: Int32Array): Int32Array<ArrayBuffer> {
  const places = new Int32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place]!] = place;
  return places;
}
