// Fixed bytes of lines as a tree: which come after which, and what kind of value stands between. Walks it along a line and
// checks each value's form. Learns lines; knows not what their values mean.

import { isSameText, viewOf } from '../same-bytes.ts';
import { type LinePiece, PIECE, type PieceKind } from './line-pieces.ts';

/** Nodes beyond which a tree holds lines that do not repeat, and is better begun anew. */
const MOST_NODES = 16 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
const QUOTE = 34;
const BACKSLASH = 92;
const DELETE = 127;
/** The highest bit of each of four bytes, and four times a byte. */
const HIGHEST = 0x80808080;
const ONES = 0x01010101;
const QUOTES = QUOTE * ONES;
const BACKSLASHES = BACKSLASH * ONES;
const BLANKS = 32 * ONES;
/** Digits of a number, few enough for 32 bits. */
const MOST_DIGITS = 9;

/** What a line that was walked along holds, by the kinds of its pieces: where each value begins and ends. */
export interface WalkedLine {
  /** Indexed by kind; begin of 0 with an end of -1: the line has none. */
  readonly begins: Int32Array;
  readonly ends: Int32Array;
}

/** A tree of lines. */
export interface LineTree {
  /** Where the values of the line that was walked last are. */
  readonly line: WalkedLine;
  /**
   * Walks along the line; its leaf, or -1 where no line of the kind was learnt. `endOfEnd` tells where the object of an end
   * stops that begins at a place, or -1 where it is not known: nothing here reads objects.
   */
  walk(bytes: DataView, start: number, end: number, endOfEnd: (kind: PieceKind, at: number) => number): number;
  /** Learns a line; its leaf, or -1 where the tree is full. */
  learn(bytes: Buffer, pieces: readonly LinePiece[]): number;
  clear(): void;
}

