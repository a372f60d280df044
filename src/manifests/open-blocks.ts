// How far the blocks of YAML that are open at a line are indented, guessed from the lines above it: good enough for messages,
// of no use for reading. Knows keys and dashes, nothing else of YAML.

/** A line that opens a block or stands in one: a key, or an item of a list. Text and comments do neither. */
const OPENS = /^(?:["']?[^\s#"'[\]{}][^#]*?["']?:(?:\s|$)|-(?:\s|$))/;

/**
 * Columns, from 0 and rising, in which the keys and dashes of the open blocks stand above the line at `offset`. Empty for the
 * first line.
 */
export function openBlocks(text: string, offset: number): readonly number[] {
  const open: number[] = [];
  const lines = text.slice(0, offset).split('\n');
  // The line of the offset itself opens nothing.
  lines.pop();
  for (const line of lines) {
    let at = line.search(/[^ ]/);
    let rest = line.slice(at);
    if (at === -1 || !OPENS.test(rest)) continue;
    while (open.length > 0 && open.at(-1)! > at) open.pop();
    if (open.at(-1) !== at) open.push(at);
    for (let dash = /^- +(?=\S)/.exec(rest); dash !== null; dash = /^- +(?=\S)/.exec(rest)) {
      at += dash[0].length;
      rest = rest.slice(dash[0].length);
      if (OPENS.test(rest)) open.push(at);
    }
  }
  return open;
}

/** Of these columns the nearest one on each side of `column`, and itself where it is one of them. */
export function nearestBlocks(open: readonly number[], column: number): readonly number[] {
  const before = open.filter((one) => one < column).at(-1);
  const behind = open.find((one) => one > column);
  return [before, open.find((one) => one === column), behind].filter((one) => one !== undefined);
}
