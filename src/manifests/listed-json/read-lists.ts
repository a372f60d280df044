// Bytes to the Lists in them, item by item: what kubectl and the API server write, in any order of keys and with any white
// space. Whatever is no sound JSON, or no List, is not read here at all: another reader has to say what it is.

import { POD_FIELDS } from '../../engine/snapshot/pod-fields.ts';
import { type Abridger, createAbridger, decodedKey, valueOfBytes } from './abridge.ts';
import { BriefPod } from './brief-pod.ts';
import type { ByteSource } from './byte-source.ts';
import { openWindow } from './byte-window.ts';
import { isListOpener, isObjectOpener, skipBlankBytes, type Walked, walkKey, walkValue } from './walk-value.ts';

/** A value of the source by its offsets; `end` is one past its last byte. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** A field of the object at the root. */
export interface Member extends ByteSpan {
  readonly name: string;
  /** Offset of its key. */
  readonly key: number;
  /** Key, colon and value as they are written; an empty list stands for that of the items. */
  readonly text: string;
}

/** The items of a List, in the order of the source. */
export interface ListedItems {
  /** A {@link BriefPod} stands for an item that may be a Pod, as the kind of the list will tell, where pods are abridged. */
  readonly values: unknown[];
  readonly starts: number[];
  readonly ends: number[];
}

/** One object of the source: a List, or another one, which then has no `items` apart. */
export interface ListedRoot extends ByteSpan {
  readonly members: readonly Member[];
  /** Absent where no member `items` is a list. */
  readonly items?: ListedItems;
}

/** What a source holds. */
export interface ListedReading {
  /** Up to where it is broken. */
  readonly roots: readonly ListedRoot[];
  /** What makes values of the brief pods. */
  readonly abridger: Abridger;
  /** Where the text begins: behind a byte-order mark. */
  readonly textStart: number;
  /** Offset of the first byte that is no UTF-8; absent: there is none. */
  readonly invalidAt?: number;
  /** Absent where the source is lists and objects from end to end. */
  readonly broken?: Broken;
  /** Where the items end, if only a part was asked for and is sound. */
  readonly partEnd?: PartEnd;
}

/** Where a source is not what this reader reads. */
export interface Broken {
  /** Offset of the first byte that cannot be there; that of the end where more is missing. */
  readonly at: number;
  /** Offset from which on JSON breaks in the same way if it begins with `before`. */
  readonly from: number;
  readonly before: string;
  /** Offset of the root that is broken; absent: something else stands in its place. */
  readonly root?: number;
  /** Whether it is the key of items, given a second time. */
  readonly isSecond: boolean;
}

/** How far the reading has come. */
export interface ListedProgress {
  readonly bytes: number;
  readonly items: number;
  /** To be waited for before the reading goes on; absent: nothing. */
  readonly wait?: Promise<void>;
}

/** What is to be read of a list from the middle of its items on. Plain data: it goes to another thread. */
export interface PartRequest {
  /** Offset of an item. */
  readonly from: number;
  /** Members of the list up to its items, which are the last. */
  readonly members: readonly Member[];
}

/** Where a part ends. */
export interface PartEnd {
  /** Offset behind the bracket that closes the items. */
  readonly end: number;
  /** Offset of the first byte that is no UTF-8; absent: there is none. */
  readonly invalidAt?: number;
}

/** Reads the second part of the items of one list while the first is read. */
export interface PartHelper {
  /**
   * Begins somewhere behind the first item, which stands at `first`, and the bracket before it at `open`. Returns where:
   * undefined where it does not pay, or nothing looks like an item.
   */
  begin(open: number, first: number, members: readonly Member[]): number | undefined;
  /** Bytes and items that it has read so far. */
  progress(): { readonly bytes: number; readonly items: number };
  /** Adds its items when all are read; undefined, with none added, where they are not sound, or not only Pods. */
  finish(items: ListedItems): Promise<PartEnd | undefined>;
  /** Says that nothing of it is wanted. */
  cancel(): void;
}

