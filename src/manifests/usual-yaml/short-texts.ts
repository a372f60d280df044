// Short texts that come again and again (keys, names of protocols and kinds), each made once. Remembers the last text of each
// of a few thousand places; knows nothing of YAML.

/** Longer texts are mostly the only ones of their kind. */
const LONGEST = 40;
const PLACES = 4096;

const known: string[] = new Array<string>(PLACES).fill('');

/** Forgets all of them: V8 keeps the whole text from which a part was made, which only the readings of its file need. */
export function forgetTexts(): void {
  known.fill('');
}

/** What `text.slice(start, end)` is, as one that was made before if it is still known. */
export function shortText(text: string, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST || length === 0) return text.slice(start, end);
  // A few characters tell most texts apart; which of two that share a place is known decides nothing but time.
  const middle = text.charCodeAt(start + (length >> 1));
  let place = length;
  place = place * 31 + text.charCodeAt(start);
  place = place * 31 + middle;
  place = place * 31 + text.charCodeAt(end - 1);
  place = (place * 31 + text.charCodeAt(start + (length >> 2))) & (PLACES - 1);
  const one = known[place]!;
  if (one.length === length && text.startsWith(one, start)) return one;
  const made = text.slice(start, end);
  known[place] = made;
  return made;
}
