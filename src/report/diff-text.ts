// What a change of policies opens and closes, a line per group of pairs. Knows nothing of the two states.

import type { PolicyRef } from '../engine/model/policy.ts';
import type { ChangedConnection, ConnectivityDiff } from '../engine/questions/documents.ts';
import type { Row } from './columns.ts';
import { layOut } from './columns.ts';
import { countPairs, groupApart, groupConnections, type Rectangle } from './connection-groups.ts';
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

/** A rectangle with the policies behind its change as text. */
type Caused = Rectangle & { readonly by: string };

/** The rectangles with the policies behind each change, so that only changes of one cause are grouped. */
function withPolicies(
  rectangles: readonly Rectangle[],
  changes: readonly { readonly policies?: readonly PolicyRef[] }[],
): Caused[] {
  return rectangles.map((rectangle, at) => {
    const names = (changes[at]?.policies ?? []).map(({ namespace, name, kind }) =>
      printable(namespace === undefined ? `${kind} ${name}` : `${namespace}/${name}`).replaceAll(' ', GLUE),
    );
    return { ...rectangle, by: names.join(', ') };
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
    { sign: '+', paint: style.green, changes: withPolicies(rectanglesOf(document.added, wide), document.added) },
    { sign: '-', paint: style.red, changes: withPolicies(rectanglesOf(document.removed, wide), document.removed) },
    {
      sign: '~',
      paint: style.yellow,
      changes: withPolicies(changedRectangles(document.changed, wide, arrow), document.changed),
    },
  ] as const;
  const rows = parts.flatMap(({ sign, paint, changes }) =>
    groupApart(changes, ({ by }) => by)
      .map(
        ({ group, key }): Row => ({
          cells: [sign, names.set(group.from), `${arrow}${GLUE}${names.set(group.to)}`, groupText(group), key],
          paint: [paint, paint, paint, paint, style.dim],
        }),
      )
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
  const [added, removed, changed] = parts.map(({ changes }) => countPairs(groupConnections(changes, 'best')));
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
