// Places of values in a usual document, looked up in its layout: where the full parser's nodes would be.

import type { Path } from '../../engine/model/source.ts';
import type { Key, Layout, Member } from '../layout.ts';
import type { DocumentSpans } from '../yaml-positions.ts';
import { skipSpaces } from './scan-scalars.ts';

/** What stands at a path: a value, or where one was left out; with the key that it has in a mapping. */
interface Found {
  readonly value: Layout | undefined;
  readonly at: number;
  readonly key?: Key | undefined;
}

/** Spans in the document of this text and layout. */
export function layoutSpans(text: string, layout: Layout): DocumentSpans {
  const root: Found = { value: layout, at: layout.start };

  /** Walks down as far as the path exists. */
  function walk(start: Found, path: Path): Found {
    let found = start;
    for (const part of path) {
      const member = found.value && memberOf(found.value, part);
      if (member === undefined) return found;
      found = { value: member.value, at: positionOf(member), key: member.key };
    }
    return found;
  }

  function positionOf({ value, head }: Member): number {
    return value?.start ?? skipSpaces(text, head);
  }

  /** Text over several lines ends with its line, and a value that was left out where it would begin. */
  function endOf({ form, start, end, members }: Layout): number {
    const last = members.at(-1);
    if (form === 'block' && last !== undefined) return last.value === undefined ? positionOf(last) : endOf(last.value);
    if (form === 'scalar' && text[start] === '|') return text.indexOf('\n', end) + 1;
    return end;
  }

  return {
    find(base, path, isKeyWanted) {
      const { value, at, key } = walk({ ...walk(root, base), key: undefined }, path);
      const end = value === undefined ? at : endOf(value);
      return key !== undefined && (isKeyWanted || end === at) ? { start: key.start, end: key.end } : { start: at, end };
    },
  };
}

function memberOf({ type, members }: Layout, part: string | number): Member | undefined {
  if (type === 'sequence') return typeof part === 'number' ? members[part] : undefined;
  return members.findLast(({ key }) => key?.text === String(part));
}
