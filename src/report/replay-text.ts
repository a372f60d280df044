// A replay as a person reads it: the answer in one line, then what would be denied and why, what would be allowed, what
// nobody used, what could not be told.

import type { Source } from '../engine/model/source.ts';
import type { DirectionDocument, EndpointDocument } from '../engine/questions/documents.ts';
import type { Replay, ReplayedConnection, ReplayOutcome, UnusedRule } from '../engine/questions/replay-document.ts';
import { paragraph, reasonLines } from './answer-text.ts';
import { GAP, layOut, type Row } from './columns.ts';
import { endpointNames } from './endpoint-names.ts';
import { directionLines } from './explanation-text.ts';
import { placeText } from './place-text.ts';
import { policyText } from './ports-text.ts';
import { GLUE, printable, widthOf } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { PLAIN_STYLE, signs, verdictMark } from './style.ts';
import { seenText, unattributedRows } from './unattributed-text.ts';

/** Lists longer than this are cut, and the rest is counted; `wide` shows all. */
const MOST = 20;

/** The answer and its groups; what stays allowed is listed in wide output only. */
export function* replayText(document: Replay, options: ReportOptions): Iterable<string> {
  yield* headline(document, options);
  for (const { outcome, title } of GROUPS) {
    if (outcome === 'still-allowed' && options.wide !== true) continue;
    const members = document.observed.filter((one) => one.outcome === outcome);
    if (members.length > 0) yield* group(title, members, document, options);
  }
  yield* unusedLines(document, options);
  const { records, unattributed } = document;
  const title = `not attributed, and so not judged: ${count(records.unattributed, 'record')}`;
  yield* unattributedRows(unattributed, title, options);
  yield* unseenLines(document, options);
}

/** Outcomes in the order in which people want to know them. */
export const GROUPS: readonly { readonly outcome: ReplayOutcome; readonly title: string }[] = [
  { outcome: 'newly-denied', title: 'would be denied' },
  { outcome: 'undecidable', title: 'cannot be told' },
  { outcome: 'newly-allowed', title: 'newly allowed' },
  { outcome: 'still-denied', title: 'denied as before' },
  { outcome: 'still-allowed', title: 'allowed as before' },
];

/** `4 of 46 observed connections would be denied`. */
export function answerLine({ summary, observed }: Replay): string {
  const all = count(observed.length, 'observed connection');
  if (observed.length === 0) return 'no connection was observed';
  return summary.newlyDenied === 0
    ? `none of ${all} would be denied`
    : `${summary.newlyDenied} of ${all} would be denied`;
}

function* headline(document: Replay, { style, ascii }: ReportOptions): Iterable<string> {
  const { summary, records, window } = document;
  const isOpen = summary.undecidable + records.unattributed + document.incomplete.length > 0;
  const { sign, paint } = verdictMark(
    summary.newlyDenied > 0 ? 'denied' : isOpen ? 'unknown' : 'allowed',
    style,
    ascii,
  );
  yield `${paint(sign)} ${style.bold(answerLine(document))}\n`;
  const others = [
    [summary.undecidable, 'cannot be told'],
    [summary.newlyAllowed, 'newly allowed'],
    [summary.stillDenied, 'denied as before'],
    [summary.stillAllowed, 'allowed as before'],
  ] as const;
  const said = others.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  if (said.length > 0) yield `  ${said.join(', ')}\n`;
  const span = window.first === undefined ? '' : `, ${window.first} to ${window.last}`;
  const left = records.leftAside === 0 ? '' : `, ${records.leftAside} need no policy`;
  const broken = records.broken === undefined ? '' : `, ${records.broken} more not understood`;
  yield `  ${count(records.total, 'record')}${printable(span)}: ${records.unattributed} not attributed${left}${broken}\n`;
}