/** How lists are read. */
export interface ListedOptions {
  /** Whether Pods keep only what a snapshot reads of them. */
  readonly abridges: boolean;
  /** Bytes that are read at once. */
  readonly piece: number;
  /** Who reads a part of the first list, if it is one of Pods; absent: nobody. */
  readonly helper?: PartHelper | undefined;
}

const MARK = [0xef, 0xbb, 0xbf];
const COMMA = 44;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;

/**
 * Reads a source from its start. Gives its progress after each piece. What it reads is sound JSON, nested no deeper than
 * MAX_DEPTH. `part`: only the rest of the items of one list is read, and added to these.
 */
export function* readLists(
  source: ByteSource,
  { abridges, piece, helper }: ListedOptions,
  part?: PartRequest & { readonly items: ListedItems },
): Generator<ListedProgress, ListedReading, void> {
  let window = openWindow(source, piece, part?.from);
  const abridger = createAbridger(POD_FIELDS);
  const roots: ListedRoot[] = [];
  let count = 0;
  let expectsPod = abridges;
  let root = newRoot(0);
  let step: (at: number) => Walked = part === undefined ? readRoot : readItem;
  const textStart = part === undefined && MARK.every((byte, i) => window.bytes[i] === byte) ? MARK.length : 0;
  /** Offset of the bracket before the first item of the list. */
  let open = 0;
  /** Offset of the item that the helper began with; absent: there is no helper, or none yet. */
  let meeting: number | undefined;
  /** What was found of bytes that are no UTF-8 before the window. */
  let invalidBefore: number | undefined;
  let partEnd: PartEnd | undefined;
  let isSecond = false;
  if (part !== undefined) root = { ...root, members: [...part.members], items: part.items };

  /** Between two objects. */
  function readRoot(from: number): Walked {
    const at = skipBlankBytes(window.bytes, from);
    if (at === window.end && window.isLast) return at;
    if (!isObjectOpener(window.bytes[at])) return ~at;
    root = newRoot(window.base + at);
    step = readFirstMember;
    return at + 1;
  }

  function readFirstMember(from: number): Walked {
    const at = skipBlankBytes(window.bytes, from);
    return window.bytes[at] === CLOSE_OBJECT ? closeRoot(at) : readMember(at);
  }

  function readMember(from: number): Walked {
    const { bytes, base } = window;
    const key = skipBlankBytes(bytes, from);
    const start = walkKey(bytes, key);
    if (start < 0) return start;
    const name = decodedKey(bytes, key, start);
    // Of two members of one name the last counts, and the first one has been read.
    if (name === 'items' && root.items !== undefined) {
      isSecond = true;
      return ~key;
    }
    if (name === 'items' && isListOpener(bytes[start])) {
      root.items = { values: [], starts: [], ends: [] };
      const text = `${bytes.toString('utf8', key, start)}[]`;
      root.members.push({ name, key: base + key, start: base + start, end: -1, text });
      step = readFirstItem;
      open = base + start;
      return start + 1;
    }
    const end = walkValue(bytes, start, 1);
    if (end < 0) return end;
    const text = bytes.toString('utf8', key, end);
    return goOn(end, () => root.members.push({ name, key: base + key, start: base + start, end: base + end, text }));
  }

  /** Behind a member of the root: another one, or its end. `done` is called where there is one or the other. */
  function goOn(from: number, done: () => void): Walked {
    const at = skipBlankBytes(window.bytes, from);
    if (window.bytes[at] === COMMA) {
      done();
      step = readMember;
      return at + 1;
    }
    if (window.bytes[at] !== CLOSE_OBJECT) return ~at;
    done();
    return closeRoot(at);
  }

  function closeRoot(at: number): Walked {
    roots.push({ ...root, end: window.base + at + 1 });
    step = readRoot;
    return at + 1;
  }

  function readFirstItem(from: number): Walked {
    const at = skipBlankBytes(window.bytes, from);
    return window.bytes[at] === CLOSE_LIST ? closeItems(at) : readItem(at);
  }

  function readItem(from: number): Walked {
    const { bytes } = window;
    const start = skipBlankBytes(bytes, from);
    const end = expectsPod ? abridger.read(bytes, start, 2) : walkValue(bytes, start, 2);
    if (end < 0) return end;
    const at = skipBlankBytes(bytes, end);
    if (bytes[at] !== COMMA && bytes[at] !== CLOSE_LIST) return ~at;
    // An item is read once where it is what the one before it was.
    const value = expectsPod ? abridger.common() : valueOfBytes(bytes, start, end);
    const isPod = abridges && mayBePod(value, root.members);
    if (isPod && !expectsPod) abridger.read(bytes, start, 2);
    const items = root.items!;
    if (isPod) items.values.push(new BriefPod(abridger.common() as Record<string, unknown>, abridger.own()));
    else items.values.push(expectsPod ? valueOfBytes(bytes, start, end) : value);
    expectsPod = isPod;
    items.starts.push(window.base + start);
    items.ends.push(window.base + end);
    count++;
    // Once, at the first item of the first list.
    if (count === 1 && isPod) meeting = helper?.begin(open, window.base + start, root.members);
    if (bytes[at] === CLOSE_LIST) return closeItems(at);
    step = readItem;
    return at + 1;
  }

  function closeItems(at: number): Walked {
    const list = root.members.at(-1)!;
    root.members[root.members.length - 1] = { ...list, end: window.base + at + 1 };
    step = readBehindItems;
    return at + 1;
  }

  function readBehindItems(from: number): Walked {
    return goOn(from, () => {});
  }

  /** What makes the rest of the source break where it does, without what stands before. */
  const before = new Map([
    [readFirstMember, '{'],
    [readMember, '{"":0,'],
    [readFirstItem, '{"":['],
    [readItem, '{"":[0,'],
    [readBehindItems, '{"":[]'],
  ]);
  let broken: Broken | undefined;
  for (let at = textStart; ; ) {
    if (part !== undefined && step === readBehindItems) {
      partEnd = { end: window.base + at };
      break;
    }
    if (meeting !== undefined && step !== readItem) {
      // The list ended before: what was taken for an item of it is none.
      helper!.cancel();
      meeting = undefined;
    }
    if (meeting !== undefined) {
      const start = window.base + skipBlankBytes(window.bytes, at);
      if (start > meeting) {
        helper!.cancel();
        meeting = undefined;
      } else if (start === meeting) {
        let met: PartEnd | undefined;
        const { values } = root.items!;
        const before = values.length;
        const wait = helper!.finish(root.items!).then((end) => {
          met = end;
        });
        yield { bytes: start + helper!.progress().bytes, items: count + helper!.progress().items, wait };
        meeting = undefined;
        count += values.length - before;
        // Assigned while the reading waited.
        const end = met as PartEnd | undefined;
        if (end !== undefined) {
          invalidBefore ??= window.invalidAt ?? end.invalidAt;
          window = openWindow(source, piece, end.end - 1);
          at = closeItems(0);
          continue;
        }
      }
    }
    const next = step(at);
    if (next >= 0) {
      if (step === readRoot && next === window.end && window.isLast) break;
      at = next;
    } else if (~next === window.end && !window.isLast) {
      window.advance(at);
      at = 0;
      const { bytes = 0, items = 0 } = meeting === undefined ? {} : helper!.progress();
      yield { bytes: window.base + window.end + bytes, items: count + items };
    } else {
      const { base } = window;
      broken = { at: base + ~next, from: base + at, before: before.get(step) ?? '', isSecond };
      if (step !== readRoot) broken = { ...broken, root: root.start };
      break;
    }
  }
  const invalidAt = invalidBefore ?? window.invalidAt;
  return {
    roots,
    abridger,
    textStart,
    ...(invalidAt === undefined ? {} : { invalidAt }),
    ...(broken === undefined ? {} : { broken }),
    ...(partEnd === undefined ? {} : { partEnd }),
  };
}

function newRoot(start: number): { start: number; end: number; members: Member[]; items?: ListedItems } {
  return { start, end: -1, members: [] };
}

/** Whether an abridged value is that of a Pod, or may turn out to be one when the kind of the list is known. */
function mayBePod(value: unknown, before: readonly Member[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { kind } = value as { readonly kind?: unknown };
  if (kind !== undefined) return kind === 'Pod';
  return before.every(({ name, text }) => name !== 'kind' || text.endsWith('"PodList"'));
}
