// What stands in Markdown outside of code, so that tests see whether names got loose. Knows GitHub's dialect as far as our
// reports use it.

/** The text with every block and span of code replaced by nothing. Throws an Error where one is not closed. */
export function withoutCode(markdown: string): string {
  const lines = markdown.split('\n');
  const outside: string[] = [];
  let fence: string | undefined;
  for (const line of lines) {
    const mark = /^ *(`{3,})(text|yaml|console)?$/.exec(line);
    if (fence !== undefined) {
      if (mark?.[1] === fence && mark[2] === undefined) fence = undefined;
      continue;
    }
    if (mark?.[2] !== undefined) fence = mark[1];
    else outside.push(spansRemoved(line));
  }
  if (fence !== undefined) throw new Error('a block of code is not closed');
  return outside.join('\n');
}

function spansRemoved(line: string): string {
  let result = '';
  for (let at = 0; at < line.length; ) {
    if (line[at] === '\\') {
      result += line.slice(at, at + 2);
      at += 2;
      continue;
    }
    const run = /^`+/.exec(line.slice(at))?.[0];
    if (run === undefined) {
      result += line[at++];
      continue;
    }
    const end = new RegExp(`(?<!\x60)${run}(?!\x60)`).exec(line.slice(at + run.length));
    if (end === null) throw new Error(`code is not closed: ${line}`);
    at += run.length + end.index + run.length;
  }
  return result;
}

/** Cells of each line of each table, cut at bars that are not escaped, as GitHub cuts them before anything else. */
export function tables(markdown: string): string[][][] {
  const found: string[][][] = [];
  let table: string[][] | undefined;
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('| ') && !line.startsWith('|  ')) {
      table = undefined;
      continue;
    }
    if (table === undefined) {
      table = [];
      found.push(table);
    }
    table.push(
      line
        .replace(/^\| ?| ?\|$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  }
  return found;
}
