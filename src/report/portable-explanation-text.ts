// What each plugin says of one connection, and what decides there. Knows nothing of plugins but their names.

import type { DifferenceDocument, PortableExplanation } from '../engine/questions/portable-document.ts';
import { paragraph, reasonLines } from './answer-text.ts';
import { GAP } from './columns.ts';
import { endpointNames } from './endpoint-names.ts';
import { directionLines } from './explanation-text.ts';
import { groupSentence, pluginNames, rulesText } from './plugin-groups.ts';
import { alikeText } from './portable-text.ts';
import { portsText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs, verdictMark } from './style.ts';

/** The verdict of all plugins, or that they differ; then a block for each difference, with what decides on either side. */
export function* portableExplanationText(document: PortableExplanation, options: ReportOptions): Iterable<string> {
  const { style, ascii } = options;
  const { arrow, partly } = signs(ascii);
  const plugins = pluginNames(document.cnis);
  const pair = style.bold(`${printable(document.from)} ${arrow} ${printable(document.to)}`);
  const [only, ...others] = document.verdicts;
  if (document.differences.length === 0 && only !== undefined && others.length === 0) {
    const { sign, paint } = verdictMark(only.verdict, style, ascii);
    yield `${paint(`${sign} ${only.verdict}`)}${GAP}${pair}\n`;
    if (only.reason !== undefined) yield* reasonLines(only.reason, options, '  ');
    yield* paragraph(alikeText(document.cnis, plugins), options, '  ');
    return;
  }
  yield `${style.yellow(`${partly} depends on the plugin`)}${GAP}${pair}\n`;
  for (const { cnis, verdict, reason } of document.verdicts) {
    const { sign, paint } = verdictMark(verdict, style, ascii);
    const why = reason === undefined ? '' : ` (${printable(reason)})`;
    const [first, ...rest] = [...paragraph(`${verdict}${why} on ${plugins.list(cnis)}`, options, '    ')];
    yield `  ${paint(sign)} ${first!.trimStart()}`;
    yield* rest;
  }
  const names = endpointNames(document.endpoints, { wide: options.wide === true });
  const inner = options.width === undefined ? options : { ...options, width: options.width - 2 };
  for (const difference of document.differences) {
    yield '\n';
    yield `${style.bold(scopeText(difference))}${GAP}${names.set(difference.from)} ${arrow} ${names.set(difference.to)}\n`.replaceAll(
      GLUE,
      ' ',
    );
    for (const group of difference.groups) {
      const { sign, paint } = verdictMark(group.verdict, style, ascii);
      const [first, ...rest] = [...paragraph(groupSentence(group, plugins), options, '    ')];
      yield `  ${paint(sign)} ${first!.trimStart()}`;
      yield* rest;
      const rules = rulesText([group]);
      if (rules !== '') yield* paragraph(`by ${rules}`, options, '    ');
      const { egress, ingress } = group;
      if (egress === undefined || ingress === undefined) continue;
      for (const line of directionLines({ egress, ingress }, document, inner)) yield `  ${line}`;
    }
  }
}

/** `5432/TCP   IPv6`. */
function scopeText({ ports, family }: DifferenceDocument): string {
  return `${portsText(ports)}${family === undefined ? '' : `${GAP}${family}`}`;
}
