// Why a connection is allowed or not, as a person reads it: per direction the verdict, the policies and the nearest rule.

import type { PolicyRef } from '../engine/model/policy.ts';
import type { DirectionDocument, Explanation, ExplanationCase, StepDocument } from '../engine/questions/documents.ts';
import { paragraph, reasonLines } from './answer-text.ts';
import { changesText } from './changes-text.ts';
import { GAP, layOut, type Row } from './columns.ts';
import { type MergedCase, mergeCases } from './explanation-cases.ts';
import { placeWithin } from './place-text.ts';
import { policyText } from './ports-text.ts';
import { GLUE, printable, printableName, widthOf } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs, verdictMark } from './style.ts';

/** Where the lines below a direction begin. */
const INDENT = '             ';

/** Stands beside a policy that is in play only because it isolates; not worth a line of its own. */
const ISOLATES = 'isolates';

/** One headline; below it a block per outcome, each with its ports where there are several. */
export function* explanationText(document: Explanation, options: ReportOptions): Iterable<string> {
  const { style, ascii } = options;
  const cases = mergeCases(document.cases).sort((a, b) => rankOf(a) - rankOf(b));
  const [only] = cases;
  const isPlain = cases.length === 1 && only?.scopes.length === 1 && only.outcome.verdict === document.verdict;
  const { sign, paint } = verdictMark(document.verdict, style, ascii);
  // The ports stand once; a Service keeps its own beside those of its pods.
  const to = isPlain && !document.to.includes('/service/') ? withoutPort(document.to) : document.to;
  const pair = `${printable(document.from)} ${signs(ascii).arrow} ${printable(to)}`;
  const ports = isPlain ? `${GAP}${only.scopes[0]?.ports.replaceAll(GLUE, ' ')}` : '';
  const mark = isIncomplete(document) ? `${GAP}(incomplete)` : '';
  yield `${paint(`${sign} ${document.verdict}`)}${GAP}${style.bold(pair)}${ports}${mark}\n`;
  const sides = [document.cases.map(({ fromPod }) => fromPod), document.cases.map(({ toPod }) => toPod)] as const;
  const varies = sides.map((keys) => new Set(keys).size > 1);
  for (const each of cases) {
    yield '\n';
    if (!isPlain) yield* caseHeadline(each, varies, options);
    yield* directionLines(each.outcome, document, options);
    const { verdict, reason } = each.outcome;
    if (verdict === 'unknown' && reason !== undefined) yield* reasonLines(reason, options, '  ');
  }
  yield* changesText(document, options);
}

/** What is open comes first; ports stay in order within a verdict. */
function rankOf({ outcome }: MergedCase): number {
  return ['allowed', 'conditional', 'unknown', 'denied'].indexOf(outcome.verdict);
}

/** Whether something that was not read or understood could change the explanation of one of these pods. */
function isIncomplete({ incomplete, cases }: Explanation): boolean {
  const namespaces = new Set(cases.flatMap(({ fromPod, toPod }) => [fromPod, toPod]).map((key) => key.split('/')[0]!));
  return incomplete.some((gap) => gap.namespaces === 'all' || gap.namespaces.some((name) => namespaces.has(name)));
}

/** `✗ denied   80/TCP   IPv6   to shop/web#1`: families and pods only where they tell cases apart. */
function* caseHeadline(
  { outcome, scopes }: MergedCase,
  varies: readonly boolean[],
  options: ReportOptions,
): Iterable<string> {
  const { sign, paint } = verdictMark(outcome.verdict, options.style, options.ascii);
  const { arrow } = signs(options.ascii);
  const podsText = ([from, to]: readonly [string, string]): string => {
    if (varies[0] === true && varies[1] === true) return `${podText(from)}${GLUE}${arrow}${GLUE}${podText(to)}`;
    return varies[0] === true ? `from${GLUE}${podText(from)}` : `to${GLUE}${podText(to)}`;
  };
  const rows = scopes.map(({ ports, families, pods }, at): Row => {
    const qualifiers = [families.join(`,${GLUE}`), pods.map(podsText).join(', ')].filter((text) => text !== '');
    const verdict = `${sign}${GLUE}${printable(outcome.verdict)}`;
    return {
      cells: [at === 0 ? verdict : '', ports, qualifiers.join(GAP.replaceAll(' ', GLUE))],
      paint: [paint, options.style.bold],
    };
  });
  yield* layOut([], rows, options.width === undefined ? {} : { width: options.width });
}

/** `shop/web#1` for the key `shop/Deployment.apps/web#1`: the kind is the same for all variants. */
function podText(key: string): string {
  return printable(key.replace(/^([^/]+)\/[^/]+\/([^/]+)$/, '$1/$2'));
}

/** Two lines for what either side decided, each with the policies in play below it. */
export function* directionLines(
  outcome: Pick<ExplanationCase, 'egress' | 'ingress'>,
  document: Pick<Explanation, 'from' | 'to'>,
  options: ReportOptions,
): Iterable<string> {
  const sides = [
    { name: 'egress', word: 'from', end: printable(document.from), is: outcome.egress },
    { name: 'ingress', word: 'to', end: printable(withoutPort(document.to)), is: outcome.ingress },
  ] as const;
  const endWidth = Math.max(...sides.map(({ end }) => widthOf(end)));
  const verdictWidth = Math.max(...sides.map(({ is }) => widthOf(is.verdict)));
  for (const { name, word, end, is } of sides) {
    const { paint } = verdictMark(is.verdict, options.style, options.ascii);
    const verdict = paint(printable(is.verdict)) + ' '.repeat(verdictWidth - widthOf(is.verdict));
    const head = `  ${name.padEnd(7)}  ${word.padEnd(4)} ${end}${' '.repeat(endWidth - widthOf(end))}`;
    const column = widthOf(head) + 2 * GAP.length + verdictWidth;
    const fits = (text: string): boolean => options.width === undefined || column + widthOf(text) <= options.width;
    const [summary, shorter] = [summaryOf(is, name), summaryOf(is, name, true)];
    const beside = [summary, shorter].find(fits);
    yield `${head}${GAP}${verdict}${beside === undefined ? '' : `${GAP}${beside}`}\n`;
    if (beside === undefined) yield* paragraph(summary, options, INDENT);
    yield* policyLines(is, name, options);
  }
}

