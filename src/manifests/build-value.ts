// From a YAML syntax tree to plain JSON values, as kubectl converts YAML to JSON: keys become text, merge keys are
// applied in order, the last of two equal keys wins. Iterative, so that depth and aliases cannot break it.

import { isAlias, isMap, isPair, isScalar, isSeq, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { MAX_ALIASED_NODES, MAX_DEPTH } from './limits.ts';
import { resolveScalar } from './resolve-scalar.ts';
import { resolveTagged } from './resolve-tagged.ts';

/** Something wrong at an offset of the document. `check` is the finding's. */
export interface DocumentProblem {
  readonly check: 'malformed-yaml' | 'duplicate-key' | 'too-large';
  readonly message: string;
  /** What to write instead; absent where the message says all. */
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
  /** Keys above it, for a duplicate key. */
  readonly path?: readonly (string | number)[];
}

/** The value, or why there is none. Duplicate keys do not stop it. */
export type BuiltValue =
  | { readonly value: unknown; readonly duplicates: readonly DocumentProblem[] }
  | { readonly problem: DocumentProblem };

interface Anchored {
  readonly value: unknown;
  readonly size: number;
  readonly isOpen: boolean;
}

interface Frame {
  readonly node: YAMLMap | YAMLSeq;
  readonly value: Record<string, unknown> | unknown[];
  readonly isMergeList: boolean;
  /** Where the finished value goes in the frame below. */
  readonly key: string | number | typeof MERGE;
  readonly sizeBefore: number;
  /** Keys that only a merge has set: a plain key may repeat them. */
  merged: Set<string> | undefined;
  next: number;
}

const MERGE: unique symbol = Symbol('merge');
const MERGE_VALUE = 'a merge key (<<) takes a mapping or a list of mappings';

/** Builds the value of a document's root node; `null` for an empty document. */
export function buildValue(root: unknown): BuiltValue {
  const anchors = new Map<string, Anchored>();
  const duplicates: DocumentProblem[] = [];
  const stack: Frame[] = [];
  let size = 0;
  let result: unknown = null;
  let failure: DocumentProblem | undefined;

  const fail = (node: unknown, message: string, check: DocumentProblem['check'] = 'malformed-yaml'): undefined => {
    const hint = message.startsWith('alias ') ? { hint: 'put a value that begins with * in quotes' } : {};
    failure ??= { check, message, ...hint, ...spanOf(node) };
    return undefined;
  };
  const remember = (node: { anchor?: string | undefined }, anchored: Anchored): void => {
    if (node.anchor !== undefined) anchors.set(node.anchor, anchored);
  };
  const place = (frame: Frame | undefined, key: Frame['key'], value: unknown, node: unknown): undefined => {
    if (frame === undefined) result = value;
    else if (key !== MERGE) setKey(frame.value, key, value);
    else if (!mergeInto(frame, value)) fail(node, MERGE_VALUE);
    return undefined;
  };
  /** Puts a node's value into its frame at once, or opens a frame for it. */
  const visit = (node: unknown, frame: Frame | undefined, key: Frame['key']): undefined => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) return fail(node, `alias *${node.source} has no anchor before it`);
      if (target.isOpen) return fail(node, `anchor &${node.source} contains itself`);
      size += target.size;
      if (size > MAX_ALIASED_NODES && target.size > 1)
        return fail(node, 'aliases stand for too many values', 'too-large');
      if (key === MERGE && Array.isArray(target.value)) return fail(node, MERGE_VALUE);
      return place(frame, key, target.value, node);
    }
    size++;
    if (isMap(node) || isSeq(node)) {
      if (stack.length >= MAX_DEPTH) return fail(node, `nested deeper than ${MAX_DEPTH} levels`, 'too-large');
      const value = isMap(node) ? {} : [];
      const isMergeList = key === MERGE && isSeq(node);
      remember(node, { value, size: 0, isOpen: true });
      stack.push({ node, value, isMergeList, key, sizeBefore: size - 1, merged: undefined, next: 0 });
      return undefined;
    }
    if (!isScalar(node)) return place(frame, key, null, node);
    const scalar = scalarValue(node);
    if ('error' in scalar) return fail(node, scalar.error);
    remember(node, { value: scalar.value, size: 1, isOpen: false });
    return place(frame, key, scalar.value, node);
  };
  const nextKey = (frame: Frame, node: unknown): string | typeof MERGE | undefined => {
    if (isScalar(node) && isMergeKey(node)) return MERGE;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) return fail(node, `alias *${node.source} has no anchor before it`);
      if (target.value === null || typeof target.value === 'object') return fail(node, 'a key must be text');
      return String(target.value);
    }
    const key = keyText(node);
    if (key === undefined) return fail(node, 'a key must be text, not a list, a mapping or null');
    const scalar = node as Scalar;
    if (scalar.anchor !== undefined) remember(scalar, { value: key, size: 1, isOpen: false });
    if (frame.merged?.delete(key) !== true && Object.hasOwn(frame.value, key)) {
      const path = [...stack.slice(1).map((open) => (open.key === MERGE ? '<<' : open.key)), key];
      duplicates.push({ check: 'duplicate-key', message: `key "${key}" is given twice`, ...spanOf(node), path });
    }
    return key;
  };

  visit(root, undefined, 0);
  for (let frame = stack.at(-1); frame !== undefined && failure === undefined; frame = stack.at(-1)) {
    const item: unknown = frame.node.items[frame.next];
    if (frame.next >= frame.node.items.length) {
      stack.pop();
      remember(frame.node, { value: frame.value, size: size - frame.sizeBefore, isOpen: false });
      place(stack.at(-1), frame.key, frame.value, frame.node);
    } else if (isPair(item) && isMap(frame.node)) {
      frame.next++;
      const key = nextKey(frame, item.key);
      if (key !== undefined) visit(item.value, frame, key);
    } else {
      const target = isAlias(item) ? anchors.get(item.source)?.value : undefined;
      if (frame.isMergeList && !isMap(item) && !isMapping(target)) fail(item, MERGE_VALUE);
      else visit(item, frame, frame.next++);
    }
  }
  return failure === undefined ? { value: result, duplicates } : { problem: failure };
}

