// What is in a snapshot, for people: where it comes from, and its objects counted by kind.

import { platformLines } from '../engine/platforms/index.ts';
import type { SnapshotSummary } from '../engine/questions/snapshot-document.ts';
import { layOut } from './columns.ts';
import { line, withHeader } from './csv.ts';
import { line as jsonLine } from './jsonl.ts';
import { printable, wrapWords } from './printable.ts';
import type { ReportOptions } from './reporter.ts';

/** A line about the snapshot, a table of kinds, and a line for each fact of the platform. */
export function* snapshotText(document: SnapshotSummary, { style, noHeaders, width }: ReportOptions): Iterable<string> {
  const { taken, context, server, kinds, platform } = document;
  const about = [
    ...(context === undefined ? [] : [`context "${context}"`]),
    ...(taken === undefined ? [] : [taken]),
    ...(server?.gitVersion === undefined ? [] : [`Kubernetes ${server.gitVersion}`]),
  ];
  const objects = kinds.reduce((sum, one) => sum + one.objects, 0);
  const title = printable([`snapshot of ${objects} ${objects === 1 ? 'object' : 'objects'}`, ...about].join(', '));
  for (const part of hanging(title, width)) yield `${style.bold(part.slice(0, -1))}\n`;
  yield '\n';
  const rows = kinds.map(({ kind, apiVersion, objects: count, namespaces }) => ({
    cells: [printable(kind), printable(apiVersion), String(count), namespaces === undefined ? '' : String(namespaces)],
  }));
  const headers = noHeaders === true ? [] : ['KIND', 'API VERSION', 'OBJECTS', 'NAMESPACES'];
  yield* layOut(headers, rows, width === undefined ? {} : { width });
  if (platform === undefined) return;
  yield '\n';
  for (const fact of platformLines(platform)) yield* hanging(printable(fact), width);
}

/** Text broken at the width, every line but the first a little to the right. */
function* hanging(text: string, width: number | undefined): Iterable<string> {
  const [first = '', ...rest] = width === undefined ? [text] : wrapWords(text, Math.max(20, width - 2));
  yield `${first}\n`;
  for (const more of rest) yield `  ${more}\n`;
}

/** One line for each kind. */
export function snapshotCsv({ kinds }: SnapshotSummary, options: ReportOptions): Iterable<string> {
  return withHeader(
    'kind,apiVersion,objects,namespaces',
    options,
    kinds.map(({ kind, apiVersion, objects, namespaces }) => line([kind, apiVersion, objects, namespaces ?? ''])),
  );
}

/** One kind a line, as in the document. */
export function* snapshotJsonl({ kinds }: SnapshotSummary): Iterable<string> {
  for (const kind of kinds) yield jsonLine(kind);
}
