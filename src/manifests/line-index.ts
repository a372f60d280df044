// From an offset in a text to line and column. Knows nothing of what the text says.

/** Line and column, both from 1; a column counts UTF-16 code units. A line ends at LF; a CR before it belongs to it. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Looks up an offset; the starts of lines are collected at the first call. Offsets beyond the text mean its end. */
export type LineIndex = (offset: number) => LineColumn;

/** Makes the lookup for one text. */
export function indexLines(text: string): LineIndex {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= collectLineStarts(text);
    const at = Math.max(0, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - starts[low]! + 1 };
  };
}

function collectLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