/** The text of a key that is a scalar; undefined for lists, mappings and null. Also used to find keys by name. */
export function keyText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  if (isPlain(node)) {
    const resolved = resolveScalar(node.source ?? '');
    if (resolved.type === 'integer' || resolved.type === 'float') return resolved.text;
    if (resolved.type === 'boolean') return String(resolved.value);
    return resolved.type === 'null' ? undefined : node.source;
  }
  const scalar = scalarValue(node);
  return 'error' in scalar || scalar.value === null ? undefined : String(scalar.value);
}

/** True for the untagged plain key `<<`. */
export function isMergeKey(node: Scalar): boolean {
  return node.source === '<<' && isPlain(node);
}

function isPlain(node: Scalar): boolean {
  return node.tag === undefined && (node.type === Scalar.PLAIN || node.type === undefined);
}

function scalarValue(node: Scalar): { readonly value: unknown } | { readonly error: string } {
  const text = node.source ?? '';
  if (node.tag !== undefined) return resolveTagged(node.tag, text);
  if (!isPlain(node)) return { value: node.value };
  const resolved = resolveScalar(text);
  if (resolved.type === 'invalid') return { error: `${text} is no JSON number` };
  return { value: 'value' in resolved ? resolved.value : text };
}

function spanOf(node: unknown): { start: number; end: number } {
  const range = (node as { range?: readonly [number, number, number] | null } | null | undefined)?.range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Plain assignment, except that a key called `__proto__` becomes a key like any other. */
function setKey(target: Record<string, unknown> | unknown[], key: string | number, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else (target as Record<string | number, unknown>)[key] = value;
}

/** Merges a mapping or a list of mappings, of which the first wins. False where it is neither. */
function mergeInto(frame: Frame, value: unknown): boolean {
  const sources = Array.isArray(value) ? [...value].reverse() : [value];
  frame.merged ??= new Set();
  for (const source of sources) {
    if (!isMapping(source)) return false;
    for (const key of Object.keys(source)) {
      if (!Object.hasOwn(frame.value, key)) frame.merged.add(key);
      setKey(frame.value, key, source[key]);
    }
  }
  return true;
}
