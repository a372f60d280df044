// Connections whose verdict depends on the plugin: a block for each way in which plugins differ. Knows nothing of plugins
// but their names.

import type { DifferenceDocument, PluginGroup, PortableMap } from '../engine/questions/portable-document.ts';
import { paragraph } from './answer-text.ts';
import { layOut, type Row } from './columns.ts';
import { groupApart } from './connection-groups.ts';
import { compareRows, groupText } from './connection-table.ts';
import { type EndpointNames, endpointNames } from './endpoint-names.ts';
import { groupSentence, type PluginNames, pluginNames, rulesText } from './plugin-groups.ts';
import { portsText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs, verdictMark } from './style.ts';

/** So many lines of a block are printed, unless wide. */
const MOST_LINES = 10;

/** Blocks of who allows and who denies what, with the rules concerned; what is known to differ comes first. */
export function* portableText(document: PortableMap, options: ReportOptions): Iterable<string> {
  const { differences, cnis } = document;
  const plugins = pluginNames(cnis);
  if (differences.length === 0) {
    yield* paragraph(alikeText(cnis, plugins), options, '');
    return;
  }
  const names = endpointNames(document.endpoints, { wide: options.wide === true });
  for (const [at, block] of blocksOf(differences).entries()) {
    if (at > 0) yield '\n';
    yield* groupLines(block[0]!.groups, plugins, options);
    yield* pairLines(block, names, options);
  }
  yield '\n';
  yield* paragraph(`compared: ${cnis.map(printable).join(', ')}`, options, '');
}

/** One sentence where nothing differs. */
export function alikeText(cnis: readonly string[], plugins: PluginNames): string {
  return `no difference: ${plugins.list(cnis)} answer alike`;
}

/**
 * Differences with the same groups, rules aside, in the order of their first. Those come first in which plugins are known
 * to differ, and last those in which one verdict is known and another is not.
 */
export function blocksOf(differences: readonly DifferenceDocument[]): DifferenceDocument[][] {
  const blocks = new Map<string, DifferenceDocument[]>();
  for (const difference of differences) {
    const key = JSON.stringify(difference.groups.map(withoutRules));
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [difference]);
    else block.push(difference);
  }
  const all = [...blocks.values()];
  return [...all.filter(isKnown), ...all.filter((block) => !isKnown(block))];
}

function isKnown([first]: DifferenceDocument[]): boolean {
  const known = first!.groups.flatMap(({ verdict }) => (verdict === 'unknown' ? [] : [verdict]));
  return new Set(known).size > 1;
}

function withoutRules({ cnis, verdict, reason, conditions, because }: PluginGroup): unknown {
  return [cnis, verdict, reason, conditions, because?.map(({ knobs }) => knobs)];
}

/** A sentence for each group, with the sign of its verdict. */
export function* groupLines(
  groups: readonly PluginGroup[],
  plugins: PluginNames,
  options: ReportOptions,
): Iterable<string> {
  for (const group of groups) {
    const { sign, paint } = verdictMark(group.verdict, options.style, options.ascii);
    const [first, ...rest] = [...paragraph(groupSentence(group, plugins), options, '  ')];
    yield `${paint(sign)} ${first!.trimStart()}`;
    yield* rest;
  }
}

function* pairLines(
  block: readonly DifferenceDocument[],
  names: EndpointNames,
  options: ReportOptions,
): Iterable<string> {
  const { arrow } = signs(options.ascii);
  const rectangles = block.map(({ from, to, family, ports, groups }) => ({
    from,
    to,
    ...(family === undefined ? {} : { family }),
    text: portsText(ports),
    by: rulesText(groups),
  }));
  const rows = groupApart(rectangles, ({ by }) => by)
    .map(
      ({ group, key }): Row => ({
        cells: [names.set(group.from), `${arrow}${GLUE}${names.set(group.to)}`, groupText(group), key],
        paint: [undefined, undefined, undefined, options.style.dim],
      }),
    )
    .sort(compareRows);
  const shown = options.wide === true || rows.length <= MOST_LINES + 1 ? rows : rows.slice(0, MOST_LINES);
  const width = options.width === undefined ? {} : { width: options.width };
  yield* layOut([], shown, { indent: '    ', firstGap: ' ', ...width });
  const more = rows.length - shown.length;
  if (more > 0) yield `    and ${more} more lines (-o wide shows all)\n`;
}
