// The layout of a JSON value. The text must be JSON: nothing is checked.

import { scanJson, skipBlank, skipString } from '../json-scanner.ts';
import type { Layout, Member } from '../layout.ts';

/** The layout of the value that starts at or after `from`. Recursive: readers refuse what is nested too deeply. */
export function jsonLayout(text: string, from = 0): Layout {
  const start = skipBlank(text, from);
  const opener = text[start];
  if (opener !== '{' && opener !== '[') {
    const scan = scanJson(text, start);
    return { form: 'scalar', start, body: start, end: 'end' in scan ? scan.end : text.length, members: [] };
  }
  const members: Member[] = [];
  let at = skipBlank(text, start + 1);
  while (at < text.length && text[at] !== '}' && text[at] !== ']') {
    const member = opener === '{' ? entryAt(text, at) : itemAt(text, at);
    members.push(member);
    at = skipBlank(text, member.end);
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return { form: 'flow', type: opener === '{' ? 'mapping' : 'sequence', start, body: start, end: at + 1, members };
}

function itemAt(text: string, at: number): Member {
  const value = jsonLayout(text, at);
  return { start: at, head: at, end: value.end, value };
}

function entryAt(text: string, at: number): Member {
  const end = skipString(text, at);
  const head = skipBlank(text, end) + 1;
  const value = jsonLayout(text, head);
  const name: string = JSON.parse(text.slice(at, end));
  const key = { start: at, end, text: name, isMerge: false, isQuoted: true, hasColon: true };
  return { start: at, head, end: value.end, key, value };
}
