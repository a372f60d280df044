// How one document is written, as far as new text must look like the old: indentation, blanks between brackets, quotes.
// What a document does not show is as printObjects has it.

import { everyLayout, type Layout, type Member } from '../layout.ts';
import type { EditableDocument } from './document.ts';
import { columnOf, lineEnd, lineStart, startsLine } from './lines.ts';
import type { BlockStyle, FlowStyle } from './print-value.ts';

/** The indentation that most collections have: of those in the last value of the chain, else in the ones around it. */
export function blockStyleOf({ text }: EditableDocument, chain: readonly Layout[]): BlockStyle {
  let [step, dashes]: (number | undefined)[] = [];
  for (const layout of chain.toReversed()) {
    if (step !== undefined && dashes !== undefined) break;
    const counts = countColumns(text, layout);
    step ??= mostOf(counts.steps);
    dashes ??= mostOf(counts.dashes);
  }
  return { step: step ?? 2, dashes: dashes ?? 0 };
}

/** How often the members of mappings and lists below a key stand so many columns to its right. */
function countColumns(text: string, root: Layout): Record<'steps' | 'dashes', ReadonlyMap<number, number>> {
  const steps = new Map<number, number>();
  const dashes = new Map<number, number>();
  for (const { type, members } of everyLayout(root)) {
    if (type !== 'mapping') continue;
    for (const { start, head, value } of members) {
      if (value?.form !== 'block' || value.body <= lineEnd(text, head)) continue;
      const columns = columnOf(text, value.body) - columnOf(text, start);
      const counts = value.type === 'mapping' ? steps : dashes;
      counts.set(columns, (counts.get(columns) ?? 0) + 1);
    }
  }
  return { steps, dashes };
}

/** The key with the highest count; the lowest of several. */
function mostOf(counts: ReadonlyMap<number, number>): number | undefined {
  const sorted = [...counts].sort(([a, many], [b, more]) => more - many || a - b);
  return sorted[0]?.[0];
}

/** How to write in a flow collection: as it is written itself, else as those around it, else as any of the document. */
export function flowStyleOf(document: EditableDocument, chain: readonly Layout[]): FlowStyle {
  const { text, format } = document;
  const near = chain.toReversed().flatMap((layout) => (layout.form === 'flow' ? [layout] : []));
  const all = function* (): Generator<Layout> {
    yield* near;
    if (near[0] !== undefined) yield* everyLayout(near[0]);
    for (const layout of everyLayout(document.layout)) if (layout.form === 'flow') yield layout;
  };
  const first = <T>(ask: (layout: Layout) => T | undefined): T | undefined => {
    for (const layout of all()) {
      const answer = ask(layout);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  const between = (start: number, end: number, mark: string): string | undefined => {
    const found = text.slice(start, end);
    return new RegExp(`^${mark} *$`).test(found) ? found : undefined;
  };
  const colon = first(({ members }) => {
    const entry = members.find(({ key, value }) => key?.hasColon === true && value !== undefined);
    return entry && between(entry.key!.end, entry.value!.start, ':');
  });
  const comma = first(({ members: [one, two] }) => one && two && between(one.end, two.start, ','));
  const padding = (type: Layout['type']): '' | ' ' =>
    first((layout) => {
      if (layout.type !== type || layout.members.length === 0) return undefined;
      const inside = text[layout.body + 1]!;
      return inside === ' ' ? ' ' : inside === '\n' || inside === '\r' ? undefined : '';
    }) ?? '';
  const isQuoted = first(({ type, members }) =>
    type !== 'mapping' || members.length === 0
      ? undefined
      : members.every(({ key }) => text[key!.start] === '"' && key?.isQuoted === true),
  );
  return {
    colon: colon ?? ': ',
    comma: comma ?? (colon === ':' ? ',' : ', '),
    braces: padding('mapping'),
    brackets: padding('sequence'),
    isQuoted: format === 'json' || isQuoted === true,
  };
}

/** The white space in front of a member that starts its line; undefined for others. */
export function indentOf(text: string, { start }: Member): string | undefined {
  return startsLine(text, start) ? text.slice(lineStart(text, start), start) : undefined;
}

/** Indentation from members of one flow collection to those within; two blanks where the document does not show it. */
export function flowStepOf({ text, layout }: EditableDocument): string {
  if (!text.includes('\n')) return '  ';
  for (const outer of everyLayout(layout)) {
    if (outer.form !== 'flow') continue;
    for (const member of outer.members) {
      const [inner] = member.value?.members ?? [];
      const [from, to] = [indentOf(text, member), inner && indentOf(text, inner)];
      if (from !== undefined && to?.startsWith(from) && to.length > from.length) return to.slice(from.length);
    }
  }
  const indent = layout.members[0] && indentOf(text, layout.members[0]);
  return indent === undefined || indent === '' ? '  ' : indent;
}

/**
 * Reports whether new members of a flow collection are to take several lines, as indented JSON has them: each member
 * starts a line, and no value that could be on several lines stands on one.
 */
export function isTall({ text }: EditableDocument, { members }: Layout, except?: Member): boolean {
  return members.every((member) => {
    if (!startsLine(text, member.start)) return false;
    const { value } = member;
    const isFlat =
      value !== undefined && value.members.length > 0 && !text.slice(value.start, value.end).includes('\n');
    return member === except || !isFlat;
  });
}