/** An empty tree. */
export function createLineTree(): LineTree {
  let store = Buffer.alloc(64 * 1024);
  let view = viewOf(store);
  const offsets = new Int32Array(MOST_NODES);
  const lengths = new Int32Array(MOST_NODES);
  const kinds = new Uint8Array(MOST_NODES);
  const children = new Int32Array(MOST_NODES).fill(-1);
  const siblings = new Int32Array(MOST_NODES).fill(-1);
  const isLeaf = new Uint8Array(MOST_NODES);
  const begins = new Int32Array(16);
  const ends = new Int32Array(16);
  // Node 0 is the root, without bytes.
  let nodes = 1;
  let used = 0;

  /** The child whose bytes stand at the place, moved to the front: what came last comes next most likely. */
  const childAt = (parent: number, bytes: DataView, at: number, end: number): number => {
    let before = -1;
    for (let node = children[parent]!; node !== -1; node = siblings[node]!) {
      const length = lengths[node]!;
      if (at + length <= end && isSameText(view, offsets[node]!, bytes, at, length)) {
        if (before !== -1) {
          siblings[before] = siblings[node]!;
          siblings[node] = children[parent]!;
          children[parent] = node;
        }
        return node;
      }
      before = node;
    }
    return -1;
  };
  const addNode = (offset: number, length: number, kind: PieceKind): number => {
    if (nodes === MOST_NODES) return -1;
    const node = nodes++;
    offsets[node] = offset;
    lengths[node] = length;
    kinds[node] = kind;
    children[node] = -1;
    siblings[node] = -1;
    isLeaf[node] = 0;
    return node;
  };
  /** Cuts a node in two: a new one has its first bytes, and the node itself, numbered as before, is its child. */
  const split = (parent: number, node: number, length: number): number => {
    const head = addNode(offsets[node]!, length, PIECE.fixed);
    if (head === -1) return -1;
    let before = -1;
    for (let one = children[parent]!; one !== node; one = siblings[one]!) before = one;
    siblings[head] = siblings[node]!;
    if (before === -1) children[parent] = head;
    else siblings[before] = head;
    siblings[node] = -1;
    children[head] = node;
    offsets[node] = offsets[node]! + length;
    lengths[node] = lengths[node]! - length;
    return head;
  };
  /** How many bytes of a node stand at the place. */
  const sharedBytes = (node: number, bytes: Uint8Array, at: number, end: number): number => {
    const length = Math.min(lengths[node]!, end - at);
    let shared = 0;
    while (shared < length && store[offsets[node]! + shared] === bytes[at + shared]) shared++;
    return shared;
  };
  /** The node below `parent` that ends where the piece's fixed bytes end; what is missing is added. -1: no more room. */
  const grow = (parent: number, bytes: Buffer, { start, end, kind }: LinePiece): number => {
    let at = start;
    let above = parent;
    search: for (;;) {
      for (let node = children[above]!; node !== -1; node = siblings[node]!) {
        const shared = sharedBytes(node, bytes, at, end);
        const isWhole = shared === lengths[node];
        if (isWhole && at + shared === end && kinds[node] === kind) return node;
        // A node with a value has no bytes after it: one that goes on otherwise stands beside it, not below.
        if (shared === 0 || (isWhole && kinds[node] !== PIECE.fixed)) continue;
        if (at + shared === end && (isWhole || kind !== PIECE.fixed)) continue;
        above = isWhole ? node : split(above, node, shared);
        at += shared;
        if (above === -1 || at === end) return above;
        continue search;
      }
      break;
    }
    if (used + end - at > MOST_BYTES) return -1;
    const node = addNode(used, end - at, kind);
    if (node === -1) return -1;
    if (used + end - at > store.length) {
      const larger = Buffer.alloc(Math.max(used + end - at, store.length * 2));
      store.copy(larger);
      store = larger;
      view = viewOf(store);
    }
    bytes.copy(store, used, at, end);
    used += end - at;
    siblings[node] = children[above]!;
    children[above] = node;
    return node;
  };

  return {
    line: { begins, ends },
    walk(bytes, start, end, endOfEnd) {
      ends.fill(-1);
      let at = start;
      let parent = 0;
      while (at < end || isLeaf[parent] === 0) {
        const node = childAt(parent, bytes, at, end);
        if (node === -1) return -1;
        at += lengths[node]!;
        const kind = kinds[node]! as PieceKind;
        if (kind !== PIECE.fixed) {
          const stop =
            kind === PIECE.sourceEnd || kind === PIECE.destinationEnd
              ? endOfEnd(kind, at)
              : endOfValue(kind, bytes, at, end);
          if (stop === -1) return -1;
          begins[kind] = at;
          ends[kind] = stop;
          at = stop;
        }
        parent = node;
      }
      return parent;
    },
    learn(bytes, pieces) {
      let node = 0;
      for (const piece of pieces) {
        node = grow(node, bytes, piece);
        if (node === -1) return -1;
      }
      isLeaf[node] = 1;
      return node;
    },
    clear() {
      nodes = 1;
      used = 0;
      children.fill(-1);
      siblings.fill(-1);
      isLeaf.fill(0);
    },
  };
}

/**
 * Where a text or a number that begins at a place stops; -1 where it is not one of the plain form: printable ASCII without
 * backslash up to the quote, or a few digits without a leading zero. What follows it is compared as fixed bytes.
 */
function endOfValue(kind: PieceKind, bytes: DataView, at: number, end: number): number {
  let stop = at;
  if (kind === PIECE.sourcePort || kind === PIECE.destinationPort || kind === PIECE.ignoredNumber) {
    while (stop < end && bytes.getUint8(stop) >= 48 && bytes.getUint8(stop) <= 57) stop++;
    const isPlain = stop > at && stop - at <= MOST_DIGITS && (bytes.getUint8(at) !== 48 || stop === at + 1);
    return isPlain ? stop : -1;
  }
  while (stop + 4 <= end && isPlainText(bytes.getInt32(stop, true))) stop += 4;
  while (stop < end && isPlainByte(bytes.getUint8(stop))) stop++;
  return stop < end && bytes.getUint8(stop) === QUOTE ? stop : -1;
}

/** Printable ASCII that stands for itself within a JSON text. */
function isPlainByte(byte: number): boolean {
  return byte >= 32 && byte < DELETE && byte !== QUOTE && byte !== BACKSLASH;
}

/**
 * The same of four bytes at once. Each term has the highest bit of some byte only if one of the bytes is not plain: as long
 * as all are, no subtraction borrows from the next byte and no addition carries into it; the lowest that is not shows.
 */
function isPlainText(four: number): boolean {
  const isSpecial = ((four ^ QUOTES) - ONES) | ((four ^ BACKSLASHES) - ONES);
  return (((four - BLANKS) | (four + ONES) | isSpecial) & HIGHEST) === 0;
}
