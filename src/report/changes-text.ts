// Changes that would turn an answer, as a person reads them: what to write where, and what else opens or closes.

import type { ChangeDocument, EditDocument, Explanation } from '../engine/questions/documents.ts';
import { GAP, layOut, type Row } from './columns.ts';
import { groupConnections } from './connection-groups.ts';
import { compareRows, groupText, rectanglesOf } from './connection-table.ts';
import { type EndpointNames, endpointNames } from './endpoint-names.ts';
import { fieldLines, itemLines, objectLines, word } from './flow-yaml.ts';
import { placeText } from './place-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs } from './style.ts';

/** More rows of effects are only counted, unless the output is wide. */
const MOST_ROWS = 8;

/** The best change in full and the others by name; with wide output all in full. Nothing where there is none. */
export function* changesText(document: Explanation, options: ReportOptions): Iterable<string> {
  const [best, ...others] = document.changes;
  if (best === undefined) return;
  const names = endpointNames(document.endpoints ?? [], { wide: options.wide === true });
  const isOne = new Set(document.cases.map(({ fromPod, toPod }) => JSON.stringify([fromPod, toPod]))).size <= 1;
  const verb = best.verdict === 'allowed' ? 'allows' : 'closes';
  const what = best.smallest ? `smallest change that ${verb} it` : `a change that ${verb} it`;
  yield `\n  ${what} (${scopeText(best, isOne)}):\n`;
  yield* inFull(best, names, options);
  if (others.length === 0) return;
  if (options.wide !== true) {
    yield `\n  or ${others.map(({ title }) => printable(title)).join(', or ')}\n`;
    return;
  }
  for (const other of others) {
    yield `\n  or ${printable(other.title)} (${scopeText(other, isOne)}):\n`;
    yield* inFull(other, names, options);
  }
}

/** Whether it does just what was asked. */
function scopeText({ verdict, beside, exact, opens, closes }: ChangeDocument, isOne: boolean): string {
  const [verb, done] = verdict === 'allowed' ? ['opens', opens] : ['closes', closes];
  const asked = isOne ? 'this pair' : 'these pairs';
  // Ends that no map lists: nodes, pods that could exist.
  if (exact) return done.length === 0 ? `${verb} nothing else` : `${verb} exactly ${asked}`;
  return beside === 0
    ? `${verb} more ports of ${asked}`
    : `${beside} more ${beside === 1 ? 'pair changes' : 'pairs change'}`;
}

function* inFull(change: ChangeDocument, names: EndpointNames, options: ReportOptions): Iterable<string> {
  const { style } = options;
  const rows = change.edits.flatMap((edit) => {
    const lines = editLines(edit);
    return lines.map(({ sign, text }, at): Row => {
      const place = at === 0 ? placeText(edit.source) : '';
      return {
        cells: [place, `${sign}${GLUE}${text.replaceAll(' ', GLUE)}`],
        paint: [style.dim, paintOf(sign, options)],
      };
    });
  });
  yield* layOut([], rows, { indent: '    ' });
  if (change.exact) return;
  yield* effectLines(change, names, options);
}

function paintOf(sign: string, { style }: ReportOptions): (text: string) => string {
  return sign === '+' ? style.green : style.red;
}

/** What is written, behind `+`, and what goes, behind `-`. */
function editLines(edit: EditDocument): readonly { readonly sign: '+' | '-'; readonly text: string }[] {
  const behind = (sign: '+' | '-', lines: readonly string[]) => lines.map((text) => ({ sign, text }));
  const { path } = edit.source;
  const isItem = /\[\d+\]$/.test(path);
  const at = (value: unknown): string[] => (isItem ? itemLines(value) : fieldLines(lastOf(path), value));
  const before = edit.was === undefined ? [] : behind('-', at(edit.was));
  if (edit.add !== undefined) return behind('+', objectLines(edit.add));
  if (edit.removeObject === true) return behind('-', ['the whole object']);
  if (edit.insert !== undefined) return behind('+', itemLines(edit.insert));
  if (edit.remove === true) return before.length > 0 ? before : behind('-', [printable(path)]);
  if (edit.rename !== undefined) {
    return [...behind('-', [`${word(lastOf(path))}:`]), ...behind('+', [`${word(edit.rename)}:`])];
  }
  return [...before, ...behind('+', at(edit.set))];
}

/** The last key of a printed path: `app` of `metadata.labels[app]`, `from` of `spec.ingress[0].from`. */
function lastOf(path: string): string {
  const found = /(?:\.|^)([^.[\]]+)$|\[([^\]]+)\]$/.exec(path);
  return found?.[1] ?? found?.[2] ?? '';
}

/** Everything that opens, behind `+`, and everything that closes, behind `-`. */
function* effectLines(
  { opens, closes }: ChangeDocument,
  names: EndpointNames,
  options: ReportOptions,
): Iterable<string> {
  const { arrow } = signs(options.ascii);
  const wide = options.wide === true;
  const parts = [
    { word: 'opens', paint: options.style.green, connections: opens },
    { word: 'closes', paint: options.style.red, connections: closes },
  ];
  const rows = parts.flatMap(({ word: verb, paint, connections }) =>
    groupConnections(rectanglesOf(connections, wide), 'best')
      .map(
        (group): Row => ({
          cells: [verb, names.set(group.from), `${arrow}${GLUE}${names.set(group.to)}`, groupText(group)],
          paint: [paint],
        }),
      )
      .sort(compareRows),
  );
  const shown = wide || rows.length <= MOST_ROWS + 1 ? rows : rows.slice(0, MOST_ROWS);
  const width = options.width === undefined ? {} : { width: options.width };
  yield* layOut([], shown, { indent: '    ', ...width });
  if (shown.length < rows.length) yield `    and ${rows.length - shown.length} more${GAP}(-o wide lists them)\n`;
}
