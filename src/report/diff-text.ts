// What a change of policies opens and closes, a line per group of pairs. Knows nothing of the two states.

import type { PolicyRef } from '../engine/model/policy.ts';
import type { ChangedConnection, ConnectivityDiff } from '../engine/questions/documents.ts';
import type { Row } from './columns.ts';
import { layOut } from './columns.ts';
import { countPairs, type Group, groupConnections, type Rectangle } from './connection-groups.ts';
import { compareRows, groupText, rectanglesOf } from './connection-table.ts';
import { endpointNames } from './endpoint-names.ts';
import { partsText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs } from './style.ts';

/** The changed pairs as rectangles whose text is `before → after`. */
export function changedRectangles(changed: readonly ChangedConnection[], wide: boolean, arrow: string): Rectangle[] {
  return changed.map((each) => ({
    from: each.from,
    to: each.to,
    ...(each.family === undefined ? {} : { family: each.family }),
    text: `${sideText(each, 'before', wide)}${GLUE}${arrow} ${sideText(each, 'after', wide)}`,
  }));
}

/** Stands between the ports of a group and the policies behind its change while both are one text to group by. */
const BY = '\u0001';

/** The rectangles with the policies behind each change in their text, so that only changes of one cause are grouped. */
function withPolicies(
  rectangles: readonly Rectangle[],
  changes: readonly { readonly policies?: readonly PolicyRef[] }[],
): Rectangle[] {
  return rectangles.map((rectangle, at) => {
    const names = (changes[at]?.policies ?? []).map(({ namespace, name, kind }) =>
      printable(namespace === undefined ? `${kind} ${name}` : `${namespace}/${name}`).replaceAll(' ', GLUE),
    );
    return { ...rectangle, text: `${rectangle.text}${BY}${names.join(', ')}` };
  });
}

/** One side of a changed pair, as {@link partsText}; `denied` where nothing is allowed. */
export function sideText(changed: ChangedConnection, side: 'before' | 'after', wide: boolean): string {
  const [unknown, conditional] =
    side === 'before'
      ? [changed.unknownBefore, changed.conditionalBefore]
      : [changed.unknownAfter, changed.conditionalAfter];
  return (
    partsText({ allowed: changed[side], unknown: unknown ?? [], conditional: conditional ?? [] }, wide) || 'denied'
  );
}

/** `+` newly allowed, `-` no longer, `~` other ports, then renamed workloads and one line of counts. */
export function* diffText(document: ConnectivityDiff, options: ReportOptions): Iterable<string> {
  const { style } = options;
  const wide = options.wide === true;
  const names = endpointNames(document.endpoints, { wide });
  const { arrow } = signs(options.ascii);
  const parts = [
    {
      sign: '+',
      paint: style.green,
      groups: groupConnections(withPolicies(rectanglesOf(document.added, wide), document.added), 'best'),
    },
    {
      sign: '-',
      paint: style.red,
      groups: groupConnections(withPolicies(rectanglesOf(document.removed, wide), document.removed), 'best'),
    },
    {
      sign: '~',
      paint: style.yellow,
      groups: groupConnections(
        withPolicies(changedRectangles(document.changed, wide, arrow), document.changed),
        'best',
      ),
    },
  ] as const;
  const rows = parts.flatMap(({ sign, paint, groups }) =>
    groups
      .map((group: Group): Row => {
        const [ports = '', by = ''] = group.text.split(BY);
        const what = groupText({ ...group, text: ports });
        return {
          cells: [sign, names.set(group.from), `${arrow}${GLUE}${names.set(group.to)}`, what, by],
          paint: [paint, paint, paint, paint, style.dim],
        };
      })
      .sort(compareRows),
  );
  yield* layOut([], rows, { firstGap: ' ', ...(options.width === undefined ? {} : { width: options.width }) });
  const renamed = document.endpoints
    .filter(({ was }) => was !== undefined)
    .map(({ id, was }) => `renamed   ${printable(was ?? '')} ${arrow} ${names.one(id).replaceAll(GLUE, ' ')}\n`)
    .sort();
  if (rows.length > 0 && renamed.length > 0) yield '\n';
  yield* renamed;
  if (rows.length + renamed.length > 0) yield '\n';
  const [added, removed, changed] = parts.map(({ groups }) => countPairs(groups));
  if (rows.length === 0) yield 'no connection differs\n';
  else {
    const counts = [
      style.green(`${added} newly allowed`),
      style.red(`${removed} no longer`),
      style.yellow(`${changed} changed`),
    ];
    yield `pairs: ${counts.join(', ')}\n`;
  }
}
