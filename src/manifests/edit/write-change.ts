// One change of one collection to splices: chooses block or flow, prints the value as its neighbours are written.

import type { Layout, Member } from '../layout.ts';
import { printQuoted, printScalar } from '../print-yaml.ts';
import type { EditableDocument } from './document.ts';
import { blockStyleOf, flowStepOf, flowStyleOf, indentOf, isTall } from './document-style.ts';
import { emptyBlock, insertBlock, removeBlock, setBlock } from './edit-block.ts';
import { type FlowFrame, insertFlow, type PrintedMember, removeFlow, setFlow } from './edit-flow.ts';
import { columnOf, lineBreakAt, lineEnd } from './lines.ts';
import { keysDecidedBy } from './merge-keys.ts';
import {
  isFilled,
  printEntry,
  printEntryValue,
  printFlow,
  printFlowEntry,
  printItem,
  printItemValue,
  printJson,
} from './print-value.ts';
import type { Splice } from './splice.ts';

/** A collection, the member that holds it (none for the root), and the values from the root to it, itself included. */
export interface Target {
  readonly collection: Layout;
  readonly holder: Member | undefined;
  readonly chain: readonly Layout[];
}

/** A new item in front of the one at `index`, or a new entry if there is a key. */
export function insertMember(
  document: EditableDocument,
  target: Target,
  index: number,
  key: string | undefined,
  value: unknown,
): Splice[] {
  const { collection, holder, chain } = target;
  const { text } = document;
  if (collection.form === 'block') {
    const style = blockStyleOf(document, chain);
    return insertBlock(text, collection, index, (column) =>
      key === undefined ? printItem(value, column, style) : printEntry(key, value, column, style),
    );
  }
  const around = chain.at(-2);
  if (collection.members.length === 0 && holder !== undefined && around?.form === 'block') {
    const whole = key === undefined ? [value] : Object.fromEntries([[key, value]]);
    return setMember(document, { ...target, collection: around, chain: chain.slice(0, -1) }, holder, whole);
  }
  const frame = frameOf(document, target);
  return insertFlow(text, collection, index, printMember(document, target, frame, key, value), frame);
}

/** Another value for a member that is there. */
export function setMember(
  document: EditableDocument,
  { collection, chain }: Target,
  member: Member,
  value: unknown,
): Splice[] {
  const { text } = document;
  if (collection.form === 'block') {
    const style = blockStyleOf(document, chain);
    const column = columnOf(text, member.start);
    if (member.key !== undefined) return setBlock(text, member, printEntryValue(value, column, style));
    const { value: old } = member;
    const isBeside = old !== undefined && old.body <= lineEnd(text, member.head);
    return setBlock(text, member, printItemValue(value, isBeside ? columnOf(text, old.start) : column + 2, style));
  }
  const style = flowStyleOf(document, chain);
  const indent = indentOf(text, member);
  const isOnLines = style.isQuoted && indent !== undefined && isFilled(value) && isTall(document, collection, member);
  const printed = isOnLines
    ? printJson(value, indent, flowStepOf(document)).join(lineBreakAt(text, member.start))
    : printFlow(value, style);
  return setFlow(member, printed, style);
}

/** Takes a member away; the last one leaves an empty collection. */
export function removeMember({ text }: EditableDocument, { collection, holder }: Target, index: number): Splice[] {
  if (collection.form !== 'block') return removeFlow(text, collection, index);
  if (collection.members.length === 1) return emptyBlock(text, collection, holder?.head);
  return removeBlock(text, collection, index);
}

/** Another name for a key, quoted as the old one was. */
export function renameKey({ format }: EditableDocument, { key }: Member, name: string): Splice[] {
  const { start, end, isQuoted } = key!;
  const text = isQuoted || format === 'json' ? printQuoted(name) : printScalar(name, true);
  return [{ start, end, text }];
}

/** Puts the fields that a merge key decides in its place. `fields` is the value of the mapping. */
export function writeOutMerge(document: EditableDocument, target: Target, merge: Member, fields: unknown): Splice[] {
  const { collection, chain } = target;
  const { text } = document;
  const entries = keysDecidedBy(document, collection, merge).map(
    (name) => [name, (fields as Readonly<Record<string, unknown>>)[name]] as const,
  );
  if (entries.length === 0) return removeMember(document, target, collection.members.indexOf(merge));
  if (collection.form !== 'block') {
    const style = flowStyleOf(document, chain);
    const printed = entries.map(([name, value]) => printFlowEntry(name, value, style)).join(style.comma);
    return [{ start: merge.start, end: merge.end, text: printed }];
  }
  const column = columnOf(text, merge.start);
  const style = blockStyleOf(document, chain);
  const lines = entries.flatMap(([name, value], index) => {
    const [first, ...others] = printEntry(name, value, column, style);
    return [index === 0 ? first! : ' '.repeat(column) + first!, ...others];
  });
  const end = merge.value?.form === 'block' ? lineEnd(text, merge.end) : merge.end;
  return [{ start: merge.start, end, text: lines.join(lineBreakAt(text, merge.start)) }];
}

function frameOf(document: EditableDocument, { collection, holder, chain }: Target): FlowFrame {
  const { text } = document;
  const style = flowStyleOf(document, chain);
  const around = chain.at(-2);
  const closer = holder && indentOf(text, holder);
  const hasRoom = collection.members.length === 0 && around !== undefined && closer !== undefined;
  if (!hasRoom || !style.isQuoted || !isTall(document, around, holder)) return { style };
  return { style, open: { members: closer + flowStepOf(document), closer } };
}

function printMember(
  document: EditableDocument,
  { collection }: Target,
  { style, open }: FlowFrame,
  key: string | undefined,
  value: unknown,
): PrintedMember {
  const flat = key === undefined ? printFlow(value, style) : printFlowEntry(key, value, style);
  const isOnLines = style.isQuoted && isFilled(value) && (open !== undefined || isTall(document, collection));
  const step = flowStepOf(document);
  const name = key === undefined ? '' : `${printQuoted(key)}${style.colon}`;
  const tall = (indent: string): readonly string[] => {
    if (!isOnLines) return [flat];
    const [first, ...lines] = printJson(value, indent, step);
    return [name + first!, ...lines];
  };
  return { flat, tall };
}