function* group(
  title: string,
  members: readonly ReplayedConnection[],
  document: Replay,
  options: ReportOptions,
): Iterable<string> {
  const { style } = options;
  const nameOf = replayNames(document.endpoints, options);
  yield `\n${style.bold(title)}\n`;
  const shown = options.wide === true ? members : members.slice(0, MOST);
  const arrow = `${GLUE}${signs(options.ascii).arrow}${GLUE}`;
  const cells = shown.map((one) => {
    const { sign } = verdictMark(one.verdict, style, options.ascii);
    return [
      `${sign}${GLUE}${nameOf(one.from)}${arrow}${nameOf(one.to)}`,
      `${one.port}/${one.protocol}`,
      remarkOf(one),
      seenText(one.seen),
    ] as const;
  });
  // Remarks that find no room beside the connections stand below them.
  const widest = [0, 1, 2, 3].reduce(
    (sum, at) => sum + GAP.length + Math.max(...cells.map((row) => widthOf(row[at]!))),
    2,
  );
  const isWide = options.width === undefined || widest <= options.width;
  const rows = cells.map((row, at): Row => {
    const { paint } = verdictMark(shown[at]!.verdict, style, options.ascii);
    return { cells: isWide ? row : row.slice(0, 2), paint: [paint, style.bold, undefined, style.dim] };
  });
  const lines = [...layOut([], rows, { indent: '  ' })];
  for (const [at, one] of shown.entries()) {
    yield lines[at]!;
    const [, , remark, seen] = cells[at]!;
    if (!isWide)
      yield* paragraph(
        [remark, seen]
          .filter((text) => text !== '')
          .join('; ')
          .replaceAll(GLUE, ' '),
        options,
        '      ',
      );
    if (one.reason !== undefined) yield* reasonLines(REPLAY_REASONS[one.reason] ?? one.reason, options, '      ');
    const explains = one.outcome === 'newly-denied' || options.wide === true;
    if (one.egress === undefined || one.ingress === undefined || !explains) continue;
    const sides = { egress: one.egress, ingress: one.ingress };
    if (options.wide === true) {
      const ends = { from: nameOf(one.from).replaceAll(GLUE, ' '), to: nameOf(one.to).replaceAll(GLUE, ' ') };
      for (const line of directionLines(sides, ends, options)) yield `    ${line}`;
    } else yield* refusingSides(sides, options);
  }
  if (members.length > shown.length) yield `  … and ${members.length - shown.length} more; -o wide lists all\n`;
}

/** The sides that deny, each with the policies that isolate there and the rule that came nearest. */
function* refusingSides(
  sides: Readonly<Record<'egress' | 'ingress', DirectionDocument>>,
  options: ReportOptions,
): Iterable<string> {
  const { style, width } = options;
  for (const name of ['egress', 'ingress'] as const) {
    const { verdict, isolatedBy, nearest, steps } = sides[name];
    if (verdict !== 'denied') continue;
    const by = isolatedBy.map((policy) => policyText(policy).replaceAll(' ', GLUE)).join(', ');
    const last = steps.at(-1);
    const why =
      last?.action === 'Deny' && last.policy !== undefined
        ? `denied by ${policyText(last.policy)} at ${placeText(last.source)}`
        : `isolated by ${by}`;
    const rows: Row[] = [{ cells: [name, why] }];
    if (nearest !== undefined) {
      const place = placeText(nearest.source);
      const text = `nearest rule: ${place === '' ? policyText(nearest.policy) : place}: ${nearest.why}`;
      rows.push({ cells: ['', printable(text)], paint: [undefined, style.dim] });
    }
    yield* layOut([], rows, { indent: '      ', ...(width === undefined ? {} : { width }) });
  }
}

/** `shop/web -> shop/db 5432/TCP`, in plain text for systems that show no more. */
export function pairText(one: ReplayedConnection, nameOf: (id: number) => string): string {
  return `${nameOf(one.from)} -> ${nameOf(one.to)} ${one.port}/${one.protocol}`.replaceAll(GLUE, ' ');
}

/** Why a connection would be denied or cannot be told, and where it was seen, as lines of plain text. */
export function reasonsOf(one: ReplayedConnection): string[] {
  const { egress, ingress, reason, seen } = one;
  const sides =
    egress === undefined || ingress === undefined
      ? []
      : [...refusingSides({ egress, ingress }, { style: PLAIN_STYLE })];
  return [
    ...sides.map((line) =>
      line
        .trim()
        .replace(/^(egress|ingress) +/, '$1: ')
        .replaceAll(GLUE, ' '),
    ),
    ...(reason === undefined ? [] : [REPLAY_REASONS[reason] ?? reason]),
    `seen in ${seenText(seen).replaceAll(GLUE, ' ')}`,
  ];
}

