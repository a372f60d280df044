// Answers under several plugins as Markdown: for each way in which they differ a sentence a group, and the connections.

import type {
  DifferenceDocument,
  PluginGroup,
  PortableExplanation,
  PortableMap,
} from '../../engine/questions/portable-document.ts';
import { groupApart } from '../connection-groups.ts';
import { groupText } from '../connection-table.ts';
import { type EndpointNames, endpointNames } from '../endpoint-names.ts';
import { groupSentence, type PluginNames, pluginNames } from '../plugin-groups.ts';
import { portableExplanationText } from '../portable-explanation-text.ts';
import { alikeText, blocksOf } from '../portable-text.ts';
import { policyText, portsText } from '../ports-text.ts';
import { GLUE } from '../printable.ts';
import type { ReportOptions, RunFacts } from '../reporter.ts';
import { PLAIN_STYLE } from '../style.ts';
import { type Block, comment, table, text } from './blocks.ts';
import { codeBlock } from './connections.ts';
import { endpointSet, footer, gaps, place, ports, remarks } from './parts.ts';
import { code, count, plain } from './text.ts';

/** Who allows and who denies, why, and which connections; what is known to differ comes first. */
export function* portableMapMarkdown(document: PortableMap, options: ReportOptions): Iterable<string> {
  const { run } = options;
  const { cnis, differences } = document;
  const plugins = pluginNames(cnis);
  const names = endpointNames(document.endpoints, {});
  const blocks = blocksOf(differences);
  const head = blocks.length === 0 ? alikeText(cnis, plugins) : `Plugins differ in ${count(blocks.length, 'way')}`;
  yield* comment([
    text(`**${plain(head)}.**\n`),
    ...gaps(document.incomplete, run),
    ...blocks.flatMap((block) => blockOf(block, plugins, names, run)),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, run),
  ]);
}

/** The verdict of each plugin, and below it what a terminal shows. */
export function* portableExplanationMarkdown(document: PortableExplanation, options: ReportOptions): Iterable<string> {
  const { run } = options;
  const shown = [...portableExplanationText(document, { ...(run === undefined ? {} : { run }), style: PLAIN_STYLE })];
  const plugins = pluginNames(document.cnis);
  const verdicts = document.verdicts.map(({ cnis, verdict }) => `${verdict} on ${plugins.list(cnis)}`);
  yield* comment([
    text(`**${plain(verdicts.join('; '))}**: ${code(document.from)} → ${code(document.to)}\n`),
    ...gaps(document.incomplete, run),
    codeBlock(shown),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, run),
  ]);
}

function blockOf(
  block: readonly DifferenceDocument[],
  plugins: PluginNames,
  names: EndpointNames,
  run: RunFacts | undefined,
): Block[] {
  const sentences = block[0]!.groups.map((group) => `* ${plain(groupSentence(group, plugins))}\n`);
  const rectangles = block.map(({ from, to, family, ports: set, groups }) => ({
    from,
    to,
    ...(family === undefined ? {} : { family }),
    text: portsText(set),
    by: rules(groups, run),
  }));
  const rows = groupApart(rectangles, ({ by }) => by).map(({ group, key }) => [
    endpointSet(names, group.from),
    endpointSet(names, group.to),
    ports(groupText(group).replaceAll(GLUE, ' ')),
    key,
  ]);
  rows.sort((a, b) => (a.join('\u0001') < b.join('\u0001') ? -1 : 1));
  return [text(sentences.join('')), ...table(['From', 'To', 'Ports', 'Rules'], rows, 'connection')];
}

/** The rules of all causes, each once, with their places. */
function rules(groups: readonly PluginGroup[], run: RunFacts | undefined): string {
  const texts = groups.flatMap(({ because }) =>
    (because ?? []).flatMap((cause) =>
      cause.rules.map(({ policy, direction, rule, source }) => {
        const where = source === undefined ? '' : place(source, run);
        const which = rule === undefined ? `isolates for ${direction}` : plain(`${direction}[${rule.index}]`);
        return `${code(policyText(policy))} ${which}${where === '' ? '' : ` (${where})`}`;
      }),
    ),
  );
  return [...new Set(texts)].join(', ');
}
