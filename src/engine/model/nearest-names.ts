// "Did you mean": which of the known names a mistyped word is closest to. Knows nothing of what the names stand for.

/**
 * The candidates nearest to `word`, nearest first, at most `max`; empty where none is near enough to be worth offering.
 * Equal but for case comes first, then the number of edits (insert, delete, replace, swap neighbours: optimal string
 * alignment), then candidates that begin with the word or it with them, then by code unit. Duplicates are offered once;
 * the word itself is never a suggestion.
 */
export function nearestNames(word: string, candidates: Iterable<string>, max = 3): string[] {
  const lower = word.toLowerCase();
  const ranked: { name: string; rank: number }[] = [];
  for (const name of new Set(candidates)) {
    if (name === word) continue;
    const other = name.toLowerCase();
    if (other === lower) {
      ranked.push({ name, rank: 0 });
      continue;
    }
    const allowed = Math.max(1, Math.floor(Math.max(lower.length, other.length) / 3));
    const distance = editDistance(lower, other, allowed);
    if (distance <= allowed) ranked.push({ name, rank: distance });
    else if (isPrefix(lower, other)) ranked.push({ name, rank: 1000 + Math.abs(lower.length - other.length) });
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  return ranked.slice(0, max).map((entry) => entry.name);
}

/** Three letters are the least that say anything; a shorter beginning fits too much. */
function isPrefix(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (b.startsWith(a) || a.startsWith(b));
}

/** Edits between two texts; any number above `limit` where there are more. Time is |a|·|b|, hence the cuts. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = [0];
  for (let j = 1; j <= b.length; j++) previous.push(j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    // Rows behind it have no less.
    if (least > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