/** The end that was asked about, without `:5432` or `]:5432`: the ports stand in the headline. */
function withoutPort(text: string): string {
  return /^(\[[^\]]*\]|[^:]*):[^:]*$/.exec(text)?.[1] ?? text;
}

/** What decides the direction, in one line; `short` for narrow terminals. */
function summaryOf(direction: DirectionDocument, name: 'egress' | 'ingress', short = false): string {
  const last = direction.steps[direction.steps.length - 1];
  const count = direction.isolatedBy.length;
  const isolated = `isolated by ${count === 1 ? 'one policy' : `${count} policies`}`;
  if (direction.verdict === 'unknown' || direction.verdict === 'conditional') {
    const what = direction.verdict === 'unknown' ? 'not decided' : 'allowed under conditions';
    const why = `${what}${direction.reason === undefined ? '' : `: ${printable(direction.reason)}`}`;
    return count > 0 ? `${isolated}, ${why}` : why;
  }
  if (last === undefined) return count > 0 ? isolated : '';
  if (last.action === 'Isolated') return `${isolated}, no rule matches`;
  if (last.because.startsWith('not isolated') && direction.steps.length === 1)
    return `not isolated: no policy selects it${short ? '' : ` for ${name}`}`;
  if (last.policy === undefined) return printable(last.because);
  const verb = last.action === 'Deny' ? 'denies' : 'allows';
  return `${ruleText(last, name)} of ${policyText(last.policy)} ${verb} it`;
}

function ruleText(step: StepDocument, direction: string): string {
  if (step.rule === undefined) return 'a rule';
  return `${direction}[${step.rule.index}]${step.rule.name === undefined ? '' : ` "${printable(step.rule.name)}"`}`;
}

/** The policies in play: those whose rules matched, then the others that isolate, the nearest miss marked. */
function* policyLines(direction: DirectionDocument, name: string, options: ReportOptions): Iterable<string> {
  const { style } = options;
  const { nearest } = direction;
  const rows: Row[] = [];
  const seen = new Set<string>();
  for (const step of direction.steps) {
    if (step.policy === undefined) continue;
    seen.add(keyOf(step.policy));
    const tier = step.tier === undefined || step.tier === 'NetworkPolicy' ? '' : `tier${GLUE}${printable(step.tier)}, `;
    const perhaps = step.perhaps === undefined ? '' : `, perhaps: ${printable(step.perhaps)}`;
    const because = options.wide === true ? ` (${printable(step.because)})` : '';
    const text = `${tier}${ruleText(step, name)} ${printable(step.action)}${perhaps}${because}`;
    rows.push({
      cells: [policyText(step.policy).replaceAll(' ', GLUE), placeWithin(step.source), text],
      paint: [undefined, style.dim],
    });
  }
  const arrow = `${GAP.replaceAll(' ', GLUE)}${signs(options.ascii).nearest}${GLUE}nearest`;
  for (const policy of direction.isolatedBy) {
    const isNearest = nearest !== undefined && keyOf(policy) === keyOf(nearest.policy);
    if (seen.has(keyOf(policy)) && !isNearest) continue;
    seen.add(keyOf(policy));
    // The nearest rule's own place says more than that of its policy.
    const place = placeWithin(isNearest ? nearest.source : policy.source);
    rows.push({
      cells: [policyText(policy), place, isNearest ? printable(nearest.why) + arrow : ISOLATES],
      paint: [undefined, style.dim, isNearest ? style.yellow : style.dim],
    });
  }
  if (nearest !== undefined && !direction.isolatedBy.some((policy) => keyOf(policy) === keyOf(nearest.policy)))
    rows.push({
      cells: [policyText(nearest.policy), placeWithin(nearest.source), printable(nearest.why) + arrow],
      paint: [undefined, style.dim, style.yellow],
    });
  yield* remarked(rows, options);
}

/** Remarks get a column of their own where it is wide enough, otherwise lines below their policies. */
function* remarked(rows: readonly Row[], options: ReportOptions): Iterable<string> {
  const { width } = options;
  if (width === undefined) return yield* layOut([], rows, { indent: INDENT });
  const widest = (at: number): number => rows.reduce((most, { cells }) => Math.max(most, widthOf(cells[at] ?? '')), 0);
  const left = width - INDENT.length - widest(0) - widest(1) - 2 * GAP.length;
  if (widest(2) <= left || left >= 60) return yield* layOut([], rows, { indent: INDENT, width });
  const places = rows.map(({ cells, paint }): Row => ({ cells: cells.slice(0, 2), paint: paint ?? [] }));
  const lines = [...layOut([], places, { indent: INDENT })];
  for (const [at, { cells, paint }] of rows.entries()) {
    yield lines[at] ?? '';
    const remark = cells[2] ?? '';
    if (remark !== '' && remark !== ISOLATES)
      yield* layOut([], [{ cells: [remark], paint: [paint?.[2]] }], { indent: `${INDENT}  `, width });
  }
}

function keyOf(policy: PolicyRef): string {
  return JSON.stringify([policy.dialect, policy.kind, policy.namespace, printableName(policy.name)]);
}