/** Where the denial is written: the nearest rule, else the first policy that isolates; undefined: nowhere. */
export function denialPlace({ egress, ingress }: ReplayedConnection): Source | undefined {
  for (const side of [egress, ingress]) {
    if (side?.verdict !== 'denied') continue;
    const place = side.nearest?.source ?? side.isolatedBy[0]?.source ?? side.steps.at(-1)?.source;
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Reasons that only a replay has. */
export const REPLAY_REASONS: Readonly<Record<string, string>> = {
  'unknown-endpoint': 'nobody knows at which addresses the API server answers (unknown-endpoint)',
  conditional: 'a rule allows it under a condition that flows do not show (conditional)',
};

/** What else is to be said of a connection in one cell. */
function remarkOf({ via, verdict, log, refused, refusedBy = [], refusedFor = [] }: ReplayedConnection): string {
  const parts = [
    ...(via === undefined ? [] : [`via Service ${via.namespace}/${via.name}:${via.port}`]),
    ...(verdict === 'partly' ? ['for some of its pods'] : []),
    ...(log === 'refused'
      ? [`refused${refusedBy.length === 0 ? '' : ` by ${refusedBy.map(policyText).join(', ')}`}`]
      : []),
    ...(log === 'dropped'
      ? [`dropped: ${refusedFor.length === 0 ? 'the log does not say why' : refusedFor.join(', ')}`]
      : []),
    ...(log === 'unknown' ? ['the log has no verdict'] : []),
    ...(log === 'passed' && refused !== undefined
      ? [`refused ${refused === 1 ? 'once' : `${refused} times`} as well`]
      : []),
  ];
  return printable(parts.join('; ')).replaceAll(' ', GLUE);
}

/** `egress[0] of shop/web`, as explanations call it. */
export function ruleName({ policy, direction, rule }: UnusedRule): string {
  const name = rule.name === undefined ? '' : ` "${rule.name}"`;
  return printable(`${direction}[${rule.index}]${name} of ${policyText(policy)}`);
}

/** What of a rule nobody used, in words; the names of workloads come from the document. */
export function unusedText(unused: UnusedRule, nameOf: (id: number) => string): string {
  if (unused.used === 0) return 'never used';
  const parts = [
    ...unused.peers.map(({ says }) => says),
    ...unused.ports.map(({ says }) => `port ${says}`),
    ...(unused.peers.length > 0 || unused.total === 0
      ? []
      : [
          `${unused.endpoints.map(nameOf).join(', ')}${unused.total > unused.endpoints.length ? ` and ${unused.total - unused.endpoints.length} more` : ''}`,
        ]),
  ];
  return printable(`used by ${count(unused.used, 'connection')}, but never: ${parts.join('; ')}`);
}

function* unusedLines({ unused, endpoints }: Replay, options: ReportOptions): Iterable<string> {
  if (unused.length === 0) return;
  const nameOf = replayNames(endpoints, options);
  yield `\n${options.style.bold('never used: what rules allow beyond what was observed')}\n`;
  // What is not used at all comes first.
  const sorted = [...unused.filter(({ used }) => used === 0), ...unused.filter(({ used }) => used > 0)];
  const shown = options.wide === true ? sorted : sorted.slice(0, MOST);
  const rows = shown.map(
    (one): Row => ({
      cells: [ruleName(one).replaceAll(' ', GLUE), placeText(one.source), unusedText(one, nameOf)],
      paint: [undefined, options.style.dim],
    }),
  );
  yield* layOut([], rows, { indent: '  ', ...(options.width === undefined ? {} : { width: options.width }) });
  if (unused.length > shown.length) yield `  … and ${unused.length - shown.length} more; -o wide lists all\n`;
}

function* unseenLines({ unseen, endpoints }: Replay, options: ReportOptions): Iterable<string> {
  if (unseen.length === 0) return;
  const nameOf = replayNames(endpoints, options);
  const names = (options.wide === true ? unseen : unseen.slice(0, MOST)).map(nameOf);
  const more = unseen.length - names.length;
  yield `\n${options.style.bold('never seen')}, so nothing is known of what they need: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}\n`;
}

/** Names of endpoints: addresses always as such, with what they are known for beside. */
export function replayNames(
  endpoints: readonly EndpointDocument[],
  { wide = false }: ReportOptions,
): (id: number) => string {
  const plain = endpointNames(endpoints, { wide });
  const full = endpointNames(endpoints, { wide: true });
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  return (id) => {
    const endpoint = byId.get(id);
    if (endpoint?.type === 'addresses') return full.one(id);
    if (endpoint?.key === 'node/') return `its${GLUE}own${GLUE}node`;
    return endpoint?.type === 'domain' && endpoint.name.startsWith('kubernetes.default')
      ? `API${GLUE}server`
      : plain.one(id);
  };
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
