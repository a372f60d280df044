// Records of a flow log that are nobody's, as a person reads them: for replays, plans and explanations.

import { UNATTRIBUTED_SAYS } from '../engine/attribution/reason-texts.ts';
import type { SeenDocument, UnattributedDocument } from '../engine/questions/replay-document.ts';
import { layOut, type Row } from './columns.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs } from './style.ts';

/** Rows before the list is cut; `wide` shows all. */
const MOST = 20;

/** Why a record was not attributed; a word that is not known stands for itself. */
export function unattributedText(reason: string): string {
  return Object.hasOwn(UNATTRIBUTED_SAYS, reason)
    ? UNATTRIBUTED_SAYS[reason as keyof typeof UNATTRIBUTED_SAYS]
    : reason;
}

/** How often, and the first record: `3 records, first log.json:12`. */
export function seenText({ count, file, line }: SeenDocument): string {
  const [records, first] = count === 1 ? ['1 record', ''] : [`${count} records`, 'first '];
  return `${records}, ${first}${printable(file)}:${line}`.replaceAll(' ', GLUE);
}

/** The records under a title; nothing where there are none. */
export function* unattributedRows(
  unattributed: readonly UnattributedDocument[],
  title: string,
  options: ReportOptions,
): Iterable<string> {
  if (unattributed.length === 0) return;
  yield `\n${options.style.bold(title)}\n`;
  const shown = options.wide === true ? unattributed : unattributed.slice(0, MOST);
  const rows = shown.map(({ reason, source, destination, protocol, port, seen }): Row => {
    const pair = `${printable(source)} ${signs(options.ascii).arrow} ${printable(destination)}`;
    const why = `${unattributedText(reason)} (${printable(reason)})`;
    return {
      cells: [
        pair.replaceAll(' ', GLUE),
        `${port === undefined ? '' : `${port}/`}${protocol}`,
        why.trim(),
        seenText(seen),
      ],
      paint: [undefined, undefined, undefined, options.style.dim],
    };
  });
  yield* layOut([], rows, { indent: '  ', ...(options.width === undefined ? {} : { width: options.width }) });
  if (unattributed.length > shown.length)
    yield `  … and ${unattributed.length - shown.length} more; -o wide lists all\n`;
}
