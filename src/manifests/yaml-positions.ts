// Places of values in one YAML document, looked up in its syntax tree, or in what stands for it. That is asked for, not owned:
// it may have to be parsed again.

import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair, visit } from 'yaml';
import type { Path } from '../engine/model/source.ts';
import { isMergeKey, keyText } from './build-value.ts';
import { type Place, type Span, sourceOf, type TextFile } from './place.ts';

/** Where values stand in one document, counted from its start. */
export interface DocumentSpans {
  /**
   * The value at a path from the value at `base`, its key if that is wanted or nothing stands behind it; of what does not exist
   * the nearest value around it.
   */
  find(base: Path, path: Path, isKeyWanted: boolean): Span;
}

/**
 * A place in the document that starts at offset `start`: the root, or with a base the element of a list in it. `spans` is
 * called at every lookup.
 */
export function yamlPlace(textFile: TextFile, start: number, spans: () => DocumentSpans, base: Path = []): Place {
  const find = (path: Path, isKeyWanted: boolean): Span => {
    const span = spans().find(base, path, isKeyWanted);
    return { start: span.start + start, end: span.end + start };
  };
  return {
    origin: { format: 'yaml', start, base, span: () => find([], false) },
    locate: (path, options) => sourceOf(textFile, path, find(path, options?.key === true)),
    written: (path) => {
      const { start: from, end } = find(path, false);
      return textFile.text.slice(from, end);
    },
    elements: (path) => (index) => yamlPlace(textFile, start, spans, [...base, ...path, index]),
  };
}

/** Spans of the nodes of a syntax tree; null for an empty document. */
export function treeSpans(root: Node | null): DocumentSpans {
  return {
    find(base, path, isKeyWanted) {
      const { node } = findNode(root, { node: root }, base);
      const found = findNode(root, { node }, path);
      return isKeyWanted && found.pair !== undefined ? spanOf(found.pair.key) : spanOfValue(found);
    },
  };
}

interface Found {
  readonly node: unknown;
  /** The pair whose value the node is; absent for elements of lists and for the root. */
  readonly pair?: Pair;
}

/** Walks down as far as the path exists. */
function findNode(root: Node | null, start: Found, path: Path): Found {
  let found = start;
  for (const part of path) {
    const next = step(root, found.node, part);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

function step(root: Node | null, from: unknown, part: string | number): Found | undefined {
  const node = dereference(root, from);
  if (isSeq(node)) {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return isNode(item) ? { node: item } : undefined;
  }
  if (!isMap(node)) return undefined;
  // From the end, as the last of equal keys wins, merged ones included.
  for (let i = node.items.length - 1; i >= 0; i--) {
    const pair = node.items[i]!;
    if (isScalar(pair.key) && isMergeKey(pair.key)) {
      const value = dereference(root, pair.value);
      for (const source of isSeq(value) ? value.items : [value]) {
        const merged = step(root, source, part);
        if (merged !== undefined) return merged;
      }
    } else if (keyText(dereference(root, pair.key)) === String(part)) return { node: pair.value, pair };
  }
  return undefined;
}

/** The node that an alias stands for: the last one with its anchor before it. */
function dereference(root: Node | null, node: unknown): unknown {
  if (!isAlias(node) || root === null) return node;
  const at = startOf(node);
  return collectAnchors(root)
    .get(node.source)
    ?.findLast((target) => startOf(target) < at);
}

const anchorsByRoot = new WeakMap<Node, Map<string, Node[]>>();

function collectAnchors(root: Node): Map<string, Node[]> {
  const known = anchorsByRoot.get(root);
  if (known !== undefined) return known;
  const anchors = new Map<string, Node[]>();
  visit(root, {
    Value: (_key, node) => {
      if (node.anchor === undefined) return;
      const same = anchors.get(node.anchor);
      if (same === undefined) anchors.set(node.anchor, [node]);
      else same.push(node);
    },
  });
  anchorsByRoot.set(root, anchors);
  return anchors;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** A block collection ends where its last value does, not with the comments and line breaks that follow. */
function spanOf(node: unknown): Span {
  const range = isNode(node) ? node.range : undefined;
  let last: unknown = node;
  while (isCollection(last) && last.flow !== true && last.items.length > 0) {
    const item: unknown = last.items.at(-1);
    last = isPair(item) ? (isNode(item.value) && startOf(item.value) > 0 ? item.value : item.key) : item;
  }
  const end = isNode(last) ? last.range?.[1] : undefined;
  return { start: range?.[0] ?? 0, end: end ?? range?.[1] ?? 0 };
}

/** A value that was left out stands right after its key. */
function spanOfValue({ node, pair }: Found): Span {
  const span = spanOf(node);
  if (pair === undefined || (isNode(node) && span.end > span.start)) return span;
  const key = spanOf(pair.key);
  return { start: key.start, end: key.end };
}
