// The layout of a YAML document, taken from the syntax tree and the tokens it was made of.

import { type CST, isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { isMergeKey, keyText } from '../build-value.ts';
import type { Key, Layout, Member } from '../layout.ts';
import type { Span } from '../place.ts';

type Item = CST.BlockMap['items'][number] | CST.FlowCollection['items'][number] | CST.BlockSequence['items'][number];

/** The layout of a node that was composed with source tokens kept. A key that is an alias has no text. */
export function yamlLayout(node: unknown): Layout {
  return layoutOf(node, (node as { srcToken?: CST.Token }).srcToken, []);
}

function layoutOf(node: unknown, token: CST.Token | undefined, before: readonly CST.SourceToken[]): Layout {
  const properties = propertiesIn(before);
  const anchor = isAlias(node) ? node.source : (node as { anchor?: string }).anchor;
  const more = { ...(properties === undefined ? {} : { properties }), ...(anchor === undefined ? {} : { anchor }) };
  if (isMap(node) || isSeq(node)) {
    const type = isMap(node) ? 'mapping' : 'sequence';
    const isBlock = token?.type === 'block-map' || token?.type === 'block-seq';
    const form = isBlock ? 'block' : token?.type === 'flow-collection' ? 'flow' : 'bare';
    const members = isMap(node)
      ? node.items.map((pair) => entryOf(pair))
      : itemsOf(token).map((item, index) => itemOf(item, node.items[index]));
    const [first, last] = [members[0], members.at(-1)];
    const body = form === 'flow' ? (token?.offset ?? 0) : (first?.start ?? node.range?.[0] ?? 0);
    const end = form === 'flow' ? spanOf(token!).end : (last?.end ?? body);
    return { form, type, start: properties?.start ?? body, body, end, members, ...more };
  }
  const span = token === undefined ? undefined : spanOf(token);
  const body = span?.start ?? properties?.end ?? 0;
  const form = isAlias(node) ? 'alias' : 'scalar';
  return { form, start: properties?.start ?? body, body, end: span?.end ?? body, members: [], ...more };
}

/** A bare pair of a flow sequence keeps its token, as every pair does. */
function entryOf(pair: Pair): Member {
  const item = (pair as { srcToken?: Item }).srcToken!;
  const sep = ('sep' in item ? item.sep : undefined) ?? [];
  const colon = sep.findIndex(({ type }) => type === 'map-value-ind');
  const key = keyOf(pair.key, 'key' in item ? (item.key ?? undefined) : undefined, item, colon >= 0);
  const lead = item.start.find(({ type }) => type === 'anchor' || type === 'tag' || type === 'explicit-key-ind');
  const start = Math.min(lead?.offset ?? key.start, key.start);
  const head = colon < 0 ? key.end : endOf(sep[colon]!);
  return { start, key, ...valueBehind(pair.value, item, sep.slice(colon + 1), head) };
}

function keyOf(node: unknown, token: CST.Token | undefined, item: Item, hasColon: boolean): Key {
  const sep = 'sep' in item ? item.sep : undefined;
  const nowhere = sep?.find(({ type }) => type === 'map-value-ind')?.offset ?? 0;
  const span = token === undefined ? { start: nowhere, end: nowhere } : spanOf(token);
  const isMerge = isScalar(node) && isMergeKey(node);
  const isQuoted = token?.type === 'single-quoted-scalar' || token?.type === 'double-quoted-scalar';
  return { ...span, text: keyText(node), isMerge, isQuoted, hasColon };
}

function itemOf(item: Item, node: unknown): Member {
  const dash = item.start.findIndex(({ type }) => type === 'seq-item-ind');
  if (dash < 0) {
    // In flow an item is its value, which may be a bare pair.
    const value = layoutOf(node, 'sep' in item && item.sep !== undefined ? undefined : item.value, item.start);
    return { start: value.start, head: value.start, end: value.end, value };
  }
  const head = endOf(item.start[dash]!);
  return { start: item.start[dash]!.offset, ...valueBehind(node, item, item.start.slice(dash + 1), head) };
}

/** The value behind `head`, with what stands between. */
function valueBehind(
  node: unknown,
  item: Item,
  between: readonly CST.SourceToken[],
  head: number,
): Pick<Member, 'head' | 'value' | 'end'> {
  const isAbsent = item.value === undefined && propertiesIn(between) === undefined;
  if (isAbsent || node === null || node === undefined) return { head, end: head };
  const value = layoutOf(node, item.value, between);
  return { head, value, end: value.end };
}

/** Items that stand for something: comments and a trailing comma make items of their own. */
function itemsOf(token: CST.Token | undefined): readonly Item[] {
  if (token?.type === 'block-seq')
    return token.items.filter(({ start }) => start.some(({ type }) => type === 'seq-item-ind'));
  if (token?.type !== 'flow-collection') return [];
  return token.items.filter((item) => {
    const hasProperties = propertiesIn(item.start) !== undefined;
    return item.value !== undefined || item.key != null || item.sep !== undefined || hasProperties;
  });
}

function propertiesIn(tokens: readonly CST.SourceToken[]): Span | undefined {
  const found = tokens.filter(({ type }) => type === 'anchor' || type === 'tag');
  return found.length === 0 ? undefined : { start: found[0]!.offset, end: endOf(found.at(-1)!) };
}

function endOf(token: CST.SourceToken): number {
  return token.offset + token.source.length;
}

function spanOf(token: CST.Token): Span {
  const start = token.offset;
  if (token.type === 'block-scalar') return { start, end: endOfBlockScalar(token) };
  if (token.type === 'flow-collection') return { start, end: token.end[0] === undefined ? start : endOf(token.end[0]) };
  if ('source' in token) return { start, end: start + token.source.length };
  return { start, end: start };
}

/** Blank lines at its end belong to it only where the header says so (`|+`); its last line break never does. */
function endOfBlockScalar({ offset, props, source }: CST.BlockScalar): number {
  const header = props.find((token) => token.type === 'block-scalar-header') as CST.SourceToken | undefined;
  const last = props.at(-1) as CST.SourceToken | undefined;
  const start = last === undefined ? offset : endOf(last);
  let end = source.length;
  if (header?.source.includes('+')) end = source.endsWith('\n') ? end - 1 : end;
  else
    while (end > 0 && source.slice(source.lastIndexOf('\n', end - 1) + 1, end).trim() === '') {
      end = source.lastIndexOf('\n', end - 1);
    }
  if (end <= 0) return header === undefined ? start : endOf(header);
  return start + (source[end - 1] === '\r' ? end - 1 : end);
}
